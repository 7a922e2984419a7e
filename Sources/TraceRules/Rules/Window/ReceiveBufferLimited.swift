import TraceDecode

/// WND410 receive-buffer-limited
struct ReceiveBufferLimited: Rule {
  static let info = RuleInfo(
    code: "WND410", name: "receive-buffer-limited", family: .window, severity: .warning, lifecycle: .preview,
    summary: "The receiver's window limited the transfer for a large part of its time.",
    why: """
      Neither the network nor the sender is the bottleneck: the receiver's buffer, or the application \
      that empties it, is.
      """,
    remedy: """
      raise net.ipv4.tcp_rmem on the receiver, or have its application read faster
      """,
    falsePositives: """
      The first round trips, in which the buffer grows by itself, are not counted.
      """,
    sources: [.rfc(9293, "3.8.6")],
    examples: [
      .fires(
        "20 octets each 200 ms",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1000>  #! WND410@flow, WND408@flow
          0.200 < S. 0:0(0) ack 1 win 20 <mss 1000>
          0.2001 > . 1:1(0) ack 1
          repeat 30
          +0.0001 > . data "0123456789"
          +0.0001 > P. data "0123456789"
          +0.2 < .
          end
          """),
      .clean(
        "a short exchange",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .window

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .window(let e) = episode, e.kind == .receiveBufferLimited else { return }
    out.report(
      "limited the transfer by its window for \(Format.time(e.duration ?? 0))", at: e.segment,
      endpoint: e.endpoint, confidence: e.confidence,
      why: "the octets in flight filled the window of \(e.octets) octets for that time",
      evidence: e.evidence.evidence() + e.reopenedBy.evidence("opens it again"),
      values: [Value("octets", Int64(clamping: e.octets), .octets)]
        + (e.duration.map { [Value("duration", $0, .nanoseconds)] } ?? []),
      occurrences: e.count)
  }
}
