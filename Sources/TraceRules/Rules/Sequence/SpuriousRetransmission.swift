import TraceDecode

/// SEQ206 spurious-retransmission
struct SpuriousRetransmission: Rule {
  static let info = RuleInfo(
    code: "SEQ206", name: "spurious-retransmission", family: .sequence, severity: .note,
    aliases: ["tcp.analysis.spurious_retransmission"],
    summary: "Octets were sent again that the receiver had already.",
    why: """
      Nothing was lost on the data path: the sender did not know. An acknowledgement was lost or late, \
      or its timer is too short. Besides the octets, it costs half the sending rate.
      """,
    remedy: """
      look for lost acknowledgements and delay spikes between the capture point and the sender; check \
      the sender's minimum RTO
      """,
    falsePositives: """
      A repeat that left before its acknowledgement could arrive is crossed, not foolish; it counts \
      only if the receiver proves that it had the octets.
      """,
    sources: [.rfc(2883, "4"), .rfc(3522, "3"), .rfc(5682, "")],
    consequenceOf: ["go-back-n-resend"],
    followsFrom: ["ack-lost", "ack-ignored-by-sender"],
    examples: [
      .fires(
        "all of it was acknowledged before",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 601  #! ACK301
          0.400 > P. 101:601(500) ack 1  #! SEQ206
          0.440 < . 1:1(0) ack 601 <sack 101:601>
          """),
      .clean(
        "the repeat was needed",
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
    let found = e.ofData.filter { $0.spurious != .none }
    guard let first = found.first else { return }
    let segment = first.segment
    let octets = segment.payload
    let known = first.spurious == .alreadyAcknowledged
    out.report(
      "sent \(Format.octets(octets)) again that "
        + (known ? "were already acknowledged" : "the receiver already had"), at: segment, note: first.words,
      endpoint: e.sender, confidence: first.confidence,
      why: first.spurious.words(first.spuriousFrame)
        + (e.lostAck.map { "; \($0.named) acknowledged them and did not reach the sender" } ?? ""),
      evidence: first.previous.evidence("sent before") + e.lostAck.evidence("did not arrive")
        + first.spuriousFrame.evidence("proves it") + found.dropFirst().map { $0.segment.evidence($0.words) },
      values: first.values, occurrences: found.count)
  }
}
