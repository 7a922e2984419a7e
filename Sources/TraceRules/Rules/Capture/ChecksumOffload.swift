import TraceDecode

/// CAP112 checksum-offload
struct ChecksumOffload: Rule {
  static let info = RuleInfo(
    code: "CAP112", name: "checksum-offload", family: .capture, severity: .info,
    summary: "Segments have checksums that their sender's interface was still to fill in.",
    why: """
      The capture was taken on the sending host, above its network interface. What went over the wire \
      had right checksums.
      """,
    remedy: "nothing; Wireshark needs TCP checksum validation off for such captures",
    falsePositives: """
      A sum that is neither right nor that of the pseudo-header alone is bad (CAP115).
      """,
    sources: [.rfc(9293, "3.1")],
    examples: [
      .fires(
        "only the pseudo-header is summed",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > P. 1:101(100) ack 1 offload  #! CAP112@capture
          0.090 < . 1:1(0) ack 101
          """),
      .clean(
        "right checksums",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard report.offloadChecksums > 0 else { return }
    let hosts = report.offloadHosts.prefix(4).map(\.description)
    out.report(
      "\(Format.count(report.offloadChecksums, "checksum was", plural: "checksums were")) left to the network interface"
        + (hosts.isEmpty ? "" : " by \(Format.list(hosts))"),
      frame: 0, why: "they sum the pseudo-header only, as a host leaves them for its interface to complete",
      values: [Value("segments", Int64(clamping: report.offloadChecksums), .segments)],
      occurrences: Int(clamping: report.offloadChecksums))
  }
}
