import TraceDecode

/// CAP115 bad-checksum
struct BadChecksum: Rule {
  static let info = RuleInfo(
    code: "CAP115", name: "bad-checksum", family: .capture, severity: .warning,
    summary: """
      Segments have wrong TCP checksums: they were damaged, and their receiver drops them.
      """,
    why: """
      Each is a loss to its connection. Damage behind a router's or a card's own checks points to \
      faulty memory, offload or cabling.
      """,
    remedy: """
      look at the error counters of the interfaces on the path; if all are of one host, switch off its \
      checksum offload (ethtool -K tx off) and capture again
      """,
    falsePositives: """
      A sum over the pseudo-header only, or none at all, is left to the interface and is right on the \
      wire (CAP112); sums that are all wrong by one amount are an anonymiser's (CAP120). Cut frames are \
      not verified. What is acknowledged and never sent again was right on the wire: then it is a note.
      """,
    sources: [.rfc(9293, "3.1")],
    examples: [
      .fires(
        "one damaged segment, sent again",
        script: RuleExample.opening + """
          0.100 > P. 101:201(100) ack 1 badsum  #! CAP115
          0.350 > P. 101:201(100) ack 1
          0.390 < . 1:1(0) ack 201
          """),
      .fires(
        "acknowledged without being sent again: wrong in the capture alone",
        script: RuleExample.opening + """
          0.100 > P. 101:201(100) ack 1 badsum  #! CAP115
          0.140 < . 1:1(0) ack 201
          0.200 > P. 201:301(100) ack 1
          0.240 < . 1:1(0) ack 301
          """),
      .clean(
        "offloaded",
        script: RuleExample.opening + """
          0.100 > P. 101:201(100) ack 1 offload
          0.140 < . 1:1(0) ack 201
          """),
    ])
  static let observes: EpisodeKind = .oddity

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .oddity(let e) = episode else { return }
    if e.kind == .falseChecksum {
      out.report(
        "sent \(Format.count(e.count, "segment")) whose checksum is wrong in the capture and was right on the wire",
        at: e.segment, severity: .note, confidence: .likely,
        why: "what \(e.segment.named) and its like carry was acknowledged though never sent again",
        remedy: "capture again without whatever changes packets on their way to the file",
        alternatives: ["it was sent again, and the capture missed that"], occurrences: e.count)
      return
    }
    guard e.kind == .badChecksum else { return }
    out.report(
      "sent \(Format.count(e.count, "segment")) with a wrong checksum, which the receiver drops",
      at: e.segment,
      note: "damaged", confidence: e.confidence,
      why: "the checksum of \(e.segment.named) fits neither the segment nor its pseudo-header alone",
      alternatives: [
        "the capture damaged it", "the sender's interface was to fill it in, in a way not known here",
      ],
      evidence: e.other.evidence("again"), occurrences: e.count)
  }
}
