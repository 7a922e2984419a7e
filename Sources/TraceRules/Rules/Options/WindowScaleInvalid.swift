import TraceDecode

/// OPT808 window-scale-invalid
struct WindowScaleInvalid: Rule {
  static let info = RuleInfo(
    code: "OPT808", name: "window-scale-invalid", family: .options, severity: .warning,
    summary:
      "A window scale option breaks the rules: a shift above 14, or one in a SYN-ACK that the SYN had not offered.",
    why: """
      The two ends may scale by different factors: windows are then misread, and transfers crawl or overrun.
      """,
    remedy: "look for a middlebox that edits or strips the window scale option",
    falsePositives: """
      A shift of 0 is legal: it agrees to scaling and asks for none.
      """,
    sources: [.rfc(7323, "2.3")],
    examples: [
      .fires(
        "a shift of 15",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,nop,wscale 15>  #! OPT808
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1
          """),
      .clean(
        "a shift of 14",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,nop,wscale 14>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1
          """),
    ])
  static let observes: EpisodeKind = .oddity

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .oddity(let e) = episode, e.kind == .windowScaleInvalid else { return }
    let tooLarge = e.limit > 14
    out.report(
      tooLarge
        ? "asked for a window scale of \(e.limit), the most is 14"
        : "answered with a window scale that was not offered",
      at: e.segment, confidence: e.confidence,
      why: tooLarge
        ? "\(e.segment.named) has shift \(e.limit); its receiver must use 14"
        : "\(e.segment.named) carries the option, the SYN does not",
      evidence: e.other.evidence("the SYN"), values: [Value("shift", e.limit)], occurrences: e.count)
  }
}
