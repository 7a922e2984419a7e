import TraceDecode

/// CAP111 offload-segments
struct OffloadSegments: Rule {
  static let info = RuleInfo(
    code: "CAP111", name: "offload-segments", family: .capture, severity: .info,
    summary: """
      The capture holds segments larger than the wire carries: it was taken on a host that offloads \
      segmentation.
      """,
    why: """
      One such super-segment stands for several packets. Counts of packets and of duplicate \
      acknowledgements mean less beside that host.
      """,
    remedy: """
      nothing; to see real packets switch off TSO, GSO, LRO and GRO (ethtool -K) or capture on the \
      path
      """,
    falsePositives: "Jumbo frames fit their MSS and are not counted.",
    sources: [.rfc(9293, "3.7.1")],
    examples: [
      .fires(
        "four segments in one",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > P. 1:5841(5840) ack 1  #! CAP111@capture
          0.090 < . 1:1(0) ack 5841
          """),
      .clean(
        "full-size segments",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > . 1:1461(1460) ack 1
          0.0501 > P. 1461:2921(1460) ack 1
          0.090 < . 1:1(0) ack 2921
          """),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard report.superSegments > 0 else { return }
    out.report(
      "\(Format.count(report.superSegments, "segment is", plural: "segments are")) larger than the receiver's MSS: segmentation offload",
      frame: 0, why: "their payload exceeds the MSS that the receiver announced",
      values: [Value("segments", Int64(clamping: report.superSegments), .segments)],
      occurrences: Int(clamping: report.superSegments))
  }
}
