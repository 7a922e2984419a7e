import TraceDecode

/// WND407 window-shrunk
struct WindowShrunk: Rule {
  static let info = RuleInfo(
    code: "WND407", name: "window-shrunk", family: .window, severity: .warning,
    summary: "The receiver drew the right edge of its window back.",
    why: """
      Data that the sender was allowed to send is now outside the window, and may be dropped. RFC 9293 \
      discourages it strongly.
      """,
    remedy: """
      look at memory pressure on the receiver, and at its kernel: some shrink windows when buffers are \
      trimmed
      """,
    falsePositives: """
      An acknowledgement that came late has an old window; rounding by the window scale moves the edge \
      by less than one unit.
      """,
    sources: [.rfc(9293, "3.8.6"), .rfc(7323, "2.4")],
    examples: [
      .fires(
        "by half",
        script: RuleExample.opening + """
          0.100 < . 1:1(0) ack 101 win 500
          0.200 < . 1:1(0) ack 101 win 200  #! WND407
          0.300 > P. 101:201(100) ack 1
          0.340 < . 1:1(0) ack 201 win 200
          """),
      .clean(
        "the window closes as data fills it",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.140 < . 1:1(0) ack 1561 win 490
          """),
    ])
  static let observes: EpisodeKind = .window

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .window(let e) = episode, e.kind == .shrunk else { return }
    out.report(
      "drew its window back by \(Format.octets(e.octets))", at: e.segment, endpoint: e.endpoint,
      confidence: e.confidence,
      why:
        "\(e.segment.named) acknowledges \(e.segment.ack ?? 0) with window \(e.segment.window), which ends \(e.octets) octets before the edge it had given",
      evidence: e.evidence.evidence() + e.reopenedBy.evidence("opens it again"),
      values: [Value("octets", Int64(clamping: e.octets), .octets)]
        + (e.duration.map { [Value("duration", $0, .nanoseconds)] } ?? []),
      occurrences: e.count)
  }
}
