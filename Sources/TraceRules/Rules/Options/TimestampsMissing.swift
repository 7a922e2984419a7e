import TraceDecode

/// OPT804 timestamps-missing
struct TimestampsMissing: Rule {
  static let info = RuleInfo(
    code: "OPT804", name: "timestamps-missing", family: .options, severity: .warning,
    summary: "Timestamps were agreed, and a segment other than a reset came without them.",
    why: """
      RFC 7323 wants them in every segment once agreed; a receiver may drop one without, so data can be lost again and again.
      """,
    remedy:
      "look for a middlebox that strips options from some segments, or that answers in an endpoint's name",
    falsePositives: """
      Resets may come without. Timestamps are agreed only if both SYNs carried them.
      """,
    sources: [.rfc(7323, "3.2")],
    examples: [
      .fires(
        "one segment without",
        script: """
          auto-ts 1000hz
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > P. 1:101(100) ack 1 win 502
          0.090 < . 1:1(0) ack 101 win 501
          0.100 > P. 101:201(100) ack 1 nots  #! OPT804
          0.140 < . 1:1(0) ack 201
          """),
      .clean(
        "a reset without",
        script: """
          auto-ts 1000hz
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > P. 1:101(100) ack 1 win 502
          0.090 < . 1:1(0) ack 101 win 501
          0.100 > R 101:101(0) win 0  #! RST601
          """),
    ])
  static let observes: EpisodeKind = .oddity

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .oddity(let e) = episode, e.kind == .timestampMissing else { return }
    out.report(
      "sent \(Format.count(e.count, "segment")) without the timestamps that were agreed", at: e.segment,
      confidence: e.confidence, why: "both SYNs carried timestamps, \(e.segment.named) does not",
      occurrences: e.count)
  }
}
