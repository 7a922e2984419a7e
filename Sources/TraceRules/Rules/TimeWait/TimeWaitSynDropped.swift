import TraceDecode

/// TWR703 time-wait-syn-dropped
struct TimeWaitSynDropped: Rule {
  static let info = RuleInfo(
    code: "TWR703", name: "time-wait-syn-dropped", family: .timeWait, severity: .warning,
    summary: "A SYN on a four-tuple in TIME-WAIT got no answer at all.",
    why: """
      The opener waits for its retransmission, a second and more; if every SYN is dropped until TIME-WAIT ends, \
      connect() hangs for up to a minute. A firewall that still has the old connection in its table drops such \
      SYNs too.
      """,
    remedy: """
      compare the firewall's TIME-WAIT time-out (conntrack) with the hosts'; avoid quick reuse of source ports
      """,
    falsePositives: """
      A capture without the other direction, or ending too soon, proves no silence. A lost SYN looks the same: \
      the repeat being answered at once speaks for loss.
      """,
    sources: [.rfc(6191, "2"), .rfc(9293, "3.6.1")],
    examples: [
      .fires(
        "two SYNs are ignored",
        script: RuleExample.closedByResponder + """
          isn > 500 < 95000
          2.000 > S 0:0(0) win 64240 <mss 1460>  #! TWR703, HSK102
          3.000 > S 0:0(0) win 64240 <mss 1460>
          5.000 > S 0:0(0) win 64240 <mss 1460>
          flow 2
          20.000 > S 0:0(0) win 64240 <mss 1460>
          20.040 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          20.0401 > . 1:1(0) ack 1
          """),
      .clean(
        "the SYN is answered",
        script: RuleExample.closedByResponder + """
          isn > 500000 < 95000
          2.000 > S 0:0(0) win 64240 <mss 1460>
          2.040 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          2.0401 > . 1:1(0) ack 1
          """),
    ])
  static let observes: EpisodeKind = .reuse

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reuse(let e) = episode, e.holder != nil, e.answer == .silence else { return }
    out.report(
      "sent a SYN into TIME-WAIT that got no answer", at: e.syn, note: "ignored", confidence: .likely,
      why: e.comparison
        + (e.acceptedLater.map { "; a later SYN is accepted by \($0.named)" } ?? "; nothing answered it"),
      alternatives: [
        "a firewall dropped it, the old connection still in its table", "the SYN or its answer was lost",
        "the listener's SYN queue was full",
      ],
      evidence: e.acceptedLater.evidence("accepted"), values: e.values)
  }
}
