import TraceDecode

/// SEQ213 network-duplicate
struct NetworkDuplicate: Rule {
  static let info = RuleInfo(
    code: "SEQ213", name: "network-duplicate", family: .sequence, severity: .note,
    summary: "The network delivered a segment twice.",
    why: """
      The receiver acknowledges the copy again, which can look like a loss to the sender.
      """,
    remedy: """
      look for link-layer retransmission (wireless), a loop, or a misconfigured redundant link
      """,
    falsePositives: """
      A copy that nobody reacts to was made by the capture (CAP103); one with another identification \
      or timestamp was sent again by its sender.
      """,
    sources: [.rfc(9293, "3.4"), .rfc(2883, "4")],
    examples: [
      .fires(
        "the receiver reports the copy by D-SACK",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          copy +0.0005
          0.140 < . 1:1(0) ack 601
          0.1405 < . 1:1(0) ack 601 <sack 101:601>  #! SEQ213@flow
          """),
      .clean(
        "sent again by the timer",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          0.350 > P. 101:601(500) ack 1  #! SEQ202@flow, SEQ207@flow
          0.850 > P. 101:601(500) ack 1
          0.890 < . 1:1(0) ack 601
          """),
    ])
  static let observes: EpisodeKind = .order

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .order(let e) = episode, e.kind == .networkDuplicate else { return }
    out.report(
      "had \(Format.count(e.count, "segment")) delivered twice by the network", at: e.segment,
      note: "the copy",
      confidence: e.confidence,
      why:
        "\(e.segment.named) equals \(e.other?.named ?? "an earlier frame") in every octet and identification, and the receiver reacted to both",
      evidence: e.other.evidence("the original"), occurrences: e.count)
  }
}
