import TraceDecode

/// CAP103 capture-duplicates
struct CaptureDuplicates: Rule {
  static let info = RuleInfo(
    code: "CAP103", name: "capture-duplicates", family: .capture, severity: .warning,
    summary: """
      Frames were recorded twice: by a mirror port, on both sides of a router, or on several \
      interfaces.
      """,
    why: """
      Tools that do not notice report retransmissions and duplicate acknowledgements that never \
      happened. flowlint leaves the copies out of every verdict.
      """,
    remedy: """
      mirror one direction of a port, capture on one interface only (not "any"), or remove copies with \
      editcap -d
      """,
    falsePositives: """
      A copy that its receiver reacted to (D-SACK, an additional ACK) was made by the network and is \
      SEQ213.
      """,
    sources: [.rfc(9293, "3.4")],
    examples: [
      .fires(
        "a mirror port copies every frame",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>  #! CAP103@capture
          copy +0.000004
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          copy +0.000004
          0.0401 > . 1:1(0) ack 1 win 502
          copy +0.000004
          0.050 > P. 1:101(100) ack 1 win 502
          copy +0.000004
          0.090 < . 1:1(0) ack 101 win 501
          copy +0.000004
          """),
      .clean(
        "the sender repeats a segment",
        script: RuleExample.opening + """
          0.100 > P. 101:201(100) ack 1
          0.350 > P. 101:201(100) ack 1  #! SEQ202@flow
          0.390 < . 1:1(0) ack 201
          """),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard report.duplicates > 0, report.duplicatesAreCapture else { return }
    let share = Format.percent(report.duplicates, of: report.tcpPackets)
    var why =
      "equal in every octet of TCP, \(Format.time(report.duplicateLag)) after the original in the median"
    if report.duplicatesWithOtherTTL > 0 {
      why += "; \(report.duplicatesWithOtherTTL) with another TTL: recorded on both sides of a router"
    }
    if report.duplicatesWithOtherLink > 0 {
      why += "; \(report.duplicatesWithOtherLink) with another link header"
    }
    out.report(
      "\(Format.count(report.duplicates, "frame was", plural: "frames were")) recorded twice (\(share) of TCP)",
      frame: report.firstDuplicateFrame, confidence: report.duplicates < 3 ? .likely : .certain, why: why,
      values: [
        Value("copies", Int64(clamping: report.duplicates)), Value("lag", report.duplicateLag, .nanoseconds),
      ], occurrences: Int(clamping: report.duplicates))
  }
}
