import TraceDecode

/// WND408 window-too-small
struct WindowTooSmall: Rule {
  static let info = RuleInfo(
    code: "WND408", name: "window-too-small", family: .window, severity: .note, lifecycle: .preview,
    summary: "The receiver's largest window is too small for the path.",
    why: """
      At most one window a round trip can be sent: the path stays empty for the rest of the time.
      """,
    remedy: """
      raise the receiver's buffer limits, and make sure that window scaling is not stripped on the \
      path
      """,
    falsePositives: """
      It counts only if the sender was limited by the window for a good part of the time.
      """,
    sources: [.rfc(7323, "2"), .rfc(9293, "3.8.6")],
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
    guard case .window(let e) = episode, e.kind == .tooSmall else { return }
    out.report(
      "never offered a window of more than \(Format.octets(e.octets))", at: e.segment, endpoint: e.endpoint,
      confidence: e.confidence,
      why: "one such window a round trip is less than the path can carry",
      evidence: e.evidence.evidence() + e.reopenedBy.evidence("opens it again"),
      values: [Value("octets", Int64(clamping: e.octets), .octets)]
        + (e.duration.map { [Value("duration", $0, .nanoseconds)] } ?? []),
      occurrences: e.count)
  }
}
