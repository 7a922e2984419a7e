import TraceDecode

/// SEQ208 rto-backoff-exhausted
struct RtoBackoffExhausted: Rule {
  static let timeouts = RuleOption("timeouts", default: 5, .none, "time-outs in a row")
  static let patience = RuleOption(
    "patience", default: 30_000_000_000, .nanoseconds, "or how long it went on without progress")
  static let info = RuleInfo(
    code: "SEQ208", name: "rto-backoff-exhausted", family: .sequence, severity: .error,
    summary: """
      A sender timed out again and again without any answer, and the connection died.
      """,
    why: """
      The peer's host or the path is gone: nothing of the data arrived for sure. The application gets \
      ETIMEDOUT, on Linux after some 15 minutes.
      """,
    remedy: """
      find out what went away at the first time-out: host, route, firewall entry; set TCP_USER_TIMEOUT \
      where that must be noticed sooner
      """,
    falsePositives: """
      A capture that ends before the silence is long enough, or that lacks the other direction, proves \
      nothing.
      """,
    options: [timeouts, patience],
    sources: [.rfc(1122, "4.2.3.5"), .rfc(5482, "")],
    claimsAbsence: true,
    examples: [
      .fires(
        "five time-outs, doubling",
        script: RuleExample.opening + """
          0.100 > P. 101:201(100) ack 1
          0.310 > P. 101:201(100) ack 1  #! SEQ208@flow, SEQ207@flow
          0.730 > P. 101:201(100) ack 1
          1.560 > P. 101:201(100) ack 1
          3.160 > P. 101:201(100) ack 1
          6.460 > P. 101:201(100) ack 1
          flow 2
          100.000 > S 0:0(0) win 64240 <mss 1460>
          100.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          100.0401 > . 1:1(0) ack 1
          """),
      .clean(
        "two time-outs, then an answer",
        script: RuleExample.opening + """
          0.100 > P. 101:201(100) ack 1
          0.310 > P. 101:201(100) ack 1  #! SEQ202@flow, SEQ207@flow
          0.730 > P. 101:201(100) ack 1
          0.770 < . 1:1(0) ack 201
          """),
    ])
  static let observes: EpisodeKind = .loss

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .loss(let e) = episode,
      e.isExhausted(timeouts: out[Self.timeouts], patience: out[Self.patience])
    else { return }
    let timeouts = e.ofData.filter { $0.cause == .timeout }
    guard let first = timeouts.first, let last = timeouts.last else { return }
    let lasted = last.segment.since(first.previous ?? first.segment)
    out.report(
      "timed out \(Format.count(e.timeouts, "time")) in \(Format.time(lasted)) without an answer",
      at: first.segment,
      note: "first repeat", endpoint: e.sender, confidence: e.confidence,
      why: "the time-outs: " + Format.list(timeouts.prefix(8).compactMap { $0.sinceLast.map(Format.time) })
        + "; nothing of the peer follows",
      evidence: first.previous.evidence("first sent")
        + timeouts.dropFirst().map { $0.segment.evidence("again") },
      values: [Value("timeouts", Int64(e.timeouts)), Value("lasted", lasted, .nanoseconds)])
  }
}
