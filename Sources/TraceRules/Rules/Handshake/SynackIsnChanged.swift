import TraceDecode

/// HSK107 synack-isn-changed
struct SynackIsnChanged: Rule {
  static let info = RuleInfo(
    code: "HSK107", name: "synack-isn-changed", family: .handshake, severity: .warning,
    summary: "The same SYN was answered by SYN-ACKs with different initial sequence numbers.",
    why: """
      One host repeats its SYN-ACK with the same number. Two numbers mean two answerers - a load balancer that \
      sends repeats elsewhere - or SYN cookies made in different time slots; the originator's acknowledgement \
      fits one of them only, and the other side resets.
      """,
    remedy:
      "make the load balancer's choice depend on the four-tuple alone; check that only one host has the address",
    falsePositives:
      "A SYN with another initial sequence number is another connection and may get another answer.",
    sources: [.rfc(9293, "3.4.1")],
    examples: [
      .fires(
        "a second host answers the repeated SYN",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.0001 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          1.000 > S 0:0(0) win 64240 <mss 1460>  #! HSK101
          isn < 777000
          1.0001 < S. 0:0(0) ack 1 win 65535 <mss 1460>  #! HSK107
          1.040 > . 1:1(0) ack 1 win 64240
          """),
      .clean(
        "the SYN-ACK is repeated with the same number",
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
    guard case .handshake(let e) = episode, let changed = e.changedIsn else { return }
    let first = e.synAcks.first
    out.report(
      "answered the same SYN with another initial sequence number", at: changed, note: "another number",
      endpoint: .responder,
      why: """
        \(changed.named) has initial sequence number \(changed.seq), \
        \(first.map { "\($0.named) had \($0.seq)" } ?? "an earlier SYN-ACK had another"); both acknowledge the same SYN
        """,
      alternatives: [
        "two hosts answer for one address", "SYN cookies were made in two time slots",
      ],
      evidence: e.syns.prefix(1).evidence() + first.evidence("the first answer"))
  }
}
