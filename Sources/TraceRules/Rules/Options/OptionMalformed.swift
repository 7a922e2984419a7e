import TraceDecode

/// OPT801 option-malformed
struct OptionMalformed: Rule {
  static let info = RuleInfo(
    code: "OPT801", name: "option-malformed", family: .options, severity: .error,
    summary: "A TCP option has an impossible length, runs past the header, or is repeated.",
    why: """
      The receiver cannot tell where the next option begins: it may drop the segment, or misread what follows.
      """,
    remedy: "find the device that writes the option: a middlebox that edits options, or a forger",
    falsePositives: """
      An option area that the snapshot length cut off is not malformed. Unknown kinds with a right length are legal.
      """,
    sources: [.rfc(9293, "3.2")],
    examples: [
      .fires(
        "an MSS option of three octets",
        script: """
          0.000 > S 0:0(0) win 64240 <raw 0203ff01>  #! OPT801
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1
          """),
      .clean(
        "an unknown option with a right length",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,kind 200 aabb>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1
          """),
    ])
  static let observes: EpisodeKind = .oddity

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .oddity(let e) = episode, e.kind == .optionMalformed else { return }
    out.report(
      "sent \(Format.count(e.count, "segment")) with malformed options", at: e.segment,
      confidence: e.confidence,
      why: "an option of \(e.segment.named) has a length that is below 2, past the header, or not its kind's",
      occurrences: e.count)
  }
}
