import TraceDecode

/// CAP117 truncated-capture
struct TruncatedCapture: Rule {
  static let info = RuleInfo(
    code: "CAP117", name: "truncated-capture", family: .capture, severity: .warning,
    summary: "The capture file ends in the middle of a record, or is damaged.",
    why: """
      Everything before the damage was judged; what came after it is gone, and the last connections \
      look unfinished.
      """,
    remedy: """
      copy the file again, or let the capturing program end by SIGINT so that it writes its last \
      record
      """,
    falsePositives: "A file that ends with a whole record is complete.",
    sources: [
      .document(
        title: "PCAP Capture File Format",
        url: "https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-03.html")
    ],
    examples: [
      .fires(
        "cut at octet 400",
        script: """
          capture truncated-at 400
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          #! CAP117@capture
          """),
      .clean(
        "whole",
        script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard let offset = facts.truncatedAt else { return }
    out.report(
      "the capture ends in the middle of a record, at octet \(offset)", frame: 0, recordOffset: offset,
      why: (facts.damage ?? "the file is shorter than its last record says")
        + "; \(Format.count(report.packets, "frame")) before it were read",
      values: [
        Value("offset", Int64(clamping: offset), .octets), Value("frames", Int64(clamping: report.packets)),
      ])
  }
}
