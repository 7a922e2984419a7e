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
      Known only when the capture was taken beside the sender, and told only with a reason; without one \
      it is ACK301. A checksum left to the interface is not a bad one.
      """,
    sources: [.rfc(9293, "3.10.7.4"), .rfc(7323, "5"), .rfc(5961, "5")],
    examples: [
      .fires(
        "its checksum is wrong",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 601 badsum  #! ACK302, CAP115@flow
          0.400 > P. 101:601(500) ack 1  #! SEQ202
          0.440 < . 1:1(0) ack 601
          """),
      .clean(
        "acknowledged and heeded",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .ack

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .ack(let e) = episode, e.kind == .ignored else { return }
    out.report(
      "ignored \(Format.count(e.count, "acknowledgement")) that had reached it", at: e.segment,
      note: "ignored",
      endpoint: e.sender.peer, confidence: e.confidence,
      why: e.refusal.words + (e.delay.map { "; the data came again \(Format.time($0)) later" } ?? ""),
      evidence: e.evidence.evidence(),
      occurrences: e.count)
  }
}

extension AckEpisode.Refusal {
  fileprivate var words: String {
    switch self {
    case .none: "nothing shows why"
    case .badChecksum: "its checksum is wrong"
    case .oldTimestamp: "its timestamp is older than one that came before it, so PAWS refuses it"
    }
  }
}
