import TraceDecode

/// HSK105 handshake-ack-lost
struct HandshakeAckLost: Rule {
  static let info = RuleInfo(
    code: "HSK105", name: "handshake-ack-lost", family: .handshake, severity: .warning,
    summary:
      "The responder repeated its SYN-ACK although the originator's acknowledgement had passed the capture.",
    why: """
      The originator is connected and may be sending; the responder is not yet. What the third segment met \
      decides whether the path or the server has to be mended.
      """,
    remedy: """
      on the responder compare ListenOverflows and ListenDrops (nstat) and the accept queue (ss -lnt); if they \
      stand still, look for loss between the capture point and the responder
      """,
    falsePositives: """
      An acknowledgement still on its way when the SYN-ACK was repeated does not count: it has to have passed \
      half a round trip and some slack before. A capture copy of the SYN-ACK is no repeat.
      """,
    sources: [.rfc(9293, "3.10.7.4"), .rfc(6298, "5")],
    examples: [
      .fires(
        "the SYN-ACK comes again one second after its acknowledgement passed",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 501
          0.0402 > P. 1:101(100) ack 1 win 501
          1.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>  #! HSK105
          1.0401 > . 101:101(0) ack 1 win 501
          1.050 < . 1:1(0) ack 101 win 501
          """),
      .clean(
        "the acknowledgement was still on its way",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.0001 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          1.000 > S 0:0(0) win 64240 <mss 1460>  #! HSK101
          1.0001 < S. 0:0(0) ack 1 win 65535 <mss 1460>  #! HSK104
          1.040 > . 1:1(0) ack 1 win 64240
          """),
    ])
  static let observes: EpisodeKind = .handshakeBeyondSyn

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, e.ignoredData == nil else { return }
    guard let ack = e.ackPassedBeforeRepeat, let again = e.synAckAfterAck else { return }
    var readings = [
      "the responder's accept queue was full, and it dropped the acknowledgement in silence",
      "the responder defers accept until data comes (TCP_DEFER_ACCEPT)",
    ]
    if !e.nearResponder, !e.ackReachedResponder {
      readings.insert("the acknowledgement was lost beyond the capture point", at: 0)
    }
    let delay = again.since(ack)
    out.report(
      "sent its SYN-ACK again \(Format.time(delay)) after the acknowledgement of it had passed", at: again,
      note: "again", endpoint: .responder, confidence: .likely,
      why: """
        \(ack.named) acknowledges the SYN-ACK and passed \(Format.time(delay)) before \(again.named) repeats it: \
        it did not establish the responder\
        \(e.ackReachedResponder ? ", though the repeat echoes its timestamp: it arrived and was ignored" : "")
        """,
      alternatives: readings,
      evidence: e.synAcks.prefix(1).evidence() + [ack.evidence("acknowledges it")] + e.finalAck.evidence(),
      values: [Value("after_ack", delay, .nanoseconds)])
  }
}
