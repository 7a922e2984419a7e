import TraceDecode

/// ACK306 delayed-ack-excess
struct DelayedAckExcess: Rule {
  static let info = RuleInfo(
    code: "ACK306", name: "delayed-ack-excess", family: .acknowledgement, severity: .warning,
    lifecycle: .preview,
    summary: "A receiver held back acknowledgements for longer than it may.",
    why: """
      A sender that waits for them stands still: at most 500 ms, and at most every second full \
      segment, is the rule.
      """,
    remedy: """
      look at the receiver's delayed acknowledgement timer, and at interrupt moderation on its host
      """,
    falsePositives: """
      A receiver whose segments are merged by its interface acknowledges less often, and rightly; a \
      lost acknowledgement is no withheld one.
      """,
    sources: [.rfc(9293, "3.8.6.3"), .rfc(5681, "4.2")],
    examples: [
      .fires(
        "700 ms, seen beside the receiver",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.0001 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1
          0.050 > P. 1:101(100) ack 1
          0.0501 < . 1:1(0) ack 101
          0.100 > P. 101:201(100) ack 1
          0.800 < . 1:1(0) ack 201  #! ACK306
          """),
      .clean(
        "within 40 ms",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .ack

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .ack(let e) = episode, e.kind == .delayed else { return }
    out.report(
      "held back an acknowledgement for \(Format.time(e.delay ?? 0))", at: e.segment, note: "late",
      confidence: e.confidence,
      why:
        "\(e.evidence.first?.named ?? "the data") had arrived and nothing acknowledged it until \(e.segment.named)",
      evidence: e.evidence.evidence("waits"), values: [Value("delay", e.delay ?? 0, .nanoseconds)],
      occurrences: e.count)
  }
}
