import TraceDecode

/// CAP114 vantage
struct Vantage: Rule {
  static let info = RuleInfo(
    code: "CAP114", name: "vantage", family: .capture, severity: .info,
    summary: "Where the capture was taken, as seen from a flow.",
    why: """
      Beside the sender every loss is still to come; beside the receiver it has happened. Which half \
      of the path a delay belongs to follows from it.
      """,
    remedy: "nothing; to tell the two halves of a path apart, capture on both",
    falsePositives: "With one half of the round trip unknown, nothing is said.",
    sources: [.rfc(6298, "")],
    examples: [
      .fires(
        "beside the originator",
        script: RuleExample.opening + """
          0.100 < F. 1:1(0) ack 101
          0.1001 > F. 101:101(0) ack 2
          0.140 < . 2:2(0) ack 102
          #! CAP114@flow
          """),
      .clean(
        "no round trip to measure",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          """),
    ])
  static let observes: EpisodeKind = .flowEnd
  static let flows: FlowTraits = .placed

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    guard report.vantage != .unknown, let near = report.originatorHalf, let far = report.responderHalf,
      near &+ far > 0
    else {
      return
    }
    let place =
      switch report.vantage {
      case .nearOriginator: "beside the originator"
      case .nearResponder: "beside the responder"
      case .nearBoth: "beside both ends"
      default: "between the ends"
      }
    out.report(
      "the capture was taken \(place)", frame: report.flow.firstFrame, time: report.firstTime,
      confidence: .likely,
      why: "round trip to the originator \(Format.time(near)), to the responder \(Format.time(far))",
      values: [Value("originator_half", near, .nanoseconds), Value("responder_half", far, .nanoseconds)])
  }
}
