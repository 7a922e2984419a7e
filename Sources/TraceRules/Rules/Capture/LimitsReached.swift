import TraceDecode

/// CAP118 limits-reached
struct LimitsReached: Rule {
  static let info = RuleInfo(
    code: "CAP118", name: "limits-reached", family: .capture, severity: .warning,
    summary: """
      A limit of the analysis was reached; some flows were judged in part or not at all.
      """,
    why: """
      Memory is bounded whatever a capture holds. What was shed is missing from the figures, and may \
      hide findings.
      """,
    remedy: """
      raise the limit (--limit flows=N), or analyze with a filter, or in shards (--shard)
      """,
    falsePositives: "Flows that ended and were reported in full count for nothing here.",
    examples: [
      .fires(
        "three flows at once, room for two",
        script: """
          capture limit-flows 2
          0.000 > S 0:0(0) win 64240 <mss 1460>
          flow 2
          0.010 > S 0:0(0) win 64240 <mss 1460>
          flow 3
          0.020 > S 0:0(0) win 64240 <mss 1460>  #! CAP118@capture
          0.060 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0601 > . 1:1(0) ack 1
          """),
      .clean(
        "two flows",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard report.shedFlows > 0 else { return }
    out.report(
      "\(Format.count(report.shedFlows, "flow was", plural: "flows were")) dropped because a limit was reached",
      frame: 0,
      why: "more flows were live at once than the limit allows; \(report.flows) were followed",
      values: [Value("shed", Int64(clamping: report.shedFlows))], occurrences: Int(clamping: report.shedFlows)
    )
  }
}
