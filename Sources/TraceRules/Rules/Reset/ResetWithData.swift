import TraceDecode

/// RST609 reset-with-data
struct ResetWithData: Rule {
  static let info = RuleInfo(
    code: "RST609", name: "reset-with-data", family: .reset, severity: .info,
    summary: "A reset carries text.",
    why: "Stacks and middleboxes may say in a reset's payload why they sent it; the text is shown.",
    remedy: "read the text",
    falsePositives: "Resets without payload are the rule.",
    sources: [.rfc(9293, "3.5.3")],
    examples: [
      .fires(
        "a middlebox explains itself",
        script: RuleExample.opening + """
          0.200 < R. 1:13(12) ack 101 win 0 data "policy block"  #! RST609, RST601
          """),
      .clean(
        "a reset without text",
        script: RuleExample.opening + """
          0.200 < R. 1:1(0) ack 101 win 0  #! RST601
          """),
    ])
  static let observes: EpisodeKind = .reset

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reset(let e) = episode, e.rst.payload > 0 else { return }
    let text = e.text.prefix(64).map { (0x20..<0x7f).contains($0) ? Character(Unicode.Scalar($0)) : "." }
    out.report(
      "sent a reset with \(Format.octets(e.rst.payload)) of text", at: e.rst,
      why: text.isEmpty ? "the payload was not captured" : "it reads: \(String(text))",
      values: [Value("octets", Int64(e.rst.payload), .octets)], occurrences: e.count)
  }
}
