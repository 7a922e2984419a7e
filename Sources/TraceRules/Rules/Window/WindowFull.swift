import TraceDecode

/// WND405 window-full
struct WindowFull: Rule {
  static let info = RuleInfo(
    code: "WND405", name: "window-full", family: .window, severity: .note,
    aliases: ["tcp.analysis.window_full"],
    summary: "The sender filled the receiver's window and had to wait.",
    why: "The receiver's buffer limits the transfer at that moment, not the path.",
    remedy: """
      if it recurs, raise the receiver's buffer limits (net.ipv4.tcp_rmem), or have its application \
      read faster
      """,
    falsePositives: """
      Without knowledge of the window scale (start in mid-stream) nothing is said. What counts is the \
      window as the sender could know it.
      """,
    sources: [.rfc(9293, "3.8.6")],
    examples: [
      .fires(
        "2000 octets into a window of 2000",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1000>
          0.040 < S. 0:0(0) ack 1 win 2000 <mss 1000>
          0.0401 > . 1:1(0) ack 1
          0.050 > . 1:1001(1000) ack 1
          0.0501 > P. 1001:2001(1000) ack 1  #! WND405
          0.090 < . 1:1(0) ack 2001 win 2000
          0.0901 > P. 2001:3001(1000) ack 1
          0.130 < . 1:1(0) ack 3001
          """),
      .clean(
        "room is left",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .window

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .window(let e) = episode, e.kind == .full else { return }
    out.report(
      "filled the peer's window of \(Format.octets(e.octets))", at: e.segment, endpoint: e.endpoint,
      confidence: e.confidence,
      why: "\(e.segment.named) ends at the right edge of the window, \(e.segment.end)",
      evidence: e.evidence.evidence() + e.reopenedBy.evidence("opens it again"),
      values: [Value("octets", Int64(clamping: e.octets), .octets)]
        + (e.duration.map { [Value("duration", $0, .nanoseconds)] } ?? []),
      occurrences: e.count)
  }
}
