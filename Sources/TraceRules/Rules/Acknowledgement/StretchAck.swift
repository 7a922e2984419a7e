import TraceDecode

/// ACK307 stretch-ack
struct StretchAck: Rule {
  static let info = RuleInfo(
    code: "ACK307", name: "stretch-ack", family: .acknowledgement, severity: .info, lifecycle: .preview,
    summary: "One acknowledgement covers many full segments, time and again.",
    why: "The sender sends in bursts, and its rate grows more slowly.",
    remedy: """
      nothing beside a host that merges segments (GRO, LRO); elsewhere look for a device that thins \
      acknowledgements
      """,
    falsePositives: "On the receiving host segments are merged before they are acknowledged.",
    sources: [.rfc(3449, ""), .rfc(2525, "2.13")],
    examples: [
      .clean(
        "every second segment",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.1001 > . 1561:3021(1460) ack 1
          0.1002 > . 3021:4481(1460) ack 1
          0.1003 > . 4481:5941(1460) ack 1
          0.1004 > P. 5941:7401(1460) ack 1
          0.140 < . 1:1(0) ack 3021
          0.1401 < . 1:1(0) ack 5941
          0.1402 < . 1:1(0) ack 7401
          """)
    ])
  static let observes: EpisodeKind = .ack

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .ack(let e) = episode, e.kind == .stretch else { return }
    out.report(
      "covered more than four segments by one acknowledgement, \(Format.count(e.count, "time"))",
      at: e.segment,
      confidence: e.confidence, why: "\(e.segment.named) covers \(Format.octets(e.octets))",
      evidence: e.evidence.evidence(),
      values: [Value("octets", Int64(clamping: e.octets), .octets)], occurrences: e.count)
  }
}
