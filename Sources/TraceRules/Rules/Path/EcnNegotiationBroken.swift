import TraceDecode

/// PTH101 ecn-negotiation-broken
struct EcnNegotiationBroken: Rule {
  static let info = RuleInfo(
    code: "PTH101", name: "ecn-negotiation-broken", family: .path, severity: .warning,
    summary: "The SYN-ACK answers the SYN's offer of ECN with marks that agree on nothing.",
    why: """
      The originator must do without congestion marks. Marks sent back as they came are the work of a \
      stack or a device that copies reserved bits.
      """,
    remedy: "update the responder's stack, or find the device on the path that rewrites TCP's reserved bits",
    falsePositives: """
      A SYN with AE offers AccECN, and nearly every answer to that means something (RFC 9768); no mark \
      at all is a plain refusal.
      """,
    sources: [.rfc(3168, "6.1.1"), .rfc(9768, "3.1")],
    examples: [
      .fires(
        "reflected",
        script: """
          0.000 > SEW 0:0(0) win 64240 <mss 1460>
          0.040 < S.EW 0:0(0) ack 1 win 65160 <mss 1460>  #! PTH101@flow
          0.0401 > . 1:1(0) ack 1
          """),
      .clean(
        "agreed",
        script: """
          0.000 > SEW 0:0(0) win 64240 <mss 1460>
          0.040 < S.E 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1
          """),
      .clean(
        "AccECN, answered that the SYN came marked ECT(1)",
        script: """
          0.000 > SEWe 0:0(0) win 64240 <mss 1460>
          0.040 < S.EW 0:0(0) ack 1 win 65160 <mss 1460>
          0.0401 > . 1:1(0) ack 1
          """),
    ])
  static let observes: EpisodeKind = .flowEnd
  static let flows: FlowTraits = .ecnRefusedOddly

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    guard let marks = report.ecnOddAnswer else { return }
    let names = [(TCPFlags.ae, "AE"), (.cwr, "CWR"), (.ece, "ECE")].filter { marks.contains($0.0) }.map(\.1)
    let isReflected = marks.contains([.cwr, .ece])
    out.report(
      isReflected
        ? "sent the SYN's ECN marks back as they came" : "answered an offer of ECN by marks of no meaning",
      frame: report.flow.firstFrame, time: report.firstTime, endpoint: .responder,
      why: "the SYN offers ECN, and the SYN-ACK has \(names.joined(separator: " and "))")
  }
}
