import TraceDecode

/// SEQ201 segment-lost-upstream
struct SegmentLostUpstream: Rule {
  static let info = RuleInfo(
    code: "SEQ201", name: "segment-lost-upstream", family: .sequence, severity: .warning,
    summary: "Segments were lost between their sender and the capture point.",
    why: """
      The capture holds their repeats but not the originals. Each loss slows the transfer: the sender \
      halves its rate, or waits for its timer.
      """,
    remedy: """
      look at the path between the sender and the capture point: duplex mismatch, full queues, drops \
      on its interface
      """,
    falsePositives: """
      A segment that was only overtaken has an older timestamp or identification, or came sooner than \
      a repeat could (SEQ212). If the receiver had the octets already, the capture lost them (CAP101).
      """,
    sources: [.rfc(5681, "3.2"), .rfc(6675, "")],
    consequenceOf: ["rto-backoff-exhausted"], followsFrom: ["half-open-after-handshake", "bad-checksum"],
    examples: [
      .fires(
        "the capture never held the original",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.1002 > . 3021:4481(1460) ack 1
          0.1003 > . 4481:5941(1460) ack 1
          0.1004 > P. 5941:7401(1460) ack 1
          0.140 < . 1:1(0) ack 1561
          0.1401 < . 1:1(0) ack 1561 <sack 3021:4481>
          0.1402 < . 1:1(0) ack 1561 <sack 3021:5941>
          0.1403 < . 1:1(0) ack 1561 <sack 3021:7401>
          0.1405 > . 1561:3021(1460) ack 1  #! SEQ201, SEQ203
          0.1805 < . 1:1(0) ack 7401
          """),
      .clean(
        "overtaken: its identification is older",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.1002 > . 3021:4481(1460) ack 1 id 1007
          0.1003 > . 1561:3021(1460) ack 1 id 1006  #! SEQ212
          0.1004 > P. 4481:5941(1460) ack 1 id 1008
          0.140 < . 1:1(0) ack 5941
          """),
    ])
  static let observes: EpisodeKind = .loss

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .loss(let e) = episode else { return }
    guard e.isUpstream, let first = e.ofData.first else { return }
    let octets = e.lostOctets > 0 ? e.lostOctets : UInt64(first.segment.payload)
    // What killed the connection warns for itself.
    let dead = e.isExhausted(
      timeouts: RtoBackoffExhausted.timeouts.defaultValue, patience: RtoBackoffExhausted.patience.defaultValue
    )
    out.report(
      "lost \(Format.octets(octets)) before they reached the capture point, \(e.repairWords)",
      at: first.segment,
      note: "sent again", endpoint: e.sender, severity: dead ? .note : .warning, confidence: e.confidence,
      why: (e.hole.map { "\($0.named) left a hole before it" } ?? "the octets were missing") + e.courseWords,
      alternatives: e.confidence == .certain
        ? [] : ["the segments were reordered so late that they look lost"],
      evidence: e.hole.evidence("shows the hole") + e.firstSignal.evidence("asks for them")
        + e.recoveredBy.evidence("made good"),
      values: [
        Value("octets", Int64(clamping: octets), .octets), Value("duration", e.duration, .nanoseconds),
        Value("retransmissions", Int64(e.count), .segments),
      ], occurrences: max(1, e.count))
  }
}
