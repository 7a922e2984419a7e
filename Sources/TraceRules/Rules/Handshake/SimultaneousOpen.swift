import TraceDecode

/// HSK109 simultaneous-open
struct SimultaneousOpen: Rule {
  static let info = RuleInfo(
    code: "HSK109", name: "simultaneous-open", family: .handshake, severity: .info,
    summary: "Both ends sent a SYN to each other; their connections became one.",
    why: "It is legal and rare: neither side listens, as in NAT traversal. Both calls to connect() succeed.",
    remedy: "nothing, if the application means it; otherwise find out why both ends connect from fixed ports",
    falsePositives: "Each SYN-ACK repeats the number of its sender's SYN; that is no retransmission.",
    sources: [.rfc(9293, "3.5")],
    examples: [
      .fires(
        "the SYNs cross",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.001 < S 0:0(0) win 64240 <mss 1460>  #! HSK109
          0.020 > S. 0:0(0) ack 1 win 64240 <mss 1460>
          0.021 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          0.040 > P. 1:11(10) ack 1
          0.080 < . 1:1(0) ack 11
          """),
      .clean(
        "the ordinary opening",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          0.0201 > . 1:1(0) ack 1 win 64240
          """),
    ])
  static let observes: EpisodeKind = .handshakeBeyondSyn

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, e.simultaneous, !e.selfConnection else { return }
    let syn = e.peerSyns.first
    out.report(
      "opened at the same time as its peer: both sent a SYN before either was answered",
      at: syn ?? e.syns.first,
      note: "crosses the other SYN", endpoint: .responder,
      why: "a SYN without ACK passed in each direction, and both ends went on with a SYN-ACK",
      evidence: e.syns.prefix(1).evidence() + e.originatorSynAcks.prefix(1).evidence()
        + e.synAcks.prefix(1).evidence())
  }
}
