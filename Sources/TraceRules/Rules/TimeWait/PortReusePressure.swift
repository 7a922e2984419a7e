import TraceDecode

/// TWR707 port-reuse-pressure
struct PortReusePressure: Rule {
  static let perMinute = RuleOption(
    "per_minute", default: 10, .none,
    "reuses of TIME-WAIT four-tuples a minute, between one host and one service")
  static let info = RuleInfo(
    code: "TWR707", name: "port-reuse-pressure", family: .timeWait, severity: .note,
    summary: "A host reuses four-tuples in TIME-WAIT towards one service at a high rate.",
    why: """
      It opens connections faster than TIME-WAIT gives ports back. Soon connect() fails with EADDRNOTAVAIL, or \
      SYNs are refused.
      """,
    remedy: "keep connections open (pool, keep-alive), add source addresses, widen the ephemeral port range",
    falsePositives: "A few reuses a minute are chance.",
    options: [perMinute],
    sources: [.rfc(6056, "")],
    examples: [
      .fires(
        "one fixed source port, a connection every two seconds",
        script: """
          repeat 12
          isn > +500000 < +500000
          +2.000 > S 0:0(0) win 64240 <mss 1460>
          +0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          +0.0001 > P. 1:101(100) ack 1
          +0.040 < F. 1:1(0) ack 101
          +0.0001 > F. 101:101(0) ack 2
          +0.040 < . 2:2(0) ack 102
          end
          #! TWR707@flow
          """),
      .clean(
        "one reuse",
        script: RuleExample.closedByResponder + """
          isn > 500000 < 95000
          2.000 > S 0:0(0) win 64240 <mss 1460>
          2.040 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          2.0401 > . 1:1(0) ack 1
          """),
    ])
  static let observes: EpisodeKind = .reuse

  private struct Pair: Hashable {
    var host: IPAddress
    var service: SocketAddress
  }
  /// Times of the latest reuses of a pair; empty once it was reported. At most `pairLimit` pairs.
  private var reuses: [Pair: [Int64]] = [:]
  private var reported: Set<Pair> = []
  private static let pairLimit = 4096

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reuse(let e) = episode, e.holder != nil else { return }
    let pair = Pair(host: flow.originator.address, service: flow.responder)
    guard !reported.contains(pair), reuses[pair] != nil || reuses.count < Self.pairLimit else { return }
    let minute: Int64 = 60_000_000_000
    let recent = reuses[pair, default: []].filter { e.syn.time &- $0 < minute } + [e.syn.time]
    reuses[pair] = recent
    guard recent.count >= out[Self.perMinute], let first = recent.first else { return }
    reported.insert(pair)
    reuses[pair] = []
    out.report(
      "reused \(recent.count) four-tuples in TIME-WAIT towards \(flow.responder) within \(Format.time(e.syn.time &- first))",
      at: e.syn, endpoint: .originator, why: "\(e.syn.named) is the \(recent.count)th reuse; \(e.comparison)",
      values: [Value("reuses", Int64(recent.count)), Value("within", e.syn.time &- first, .nanoseconds)])
  }
}
