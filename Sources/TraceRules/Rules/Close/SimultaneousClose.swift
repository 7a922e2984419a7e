import TraceDecode

/// CLS506 simultaneous-close
struct SimultaneousClose: Rule {
  static let info = RuleInfo(
    code: "CLS506", name: "simultaneous-close", family: .close, severity: .info,
    summary: "Both sides closed before either knew of the other's close.",
    why: "It is legal. Both ends pass CLOSING and both keep the four-tuple in TIME-WAIT.",
    remedy: "nothing",
    falsePositives: """
      The order of the FINs in the capture does not matter: what counts is that neither FIN acknowledges the other.
      """,
    sources: [.rfc(9293, "3.6")],
    examples: [
      .fires(
        "the FINs cross",
        script: RuleExample.opening + """
          0.100 > F. 101:101(0) ack 1
          0.110 < F. 1:1(0) ack 101  #! CLS506
          0.1101 > . 102:102(0) ack 2
          0.140 < . 2:2(0) ack 102
          """),
      .clean(
        "the second FIN acknowledges the first",
        script: RuleExample.opening + """
          0.100 > F. 101:101(0) ack 1
          0.140 < F. 1:1(0) ack 102
          0.1401 > . 102:102(0) ack 2
          """),
    ])
  static let observes: EpisodeKind = .close

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .close(let e) = episode, e.simultaneous else { return }
    guard let one = e.originator.fins.first, let other = e.responder.fins.first else { return }
    let (first, second) = one.frame < other.frame ? (one, other) : (other, one)
    out.report(
      "closed at the same time as its peer", at: second, note: "does not acknowledge the other FIN",
      why:
        "\(first.named) and \(second.named) are FINs, and neither acknowledges the other (ack \(first.ack ?? 0) and \(second.ack ?? 0))",
      evidence: [first.evidence("does not acknowledge the other FIN")])
  }
}
