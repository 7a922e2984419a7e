import TraceDecode

/// WND406 window-exceeded
struct WindowExceeded: Rule {
  static let info = RuleInfo(
    code: "WND406", name: "window-exceeded", family: .window, severity: .error,
    summary: "The sender sent octets beyond the receiver's window.",
    why: "The receiver drops them: they have to be sent again.",
    remedy: """
      report the sender's stack; if the window scale is rewritten on the path, mend that
      """,
    falsePositives: """
      The one octet of a window probe is allowed, and so is data that left before the receiver drew \
      its window back.
      """,
    sources: [.rfc(9293, "3.8.6")],
    examples: [
      .fires(
        "100 octets beyond",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1000>
          0.040 < S. 0:0(0) ack 1 win 2000 <mss 1000>
          0.0401 > . 1:1(0) ack 1
          0.050 > . 1:1001(1000) ack 1
          0.0501 > P. 1001:2001(1000) ack 1  #! WND405@flow
          0.060 > P. 2001:2101(100) ack 1  #! WND406
          0.090 < . 1:1(0) ack 2001 win 2000
          """),
      .clean(
        "exactly the window",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1000>
          0.040 < S. 0:0(0) ack 1 win 2000 <mss 1000>
          0.0401 > . 1:1(0) ack 1
          0.050 > . 1:1001(1000) ack 1
          0.0501 > P. 1001:2001(1000) ack 1  #! WND405@flow
          0.090 < . 1:1(0) ack 2001 win 2000
          0.0901 > P. 2001:3001(1000) ack 1
          0.130 < . 1:1(0) ack 3001 win 2000
          """),
    ])
  static let observes: EpisodeKind = .window

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .window(let e) = episode, e.kind == .exceeded else { return }
    out.report(
      "sent \(Format.octets(e.octets)) beyond the peer's window", at: e.segment, endpoint: e.endpoint,
      confidence: e.confidence,
      why:
        "\(e.segment.named) ends at \(e.segment.end), the window at \(e.segment.end &- Int64(clamping: e.octets))",
      evidence: e.evidence.evidence() + e.reopenedBy.evidence("opens it again"),
      values: [Value("octets", Int64(clamping: e.octets), .octets)]
        + (e.duration.map { [Value("duration", $0, .nanoseconds)] } ?? []),
      occurrences: e.count)
  }
}
