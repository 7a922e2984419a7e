import TraceDecode

/// ACK308 sack-inconsistent
struct SackInconsistent: Rule {
  static let info = RuleInfo(
    code: "ACK308", name: "sack-inconsistent", family: .acknowledgement, severity: .warning,
    summary: "SACK blocks contradict the stream, or take back what they had reported.",
    why: """
      The sender may repeat the wrong octets, or throw its reports away. Numbers that do not fit come \
      from a middlebox that rewrites sequence numbers but not SACK.
      """,
    remedy: """
      switch off sequence number randomisation on the firewall, or have it translate SACK
      """,
    falsePositives: """
      A first block below the acknowledgement is a D-SACK. Taking back (reneging) is permitted, and a \
      note.
      """,
    sources: [.rfc(2018, "3"), .rfc(2018, "8"), .rfc(2883, "4")],
    examples: [
      .fires(
        "a block far beyond what was sent",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 101 <sack 9000001:9000501>  #! ACK308
          0.1401 < . 1:1(0) ack 601
          """),
      .clean(
        "a D-SACK",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 601  #! ACK301
          0.400 > P. 101:601(500) ack 1  #! SEQ206@flow
          0.440 < . 1:1(0) ack 601 <sack 101:601>
          """),
    ])
  static let observes: EpisodeKind = .ack

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .ack(let e) = episode, e.kind == .sackInconsistent || e.kind == .sackReneged else { return }
    let reneged = e.kind == .sackReneged
    let block = e.segment.sack.map { "block \($0.lowerBound):\($0.upperBound)" } ?? "a block"
    out.report(
      reneged
        ? "took back octets that it had reported by SACK" : "sent SACK blocks that fit nothing the peer sent",
      at: e.segment,
      severity: reneged ? .note : .warning, confidence: e.confidence,
      why: "\(e.segment.named) has ack \(e.segment.ack ?? 0) and \(block)"
        + (reneged ? ", without what was reported before" : ""),
      evidence: e.evidence.evidence(), occurrences: e.count)
  }
}
