import TraceDecode

/// HSK103 connection-refused
struct ConnectionRefused: Rule {
  static let info = RuleInfo(
    code: "HSK103", name: "connection-refused", family: .handshake, severity: .note,
    aliases: ["REJ"],
    summary: "The responder answered the SYN with a reset: nobody listens on that port.",
    why: "connect() fails at once with ECONNREFUSED.",
    remedy: "start the service, correct its address or port, or look for a firewall that rejects with resets",
    falsePositives: """
      A reset whose acknowledgement number is not the SYN's number plus one does not refuse it. A reset with \
      another TTL than the host's other packets comes from a middlebox, and is said to.
      """,
    sources: [.rfc(9293, "3.5.2")],
    examples: [
      .fires(
        "no listener",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.020 < R. 0:0(0) ack 1 win 0  #! HSK103
          """),
      .clean(
        "a reset that acknowledges something else does not refuse the SYN",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.010 < R. 0:0(0) ack 700 win 0  #! RST602
          0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          0.0201 > . 1:1(0) ack 1 win 64240
          0.030 > P. 1:101(100) ack 1
          0.050 < . 1:1(0) ack 101
          """),
    ])
  static let observes: EpisodeKind = .handshakeBeyondSyn

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, e.outcome == .refused, let reset = e.refusal else { return }
    let syn = e.syns.last { $0.frame < reset.frame } ?? e.syns.first
    let delay = syn.map { reset.since($0) }
    let late = delay.map { ", \(Format.time($0)) after its SYN" } ?? ""
    out.report(
      e.refusalTTLForeign
        ? "a middlebox refused the connection in the responder's name\(late)"
        : "refused the connection\(late)",
      at: reset, note: "refuses", endpoint: .responder,
      confidence: e.refusalTTLForeign ? .likely : .certain,
      why:
        "\(reset.named) is a reset with acknowledgement number \(reset.ack ?? 0), the SYN's number plus one"
        + (e.refusalTTLForeign ? "; its TTL differs from the responder's other packets" : ""),
      remedy: e.refusalTTLForeign ? "look for a firewall or load balancer that rejects with resets" : nil,
      alternatives: e.refusalTTLForeign ? ["the responder itself answered, over another route"] : [],
      evidence: syn.evidence(), values: delay.map { [Value("delay", $0, .nanoseconds)] } ?? [])
  }
}
