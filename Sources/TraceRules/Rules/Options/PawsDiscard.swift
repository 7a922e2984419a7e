import TraceDecode

/// OPT806 paws-discard
struct PawsDiscard: Rule {
  static let info = RuleInfo(
    code: "OPT806", name: "paws-discard", family: .options, severity: .error,
    summary:
      "A segment was thrown away by its receiver because its timestamp was older than the last one accepted.",
    why: """
      PAWS takes it for a duplicate from before a wrap of the sequence numbers. If it was new data, it is lost until it comes with a newer timestamp.
      """,
    remedy: "look for two hosts or clocks behind one address, or a middlebox that rewrites timestamps",
    falsePositives: """
      A reset is not subject to PAWS, and after 24 idle days the stored timestamp no longer counts.
      """,
    sources: [.rfc(7323, "5")],
    examples: [
      .fires(
        "a timestamp far back",
        script: """
          auto-ts 1000hz
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > P. 1:101(100) ack 1 win 502
          0.090 < . 1:1(0) ack 101 win 501
          0.100 > P. 101:201(100) ack 1 <TS val 500000 ecr 2000090>  #! OPT806
          0.140 < . 1:1(0) ack 101
          """),
      .clean(
        "timestamps advance",
        script: """
          auto-ts 1000hz
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > P. 1:101(100) ack 1 win 502
          0.090 < . 1:1(0) ack 101 win 501
          0.100 > P. 101:201(100) ack 1
          0.140 < . 1:1(0) ack 201
          """),
    ])
  static let observes: EpisodeKind = .oddity

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .oddity(let e) = episode, e.kind == .pawsDiscard else { return }
    out.report(
      "had \(Format.count(e.count, "segment")) discarded for a timestamp from the past", at: e.segment,
      note: "TSval \(e.segment.tsVal ?? 0)", confidence: e.confidence,
      why: "TSval \(e.segment.tsVal ?? 0) of \(e.segment.named) is before the last one its receiver took"
        + (e.other?.tsVal.map { " (\($0))" } ?? "") + "; the receiver did not take the segment",
      evidence: e.other.evidence("taken before"), occurrences: e.count)
  }
}
