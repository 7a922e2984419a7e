import TraceDecode

/// TWR701 premature-time-wait-reuse
struct PrematureTimeWaitReuse: Rule {
  static let info = RuleInfo(
    code: "TWR701", name: "premature-time-wait-reuse", family: .timeWait, severity: .error,
    summary: "A four-tuple was used again during TIME-WAIT, with numbers that do not permit it.",
    why: """
      TIME-WAIT keeps old segments out of a new connection. With a sequence number and timestamp not beyond the \
      old ones, a late segment of the old connection can be taken for data of the new one.
      """,
    remedy: """
      let the side that opens many connections choose fresh ports (more ephemeral ports, more addresses); do \
      not bind a fixed source port; do not shorten TIME-WAIT
      """,
    falsePositives: """
      A higher sequence number, or a later timestamp where both connections use them, permits the reuse: that \
      is TWR704. Behind a NAT two hosts share an address, and their numbers cannot be compared.
      """,
    sources: [.rfc(9293, "3.6.1"), .rfc(6191, "2")],
    examples: [
      .fires(
        "the holder of TIME-WAIT opens again with a lower number",
        script: RuleExample.opening + """
          0.100 > F. 101:101(0) ack 1
          0.140 < F. 1:1(0) ack 102
          0.1401 > . 102:102(0) ack 2
          isn > 500 < 95000
          0.440 > S 0:0(0) win 64240 <mss 1460>  #! TWR701
          0.480 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          0.4801 > . 1:1(0) ack 1
          """),
      .clean(
        "a higher number permits it",
        script: RuleExample.closedByResponder + """
          isn > 500000 < 95000
          2.000 > S 0:0(0) win 64240 <mss 1460>
          2.040 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          2.0401 > . 1:1(0) ack 1
          """),
    ])
  static let observes: EpisodeKind = .reuse

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reuse(let e) = episode, e.holder != nil, !e.permitted, e.assassinatedBy == nil else { return }
    let accepted = e.answer == .accepted || e.acceptedLater != nil
    guard accepted || e.byHolder else { return }
    // A holder that reopens early but with later numbers risks little: practice, though too soon.
    let mild = e.byHolder && e.isnAdvance > 0 && (e.tsAdvance ?? 0) > 0
    let who = e.byHolder ? "its own TIME-WAIT" : "the peer's TIME-WAIT"
    out.report(
      "opened the four-tuple again \(Format.time(e.gap)) into \(who), which its numbers do not permit",
      at: e.syn,
      note: "too early", severity: mild ? .warning : .error, confidence: .likely,
      why: e.comparison + (e.answeredBy.map { "; \($0.named) answers" } ?? "")
        + (e.acceptedLater.map { "; \($0.named) is accepted in the end" } ?? ""),
      alternatives: ["two hosts behind one address (NAT), whose numbers cannot be compared"],
      evidence: e.answeredBy.evidence("answers") + e.acceptedLater.evidence("accepted"), values: e.values)
  }
}
