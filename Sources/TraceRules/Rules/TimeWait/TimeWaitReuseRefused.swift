import TraceDecode

/// TWR702 time-wait-reuse-refused
struct TimeWaitReuseRefused: Rule {
  static let info = RuleInfo(
    code: "TWR702", name: "time-wait-reuse-refused", family: .timeWait, severity: .warning,
    aliases: ["tcp.analysis.reused_ports"],
    summary: "A SYN on a four-tuple in TIME-WAIT was answered by an ACK with the old connection's numbers.",
    why: """
      The opener answers that ACK with a reset and repeats its SYN after a whole time-out: connect() takes a \
      second longer, or fails.
      """,
    remedy: """
      widen the ephemeral port range, keep connections open longer, or let the side that opens them also close \
      them; timestamps on both sides make reuse safe
      """,
    falsePositives: """
      The ACK is no acknowledgement of unseen data, and the reset that answers it cuts nothing: both are what \
      RFC 9293 asks for.
      """,
    sources: [.rfc(6191, "2"), .rfc(9293, "3.10.7.4"), .rfc(5961, "4")],
    examples: [
      .fires(
        "a lower number is refused, then accepted after the reset",
        script: RuleExample.closedByResponder + """
          0.440 > S -500:-500(0) win 64240 <mss 1460>  #! TWR702
          0.480 < . 2:2(0) ack 102
          0.4801 > R 102:102(0) win 0
          """),
      .clean(
        "a higher number is accepted",
        script: RuleExample.closedByResponder + """
          isn > 500000 < 95000
          2.000 > S 0:0(0) win 64240 <mss 1460>
          2.040 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          2.0401 > . 1:1(0) ack 1
          """),
    ])
  static let observes: EpisodeKind = .reuse

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reuse(let e) = episode, e.holder != nil, e.answer == .refusedByAck else { return }
    let cost = e.acceptedLater.map { $0.since(e.syn) }
    var why = e.comparison
    if let ack = e.answeredBy { why += "; \(ack.named) answers with the old numbers (ack \(ack.ack ?? 0))" }
    if let reset = e.resetAfterRefusal { why += "; \(reset.named) resets in reply" }
    out.report(
      "had its SYN refused: the four-tuple is in TIME-WAIT"
        + (cost.map { ", which cost \(Format.time($0))" } ?? ""),
      at: e.syn, note: "refused", why: why,
      evidence: e.answeredBy.evidence("old numbers") + e.resetAfterRefusal.evidence("resets")
        + e.acceptedLater.evidence("accepted"),
      values: e.values + (cost.map { [Value("cost", $0, .nanoseconds)] } ?? []))
  }
}
