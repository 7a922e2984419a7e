import TraceDecode

/// SEQ210 too-early-retransmission
struct TooEarlyRetransmission: Rule {
  static let info = RuleInfo(
    code: "SEQ210", name: "too-early-retransmission", family: .sequence, severity: .warning,
    summary: """
      A segment was sent again sooner than any acknowledgement could have come back.
      """,
    why: """
      The sender's timer is shorter than the round trip: it repeats everything, and its rate \
      collapses.
      """,
    remedy: """
      check the sender's minimum RTO and its estimate of the round trip; a sudden rise of the delay \
      has the same effect
      """,
    falsePositives: """
      A repeat that acknowledgements asked for may come at any time; so may the copies that a network \
      makes.
      """,
    sources: [.rfc(6298, "2")],
    examples: [
      .fires(
        "after 60 ms on a path of 300 ms",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.300 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.3001 > . 1:1(0) ack 1
          0.310 > P. 1:101(100) ack 1
          0.610 < . 1:1(0) ack 101
          0.700 > P. 101:201(100) ack 1
          0.760 > P. 101:201(100) ack 1  #! SEQ210@flow
          1.000 < . 1:1(0) ack 201
          1.060 < . 1:1(0) ack 201
          """),
      .clean(
        "after a proper time-out",
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
    let found = e.ofData.filter { $0.cause == .tooEarly }
    guard let first = found.first else { return }
    let segment = first.segment
    let octets = segment.payload
    out.report(
      "sent \(Format.octets(octets)) again \(first.age)though no answer could have come yet", at: segment,
      note: first.words, endpoint: e.sender,
      confidence: first.confidence,
      why: "the round trip is \(e.rtt.map(Format.time) ?? "longer") and nothing had asked for a repeat",
      evidence: first.previous.evidence("sent before")
        + found.dropFirst().map { $0.segment.evidence($0.words) },
      values: first.values, occurrences: found.count)
  }
}
