import TraceDecode

/// CAP119 undecodable
struct Undecodable: Rule {
  static let info = RuleInfo(
    code: "CAP119", name: "undecodable", family: .capture, severity: .note,
    summary: "Frames could not be decoded down to TCP, or to what is not TCP.",
    why: "They may hold segments that the verdicts lack.",
    remedy: """
      capture without the encapsulation that is not known, or with a larger snapshot length if headers \
      are cut
      """,
    falsePositives: "Protocols other than TCP are decoded as far as needed and are not counted.",
    sources: [.rfc(9293, "3.1")],
    examples: [
      .fires(
        "an IP header cut short",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 raw 020000000002020000000001080045000028  #! CAP119@capture
          """),
      .clean(
        "UDP beside TCP",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > udp 100
          """),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    let total = report.undecodable.values.reduce(UInt64(0), &+)
    guard total > 0 else { return }
    let causes = report.undecodable.sorted {
      $0.value != $1.value
        ? $0.value > $1.value
        : ($0.key.layer.rawValue, $0.key.cause.rawValue) < ($1.key.layer.rawValue, $1.key.cause.rawValue)
    }
    let grave = total.multipliedReportingOverflow(by: 20).partialValue > report.packets
    out.report(
      "\(Format.count(total, "frame")) of \(Format.grouped(report.packets)) could not be decoded", frame: 0,
      severity: grave && total >= 20 ? .warning : .note,
      why: Format.list(causes.prefix(4).map { "\($0.value) \($0.key.words)" }),
      values: [Value("frames", Int64(clamping: total))], occurrences: Int(clamping: total))
  }
}
