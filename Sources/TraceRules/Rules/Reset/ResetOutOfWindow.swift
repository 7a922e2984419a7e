import TraceDecode

/// RST602 reset-out-of-window
struct ResetOutOfWindow: Rule {
  static let info = RuleInfo(
    code: "RST602", name: "reset-out-of-window", family: .reset, severity: .warning,
    summary: "A reset lay outside the receiver's window, or did not fit its SYN: the receiver ignores it.",
    why: """
      An endpoint knows its own numbers. A reset that misses them comes from an earlier connection, or from \
      someone who guesses; repeated ones are a blind attack.
      """,
    remedy:
      "if it recurs, compare its TTL with the endpoint's and filter forged packets at the edge (RFC 5961, BCP 38)",
    falsePositives: """
      The window is the receiver's as inferred at this capture point; the connection going on afterwards \
      confirms the verdict. Such a reset moves no sequence number, so the next segment is no retransmission.
      """,
    sources: [.rfc(9293, "3.5.3"), .rfc(5961, "3")],
    examples: [
      .fires(
        "a blind reset in a healthy flow",
        script: RuleExample.opening + """
          0.200 < R 900000000:900000000(0) win 0  #! RST602
          0.300 > P. 101:201(100) ack 1
          0.340 < . 1:1(0) ack 201
          """),
      .clean(
        "a reset with the exact number",
        script: RuleExample.opening + """
          0.200 < R. 1:1(0) ack 101 win 0  #! RST601
          """),
    ])
  static let observes: EpisodeKind = .reset

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reset(let e) = episode else { return }
    guard e.validity == .outOfWindow || e.validity == .invalidInSynSent else { return }
    // The answer to a SYN-ACK that acknowledges what was never sent carries that number, as it must.
    guard e.cause != .answerToSynAck else { return }
    let marks = e.foreign.marks
    let opening = e.validity == .invalidInSynSent
    var why =
      opening
      ? "in SYN-SENT only a reset that acknowledges the SYN counts; \(e.rst.named) has \(e.rst.ack.map { "ack \($0)" } ?? "no acknowledgement")"
      : "\(e.rst.named) has \(e.rst.range)" + (e.expected.map { ", the receiver expected \($0)" } ?? "")
    if !marks.isEmpty { why += "; " + Format.list(marks) }
    out.report(
      opening
        ? "sent a reset that does not fit the peer's SYN, which ignores it"
        : "sent a reset outside the peer's window, which ignores it",
      at: e.rst, note: "ignored", why: why,
      alternatives: [
        "a reset forged in this endpoint's name", "a late answer to an earlier connection's segment",
      ],
      evidence: e.dataAfter.evidence("its sender goes on") + e.challengeAck.evidence("answers it"),
      values: e.expected.map { [Value("off_by", e.rst.start &- $0, .octets)] } ?? [], occurrences: e.count)
  }
}
