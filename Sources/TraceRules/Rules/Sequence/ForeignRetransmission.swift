import TraceDecode

/// SEQ215 foreign-retransmission
struct ForeignRetransmission: Rule {
  static let info = RuleInfo(
    code: "SEQ215", name: "foreign-retransmission", family: .sequence, severity: .note, lifecycle: .preview,
    summary: "A segment was sent again by something other than its sender.",
    why: """
      A proxy, a WAN optimiser or an attacker stands for the endpoint. What it sends need not be what \
      the endpoint sent.
      """,
    remedy: """
      find the device whose distance fits the TTL; if none is meant to be there, compare the content
      """,
    falsePositives: """
      One attribute that differs may be chance - routes change - so two are asked for.
      """,
    sources: [.rfc(3135, "")],
    examples: [
      .fires(
        "from 24 hops nearer, out of the sender's count of packets",
        script: RuleExample.opening + """
          0.100 > P. 101:601(500) ack 1
          0.350 > P. 101:601(500) ack 1 ttl 40 id 60000  #! SEQ215@flow, SEQ202@flow
          0.390 < . 1:1(0) ack 601
          """),
      .clean(
        "the sender repeats it itself",
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
    let found = e.ofData.filter { $0.cause == .foreign }
    guard let first = found.first else { return }
    let segment = first.segment
    let octets = segment.payload
    out.report(
      "had \(Format.octets(octets)) sent again by something else on the path", at: segment, note: first.words,
      endpoint: e.sender,
      confidence: first.confidence,
      why: "TTL, identification or clock of \(segment.named) are not those of the \(e.sender.name)",
      evidence: first.previous.evidence("sent before")
        + found.dropFirst().map { $0.segment.evidence($0.words) },
      values: first.values, occurrences: found.count)
  }
}
