import TraceDecode

/// SEQ212 packet-reordered
struct PacketReordered: Rule {
  static let extent = RuleOption(
    "extent", default: 3, .segments,
    "how many segments late makes it a warning: senders take three for a loss")
  static let info = RuleInfo(
    code: "SEQ212", name: "packet-reordered", family: .sequence, severity: .note,
    aliases: ["tcp.analysis.out_of_order"],
    summary: "Segments arrived in another order than they were sent.",
    why: """
      The receiver reports holes that fill by themselves. Far enough out of order, it makes the sender \
      repeat segments and slow down.
      """,
    remedy: """
      look for load balancing per packet, parallel links and several queues on the path
      """,
    falsePositives: """
      A repeat that fills a hole was sent later: timestamp, identification or the time it took tell. \
      Where they do not, it is SEQ214.
      """,
    options: [extent],
    sources: [.rfc(4737, ""), .rfc(8985, "")],
    examples: [
      .fires(
        "two segments change places",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.1002 > . 3021:4481(1460) ack 1 id 1007
          0.1003 > . 1561:3021(1460) ack 1 id 1006  #! SEQ212
          0.1004 > P. 4481:5941(1460) ack 1 id 1008
          0.140 < . 1:1(0) ack 5941
          """),
      .clean(
        "a lost segment is sent again",
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
    ])
  static let observes: EpisodeKind = .order

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .order(let e) = episode, e.kind == .reordered || e.kind == .lateOriginal else { return }
    let far = Int64(e.extentSegments) >= out[Self.extent]
    let late = e.kind == .lateOriginal
    out.report(
      late
        ? "had a segment arrive after its own repeat"
        : "had \(Format.count(e.count, "segment")) arrive out of order, by \(Format.count(e.extentSegments, "segment")) and \(Format.time(e.extentTime))",
      at: e.segment, note: late ? "the original" : "late", severity: far ? .warning : .note,
      confidence: e.confidence,
      why: "\(e.segment.named) was sent before \(e.other?.named ?? "a segment") and passed after it",
      evidence: e.other.evidence(late ? "its repeat" : "overtook it"),
      values: [
        Value("extent_segments", Int64(e.extentSegments), .segments),
        Value("extent_octets", Int64(clamping: e.extentOctets), .octets),
        Value("extent_time", e.extentTime, .nanoseconds),
      ], occurrences: e.count)
  }
}
