import TraceDecode

/// ACK301 ack-lost
struct AckLost: Rule {
  static let info = RuleInfo(
    code: "ACK301", name: "ack-lost", family: .acknowledgement, severity: .warning,
    summary: """
      An acknowledgement passed the capture point and did not reach the sender of the data.
      """,
    why: """
      The sender repeats what has arrived, and slows down for a loss that was none on its data's path.
      """,
    remedy: """
      look for loss between the capture point and the data's sender, in the direction of the \
      acknowledgements
      """,
    falsePositives: """
      An acknowledgement that the repeat crossed on its way is not lost, nor is one delayed for longer \
      than the sender's time-out.
      """,
    sources: [.rfc(9293, "3.10.7.4"), .rfc(2883, "4"), .rfc(7323, "3")],
    examples: [
      .fires(
        "the data comes again long after",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 601  #! ACK301
          0.400 > P. 101:601(500) ack 1  #! SEQ206
          0.440 < . 1:1(0) ack 601
          """),
      .clean(
        "the data itself was lost",
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
          0.1404 > . 1561:3021(1460) ack 1  #! SEQ202, SEQ203
          0.1804 < . 1:1(0) ack 7401
          """),
    ])
  static let observes: EpisodeKind = .ack

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .ack(let e) = episode, e.kind == .lost, e.confidence > .possible else { return }
    out.report(
      "had \(Format.count(e.count, "acknowledgement")) lost beyond the capture point", at: e.segment,
      note: "did not arrive",
      endpoint: e.sender, confidence: e.confidence,
      why: e.proof.words + (e.delay.map { ", \(Format.time($0)) later" } ?? ""),
      alternatives: e.isBesideSender ? ["the sender's host or its firewall dropped it"] : [],
      evidence: e.evidence.evidence(), values: [Value("ack", e.segment.ack ?? 0)], occurrences: e.count)
  }
}
