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
      .fires(
        "reneging: the hole is filled, and what was reported above it is gone",
        script: RuleExample.opening + """
          0.100 > . 101:601(500) ack 1
          0.1001 > . 601:1101(500) ack 1
          0.1002 > P. 1101:1601(500) ack 1
          0.140 < . 1:1(0) ack 101 <sack 601:1101>
          0.1401 < . 1:1(0) ack 101 <sack 601:1601>
          0.1402 > . 101:601(500) ack 1  #! SEQ202@flow, SEQ203@flow
          0.180 < . 1:1(0) ack 601  #! ACK308
          0.500 > . 601:1101(500) ack 1  #! SEQ207@flow
          0.540 < . 1:1(0) ack 1101
          0.5401 > P. 1101:1601(500) ack 1
          0.580 < . 1:1(0) ack 1601
          """),
      .clean(
        "the hole above the block is still open",
        script: RuleExample.opening + """
          0.100 > . 101:601(500) ack 1
          0.1001 > . 601:1101(500) ack 1
          0.1002 > . 1101:1601(500) ack 1
          0.1003 > P. 1601:2101(500) ack 1
          0.140 < . 1:1(0) ack 101 <sack 601:1101>
          0.1401 < . 1:1(0) ack 101 <sack 1601:2101 601:1101>
          0.1402 > . 101:601(500) ack 1  #! SEQ202@flow, SEQ203@flow
          0.180 < . 1:1(0) ack 1101 <sack 1601:2101>
          0.1801 > . 1101:1601(500) ack 1
          0.220 < . 1:1(0) ack 2101
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
    let block = e.segment.sack.map { "\($0.lowerBound):\($0.upperBound)" } ?? "?"
    out.report(
      reneged
        ? "took back octets that it had reported by SACK" : "sent SACK blocks that fit nothing the peer sent",
      at: e.segment,
      severity: reneged ? .note : .warning, confidence: e.confidence,
      why: reneged
        ? "\(e.segment.named) stops at \(e.segment.ack ?? 0), though \(block) had been reported and must follow it"
        : "\(e.segment.named) has ack \(e.segment.ack ?? 0) and block \(block)",
      evidence: e.evidence.evidence(reneged ? "reported" : ""), occurrences: e.count)
  }
}
