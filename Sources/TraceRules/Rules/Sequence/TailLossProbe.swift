import TraceDecode

/// SEQ205 tail-loss-probe
struct TailLossProbe: Rule {
  static let info = RuleInfo(
    code: "SEQ205", name: "tail-loss-probe", family: .sequence, severity: .note,
    summary: """
      The last segment was sent again after about two round trips, to find out whether the tail was \
      lost.
      """,
    why: """
      The probe makes the receiver answer, which saves a whole retransmission time-out.
      """,
    remedy: "see the loss it belongs to, if there is one",
    falsePositives: """
      A probe may carry new data and is not seen then. Without SACK there are no probes, and the same \
      picture is a time-out.
      """,
    sources: [.rfc(8985, "7")],
    consequenceOf: ["segment-lost-upstream", "segment-lost-downstream"],
    examples: [
      .fires(
        "the tail is lost and probed for",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.1001 > . 1561:3021(1460) ack 1
          0.1002 > . 3021:4481(1460) ack 1
          0.1003 > . 4481:5941(1460) ack 1
          0.1004 > P. 5941:7401(1460) ack 1
          0.140 < . 1:1(0) ack 5941
          0.260 > P. 5941:7401(1460) ack 1  #! SEQ205@flow, SEQ202@flow
          0.300 < . 1:1(0) ack 7401
          """),
      .clean(
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
    ])
  static let observes: EpisodeKind = .loss

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .loss(let e) = episode else { return }
    let found = e.ofData.filter { $0.cause == .tailLossProbe && $0.spurious == .none }
    guard let first = found.first else { return }
    let segment = first.segment
    let octets = segment.payload
    out.report(
      "probed for a lost tail with \(Format.octets(octets))\(first.recovered ? ", which made it good" : "")",
      at: segment, note: first.words, endpoint: e.sender,
      confidence: first.confidence,
      why:
        "nothing was heard for \(first.sinceLast.map(Format.time) ?? "a while") and the segment is the last one sent"
        + (first.recovered ? "; the answer ended the episode" : "; a time-out had to follow"),
      evidence: first.previous.evidence("sent before")
        + found.dropFirst().map { $0.segment.evidence($0.words) },
      values: first.values, occurrences: found.count)
  }
}
