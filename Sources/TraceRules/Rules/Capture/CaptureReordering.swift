import TraceDecode

/// CAP104 capture-reordering
struct CaptureReordering: Rule {
  static let info = RuleInfo(
    code: "CAP104", name: "capture-reordering", family: .capture, severity: .warning,
    summary: "The capture recorded frames in another order than they passed.",
    why: """
      Two interfaces, two queues or a mirror port that merges directions were not recorded in step. \
      Acknowledgements then seem to precede their data.
      """,
    remedy: """
      capture both directions on one interface and queue, with timestamps of the hardware; sort by \
      time with reordercap
      """,
    falsePositives: """
      Packets that the network reordered reach their receiver that way, and it reacts; here it did \
      not.
      """,
    sources: [
      .document(
        title: "Paxson, Automated Packet Trace Analysis of TCP Implementations (1997)",
        url: "https://doi.org/10.1145/263105.263160")
    ],
    examples: [
      .fires(
        "the ACK is recorded 0.1 ms before its data",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > P. 1:101(100) ack 1
          0.090 < . 1:1(0) ack 101
          0.1399 < . 1:1(0) ack 201  #! CAP104@capture
          0.140 > P. 101:201(100) ack 1
          0.200 > P. 201:301(100) ack 1
          0.240 < . 1:1(0) ack 301
          """),
      .clean(
        "data and ACK in order",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard report.reorderedPairs > 0 else { return }
    out.report(
      "the capture holds \(Format.count(report.reorderedPairs, "pair")) of frames in the wrong order",
      frame: 0,
      why: "acknowledgements stand before the data they acknowledge, which follows within milliseconds",
      values: [Value("pairs", Int64(clamping: report.reorderedPairs))],
      occurrences: Int(clamping: report.reorderedPairs))
  }
}
