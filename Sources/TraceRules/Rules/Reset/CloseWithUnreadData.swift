import TraceDecode

/// RST605 close-with-unread-data
struct CloseWithUnreadData: Rule {
  static let info = RuleInfo(
    code: "RST605", name: "close-with-unread-data", family: .reset, severity: .warning,
    summary: "A side closed while data for it was unread or still coming, so its stack reset the connection.",
    why: """
      close() on a socket with unread data, and data that comes after close(), are answered by a reset. It may \
      overtake what the closing side had sent: the peer loses the end of a response that was sent correctly.
      """,
    remedy: """
      read to the end of the stream before close(), or shutdown(SHUT_WR) and read until 0; a server that \
      answers early should drain the request
      """,
    falsePositives:
      "A reset with no data before it that the application could have left unread is an abort (RST601).",
    sources: [.rfc(9293, "3.6.1"), .rfc(2525, "2.17")],
    examples: [
      .fires(
        "data comes after the close",
        script: RuleExample.opening + """
          0.100 < F. 1:1(0) ack 101
          0.1001 > P. 101:1101(1000) ack 2
          0.140 < R 2:2(0) win 0  #! RST605
          """),
      .clean(
        "the peer closes in turn",
        script: RuleExample.opening + """
          0.100 < F. 1:1(0) ack 101
          0.1001 > F. 101:101(0) ack 2
          0.140 < . 2:2(0) ack 102
          """),
    ])
  static let observes: EpisodeKind = .reset

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reset(let e) = episode, e.validity != .outOfWindow, e.validity != .challenged, !e.looksForged
    else { return }
    let late = e.cause == .dataAfterClose || e.cause == .answerToDataAfterClose
    guard e.closedTooEarly else { return }
    let lost = e.rst.sender == .originator ? e.unackedFromOriginator : e.unackedFromResponder
    var why = late ? "its sender had closed" : "its sender had data to read when it closed"
    if let provoked = e.provokedBy { why += "; \(provoked.named) brought \(Format.octets(provoked.payload))" }
    if lost > 0 { why += "; \(Format.octets(lost)) of its own were not acknowledged yet" }
    out.report(
      late
        ? "reset the connection because data came after it had closed"
        : "closed with received data left unread and reset the connection",
      at: e.rst, note: "resets", confidence: late ? .certain : .likely, why: why,
      alternatives: late ? [] : ["an abortive close (SO_LINGER 0)"],
      evidence: e.provokedBy.evidence("not read"),
      values: [Value("unacked", Int64(clamping: lost), .octets)], occurrences: e.count)
  }
}
