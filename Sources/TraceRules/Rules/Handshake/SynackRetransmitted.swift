import TraceDecode

/// HSK104 synack-retransmitted
struct SynackRetransmitted: Rule {
  static let info = RuleInfo(
    code: "HSK104", name: "synack-retransmitted", family: .handshake, severity: .warning,
    aliases: ["tcp.analysis.retransmission"],
    summary: "The responder sent its SYN-ACK again because no acknowledgement of it had reached it.",
    why: """
      The SYN-ACK was lost on its way, or the originator does not answer it. Until it is answered the \
      connection takes a place in the responder's SYN queue and the originator waits.
      """,
    remedy:
      "capture beside the originator: if the first SYN-ACK arrives there, look at its firewall; if not, at the path",
    falsePositives: """
      If an acknowledgement passed the capture point early enough to have stopped the repeat, the SYN-ACK was \
      not what was lost: that is HSK105. In a simultaneous open each side's SYN-ACK repeats its SYN's number.
      """,
    sources: [.rfc(6298, "5"), .rfc(9293, "3.8.1")],
    examples: [
      .fires(
        "the first SYN-ACK does not arrive",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.0001 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          1.000 > S 0:0(0) win 64240 <mss 1460>  #! HSK101
          1.0001 < S. 0:0(0) ack 1 win 65535 <mss 1460>  #! HSK104
          1.040 > . 1:1(0) ack 1 win 64240
          """),
      .clean(
        "simultaneous open: both SYN-ACKs repeat their SYN's number",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.001 < S 0:0(0) win 64240 <mss 1460>
          0.020 > S. 0:0(0) ack 1 win 64240 <mss 1460>
          0.021 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          0.040 > P. 1:11(10) ack 1
          0.080 < . 1:1(0) ack 11
          """),
    ])
  static let observes: EpisodeKind = .handshakeBeyondSyn

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, e.synAckCount > 1, !e.simultaneous, !e.selfConnection else {
      return
    }
    guard e.ackPassedBeforeRepeat == nil, e.ignoredData == nil else { return }
    guard e.synAcks.count > 1, let first = e.synAcks.first else { return }
    let again = e.synAcks[1]
    let count = e.synAckCount - 1
    let undecidable = e.undecidableRepeats >= count
    var why = "\(e.synAcks.frames) carry the same SYN-ACK"
    if let ack = e.finalAck {
      why +=
        "; the first acknowledgement of it to pass is \(ack.named), \(Format.time(ack.since(first))) after the first"
    } else if e.asymmetric {
      why += "; the originator's direction is not in this capture"
    } else {
      why += "; no acknowledgement of it passed"
    }
    out.report(
      "sent its SYN-ACK again\(Format.times(count)), \(e.synAcks.gaps) after the one before",
      at: again,
      note: "again, \(Format.time(again.since(first))) later", endpoint: .responder,
      confidence: undecidable ? .possible : .certain, why: why,
      alternatives: undecidable ? ["the network made a copy: the two are equal in every octet"] : [],
      evidence: [first.evidence()] + e.synAcks.dropFirst(2).evidence("again")
        + e.finalAck.evidence("acknowledges"),
      values: [
        Value("repeats", Int64(count), .segments), Value("after", again.since(first), .nanoseconds),
      ], occurrences: count)
  }
}
