import TraceDecode

/// HSK112 syn-data-ignored
struct SynDataIgnored: Rule {
  static let info = RuleInfo(
    code: "HSK112", name: "syn-data-ignored", family: .handshake, severity: .note,
    aliases: ["tcp.analysis.tfo_ignored"],
    summary: "The responder did not accept the data that the SYN carried (TCP Fast Open).",
    why: "The originator has to send that data again after the handshake: Fast Open saves nothing.",
    remedy:
      "enable Fast Open on the responder's listener, and make all hosts behind one address share the cookie key",
    falsePositives: "A SYN without data, only asking for a cookie, is not judged.",
    sources: [.rfc(7413, "4.2")],
    examples: [
      .fires(
        "the SYN-ACK acknowledges the SYN only",
        script: """
          0.000 > S 0:10(10) win 64240 <mss 1460,FO 0102030405060708>
          0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>  #! HSK112
          0.0201 > P. 1:11(10) ack 1 win 64240
          0.040 < . 1:1(0) ack 11 win 65535
          """),
      .clean(
        "the data is accepted",
        script: """
          0.000 > S 0:10(10) win 64240 <mss 1460,FO 0102030405060708>
          0.020 < S. 0:0(0) ack 11 win 65535 <mss 1460>
          0.0201 > . 11:11(0) ack 1 win 64240
          """),
    ])
  static let observes: EpisodeKind = .handshakeBeyondSyn

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, e.synData > e.synDataAcked, let answer = e.synAcks.first else {
      return
    }
    let ignored = e.synData - e.synDataAcked
    out.report(
      "left \(Format.octets(ignored)) of the SYN's data unacknowledged", at: answer, endpoint: .responder,
      why: """
        the SYN carries \(Format.octets(e.synData)), the SYN-ACK acknowledges \(e.synDataAcked) of them
        """,
      alternatives: ["a middlebox stripped data or cookie from the SYN", "the cookie had expired"],
      evidence: e.syns.prefix(1).evidence("carries data"), values: [Value("octets", Int64(ignored), .octets)])
  }
}
