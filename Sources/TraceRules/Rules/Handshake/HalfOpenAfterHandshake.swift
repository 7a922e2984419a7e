import TraceDecode

/// HSK111 half-open-after-handshake
struct HalfOpenAfterHandshake: Rule {
  static let info = RuleInfo(
    code: "HSK111", name: "half-open-after-handshake", family: .handshake, severity: .warning,
    summary:
      "The originator was connected and sent data; the responder ignored both and repeated its SYN-ACK.",
    why: """
      That is how a Linux server with a full accept queue behaves: connect() succeeds, the first request waits \
      for its retransmissions, and users see a slow or dead service.
      """,
    remedy: """
      let the service call accept() faster or raise its backlog and net.core.somaxconn; watch ListenOverflows \
      (nstat) and Recv-Q of the listener (ss -lnt)
      """,
    falsePositives: """
      Data that was merely in flight when the SYN-ACK was repeated, and is acknowledged at once, belongs to \
      HSK105; here it had to be sent again.
      """,
    sources: [.rfc(9293, "3.10.7.4")],
    examples: [
      .fires(
        "the accept queue is full for a second",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          0.0201 > . 1:1(0) ack 1 win 64240
          0.0202 > P. 1:101(100) ack 1
          0.240 > P. 1:101(100) ack 1  #! SEQ202@flow
          0.660 > P. 1:101(100) ack 1
          1.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>  #! HSK111
          1.0201 > . 101:101(0) ack 1
          1.500 > P. 1:101(100) ack 1
          1.520 < . 1:1(0) ack 101
          """),
      .clean(
        "the data was acknowledged at once",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .handshakeBeyondSyn

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, let data = e.ignoredData else { return }
    guard let ack = e.ackPassedBeforeRepeat, let again = e.synAckAfterAck, !e.asymmetric else { return }
    out.report(
      "left the connection half open: repeated its SYN-ACK although acknowledgement and data had passed",
      at: again,
      note: "again", endpoint: .responder, confidence: .likely,
      why: """
        \(ack.named) acknowledges the SYN-ACK, \(data.named) carries \(Format.octets(data.payload)) that had to \
        be sent again, and \(again.named) still repeats the SYN-ACK
        """,
      alternatives: [
        "the responder's accept queue was full",
        "acknowledgement and data were both lost beyond the capture point",
      ],
      evidence: [ack.evidence("acknowledges it"), data.evidence("ignored")] + e.synAcks.prefix(1).evidence(),
      values: [Value("after_ack", again.since(ack), .nanoseconds)])
  }
}
