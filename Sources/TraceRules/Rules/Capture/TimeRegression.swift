import TraceDecode

/// CAP105 time-regression
struct TimeRegression: Rule {
  static let info = RuleInfo(
    code: "CAP105", name: "time-regression", family: .capture, severity: .warning,
    summary: "A frame has an earlier time than the one before it.",
    why: """
      Durations across that point are wrong. The clock was set, files were merged without sorting, or \
      several queues were recorded.
      """,
    remedy: """
      sort the capture by time (reordercap), keep the clock disciplined by slewing, merge with \
      mergecap
      """,
    falsePositives: """
      Nothing else looks like it; delays and time-outs that span the step are not judged.
      """,
    sources: [
      .document(
        title: "PCAP Capture File Format",
        url: "https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-03.html")
    ],
    examples: [
      .fires(
        "one frame is 30 ms early",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          0.100 > P. 1:101(100) ack 1
          0.070 < . 1:1(0) ack 101  #! CAP105
          """),
      .clean(
        "equal times",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          0.100 > P. 1:101(100) ack 1
          0.100 > P. 101:201(100) ack 1
          0.140 < . 1:1(0) ack 201
          """),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard report.timeRegressions > 0 else { return }
    out.report(
      "time runs backwards \(Format.count(report.timeRegressions, "time")), by \(Format.time(report.largestRegression)) at most",
      frame: report.firstRegressionFrame, time: report.firstRegression?.time,
      why: "frame \(report.firstRegressionFrame) is earlier than the frame before it",
      values: [
        Value("regressions", Int64(clamping: report.timeRegressions)),
        Value("largest", report.largestRegression, .nanoseconds),
      ], occurrences: Int(clamping: report.timeRegressions))
  }
}
