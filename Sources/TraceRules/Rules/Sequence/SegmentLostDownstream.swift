import TraceDecode

/// SEQ202 segment-lost-downstream
struct SegmentLostDownstream: Rule {
  static let info = RuleInfo(
    code: "SEQ202", name: "segment-lost-downstream", family: .sequence, severity: .warning,
    summary: "Segments passed the capture point and were lost beyond it.",
    why: """
      The capture holds the original and its repeat, and the receiver asked for it. Each loss slows \
      the transfer: the sender halves its rate, or waits for its timer.
      """,
    remedy: """
      look at the path between the capture point and the receiver: full queues, drops, a bad link
      """,
    falsePositives: """
      A repeat of octets that the receiver had was needless and is SEQ206; an acknowledgement that was \
      lost instead is ACK301.
      """,
    sources: [.rfc(5681, "3.2"), .rfc(6675, "")],
    consequenceOf: ["rto-backoff-exhausted"], followsFrom: ["half-open-after-handshake", "bad-checksum"],
    examples: [
      .fires(
        "one of five segments is lost",
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
        "its acknowledgement was lost, not the segment",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 601  #! ACK301
          0.400 > P. 101:601(500) ack 1  #! SEQ206@flow
          0.440 < . 1:1(0) ack 601 <sack 101:601>
          """),
    ])
  static let observes: EpisodeKind = .loss

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .loss(let e) = episode else { return }
    guard e.isDownstream, let first = e.ofData.first else {
      return
    }
    let octets = e.lostOctets > 0 ? e.lostOctets : UInt64(first.segment.payload)
    // What killed the connection warns for itself.
    let dead = e.isExhausted(
      timeouts: RtoBackoffExhausted.timeouts.defaultValue, patience: RtoBackoffExhausted.patience.defaultValue
    )
    out.report(
      "lost \(Format.octets(octets)) beyond the capture point, \(e.repairWords)",
      at: first.segment,
      note: "sent again", endpoint: e.sender, severity: dead ? .note : .warning, confidence: e.confidence,
      why: (first.previous.map { "\($0.named) carried them past the capture point" }
        ?? "they passed the capture point before") + e.courseWords,
      alternatives: e.confidence == .certain
        ? [] : ["the acknowledgement was lost or late, and the repeat needless"],
      evidence: first.previous.evidence("the original") + e.firstSignal.evidence("asks for them")
        + e.recoveredBy.evidence("made good"),
      values: [
        Value("octets", Int64(clamping: octets), .octets), Value("duration", e.duration, .nanoseconds),
        Value("retransmissions", Int64(e.count), .segments),
      ], occurrences: max(1, e.count))
  }
}
