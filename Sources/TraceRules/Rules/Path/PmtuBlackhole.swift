import TraceDecode

/// PTH105 pmtu-blackhole
struct PmtuBlackhole: Rule {
  static let info = RuleInfo(
    code: "PTH105", name: "pmtu-blackhole", family: .path, severity: .error,
    summary: "Full segments vanished again and again; cut smaller, the same octets passed.",
    why: """
      A link on the path takes no packet of that size, and the ICMP error that should say so is dropped: \
      every transfer stands still for seconds, or for ever with a sender that does not probe.
      """,
    remedy: """
      let ICMP fragmentation-needed and packet-too-big through; until then clamp the MSS at the tunnel \
      (iptables TCPMSS --clamp-mss-to-pmtu) or switch on packetization-layer probing (tcp_mtu_probing)
      """,
    falsePositives: """
      Bad luck loses a segment twice as well, but then the same size passes at last. A window smaller \
      than a segment cuts it too, without time-outs at the larger size.
      """,
    sources: [.rfc(2923, "2.1"), .rfc(4821, "7.7"), .rfc(8899, "4.3")],
    examples: [
      .fires(
        "1460 octets three times, then 1024",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.400 > . 101:1561(1460) ack 1  #! PTH105, SEQ202@flow, SEQ207@flow
          1.000 > . 101:1561(1460) ack 1
          2.200 > . 101:1125(1024) ack 1
          2.240 < . 1:1(0) ack 1125
          2.2401 > . 1125:1561(436) ack 1
          2.280 < . 1:1(0) ack 1561
          """),
      .clean(
        "lost three times, and passed whole at last",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.400 > . 101:1561(1460) ack 1  #! SEQ202@flow, SEQ207@flow
          1.000 > . 101:1561(1460) ack 1
          2.200 > . 101:1561(1460) ack 1
          2.240 < . 1:1(0) ack 1561
          """),
    ])
  static let observes: EpisodeKind = .loss

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .loss(let e) = episode, e.timeouts >= 2, e.recoveredBy != nil else { return }
    let timed = e.retransmissions.filter { $0.cause == .timeout }
    guard
      let small = timed.last(where: { cut in
        timed.contains { $0.segment.frame < cut.segment.frame && $0.segment.payload > cut.segment.payload }
      }) ?? timed.last,
      let first = timed.first, first.segment.payload > small.segment.payload, first.segment.payload >= 512,
      first.segment.start == small.segment.start
    else { return }
    let large = timed.filter {
      $0.segment.start == small.segment.start && $0.segment.payload == first.segment.payload
        && $0.segment.frame < small.segment.frame
    }
    guard large.count >= 2 else { return }
    let lasted = small.segment.since(first.previous ?? first.segment)
    out.report(
      "could not get \(Format.octets(first.segment.payload)) through, and \(Format.octets(small.segment.payload)) of the same passed",
      at: first.segment, note: "again", endpoint: e.sender, confidence: .likely,
      why:
        "\(Format.count(large.count + 1, "transmission")) of \(Format.octets(first.segment.payload)) went unanswered for \(Format.time(lasted)); \(small.segment.named), cut smaller, was acknowledged",
      alternatives: ["each of them was lost by chance"],
      evidence: first.previous.evidence("first sent") + large.dropFirst().map { $0.segment.evidence("again") }
        + [small.segment.evidence("smaller")] + e.recoveredBy.evidence("acknowledged"),
      values: [
        Value("large", Int64(first.segment.payload), .octets),
        Value("small", Int64(small.segment.payload), .octets), Value("lasted", lasted, .nanoseconds),
      ])
  }
}
