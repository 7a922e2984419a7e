import TraceDecode

/// ACK304 ack-beyond-sent
struct AckBeyondSent: Rule {
  static let info = RuleInfo(
    code: "ACK304", name: "ack-beyond-sent", family: .acknowledgement, severity: .error,
    aliases: ["tcp.analysis.ack_lost_segment"],
    summary: "A segment acknowledges octets that the peer has not sent.",
    why: """
      The peer must not take it. It is forged, belongs to another connection, or something rewrites \
      numbers in one direction.
      """,
    remedy: "look for a middlebox that changes sequence numbers, and for forged packets",
    falsePositives: """
      Data that the capture missed is CAP101: the peer goes on from there. Here it does not.
      """,
    sources: [.rfc(9293, "3.10.7.4"), .rfc(5961, "5")],
    examples: [
      .fires(
        "far beyond",
        script: RuleExample.opening + """
          0.100 < . 1:1(0) ack 9000001  #! ACK304
          0.1001 > . 101:101(0) ack 1
          0.200 > P. 101:201(100) ack 1
          0.240 < . 1:1(0) ack 201
          """),
      .clean(
        "the capture missed the data",
        script: RuleExample.opening + """
          0.100 > P. 201:301(100) ack 1  #! CAP101@capture
          0.140 < . 1:1(0) ack 301
          0.200 > P. 301:401(100) ack 1
          0.240 < . 1:1(0) ack 401
          """),
    ])
  static let observes: EpisodeKind = .ack

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .ack(let e) = episode, e.kind == .beyondSent else { return }
    out.report(
      "acknowledged \(Format.octets(e.octets)) more than the peer has sent", at: e.segment, note: "beyond",
      confidence: e.confidence,
      why:
        "\(e.segment.named) acknowledges \(e.segment.ack ?? 0), and nothing up to there was sent before or after",
      evidence: e.evidence.evidence(), values: [Value("octets", Int64(clamping: e.octets), .octets)],
      occurrences: e.count)
  }
}
