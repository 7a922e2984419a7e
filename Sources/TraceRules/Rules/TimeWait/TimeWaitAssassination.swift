import TraceDecode

/// TWR705 time-wait-assassination
struct TimeWaitAssassination: Rule {
  static let info = RuleInfo(
    code: "TWR705", name: "time-wait-assassination", family: .timeWait, severity: .warning,
    summary: "A reset cut TIME-WAIT short, and the four-tuple was used again at once.",
    why: """
      TIME-WAIT that ends early no longer keeps old segments out: duplicates of the old connection can be taken \
      for data of the new one. Linux ignores such resets only with net.ipv4.tcp_rfc1337=1.
      """,
    remedy: "set net.ipv4.tcp_rfc1337=1 on the side that holds TIME-WAIT, and find what sends the reset",
    falsePositives:
      "The reset that an opener sends in reply to a refusing ACK is expected and no assassination.",
    sources: [.rfc(1337, "")],
    examples: [
      .fires(
        "a stray reset, then a new connection",
        script: RuleExample.closedByResponder + """
          0.300 > R 102:102(0) win 0
          isn > 500 < 95000
          1.000 > S 0:0(0) win 64240 <mss 1460>  #! TWR705@flow
          1.040 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          1.0401 > . 1:1(0) ack 1
          """),
      .clean(
        "the reset that answers a refusing ACK",
        script: RuleExample.closedByResponder + """
          0.440 > S -500:-500(0) win 64240 <mss 1460>  #! TWR702
          0.480 < . 2:2(0) ack 102
          0.4801 > R 102:102(0) win 0
          """),
    ])
  static let observes: EpisodeKind = .reuse

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reuse(let e) = episode, let reset = e.assassinatedBy else { return }
    out.report(
      "cut the peer's TIME-WAIT short by a reset and opened the four-tuple again", at: e.syn,
      confidence: .likely,
      why: "\(reset.named) is a reset into TIME-WAIT; \(e.comparison)",
      alternatives: ["the holder ignored the reset and accepted the SYN on its own grounds"],
      evidence: [reset.evidence("into TIME-WAIT")] + e.answeredBy.evidence("accepted"), values: e.values)
  }
}
