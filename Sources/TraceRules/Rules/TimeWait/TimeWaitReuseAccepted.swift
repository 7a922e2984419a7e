import TraceDecode

/// TWR704 time-wait-reuse-accepted
struct TimeWaitReuseAccepted: Rule {
  static let info = RuleInfo(
    code: "TWR704", name: "time-wait-reuse-accepted", family: .timeWait, severity: .info,
    aliases: ["tcp.analysis.reused_ports"],
    summary: "A four-tuple in TIME-WAIT was opened again, as its numbers permit.",
    why: "It is legal and safe. Often, it shows that source ports towards this service are in short supply.",
    remedy: "nothing; if it is frequent, widen the ephemeral port range or keep connections open longer",
    falsePositives: "Reuse after TIME-WAIT has ended is nothing to report.",
    sources: [.rfc(9293, "3.6.1"), .rfc(6191, "2")],
    examples: [
      .fires(
        "two seconds later, with a higher number",
        script: RuleExample.closedByResponder + """
          isn > 500000 < 95000
          2.000 > S 0:0(0) win 64240 <mss 1460>  #! TWR704
          2.040 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          2.0401 > . 1:1(0) ack 1
          """),
      .clean(
        "five minutes later TIME-WAIT is over",
        script: RuleExample.closedByResponder + """
          isn > 500000 < 95000
          300.000 > S 0:0(0) win 64240 <mss 1460>
          300.040 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          300.0401 > . 1:1(0) ack 1
          """),
    ])
  static let observes: EpisodeKind = .reuse

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reuse(let e) = episode, e.holder != nil, e.permitted, e.answer == .accepted else { return }
    out.report(
      "opened the four-tuple again \(Format.time(e.gap)) into TIME-WAIT, as its numbers permit", at: e.syn,
      why: e.comparison, evidence: e.answeredBy.evidence("accepted"), values: e.values)
  }
}
