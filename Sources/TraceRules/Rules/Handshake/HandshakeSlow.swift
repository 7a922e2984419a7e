import TraceDecode

/// HSK110 handshake-slow
struct HandshakeSlow: Rule {
  static let threshold = RuleOption(
    "threshold", default: 500_000_000, .nanoseconds, "delay of the SYN-ACK from which it is slow")
  static let factor = RuleOption(
    "factor", default: 3, .none, "and how many times the shortest round trip of the flow it has to be")
  static let info = RuleInfo(
    code: "HSK110", name: "handshake-slow", family: .handshake, severity: .note,
    summary: "The SYN-ACK came late, measured against the flow's own round trip, without any loss.",
    why: """
      The responder's kernel normally answers a SYN at once. A delay beyond the path's points to an overloaded \
      host, a proxy that connects onward first, or a firewall that thinks before it lets pass.
      """,
    remedy: "look at the load of the responder and at proxies and firewalls in front of it",
    falsePositives: """
      A long path is not a slow responder: the later round trips of the same flow are the measure. Repeated \
      SYNs or SYN-ACKs have their own rules.
      """,
    options: [threshold, factor],
    sources: [.rfc(9293, "3.5")],
    examples: [
      .fires(
        "800 ms for the SYN-ACK, 40 ms for everything else",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.800 < S. 0:0(0) ack 1 win 65535 <mss 1460>  #! HSK110
          0.8001 > P. 1:101(100) ack 1 win 64240
          0.840 < P. 1:101(100) ack 101
          0.8401 > . 101:101(0) ack 101
          """),
      .clean(
        "a satellite path is slow throughout",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.620 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          0.6201 > P. 1:101(100) ack 1 win 64240
          1.240 < P. 1:101(100) ack 101
          1.2401 > . 101:101(0) ack 101
          """),
    ])
  static let observes: EpisodeKind = [.handshakeBeyondSyn, .flowEnd]
  static let flows: FlowTraits = .judged

  /// The opening last told and its flow; a flow's stories are told together with its end.
  private var opening: (flow: Int, answer: SegmentRef, delay: Int64)?

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, e.synCount == 1, e.synAckCount == 1, !e.simultaneous else {
      return
    }
    guard let delay = e.responderHalf, delay >= out[Self.threshold], let answer = e.synAcks.first else {
      return
    }
    opening = (flow.number, answer, delay)
  }

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    guard let (flow, answer, delay) = opening, flow == report.flow.number else { return }
    opening = nil
    guard let shortest = report.originator.metrics.rttMin, shortest > 0, delay / shortest >= out[Self.factor]
    else {
      return
    }
    out.report(
      "answered the SYN after \(Format.time(delay)) where the path takes \(Format.time(shortest))",
      at: answer,
      note: "late", confidence: .likely,
      why: """
        SYN to SYN-ACK took \(Format.time(delay)) at the capture point, the shortest round trip to the \
        responder \(Format.time(shortest)); no SYN and no SYN-ACK was repeated
        """,
      alternatives: ["the path was congested at that moment only"],
      values: [Value("synack_delay", delay, .nanoseconds), Value("rtt_min", shortest, .nanoseconds)])
  }
}
