import TraceDecode

/// SEQ207 rto-retransmission
struct RtoRetransmission: Rule {
  static let info = RuleInfo(
    code: "SEQ207", name: "rto-retransmission", family: .sequence, severity: .warning,
    aliases: ["tcp.analysis.retransmission"],
    summary: "A segment was sent again because the sender's retransmission timer ran out.",
    why: """
      The connection stood still for the whole time-out, 200 ms and more, doubling each time; \
      afterwards the sender starts slowly.
      """,
    remedy: """
      see the loss it belongs to; many of them in small exchanges call for fewer round trips or for \
      tail loss probes on the sender
      """,
    falsePositives: """
      The time is taken from the last transmission of the same octets, whatever the other side sends \
      meanwhile. Keep-alives and window probes are recognised first.
      """,
    sources: [.rfc(6298, "5")],
    consequenceOf: ["rto-backoff-exhausted", "segment-lost-upstream", "segment-lost-downstream"],
    followsFrom: ["ack-lost"],
    examples: [
      .fires(
        "nothing is heard for 250 ms",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          0.350 > P. 101:601(500) ack 1  #! SEQ202@flow, SEQ207@flow
          0.850 > P. 101:601(500) ack 1
          0.890 < . 1:1(0) ack 601
          """),
      .clean(
        "a keep-alive octet",
        script: RuleExample.opening + """
          60.000 > . 100:100(0) ack 1
          60.040 < . 1:1(0) ack 101
          """),
    ])
  static let observes: EpisodeKind = .loss

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .loss(let e) = episode else { return }
    let found = e.ofData.filter { $0.cause == .timeout && $0.spurious == .none }
    guard let first = found.first else { return }
    let segment = first.segment
    let octets = segment.payload
    // The loss itself carries the warning where it is known.
    out.report(
      "timed out\(first.sinceLast.map { " after \(Format.time($0))" } ?? "") and sent \(Format.octets(octets)) again\(found.count > 1 ? ", \(found.count) times" : "")",
      at: segment, note: first.words, endpoint: e.sender, severity: e.isLocated ? .note : .warning,
      confidence: first.confidence,
      why: "no acknowledgement of \(segment.start) had come when the timer ran out"
        + (found.count > 1
          ? "; the time-outs: " + Format.list(found.prefix(8).compactMap { $0.sinceLast.map(Format.time) })
          : "")
        + (first.holeOctets == 0 && segment.payload > 0 ? "; all octets were sent before, none new" : ""),
      evidence: first.previous.evidence("sent before")
        + found.dropFirst().map { $0.segment.evidence($0.words) },
      values: first.values, occurrences: found.count)
  }
}
