import TraceDecode

/// CLS507 idle-unclosed
struct IdleUnclosed: Rule {
  static let idle = RuleOption(
    "idle", default: 300_000_000_000, .nanoseconds,
    "silence before the end of the capture from which on a flow is idle")
  static let info = RuleInfo(
    code: "CLS507", name: "idle-unclosed", family: .close, severity: .info,
    summary: "An established connection fell silent and was still open when the capture ended.",
    why: """
      Pooled and persistent connections look like that. So do leaked ones, and ones whose peer vanished without \
      a word; middleboxes forget idle connections after minutes.
      """,
    remedy: "give the pool an idle limit below that of the middleboxes on the path, or enable keep-alives",
    falsePositives:
      "Silence within the limit, or a close that happened before the capture ended, is not reported.",
    options: [idle],
    sources: [.rfc(9293, "3.8.4"), .rfc(5382, "5")],
    examples: [
      .fires(
        "ten minutes of silence",
        script: RuleExample.opening + """
          0.091 > . 101:101(0) ack 1  #! CLS507@flow
          flow 2
          600.000 > S 0:0(0) win 64240 <mss 1460>
          600.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          600.0401 > . 1:1(0) ack 1 win 502
          """),
      .clean(
        "closed before the silence",
        script: RuleExample.opening + """
          0.100 > F. 101:101(0) ack 1
          0.140 < F. 1:1(0) ack 102
          0.1401 > . 102:102(0) ack 2
          flow 2
          600.000 > S 0:0(0) win 64240 <mss 1460>
          600.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          600.0401 > . 1:1(0) ack 1 win 502
          """),
    ])
  static let observes: EpisodeKind = .flowEnd
  static let flows: FlowTraits = .unfinished

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    guard report.outcome == .open, report.observedAfter >= out[Self.idle], !report.evicted else { return }
    out.report(
      "was silent for \(Format.time(report.observedAfter)) and still open when the capture ended",
      frame: report.lastFrame, time: report.lastTime,
      why: "frame \(report.lastFrame) is the flow's last; no FIN and no reset follows",
      values: [Value("idle", report.observedAfter, .nanoseconds)])
  }
}
