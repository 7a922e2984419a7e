import TraceDecode

/// ACK307 stretch-ack
struct StretchAck: Rule {
  static let info = RuleInfo(
    code: "ACK307", name: "stretch-ack", family: .acknowledgement, severity: .info,
    summary: "One acknowledgement covers many full segments, time and again.",
    why: "The sender sends in bursts, and its rate grows more slowly.",
    remedy: """
      nothing beside a host that merges segments (GRO, LRO); elsewhere look for a device that thins \
      acknowledgements
      """,
    falsePositives: "On the receiving host segments are merged before they are acknowledged.",
    sources: [.rfc(3449, ""), .rfc(2525, "2.13")],
    examples: [
      .fires(
        "every fifth segment",
        script: StretchAck.opening + """
          repeat 12
          +0.0001 > . data "\(StretchAck.segment)"
          +0.0001 > . data "\(StretchAck.segment)"
          +0.0001 > . data "\(StretchAck.segment)"
          +0.0001 > . data "\(StretchAck.segment)"
          +0.0001 > P. data "\(StretchAck.segment)"
          +0.040 < .
          end
          +0.001 > . #! ACK307@flow
          """),
      .clean(
        "a filled hole lets the acknowledgement leap",
        script: StretchAck.opening + """
          +0.0001 > . data "\(StretchAck.segment)"
          +0.040 < .
          +0.0001 > . 701:1301(600)
          +0.0001 > . 1901:2501(600)
          +0.0001 > . 2501:3101(600)
          +0.0001 > . 3101:3701(600)
          +0.0001 > . 3701:4301(600)
          +0.040 < . ack 1301
          +0.0001 < . ack 1301
          +0.0001 < . ack 1301
          +0.0001 < . ack 1301
          +0.0001 > . 1301:1901(600)  #! SEQ201@flow, SEQ203@flow
          +0.040 < . ack 4301
          """),
      .clean(
        "every second segment",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.1001 > . 1561:3021(1460) ack 1
          0.1002 > . 3021:4481(1460) ack 1
          0.1003 > . 4481:5941(1460) ack 1
          0.1004 > P. 5941:7401(1460) ack 1
          0.140 < . 1:1(0) ack 3021
          0.1401 < . 1:1(0) ack 5941
          0.1402 < . 1:1(0) ack 7401
          """),
    ])
  static let observes: EpisodeKind = .ack

  /// A connection with segments of 600 octets.
  private static let opening = """
    0.000 > S 0:0(0) win 64240 <mss 600>
    0.040 < S. 0:0(0) ack 1 win 65000 <mss 600>
    0.0401 > . 1:1(0) ack 1
    0.050 > P. 1:101(100) ack 1
    0.090 < . ack 101

    """
  private static let segment = String(repeating: "0123456789", count: 60)

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .ack(let e) = episode, e.kind == .stretch else { return }
    out.report(
      "covered more than four segments by one acknowledgement, \(Format.count(e.count, "time"))",
      at: e.segment,
      confidence: e.confidence,
      why: "\(e.segment.named), the tenth of them, covers \(Format.octets(e.octets))",
      evidence: e.evidence.evidence(),
      values: [Value("octets", Int64(clamping: e.octets), .octets)], occurrences: e.count)
  }
}
