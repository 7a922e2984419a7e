import TraceDecode

/// HSK101 syn-retransmitted
struct SynRetransmitted: Rule {
  static let info = RuleInfo(
    code: "HSK101", name: "syn-retransmitted", family: .handshake, severity: .warning,
    aliases: ["tcp.analysis.retransmission"],
    summary: "The originator sent its SYN again because nothing acceptable had answered it in time.",
    why: """
      Each repeat costs the user the whole retransmission time-out: 1 s for the first, doubling after that. \
      A lost SYN, a lost SYN-ACK and a responder that drops SYNs under load all look like this to connect().
      """,
    remedy: """
      capture at the responder as well: if the SYN arrives there, look at its SYN and accept queues and its \
      firewall; if not, look for loss on the path
      """,
    falsePositives: """
      A capture that records each packet twice repeats SYNs within microseconds; those copies are recognised \
      and not counted. A SYN with another initial sequence number is another attempt, not a repeat.
      """,
    sources: [.rfc(9293, "3.8.1"), .rfc(6298, "5")],
    examples: [
      .fires(
        "the first two SYNs get no answer",
        script: """
          originator 10.0.0.1:40000
          responder 10.0.0.2:80
          0.000 > S 0:0(0) win 64240 <mss 1460>
          1.000 > S 0:0(0) win 64240 <mss 1460>  #! HSK101
          3.000 > S 0:0(0) win 64240 <mss 1460>
          +0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > . 1:1(0) ack 1 win 64240
          """),
      .clean(
        "a mirror port recorded the SYN twice",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          copy +0.000004
          0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          copy +0.000004
          0.0201 > . 1:1(0) ack 1 win 64240
          copy +0.000004
          """),
    ])
  static let observes: EpisodeKind = .handshake

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, e.synCount > 1, e.syns.count > 1 else { return }
    // Silence for good is syn-unanswered's to tell; one opening is one finding.
    guard e.outcome != .unanswered || e.asymmetric else { return }
  }
}
