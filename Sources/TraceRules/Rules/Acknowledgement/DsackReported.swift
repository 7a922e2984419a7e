import TraceDecode

/// ACK309 dsack-reported
struct DsackReported: Rule {
  static let info = RuleInfo(
    code: "ACK309", name: "dsack-reported", family: .acknowledgement, severity: .info,
    summary: "The receiver reported by D-SACK that octets came twice.",
    why: "It proves that a repeat was needless, or that the network made a copy.",
    remedy: "see the retransmission or the duplicate it reports",
    falsePositives: "A block above the acknowledgement reports a hole instead.",
    sources: [.rfc(2883, "4")],
    followsFrom: ["spurious-retransmission", "network-duplicate"],
    examples: [
      .fires(
        "octets that came twice",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 601  #! ACK301
          0.400 > P. 101:601(500) ack 1  #! SEQ206@flow
          0.440 < . 1:1(0) ack 601 <sack 101:601>  #! ACK309
          """),
      .clean(
        "ordinary SACKs",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.1001 > . 1561:3021(1460) ack 1
          0.1002 > . 3021:4481(1460) ack 1
          0.1003 > . 4481:5941(1460) ack 1
          0.1004 > P. 5941:7401(1460) ack 1
          0.140 < . 1:1(0) ack 1561
          0.1401 < . 1:1(0) ack 1561 <sack 3021:4481>
          0.1402 < . 1:1(0) ack 1561 <sack 3021:5941>
          0.1403 < . 1:1(0) ack 1561 <sack 3021:7401>
          0.1404 > . 1561:3021(1460) ack 1  #! SEQ202, SEQ203
          0.1804 < . 1:1(0) ack 7401
          """),
    ])
  static let observes: EpisodeKind = .ack

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .ack(let e) = episode, e.kind == .dsack else { return }
    let block = e.segment.sack.map { "\($0.lowerBound) to \($0.upperBound)" } ?? "octets"
    out.report(
      "reported that \(block) came twice", at: e.segment, note: "D-SACK", confidence: e.confidence,
      why:
        "the first SACK block of \(e.segment.named) lies below its acknowledgement \(e.segment.ack ?? 0) or within the second block",
      evidence: e.evidence.evidence(), occurrences: e.count)
  }
}
