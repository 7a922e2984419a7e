import TraceDecode

/// OPT802 option-misplaced
struct OptionMisplaced: Rule {
  static let info = RuleInfo(
    code: "OPT802", name: "option-misplaced", family: .options, severity: .warning,
    summary: "An option that belongs on SYN segments only was sent later.",
    why: """
      MSS, window scale and SACK-permitted are agreed in the opening; later the receiver ignores them, and what the sender assumes is not agreed.
      """,
    remedy: "look for a middlebox that edits options, or report the stack",
    falsePositives: """
      A repeated SYN or SYN-ACK may carry them, of course.
      """,
    sources: [.rfc(9293, "3.7.1"), .rfc(7323, "2.2"), .rfc(2018, "2")],
    examples: [
      .fires(
        "an MSS option with data",
        script: RuleExample.opening + """
          0.100 > P. 101:201(100) ack 1 <mss 1200>  #! OPT802
          0.140 < . 1:1(0) ack 201
          """),
      .clean(
        "options on the SYNs only",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .oddity

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .oddity(let e) = episode, e.kind == .optionMisplaced else { return }
    out.report(
      "sent an option that belongs on a SYN in \(Format.count(e.count, "later segment"))", at: e.segment,
      confidence: e.confidence,
      why: "\(e.segment.named) is no SYN and carries MSS, window scale or SACK-permitted",
      occurrences: e.count)
  }
}
