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
      A SYN scan or a dead host leaves flows of SYNs alone; those are not \
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
  static let observes: EpisodeKind = [.flowEnd, .captureEnd]

  private var flows: Int64 = 0
  private var oneSided: Int64 = 0

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    flows += 1
    // SYNs that nobody answers are one-sided by themselves; whoever acknowledges has heard the other side.
    if report.asymmetric, report.outcome != .unanswered { oneSided += 1 }
  }

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard oneSided > 0, oneSided * 100 >= out[Self.share] &* flows else { return }
    out.report(
      "\(oneSided) of \(Format.count(flows, "flow")) have one direction only", frame: 0,
      why: "each of them has more than four segments from one side and none from the other",
      values: [Value("flows", oneSided), Value("share", oneSided * 100 / flows, .percent)],
      occurrences: Int(clamping: oneSided))
  }
}
