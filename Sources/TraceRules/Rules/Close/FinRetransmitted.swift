import TraceDecode

/// CLS501 fin-retransmitted
struct FinRetransmitted: Rule {
  static let info = RuleInfo(
    code: "CLS501", name: "fin-retransmitted", family: .close, severity: .warning,
    aliases: ["tcp.analysis.retransmission"],
    summary: "A FIN was sent again because no acknowledgement of it had come back in time.",
    why: """
      The FIN was lost or its acknowledgement came late. Until it arrives the peer's application sees no end of \
      the stream, and the closing side keeps its socket.
      """,
    remedy:
      "look for loss on the path at that moment; a FIN that is lost alone has no segments behind it to reveal the loss early",
    falsePositives: """
      If an acknowledgement of the FIN passed the capture early enough, the FIN was not what was lost: that is \
      CLS502. A FIN repeated together with new data is no repeat of the FIN alone.
      """,
    sources: [.rfc(9293, "3.6"), .rfc(6298, "5")],
    followsFrom: ["segment-lost-upstream", "segment-lost-downstream"],
    examples: [
      .fires(
        "the FIN is lost beyond the capture point",
        script: RuleExample.opening + """
          0.100 > F. 101:101(0) ack 1
          0.400 > F. 101:101(0) ack 1  #! CLS501
          0.440 < F. 1:1(0) ack 102
          0.4401 > . 102:102(0) ack 2
          """),
      .clean(
        "an ordinary close",
        script: RuleExample.opening + """
          0.100 > F. 101:101(0) ack 1
          0.140 < F. 1:1(0) ack 102
          0.1401 > . 102:102(0) ack 2
          """),
    ])
  static let observes: EpisodeKind = .close

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .close(let e) = episode else { return }
    for role in [Role.originator, .responder] {
      let side = e[role]
      guard side.finCount > 1, side.fins.count > 1, side.ackPassedBeforeRepeat == nil else { continue }
      guard !e.finIsUnanswered(role, timeouts: FinNeverAcked.timeouts.defaultValue) else { continue }
      let first = side.fins[0]
      let again = side.fins[1]
      let count = side.finCount - 1
      var why = "\(side.fins.frames) carry the same FIN at \(first.end - 1)"
      if let ack = side.finAck { why += "; the first acknowledgement of it to pass is \(ack.named)" }
      if e.asymmetric { why += "; the other direction is not in this capture" }
      out.report(
        "sent its FIN again \(Format.count(count, "time")), \(side.fins.gaps) after the one before",
        at: again,
        note: "again, \(Format.time(again.since(first))) later", why: why,
        evidence: [first.evidence()] + side.fins.dropFirst(2).evidence("again")
          + side.finAck.evidence("acknowledges it"),
        values: [
          Value("repeats", Int64(count), .segments), Value("after", again.since(first), .nanoseconds),
        ],
        occurrences: count)
    }
  }
}
