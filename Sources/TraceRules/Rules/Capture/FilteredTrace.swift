import TraceDecode

/// CAP113 filtered-trace
struct FilteredTrace: Rule {
  static let info = RuleInfo(
    code: "CAP113", name: "filtered-trace", family: .capture, severity: .note,
    summary: "The capture seems to have been filtered: it holds control segments only.",
    why: """
      Data and plain acknowledgements are missing throughout, so neither loss nor windows can be \
      judged.
      """,
    remedy: "capture without a filter on flags if transfers are to be judged",
    falsePositives: """
      Short captures, and scans, consist of control segments by nature; both ends of a close have to \
      be there.
      """,
    sources: [
      .document(
        title: "Zeek, connection states and filtered traces",
        url: "https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html")
    ],
    examples: [
      .fires(
        "only SYN, FIN and RST were captured",
        script: """
          flow 1
          10.000 > S 0:0(0) win 64240 <mss 1460>  #! CAP113@capture
          +0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          +1.000 > F. 501:501(0) ack 9001
          +0.040 < F. 9001:9001(0) ack 502
          flow 2
          20.000 > S 0:0(0) win 64240 <mss 1460>
          +0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          +1.000 > F. 501:501(0) ack 9001
          +0.040 < F. 9001:9001(0) ack 502
          flow 3
          30.000 > S 0:0(0) win 64240 <mss 1460>
          +0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          +1.000 > F. 501:501(0) ack 9001
          +0.040 < F. 9001:9001(0) ack 502
          """),
      .clean(
        "a connection without data",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          0.100 > F. 1:1(0) ack 1
          0.140 < F. 1:1(0) ack 2
          0.1401 > . 2:2(0) ack 2
          """),
    ])
  static let observes: EpisodeKind = [.flowEnd, .captureEnd]

  /// Flows whose data was left out, and flows with data or plain acknowledgements.
  private var filtered = 0
  private var whole = 0

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    let (a, b) = (report.originator.metrics, report.responder.metrics)
    // A FIN far beyond the SYN proves that there was data; a flow with data or plain ACKs was not filtered.
    if a.dataPackets &+ b.dataPackets &+ a.pureAcks &+ b.pureAcks > 0 {
      whole += 1
    } else if a.finCount &+ b.finCount > 0,
      (a.octetsAcked ?? 0) &+ (b.octetsAcked ?? 0) &+ (a.octetsMissing ?? 0) &+ (b.octetsMissing ?? 0) > 0
    {
      filtered += 1
    }
  }

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard filtered >= 2, whole == 0 else { return }
    out.report(
      "the capture holds control segments only: it seems to have been filtered", frame: 0,
      confidence: .likely,
      why:
        "\(filtered) flows have SYN, FIN or RST, and numbers that prove data between them, but neither data nor plain acknowledgements"
        + (facts.filter.map { "; the file names the filter \($0)" } ?? ""),
      values: [Value("flows", Int64(filtered))])
  }
}
