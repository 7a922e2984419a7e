import TraceDecode

/// WND404 window-update-lost
struct WindowUpdateLost: Rule {
  static let info = RuleInfo(
    code: "WND404", name: "window-update-lost", family: .window, severity: .warning, lifecycle: .preview,
    summary: "The window was opened again, and the sender did not hear of it.",
    why: """
      The sender goes on waiting although it may send, until its next probe is answered.
      """,
    remedy: """
      look for loss between the capture point and the sender, in the direction of the acknowledgements
      """,
    falsePositives: "A sender whose update is still on its way is not judged.",
    sources: [.rfc(9293, "3.8.6.1")],
    examples: [
      .fires(
        "the sender goes on probing",
        script: """
          auto-ts 1000hz
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.040 < S. 0:0(0) ack 1 win 600 <mss 1460>
          0.0401 > . 1:1(0) ack 1
          0.050 > P. 1:101(100) ack 1
          0.090 < . 1:1(0) ack 101 win 500
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 601 win 0  #! WND401
          0.380 > . 600:600(0) ack 1
          0.420 < . 1:1(0) ack 601 win 0
          0.600 < . 1:1(0) ack 601 win 500  #! WND404
          0.860 > . 600:600(0) ack 1 <TS val 1000860 ecr 2000420>
          0.900 < . 1:1(0) ack 601 win 500
          0.901 > P. 601:1101(500) ack 1
          0.941 < . 1:1(0) ack 1101
          """),
      .clean(
        "heard and used",
        script: RuleExample.narrowOpening + """
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 601 win 0  #! WND401
          0.380 > . 600:600(0) ack 1
          0.420 < . 1:1(0) ack 601 win 0
          0.860 > . 600:600(0) ack 1
          0.900 < . 1:1(0) ack 601 win 0
          1.820 > . 600:600(0) ack 1
          1.860 < . 1:1(0) ack 601 win 501
          1.861 > P. 601:1101(500) ack 1
          1.901 < . 1:1(0) ack 1101
          """),
    ])
  static let observes: EpisodeKind = .window

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .window(let e) = episode, e.kind == .updateLost else { return }
    out.report(
      "opened its window again, which the peer did not hear", at: e.segment, endpoint: e.endpoint,
      confidence: e.confidence,
      why: "\(e.segment.named) opens the window, and the peer went on probing",
      evidence: e.evidence.evidence() + e.reopenedBy.evidence("opens it again"),
      values: [Value("octets", Int64(clamping: e.octets), .octets)]
        + (e.duration.map { [Value("duration", $0, .nanoseconds)] } ?? []),
      occurrences: e.count)
  }
}
