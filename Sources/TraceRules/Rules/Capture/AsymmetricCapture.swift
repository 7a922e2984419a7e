import TraceDecode

/// CAP107 asymmetric-capture
struct AsymmetricCapture: Rule {
  static let share = RuleOption(
    "share", default: 20, .percent, "one-sided flows, of all, from which on the capture counts as asymmetric")
  static let info = RuleInfo(
    code: "CAP107", name: "asymmetric-capture", family: .capture, severity: .warning,
    summary: "Many flows have one direction only in this capture.",
    why: """
      Without the other side's answers no loss can be placed and no silence be proved; flowlint does \
      not judge them there.
      """,
    remedy: """
      capture where both directions pass, or merge captures of both paths; check the filter and the \
      mirror port's direction
      """,
    falsePositives: """
      A SYN scan or a dead host leaves one-sided flows too, of one or two frames; those are not \
      counted.
      """,
    options: [share],
    sources: [
      .document(
        title: "Zeek, capture loss and split routing",
        url: "https://docs.zeek.org/en/master/scripts/policy/misc/capture-loss.zeek.html")
    ],
    examples: [
      .fires(
        "only the originators' direction",
        script: """
          flow 1
          1.000 > S 0:0(0) win 64240 <mss 1460>  #! CAP107@capture
          +0.040 > . 1:1(0) ack 1
          +0.001 > P. 1:101(100) ack 1
          +0.040 > . 101:101(0) ack 501
          +0.010 > F. 101:101(0) ack 501
          +0.040 > . 102:102(0) ack 502
          flow 2
          2.000 > S 0:0(0) win 64240 <mss 1460>
          +0.040 > . 1:1(0) ack 1
          +0.001 > P. 1:101(100) ack 1
          +0.040 > . 101:101(0) ack 501
          +0.010 > F. 101:101(0) ack 501
          +0.040 > . 102:102(0) ack 502
          flow 3
          3.000 > S 0:0(0) win 64240 <mss 1460>
          +0.040 > . 1:1(0) ack 1
          +0.001 > P. 1:101(100) ack 1
          +0.040 > . 101:101(0) ack 501
          +0.010 > F. 101:101(0) ack 501
          +0.040 > . 102:102(0) ack 502
          flow 4
          4.000 > S 0:0(0) win 64240 <mss 1460>
          +0.040 > . 1:1(0) ack 1
          +0.001 > P. 1:101(100) ack 1
          +0.040 > . 101:101(0) ack 501
          +0.010 > F. 101:101(0) ack 501
          +0.040 > . 102:102(0) ack 502
          """),
      .clean(
        "both directions",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard report.flows > 0, report.asymmetricFlows > 0 else { return }
    let percent = Int64(report.asymmetricFlows) * 100 / Int64(report.flows)
    guard percent >= out[Self.share] else { return }
    out.report(
      "\(report.asymmetricFlows) of \(Format.count(report.flows, "flow")) have one direction only", frame: 0,
      why: "each of them has more than four segments from one side and none from the other",
      values: [Value("flows", Int64(report.asymmetricFlows)), Value("share", percent, .percent)],
      occurrences: report.asymmetricFlows)
  }
}
