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
    sources: [.document(title: "flowlint, limits", url: "https://github.com/flowlint/flowlint")],
    examples: [
      .clean(
        "two flows",
        script: RuleExample.opening)
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
