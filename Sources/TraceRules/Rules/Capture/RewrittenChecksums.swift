import TraceDecode

/// CAP120 rewritten-checksums
struct RewrittenChecksums: Rule {
  static let info = RuleInfo(
    code: "CAP120", name: "rewritten-checksums", family: .capture, severity: .note,
    summary: "All checksums between two hosts are wrong by one amount: their addresses were changed.",
    why: """
      The capture was anonymised, or taken beside a NAT: the segments were right on the wire. Damage can \
      no longer be told from what was changed, so that no checksum between such hosts is judged.
      """,
    remedy: """
      nothing; an anonymiser that mends checksums (tcprewrite --fixcsum) leaves captures that can be \
      verified
      """,
    falsePositives: """
      Damage is wrong by another amount each time, or by one bit. A sender that gets its checksums wrong \
      is never answered: the amount must be the same both ways.
      """,
    sources: [.rfc(1071, "1"), .rfc(9293, "3.1")],
    examples: [
      .fires(
        "both ways wrong by the same amount",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460> sumoff 4660
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460> sumoff 4660  #! CAP120@capture
          0.0401 > . 1:1(0) ack 1 sumoff 4660
          0.050 > P. 1:101(100) ack 1 sumoff 4660
          0.090 < . 1:1(0) ack 101 sumoff 4660
          """),
      .clean(
        "damage, sent again",
        script: RuleExample.opening + """
          0.100 > P. 101:201(100) ack 1 badsum  #! CAP115
          0.350 > P. 101:201(100) ack 1
          0.390 < . 1:1(0) ack 201
          """),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    guard report.rewrittenChecksums > 0 else { return }
    let count = Format.count(report.rewrittenChecksums, "checksum")
    out.report(
      "\(count) wrong by what changing addresses makes of them", frame: report.firstRewrittenFrame,
      why: "every checksum between the same hosts is wrong by one amount, both ways",
      values: [Value("checksums", Int64(clamping: report.rewrittenChecksums))],
      occurrences: Int(clamping: report.rewrittenChecksums))
  }
}
