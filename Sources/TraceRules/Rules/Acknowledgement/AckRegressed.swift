import TraceDecode

/// ACK305 ack-regressed
struct AckRegressed: Rule {
  static let info = RuleInfo(
    code: "ACK305", name: "ack-regressed", family: .acknowledgement, severity: .error,
    summary: "A receiver took back an acknowledgement: it sent a lower number later.",
    why: """
      Cumulative acknowledgements never go back. The host lost its state, two hosts answer for one \
      address, or the segment was forged.
      """,
    remedy: """
      compare TTL and timestamps of the two acknowledgements; look for a failover between hosts that \
      do not share state
      """,
    falsePositives: """
      An older acknowledgement that the network delivered late has an earlier timestamp or \
      identification, and is no fault.
      """,
    sources: [.rfc(9293, "3.4")],
    examples: [
      .fires(
        "a lower number, sent later",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 601
          0.150 < . 1:1(0) ack 101  #! ACK305
          0.200 > P. 601:701(100) ack 1
          0.240 < . 1:1(0) ack 701
          """),
      .clean(
        "delivered late: its identification is older",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 601 id 2005
          0.1401 < . 1:1(0) ack 301 id 2004
          0.200 > P. 601:701(100) ack 1
          0.240 < . 1:1(0) ack 701 id 2006
          """),
    ])
  static let observes: EpisodeKind = .ack

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .ack(let e) = episode, e.kind == .regressed else { return }
    let before = e.evidence.first
    out.report(
      "took back an acknowledgement: \(e.segment.ack ?? 0)" + (before?.ack.map { " after \($0)" } ?? ""),
      at: e.segment,
      note: "lower", confidence: e.confidence,
      why:
        "\(e.segment.named) was sent after \(before?.named ?? "a higher one"), by its timestamp or identification, and acknowledges less",
      evidence: e.evidence.evidence("higher"), occurrences: e.count)
  }
}
