import TraceDecode

/// WND409 silly-window
struct SillyWindow: Rule {
  static let info = RuleInfo(
    code: "WND409", name: "silly-window", family: .window, severity: .warning, lifecycle: .preview,
    summary: "Window or data advance in tiny steps.",
    why: "Each packet carries little but headers: the transfer crawls.",
    remedy: """
      have the receiving application read in larger pieces; check the stack's avoidance of the silly \
      window syndrome
      """,
    falsePositives: """
      Interactive traffic is small by nature; it counts only while more data is waiting.
      """,
    sources: [.rfc(9293, "3.8.6.2"), .rfc(813, "")],
    examples: [
      .clean(
        "full-size segments",
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
  static let observes: EpisodeKind = .window

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .window(let e) = episode, e.kind == .silly else { return }
    out.report(
      "advanced in tiny steps, \(Format.count(e.count, "time"))", at: e.segment, endpoint: e.endpoint,
      confidence: e.confidence,
      why: "\(e.segment.named) is the first of them, \(Format.octets(e.octets)) in the mean",
      evidence: e.evidence.evidence() + e.reopenedBy.evidence("opens it again"),
      values: [Value("octets", Int64(clamping: e.octets), .octets)]
        + (e.duration.map { [Value("duration", $0, .nanoseconds)] } ?? []),
      occurrences: e.count)
  }
}
