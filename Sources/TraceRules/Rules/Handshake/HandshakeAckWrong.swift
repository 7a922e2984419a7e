import TraceDecode

/// HSK108 handshake-ack-wrong
struct HandshakeAckWrong: Rule {
  static let info = RuleInfo(
    code: "HSK108", name: "handshake-ack-wrong", family: .handshake, severity: .error,
    summary: "The originator's third segment does not carry the numbers that the handshake calls for.",
    why: """
      The responder must answer it with a reset or ignore it; the connection does not come about. Its sender \
      did not receive the SYN-ACK, or something rewrote the numbers of one direction only.
      """,
    remedy:
      "look for a middlebox that rewrites sequence numbers, and for packets forged in the originator's name",
    falsePositives:
      "Data sent early with Fast Open moves the number of the third segment, and is allowed for.",
    sources: [.rfc(9293, "3.10.7.4"), .rfc(7413, "4.2")],
    examples: [
      .fires(
        "the acknowledgement is off",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          0.0201 > . 1:1(0) ack 90001 win 64240  #! HSK108
          0.040 < R 90001:90001(0) win 0  #! RST601@flow
          """),
      .clean(
        "Fast Open data was acknowledged, so the third segment starts after it",
        script: """
          0.000 > S 0:10(10) win 64240 <mss 1460,FO 0102030405060708>
          0.020 < S. 0:0(0) ack 11 win 65535 <mss 1460>
          0.0201 > . 11:11(0) ack 1 win 64240
          """),
    ])
  static let observes: EpisodeKind = .handshakeBeyondSyn

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, let wrong = e.wrongThird else { return }
    let next = 1 + Int64(e.synDataAcked)
    out.report(
      "answered the SYN-ACK with seq \(wrong.start) ack \(wrong.ack ?? 0), expected seq \(next) ack 1",
      at: wrong,
      note: "does not fit", endpoint: .originator,
      why:
        "the SYN-ACK (\(e.synAcks.first?.named ?? "not captured")) calls for the next number of both directions",
      evidence: e.syns.prefix(1).evidence() + e.synAcks.prefix(1).evidence(),
      values: [Value("seq", wrong.start), Value("ack", wrong.ack ?? 0)])
  }
}
