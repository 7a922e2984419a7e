import TraceDecode

/// OPT805 timestamp-regressed
struct TimestampRegressed: Rule {
  static let info = RuleInfo(
    code: "OPT805", name: "timestamp-regressed", family: .options, severity: .warning,
    summary: "A sender's timestamp clock went backwards.",
    why: """
      The receiver's protection against wrapped sequence numbers (PAWS) drops what is older than what it has: the connection stalls.
      """,
    remedy:
      "look for two hosts behind one address (NAT, load balancer), or a middlebox that rewrites timestamps",
    falsePositives: """
      A segment delivered late is older because it was sent earlier; only one that was provably sent later counts.
      """,
    sources: [.rfc(7323, "5.4")],
    examples: [
      .fires(
        "new data with an older timestamp",
        script: """
          auto-ts 1000hz
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > P. 1:101(100) ack 1 win 502
          0.090 < . 1:1(0) ack 101 win 501
          0.100 > P. 101:201(100) ack 1 <TS val 999000 ecr 2000090>  #! OPT805@flow
          0.140 < . 1:1(0) ack 201
          """),
      .clean(
        "a late segment is merely older",
        script: """
          auto-ts 1000hz
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > P. 1:101(100) ack 1 win 502
          0.090 < . 1:1(0) ack 101 win 501
          0.100 > P. 201:301(100) ack 1
          0.140 < . 1:1(0) ack 101
          0.141 > P. 101:201(100) ack 1 <TS val 1000099 ecr 2000090> id 1004
          0.181 < . 1:1(0) ack 301
          """),
    ])
  static let observes: EpisodeKind = .oddity

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .oddity(let e) = episode, e.kind == .timestampRegressed else { return }
    let before = e.other?.tsVal.map { ", \(e.other?.named ?? "") had \($0)" } ?? ""
    out.report(
      "turned its timestamp clock back", at: e.segment, confidence: e.confidence,
      why: "\(e.segment.named) was sent later and has TSval \(e.segment.tsVal ?? 0)\(before)",
      evidence: e.other.evidence("a later timestamp"), occurrences: e.count)
  }
}
