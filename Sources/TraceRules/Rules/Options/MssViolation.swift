import TraceDecode

/// OPT809 mss-violation
struct MssViolation: Rule {
  static let info = RuleInfo(
    code: "OPT809", name: "mss-violation", family: .options, severity: .error,
    summary: "A segment on the wire carries more than its receiver's maximum segment size.",
    why: """
      The receiver, or a link on the way, may not be able to take it: it is dropped or fragmented, again and again.
      """,
    remedy: "check the MSS clamping and the MTU of tunnels on the path",
    falsePositives: """
      A capture on the sending host shows super-segments that the interface cuts later (segmentation offload); whole multiples of the MSS and hosts known to offload are not reported.
      """,
    sources: [.rfc(9293, "3.7.1"), .rfc(6691, "2")],
    examples: [
      .fires(
        "1200 octets to a receiver that takes 1000",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1000>
          0.0401 > . 1:1(0) ack 1
          0.050 > P. 1:1201(1200) ack 1  #! OPT809
          0.090 < . 1:1(0) ack 1201
          """),
      .clean(
        "a super-segment of an offloading sender",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1
          0.050 > P. 1:5841(5840) ack 1 offload
          0.090 < . 1:1(0) ack 5841
          """),
    ])
  static let observes: EpisodeKind = .oddity

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .oddity(let e) = episode, e.kind == .mssViolation else { return }
    out.report(
      "sent \(Format.octets(e.segment.payload)) in one segment, the peer takes \(e.limit)", at: e.segment,
      confidence: e.confidence,
      why:
        "the receiver's SYN announced an MSS of \(e.limit), \(e.segment.named) carries \(Format.octets(e.segment.payload))",
      alternatives: e.confidence == .certain ? [] : ["segmentation offload on the capturing host"],
      evidence: e.other.evidence("announces the MSS"),
      values: [Value("payload", Int64(e.segment.payload), .octets), Value("mss", e.limit, .octets)],
      occurrences: e.count)
  }
}
