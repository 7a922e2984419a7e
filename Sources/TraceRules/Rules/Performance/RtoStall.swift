import TraceDecode

/// PRF104 rto-stall
struct RtoStall: Rule {
  static let share = RuleOption("share", default: 10, .percent, "of the flow's time, from which it is told")
  static let least = RuleOption(
    "least", default: 1_000_000_000, .nanoseconds, "waiting from which it is told, whatever the share")
  static let info = RuleInfo(
    code: "PRF104", name: "rto-stall", family: .performance, severity: .note,
    summary: "The connection spent much of its time waiting for retransmission timers.",
    why: """
      Nothing passes while a timer runs: a loss that acknowledgements would have told of within a round \
      trip costs a fifth of a second and more.
      """,
    remedy: """
      find the loss; SACK on both ends, tail loss probes and larger writes let acknowledgements tell of it
      """,
    falsePositives: """
      The waiting counts, not the number of time-outs; a repeat that was not needed waited for nothing.
      """,
    options: [share, least],
    sources: [.rfc(6298, "5"), .rfc(8985, "7")],
    followsFrom: ["rto-retransmission"],
    examples: [
      .fires(
        "the last segment is lost, and only a timer knows",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1
          0.050 > P. 1:101(100) ack 1
          0.090 < . 1:1(0) ack 101
          0.100 > P. 101:201(100) ack 1
          1.300 > P. 101:201(100) ack 1  #! PRF104@flow, SEQ202@flow, SEQ207@flow
          1.340 < . 1:1(0) ack 201
          1.400 > F. 201:201(0) ack 1
          1.440 < F. 1:1(0) ack 202
          1.4401 > . 202:202(0) ack 2
          """),
      .clean("no loss", script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = [.loss, .flowEnd]
  static let flows: FlowTraits = .retransmitted

  private struct Waiting {
    var time: Int64 = 0
    var count = 0
    var first: SegmentRef
    var evidence: [Evidence] = []
  }
  private var waits: [Int: Waiting] = [:]
  private static let limit = 4096

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .loss(let e) = episode, e.timeouts > 0 else { return }
    for r in e.retransmissions where r.cause == .timeout && r.spurious == .none {
      guard let waited = r.sinceLast, waited > 0, waits[flow.number] != nil || waits.count < Self.limit else {
        continue
      }
      var sum = waits[flow.number] ?? Waiting(first: r.segment)
      sum.time &+= waited
      sum.count += 1
      if sum.count > 1, sum.evidence.count < 4 { sum.evidence.append(r.segment.evidence("again")) }
      waits[flow.number] = sum
    }
  }

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    guard let sum = waits.removeValue(forKey: report.flow.number) else { return }
    let duration = max(1, report.lastTime &- report.firstTime)
    let share = Int64(min(100, Double(sum.time) * 100 / Double(duration)))
    // A share of a short connection says little.
    let isMuch = share >= out[Self.share] && duration >= 2 &* out[Self.least]
    guard sum.time >= out[Self.least] || isMuch else { return }
    out.report(
      "waited \(Format.time(sum.time)) for retransmission timers, \(share) % of its time", at: sum.first,
      note: "after a time-out",
      why: "\(Format.count(sum.count, "time-out")) of data that was really lost, in \(Format.time(duration))",
      evidence: sum.evidence,
      values: [
        Value("waited", sum.time, .nanoseconds), Value("share", share, .percent),
        Value("timeouts", Int64(sum.count)),
      ])
  }
}
