import TraceDecode

/// HSK106 synack-bad-ack
struct SynackBadAck: Rule {
  static let info = RuleInfo(
    code: "HSK106", name: "synack-bad-ack", family: .handshake, severity: .error,
    summary: "A SYN-ACK acknowledges a number that the originator's SYN did not use.",
    why: """
      The originator must refuse it with a reset. It answers another SYN - an old duplicate delivered late - or \
      its sender, or something on the path, miscounts.
      """,
    remedy: """
      if it came once, an old duplicate SYN was answered and the reset cleared it; if it comes with every \
      connection, look at the load balancer or SYN proxy in front of the responder
      """,
    falsePositives: """
      A SYN with data may have all, part or none of it acknowledged (RFC 7413). An ACK without SYN that \
      answers a SYN comes from TIME-WAIT or an established connection and is not judged here.
      """,
    sources: [.rfc(9293, "3.10.7.3")],
    examples: [
      .fires(
        "an old SYN was answered first",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.020 < S. 0:0(0) ack -899 win 65535 <mss 1460>  #! HSK106
          0.0201 > R -899:-899(0) win 0
          0.040 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          0.0401 > . 1:1(0) ack 1 win 64240
          """),
      .clean(
        "data on the SYN is not acknowledged",
        script: """
          0.000 > S 0:10(10) win 64240 <mss 1460,FO 0102030405060708>
          0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          0.0201 > . 1:11(10) ack 1 win 64240
          0.040 < . 1:1(0) ack 11 win 65535
          """),
    ])
  static let observes: EpisodeKind = .handshakeBeyondSyn

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, let bad = e.badAckSynAcks.first else { return }
    let expected = e.synData > 0 ? "1 to \(1 + Int64(e.synData))" : "1"
    out.report(
      "sent a SYN-ACK for \(bad.ack ?? 0), expected \(expected): it answers no SYN of this connection",
      at: bad,
      note: "acknowledges what was not sent", endpoint: .responder,
      why: """
        the originator's SYN (\(e.syns.first?.named ?? "not captured")) has initial sequence number \
        \(e.syns.first?.seq ?? 0); \(bad.named) acknowledges \(bad.ack ?? 0) relative to it
        """,
      evidence: e.syns.prefix(1).evidence() + e.badAckSynAcks.dropFirst().evidence(),
      values: [Value("ack", bad.ack ?? 0)], occurrences: e.badAckSynAcks.count)
  }
}
