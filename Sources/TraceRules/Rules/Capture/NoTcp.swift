import TraceDecode

/// CAP116 no-tcp
struct NoTcp: Rule {
  static let info = RuleInfo(
    code: "CAP116", name: "no-tcp", family: .capture, severity: .warning,
    summary: "The capture holds no TCP at all.",
    why: "A recording without TCP passes every check because nothing was checked.",
    remedy: "check the interface, the filter and the moment of the capture",
    falsePositives: """
      Frames that could not be decoded are counted beside it, as they may hold TCP.
      """,
    sources: [.rfc(9293, "")],
    examples: [
      .fires(
        "only UDP",
        script: """
          0.000 > udp 100  #! CAP116@capture
          0.040 < udp 200
          """),
      .clean(
        "TCP",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard report.tcpPackets == 0 else { return }
    let faults = report.undecodable.values.reduce(UInt64(0), &+)
    let size = report.packets == 0 ? "is empty" : "holds no TCP in \(Format.count(report.packets, "frame"))"
    out.report(
      "the capture \(size)", frame: 0,
      why:
        "\(report.notTCP) frames hold other protocols, \(faults) could not be decoded, \(report.fragmentsUnfinished) are fragments without their rest",
      values: [
        Value("frames", Int64(clamping: report.packets)), Value("undecodable", Int64(clamping: faults)),
      ])
  }
}
