import TraceDecode

/// SEC908 urgent-misuse
struct UrgentMisuse: Rule {
  static let info = RuleInfo(
    code: "SEC908", name: "urgent-misuse", family: .security, severity: .note, lifecycle: .preview,
    summary: "An urgent pointer points beyond the data, stands without URG, or came with a SYN.",
    why: "Stacks and inspectors disagree on urgent data; attackers use that to hide octets from inspection.",
    remedy: "clear URG at the edge, unless an application (telnet, rlogin) needs it",
    falsePositives: "Urgent data inside the segment is legal, if discouraged.",
    sources: [.rfc(9293, "3.8.5"), .rfc(6093, "")],
    examples: [
      .fires(
        "the pointer without its flag",
        script: RuleExample.opening + """
          0.100 > P. 101:201(100) ack 1 urg 50  #! SEC908
          0.140 < . 1:1(0) ack 201
          """),
      .clean("no urgent data", script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .oddity

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .oddity(let e) = episode, e.kind == .urgentMisuse else { return }
    out.report(
      "misused the urgent pointer in \(Format.count(e.count, "segment"))", at: e.segment,
      confidence: e.confidence,
      why: "\(e.segment.named) has an urgent pointer that does not fit its flags or its data",
      occurrences: e.count)
  }
}
