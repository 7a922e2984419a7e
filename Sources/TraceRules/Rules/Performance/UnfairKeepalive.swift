import TraceDecode

/// PRF112 unfair-keepalive
struct UnfairKeepalive: Rule {
  static let interval = RuleOption(
    "interval", default: 10_000_000_000, .nanoseconds, "between keep-alives, below which they are told")
  static let info = RuleInfo(
    code: "PRF112", name: "unfair-keepalive", family: .performance, severity: .info,
    summary: "Keep-alives follow each other within seconds on an idle connection.",
    why: "Two hours is the default: each probe keeps radios, middleboxes and both hosts awake.",
    remedy:
      "raise TCP_KEEPIDLE and TCP_KEEPINTVL, or keep the connection warm no faster than its NAT forgets",
    falsePositives: """
      Once a probe goes unanswered its repeats come faster, and rightly: only answered ones count.
      """,
    options: [interval],
    sources: [.rfc(9293, "3.8.4"), .rfc(1122, "4.2.3.6")],
    examples: [
      .fires(
        "every two seconds",
        script: RuleExample.opening + """
          repeat 6
          +2.000 > . 100:100(0) ack 1
          +0.040 < . 1:1(0) ack 101
          end
          #! PRF112@flow
          """),
      .clean(
        "every minute",
        script: RuleExample.opening + """
          repeat 6
          +60.000 > . 100:100(0) ack 1
          +0.040 < . 1:1(0) ack 101
          end
          """),
    ])
  static let observes: EpisodeKind = .probe

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .probe(let e) = episode, e.kind == .keepAlive, !e.failed, e.count >= 4,
      e.answered >= e.count - 1,
      let interval = e.interval, interval < out[Self.interval], let first = e.probes.first
    else { return }
    out.report(
      "sends a keep-alive every \(Format.time(interval))", at: first, note: "keep-alive",
      why: "\(e.count) keep-alives in a row, \(e.answered) of them answered",
      evidence: e.probes.dropFirst().prefix(3).map { $0.evidence("keep-alive") },
      values: [Value("interval", interval, .nanoseconds)], occurrences: e.count)
  }
}
