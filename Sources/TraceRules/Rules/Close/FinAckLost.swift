import TraceDecode

/// CLS502 fin-ack-lost
struct FinAckLost: Rule {
  static let info = RuleInfo(
    code: "CLS502", name: "fin-ack-lost", family: .close, severity: .warning,
    summary: "A FIN was sent again although its acknowledgement had passed the capture point.",
    why: """
      The acknowledgement was lost beyond the capture point. The peer in TIME-WAIT acknowledges each repeat and \
      starts its timer anew, so the four-tuple stays taken for longer.
      """,
    remedy: "look for loss between the capture point and the sender of the FIN, in that direction",
    falsePositives: """
      An acknowledgement still on its way when the FIN was repeated does not count. A copy of the FIN made by \
      the capture is no repeat.
      """,
    sources: [.rfc(9293, "3.6"), .rfc(9293, "3.10.7.4")],
    examples: [
      .fires(
        "the last acknowledgement is lost",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 501
          0.050 > F. 1:1(0) ack 1
          0.090 < . 1:1(0) ack 2 win 501
          0.100 < F. 1:1(0) ack 2
          0.1001 > . 2:2(0) ack 2
          0.400 < F. 1:1(0) ack 2  #! CLS502
          0.4001 > . 2:2(0) ack 2
          """),
      .clean(
        "the FIN itself was lost",
        script: RuleExample.opening + """
          0.100 > F. 101:101(0) ack 1
          0.400 > F. 101:101(0) ack 1  #! CLS501
          0.440 < F. 1:1(0) ack 102
          0.4401 > . 102:102(0) ack 2
          """),
    ])
  static let observes: EpisodeKind = .close

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .close(let e) = episode else { return }
    for role in [Role.originator, .responder] {
      let side = e[role]
      guard let ack = side.ackPassedBeforeRepeat, let again = side.repeatAfterAck else { continue }
      let delay = again.since(ack)
      out.report(
        "sent its FIN again \(Format.time(delay)) after the acknowledgement of it had passed", at: again,
        note: "again", confidence: .likely,
        why: """
          \(ack.named) acknowledges the FIN (ack \(ack.ack ?? 0)) and passed \(Format.time(delay)) before \
          \(again.named) repeats it: it did not reach the sender\
          \(side.reachedTimeWait ? "; the repeat met TIME-WAIT and started its timer anew" : "")
          """,
        alternatives: ["the sender received the acknowledgement and refused it"],
        evidence: side.fins.prefix(1).evidence() + [ack.evidence("acknowledges it")] + side.finAck.evidence(),
        values: [Value("after_ack", delay, .nanoseconds)],
        occurrences: max(1, side.finCount - 1))
    }
  }
}
