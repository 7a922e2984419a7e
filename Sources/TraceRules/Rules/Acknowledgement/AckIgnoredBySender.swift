import TraceDecode

/// ACK302 ack-ignored-by-sender
struct AckIgnoredBySender: Rule {
  static let info = RuleInfo(
    code: "ACK302", name: "ack-ignored-by-sender", family: .acknowledgement, severity: .error,
    lifecycle: .preview,
    summary: "An acknowledgement reached the sender of the data, which ignored it.",
    why: """
      The sender repeats what was acknowledged. Something makes the acknowledgement unacceptable to \
      it, or its host dropped it.
      """,
    remedy: """
      look at the sender's drop counters (nstat: TcpInErrs, TcpExtPAWSEstab, TcpExtTCPAckSkipped*) and \
      its firewall
      """,
    falsePositives: """
      Known only when the capture was taken beside the sender. A checksum left to the interface is not \
      a bad one.
      """,
    sources: [.rfc(9293, "3.10.7.4"), .rfc(7323, "5"), .rfc(5961, "5")],
    examples: [
      .clean(
        "acknowledged and heeded",
        script: RuleExample.opening)
    ])
  static let observes: EpisodeKind = .ack

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .ack(let e) = episode, e.kind == .ignored else { return }
    out.report(
      "ignored \(Format.count(e.count, "acknowledgement")) that had reached it", at: e.segment,
      note: "ignored",
      endpoint: e.sender.peer, confidence: e.confidence,
      why: e.proof.words + (e.delay.map { ", \(Format.time($0)) later" } ?? ""),
      alternatives: ["its firewall dropped the acknowledgement"], evidence: e.evidence.evidence(),
      occurrences: e.count)
  }
}
