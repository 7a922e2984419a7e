import TraceDecode

/// SEQ203 fast-retransmission
struct FastRetransmission: Rule {
  static let info = RuleInfo(
    code: "SEQ203", name: "fast-retransmission", family: .sequence, severity: .warning,
    aliases: ["tcp.analysis.fast_retransmission"],
    summary: """
      A segment was sent again because the receiver's acknowledgements showed it missing.
      """,
    why: """
      It is the cheap way to repair a loss: one round trip, and half the sending rate.
      """,
    remedy: """
      see the loss it belongs to; frequent ones on a clean path mean reordering or a full queue
      """,
    falsePositives: """
      Acknowledgements that a window update, a keep-alive or a probe drew ask for nothing.
      """,
    sources: [.rfc(5681, "3.2"), .rfc(6675, "5"), .rfc(8985, "")],
    consequenceOf: ["segment-lost-upstream", "segment-lost-downstream"],
    examples: [
      .fires(
        "three SACKs ask for it",
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
      .clean(
        "the timer sent it",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          0.350 > P. 101:601(500) ack 1  #! SEQ202@flow, SEQ207@flow
          0.850 > P. 101:601(500) ack 1
          0.890 < . 1:1(0) ack 601
          """),
    ])
  static let observes: EpisodeKind = .loss

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .loss(let e) = episode else { return }
    let found = e.ofData.filter { $0.cause == .fast && $0.spurious == .none }
    guard let first = found.first else { return }
    let segment = first.segment
    let octets = segment.payload
    // The loss itself carries the warning where it is known.
    out.report(
      "sent \(Format.octets(octets)) again \(first.age)because the receiver reported them missing",
      at: segment, note: first.words, endpoint: e.sender, severity: e.isLocated ? .note : .warning,
      confidence: first.confidence,
      why: "\(e.firstSignal?.named ?? "an acknowledgement") reports the hole at \(segment.start)"
        + (e.duplicateAcks > 0 ? "; \(Format.count(e.duplicateAcks, "duplicate ACK"))" : ""),
      evidence: first.previous.evidence("sent before")
        + found.dropFirst().map { $0.segment.evidence($0.words) }
        + e.firstSignal.evidence("reports the hole"),
      values: first.values, occurrences: found.count)
  }
}
