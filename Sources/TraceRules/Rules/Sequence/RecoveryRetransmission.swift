import TraceDecode

/// SEQ204 recovery-retransmission
struct RecoveryRetransmission: Rule {
  static let info = RuleInfo(
    code: "SEQ204", name: "recovery-retransmission", family: .sequence, severity: .note,
    summary: "Further segments were sent again while a loss was being repaired.",
    why: """
      They belong to the loss that began the recovery, and add no cause of their own.
      """,
    remedy: "see the loss it belongs to",
    falsePositives: "A needless one is SEQ206.",
    sources: [.rfc(6582, ""), .rfc(6675, "5")],
    consequenceOf: [
      "segment-lost-upstream", "segment-lost-downstream", "fast-retransmission", "rto-retransmission",
    ],
    examples: [
      .fires(
        "a whole window is lost",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.1001 > . 1561:3021(1460) ack 1
          0.1002 > . 3021:4481(1460) ack 1
          0.1003 > . 4481:5941(1460) ack 1
          0.1004 > P. 5941:7401(1460) ack 1
          0.350 > . 101:1561(1460) ack 1  #! SEQ202@flow, SEQ207@flow
          0.390 < . 1:1(0) ack 1561
          0.3901 > . 1561:3021(1460) ack 1  #! SEQ204@flow
          0.3902 > . 3021:4481(1460) ack 1
          0.430 < . 1:1(0) ack 4481
          0.4301 > . 4481:5941(1460) ack 1
          0.4302 > P. 5941:7401(1460) ack 1
          0.470 < . 1:1(0) ack 7401
          """),
      .clean(
        "one hole",
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
  static let observes: EpisodeKind = .loss

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .loss(let e) = episode else { return }
    let found = e.ofData.filter {
      ($0.cause == .recovery || $0.cause == .lossRecovery) && $0.spurious == .none
    }
    guard let first = found.first else { return }
    let segment = first.segment
    out.report(
      "sent \(Format.count(found.count, "further segment")) again while repairing a loss", at: segment,
      note: first.words, endpoint: e.sender,
      confidence: first.confidence,
      why: "they fill holes below the highest octet sent when the loss was noticed",
      evidence: first.previous.evidence("sent before")
        + found.dropFirst().map { $0.segment.evidence($0.words) },
      values: first.values, occurrences: found.count)
  }
}
