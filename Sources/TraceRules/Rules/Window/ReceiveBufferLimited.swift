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
      .clean(
        "a short exchange",
        script: RuleExample.opening)
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
