import TraceDecode

/// SEQ214 ambiguous-out-of-sequence
struct AmbiguousOutOfSequence: Rule {
  static let info = RuleInfo(
    code: "SEQ214", name: "ambiguous-out-of-sequence", family: .sequence, severity: .info,
    summary: """
      A segment came out of sequence, and nothing tells whether it was late or sent again.
      """,
    why: "Both readings are counted: as reordering and as a loss.",
    remedy: "capture nearer to the sender, or with timestamps enabled on the hosts",
    falsePositives: """
      Timestamps, IP identification and timing have been tried before it is called ambiguous.
      """,
    sources: [.rfc(4737, "")],
    examples: [
      .fires(
        "a hole is filled after 8 ms, without any mark",
        script: """
          ipv6
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.0001 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.040 > . 1:1(0) ack 1
          0.050 > P. 1:1001(1000) ack 1
          0.0501 < . 1:1(0) ack 1001
          0.100 > P. 2001:3001(1000) ack 1
          0.1001 < . 1:1(0) ack 1001
          0.108 > P. 1001:2001(1000) ack 1  #! SEQ214@flow
          0.1081 < . 1:1(0) ack 3001
          """),
      .clean(
        "the identification tells",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.1002 > . 3021:4481(1460) ack 1 id 1007
          0.1003 > . 1561:3021(1460) ack 1 id 1006  #! SEQ212
          0.1004 > P. 4481:5941(1460) ack 1 id 1008
          0.140 < . 1:1(0) ack 5941
          """),
    ])
  static let observes: EpisodeKind = .order

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .order(let e) = episode, e.kind == .ambiguous else { return }
    out.report(
      "had \(Format.count(e.count, "segment")) out of sequence: late, or sent again", at: e.segment,
      confidence: .possible,
      why:
        "\(e.segment.named) fills a hole that \(e.other?.named ?? "a later segment") had shown \(Format.time(e.extentTime)) before; it has no timestamp or identification that tells",
      alternatives: ["the network reordered it", "it was lost and sent again"],
      evidence: e.other.evidence("shows the hole"),
      values: [Value("extent_time", e.extentTime, .nanoseconds)], occurrences: e.count)
  }
}
