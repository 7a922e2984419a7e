import TraceDecode

/// RST603 reset-challenged
struct ResetChallenged: Rule {
  static let info = RuleInfo(
    code: "RST603", name: "reset-challenged", family: .reset, severity: .note,
    summary:
      "A reset lay in the window but not on the next number; the receiver asks back instead of obeying.",
    why: """
      RFC 5961 lets a receiver obey only an exact reset and answer a near miss with a challenge ACK. A genuine \
      sender then resets again with the right number; a forger cannot.
      """,
    remedy: "if no exact reset follows and this recurs, treat it as an attempt to cut connections blindly",
    falsePositives: """
      Stacks older than RFC 5961 obey any reset in the window; what the receiver does afterwards decides. The \
      challenge ACK is no duplicate acknowledgement.
      """,
    sources: [.rfc(5961, "3.2"), .rfc(9293, "3.10.7.4")],
    examples: [
      .fires(
        "the receiver asks back and the flow goes on",
        script: RuleExample.opening + """
          0.200 > R 1101:1101(0) win 0  #! RST603
          0.240 < . 1:1(0) ack 101
          0.300 > P. 101:201(100) ack 1
          0.340 < . 1:1(0) ack 201
          """),
      .clean(
        "the reset is exact",
        script: RuleExample.opening + """
          0.200 < R. 1:1(0) ack 101 win 0  #! RST601
          """),
    ])
  static let observes: EpisodeKind = .reset

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reset(let e) = episode, e.validity == .challenged else { return }
    var why = "\(e.rst.named) has seq \(e.rst.start)"
    if let expected = e.expected { why += ", the receiver expected \(expected)" }
    why +=
      e.challengeAck.map { "; \($0.named) is the challenge ACK" }
      ?? "; no challenge ACK passed (its rate is limited)"
    if !e.foreign.marks.isEmpty { why += "; " + Format.list(e.foreign.marks) }
    out.report(
      "sent a reset inside the peer's window but not on its next number, which does not end the connection",
      at: e.rst, note: "not exact", confidence: e.challengeAck == nil ? .likely : .certain, why: why,
      evidence: e.challengeAck.evidence("challenge ACK") + e.dataAfter.evidence("its sender goes on"),
      values: e.expected.map { [Value("off_by", e.rst.start &- $0, .octets)] } ?? [], occurrences: e.count)
  }
}
