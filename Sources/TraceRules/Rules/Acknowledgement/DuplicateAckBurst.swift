import TraceDecode

/// ACK303 duplicate-ack-burst
struct DuplicateAckBurst: Rule {
  static let info = RuleInfo(
    code: "ACK303", name: "duplicate-ack-burst", family: .acknowledgement, severity: .info,
    aliases: ["tcp.analysis.duplicate_ack"],
    summary: """
      The receiver repeated an acknowledgement three times or more: it has a hole.
      """,
    why: """
      It is how a receiver reports a loss or reordering, and what makes the sender repeat at once.
      """,
    remedy: "see the loss or the reordering it reports",
    falsePositives: """
      Window updates, answers to keep-alives and probes, challenge ACKs and repeats with nothing \
      outstanding are not duplicate acknowledgements.
      """,
    sources: [.rfc(5681, "2")],
    followsFrom: ["segment-lost-upstream", "segment-lost-downstream", "packet-reordered"],
    examples: [
      .fires(
        "five of them",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.1001 > . 1561:3021(1460) ack 1
          0.1002 > . 3021:4481(1460) ack 1
          0.1003 > . 4481:5941(1460) ack 1
          0.1004 > P. 5941:7401(1460) ack 1
          0.140 < . 1:1(0) ack 1561
          0.1401 < . 1:1(0) ack 1561 <sack 3021:4481>
          0.1402 < . 1:1(0) ack 1561 <sack 3021:5941>
          0.1403 < . 1:1(0) ack 1561 <sack 3021:7401>
          0.1404 > . 1561:3021(1460) ack 1  #! SEQ202, SEQ203, ACK303@flow
          0.1804 < . 1:1(0) ack 7401
          """),
      .clean(
        "a window update repeats the number",
        script: RuleExample.opening + """
          0.100 < . 1:1(0) ack 101 win 601
          0.110 < . 1:1(0) ack 101 win 701
          0.120 < . 1:1(0) ack 101 win 801
          """),
    ])
  static let observes: EpisodeKind = .ack

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .ack(let e) = episode, e.kind == .duplicateBurst else { return }
    out.report(
      "repeated the acknowledgement of \(e.segment.ack ?? 0) \(Format.count(e.count, "time"))", at: e.segment,
      confidence: e.confidence, why: "data was outstanding, and the number and the window stayed the same",
      evidence: e.evidence.evidence(), values: [Value("ack", e.segment.ack ?? 0)], occurrences: e.count)
  }
}
