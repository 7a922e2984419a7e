import TraceDecode

/// SEC902 invalid-flags
struct InvalidFlags: Rule {
  static let info = RuleInfo(
    code: "SEC902", name: "invalid-flags", family: .security, severity: .warning,
    summary:
      "A segment has control bits that no TCP sends: SYN with FIN or RST, FIN without ACK, none, or all.",
    why:
      "Scanners send them to tell stacks apart and to slip past filters; a broken middlebox can make them too.",
    remedy: "drop such segments at the edge; if they come from a host of your own, find the program",
    falsePositives: "ECN uses ECE and CWR on SYNs, and AccECN a third bit; they are not judged.",
    sources: [.rfc(9293, "3.1"), .rfc(9293, "3.10.7")],
    examples: [
      .fires(
        "a SYN with FIN",
        script: """
          0.000 > SF 0:0(0) win 64240 <mss 1460>  #! SEC902
          """),
      .clean(
        "an ECN-setup SYN",
        script: """
          0.000 > SEW 0:0(0) win 64240 <mss 1460>
          0.040 < S.E 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1 win 502
          """),
    ])
  static let observes: EpisodeKind = .oddity

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .oddity(let e) = episode, e.kind == .invalidFlags else { return }
    let flags = e.segment.flags
    let names: [(TCPFlags, String)] = [
      (.syn, "SYN"), (.fin, "FIN"), (.rst, "RST"), (.psh, "PSH"), (.ack, "ACK"), (.urg, "URG"),
    ]
    let set = names.compactMap { flags.contains($0.0) ? $0.1 : nil }
    let words = set.isEmpty ? "no control bits" : Format.list(set)
    out.report(
      "sent \(Format.count(e.count, "segment")) with \(words)", at: e.segment, note: words,
      confidence: e.confidence,
      why: "\(e.segment.named) carries \(words), a combination without meaning in RFC 9293",
      occurrences: e.count)
  }
}
