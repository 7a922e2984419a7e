import TraceDecode

/// TWR706 old-duplicate-segment
struct OldDuplicateSegment: Rule {
  static let info = RuleInfo(
    code: "TWR706", name: "old-duplicate-segment", family: .timeWait, severity: .note,
    summary: "A segment of an earlier connection arrived in a later one of the same four-tuple.",
    why: """
      If its numbers fall into the new connection's window, octets of the old stream enter the new one \
      unnoticed (error). Outside the window the receiver drops it and acknowledges.
      """,
    remedy: "leave TIME-WAIT its full length, use timestamps (PAWS), and avoid quick reuse of ports",
    falsePositives: "A retransmission of the new connection has the new connection's numbers and timestamps.",
    sources: [.rfc(1337, ""), .rfc(7323, "5")],
    examples: [
      .fires(
        "data of the old connection comes late",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1
          0.050 > P. 1:6(5) ack 1 data "hello"
          0.090 < F. 1:1(0) ack 6
          0.0901 > F. 6:6(0) ack 2
          0.130 < . 2:2(0) ack 7
          isn > 500000 < 95000
          2.000 > S 0:0(0) win 64240 <mss 1460>
          2.040 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          2.0401 > . 1:1(0) ack 1
          2.100 > P. -498999:-498994(5) ack -89999 data "hello"  #! TWR706
          2.140 < . 1:1(0) ack 1
          """),
      .clean(
        "a retransmission within the new connection",
        script: RuleExample.closedByResponder + """
          isn > 500000 < 95000
          2.000 > S 0:0(0) win 64240 <mss 1460>
          2.040 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          2.0401 > . 1:1(0) ack 1
          2.100 > P. 1:101(100) ack 1
          2.140 < . 1:1(0) ack 101
          """),
    ])
  static let observes: EpisodeKind = .oddity

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .oddity(let e) = episode, e.kind == .oldDuplicateSegment else { return }
    // `octets` are those that fell into the present window.
    let enters = e.octets > 0
    out.report(
      enters
        ? "received \(Format.octets(e.octets)) of an earlier connection inside its window"
        : "received a segment of an earlier connection, which it drops",
      at: e.segment, note: "from the earlier connection", endpoint: e.sender.peer,
      severity: enters ? .error : .note,
      confidence: e.confidence,
      why: "\(e.segment.named) fits the numbers of the earlier connection of this four-tuple only",
      evidence: e.other.evidence("the earlier connection"),
      values: [Value("octets", Int64(clamping: e.octets), .octets)],
      occurrences: e.count)
  }
}
