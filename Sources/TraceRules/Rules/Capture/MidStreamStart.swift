import TraceDecode

/// CAP108 mid-stream-start
struct MidStreamStart: Rule {
  static let info = RuleInfo(
    code: "CAP108", name: "mid-stream-start", family: .capture, severity: .info,
    summary: "The connection was open already when the capture began.",
    why: """
      Window scale, MSS and initial numbers are unknown: verdicts that need them are left out or given \
      as possible.
      """,
    remedy: "start the capture before the connections of interest are opened",
    falsePositives: "A lost SYN-ACK or a reused four-tuple is no start in mid-stream.",
    sources: [.rfc(9293, "3.3.2")],
    examples: [
      .fires(
        "data without an opening",
        script: """
          0.000 > P. 1:101(100) ack 1  #! CAP108@flow
          0.040 < . 1:1(0) ack 101
          """),
      .clean(
        "a whole connection",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .flowEnd
  static let flows: FlowTraits = .midStream

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    guard report.midStream else { return }
    out.report(
      "was open before the capture began", frame: report.flow.firstFrame, time: report.firstTime,
      why: "frame \(report.flow.firstFrame) is the flow's first and no SYN"
        + (report.flow.rolesCertain ? "" : "; who opened it is a guess"))
  }
}
