import TraceDecode

/// CAP101 capture-loss
struct CaptureLoss: Rule {
  static let info = RuleInfo(
    code: "CAP101", name: "capture-loss", family: .capture, severity: .warning,
    summary: """
      Octets were acknowledged that the capture never held: the capture lost them, not the network.
      """,
    why: """
      What depends on the missing frames cannot be judged. A receiver cannot acknowledge what it did \
      not get, so the network delivered them.
      """,
    remedy: """
      capture with a larger buffer (tcpdump -B), a smaller snapshot length, straight to disk, or a \
      filter; check that the mirror port is not oversubscribed
      """,
    falsePositives: """
      Data that travels another way (asymmetric routing) is missing for whole directions, and is told \
      by CAP107. An acknowledgement captured just before its data is CAP104.
      """,
    sources: [
      .document(
        title: "Paxson, Automated Packet Trace Analysis of TCP Implementations (1997)",
        url: "https://doi.org/10.1145/263105.263160")
    ],
    claimsAbsence: true,
    examples: [
      .fires(
        "100 octets acknowledged and never seen",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > P. 1:101(100) ack 1
          0.0502 > P. 201:301(100) ack 1  #! CAP101@capture
          0.090 < . 1:1(0) ack 301
          """),
      .clean(
        "the network lost them, and they were sent again",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > P. 1:101(100) ack 1
          0.0502 > P. 201:301(100) ack 1
          0.090 < . 1:1(0) ack 101
          0.0902 < . 1:1(0) ack 101 <sack 201:301>
          0.350 > P. 101:201(100) ack 1  #! SEQ201@flow
          0.390 < . 1:1(0) ack 301
          """),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard report.gapOctets > 0 else { return }
    let share = Format.percent(report.gapOctets, of: report.octetsOnWire &+ report.gapOctets)
    // More than one octet in a hundred: what is missing taints every figure.
    let grave = report.gapOctets.multipliedReportingOverflow(by: 100).partialValue > report.octetsOnWire
    out.report(
      "the capture lacks \(Format.octets(report.gapOctets)) that were acknowledged (\(share) of all)",
      frame: 0,
      severity: grave && report.gapOctets > 10_000 ? .error : .warning,
      why: "receivers acknowledged stream octets that no frame of the capture holds",
      values: [Value("octets", Int64(clamping: report.gapOctets), .octets)])
  }
}
