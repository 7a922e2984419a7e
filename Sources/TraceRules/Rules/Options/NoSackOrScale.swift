import TraceDecode

/// OPT810 no-sack-or-scale
struct NoSackOrScale: Rule {
  static let least = RuleOption("least", default: 3, .segments, "segments sent again, from which it is told")
  static let info = RuleInfo(
    code: "OPT810", name: "no-sack-or-scale", family: .options, severity: .note,
    summary: "The connection lost segments and had no SACK to repair them with.",
    why: """
      Without it a sender learns of one loss in a round trip at best, waits for timers, and repeats what \
      had arrived.
      """,
    remedy: """
      switch SACK on where it is off (net.ipv4.tcp_sack), and find out what takes it from the SYN if \
      neither end does
      """,
    falsePositives: """
      A connection without loss misses nothing. That its window cannot be scaled is WND408's to tell.
      """,
    options: [least],
    sources: [.rfc(2018, "2"), .rfc(6675, "")],
    examples: [
      .fires(
        "three losses",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK>  #! OPT810@flow
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1
          repeat 3
          +0.100 > P. data "0123456789"
          +0.300 > again  #! SEQ202@flow, SEQ207@flow
          +0.040 < .
          end
          """),
      .clean(
        "with SACK",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK>
          0.0401 > . 1:1(0) ack 1
          repeat 3
          +0.100 > P. data "0123456789"
          +0.300 > again  #! SEQ202@flow
          +0.040 < .
          end
          """),
    ])
  static let observes: EpisodeKind = .flowEnd
  static let flows: FlowTraits = .retransmitted

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    let metrics = (report.originator.metrics, report.responder.metrics)
    let again =
      Int64(metrics.0.retransmittedSegments) + Int64(metrics.1.retransmittedSegments)
      - Int64(metrics.0.retransmittedSpurious) - Int64(metrics.1.retransmittedSpurious)
    guard again >= out[Self.least], let effective = metrics.0.optionsEffective,
      !effective.contains(.sackPermitted), let offered = metrics.0.optionsOffered,
      let answered = metrics.1.optionsOffered, !offered.union(answered).contains(.truncated)
    else { return }
    let who =
      offered.contains(.sackPermitted)
      ? "the responder did not agree to it"
      : answered.contains(.sackPermitted) ? "the SYN did not offer it" : "neither end offered it"
    out.report(
      "sent \(Format.count(again, "segment")) again, without SACK", frame: report.flow.firstFrame,
      time: report.firstTime, why: "SACK was not agreed on: \(who)",
      values: [Value("retransmissions", again, .segments)])
  }
}
