import TraceDecode

/// CAP110 snaplen-truncation
struct SnaplenTruncation: Rule {
  static let info = RuleInfo(
    code: "CAP110", name: "snaplen-truncation", family: .capture, severity: .info,
    summary: "Frames were cut by the snapshot length.",
    why: """
      Payload is not compared and checksums are not verified; everything that rests on headers is \
      judged as ever.
      """,
    remedy: "capture with snapshot length 0 (tcpdump -s 0) if payload matters",
    falsePositives: "Lengths come from the IP header, so cut frames cause no gaps.",
    sources: [
      .document(
        title: "PCAP Capture File Format",
        url: "https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-03.html")
    ],
    examples: [
      .fires(
        "96 octets of each frame",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > P. 1:101(100) ack 1 snap 96  #! CAP110@capture
          0.090 < . 1:1(0) ack 101
          """),
      .clean(
        "whole frames",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard report.truncatedPackets > 0 else { return }
    let length = facts.snapLength ?? report.snapLength
    out.report(
      "\(Format.count(report.truncatedPackets, "frame was", plural: "frames were")) cut by the snapshot length",
      frame: 0,
      why: "they hold fewer octets than they had on the wire"
        + (length.map { "; the snapshot length is \($0)" } ?? ""),
      values: [Value("frames", Int64(clamping: report.truncatedPackets))],
      occurrences: Int(clamping: report.truncatedPackets))
  }
}
