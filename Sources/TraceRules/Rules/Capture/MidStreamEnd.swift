import TraceDecode

/// CAP109 mid-stream-end
struct MidStreamEnd: Rule {
  static let quiet = RuleOption(
    "quiet", default: 1_000_000_000, .nanoseconds,
    "silence before the end of the capture up to which a flow counts as in use")
  static let info = RuleInfo(
    code: "CAP109", name: "mid-stream-end", family: .capture, severity: .info,
    summary: "The connection was in use, or closing, when the capture ended.",
    why: """
      What is missing at the end - an acknowledgement, a FIN - may have come after the capture: no \
      absence is claimed for such a flow.
      """,
    remedy: "let the capture run until the connections of interest have closed",
    falsePositives: "A connection silent for long before the end of the capture is CLS507's.",
    options: [quiet],
    sources: [.rfc(9293, "3.3.2")],
    examples: [
      .fires(
        "the capture ends with data on its way",
        script: RuleExample.opening + """
          0.100 > P. 101:201(100) ack 1  #! CAP109@flow
          """),
      .clean(
        "closed",
        script: RuleExample.opening + """
          0.100 < F. 1:1(0) ack 101
          0.1001 > F. 101:101(0) ack 2
          0.140 < . 2:2(0) ack 102
          """),
    ])
  static let observes: EpisodeKind = .flowEnd
  static let flows: FlowTraits = .unfinished

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    guard report.outcome == .open || report.outcome == .halfOpen, !report.evicted else { return }
    guard report.observedAfter <= out[Self.quiet] else { return }
    out.report(
      "was still in use when the capture ended", frame: report.lastFrame, time: report.lastTime,
      why:
        "frame \(report.lastFrame) is the flow's last, \(Format.time(report.observedAfter)) before the end of the capture"
    )
  }
}
