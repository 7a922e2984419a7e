import TraceDecode

/// CAP102 capture-drops-reported
struct CaptureDropsReported: Rule {
  static let info = RuleInfo(
    code: "CAP102", name: "capture-drops-reported", family: .capture, severity: .warning,
    summary: "The capture itself counts frames that it dropped.",
    why: """
      Every verdict that rests on something not being seen is weaker: a loss may be the capture's own.
      """,
    remedy: """
      capture with a larger buffer (tcpdump -B), straight to disk, with a filter or a smaller snapshot \
      length
      """,
    falsePositives: "Counters of 0, or none at all, report nothing.",
    sources: [
      .document(
        title: "PCAP Next Generation Dump File Format, Interface Statistics Block",
        url: "https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-01.html")
    ],
    examples: [
      .fires(
        "the kernel dropped 12 frames",
        script: """
          capture dropped-by-system 12
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          #! CAP102@capture
          """),
      .clean(
        "counters of zero",
        script: """
          capture dropped-by-system 0
          0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
          0.0401 > . 1:1(0) ack 1 win 502
          """),
    ])
  static let observes: EpisodeKind = .captureEnd

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    let system = facts.dropsBySystem ?? report.dropsBySystem ?? 0
    let interface = facts.dropsByInterface ?? report.dropsByInterface ?? 0
    let drops = system &+ interface
    guard drops > 0 else { return }
    out.report(
      "the capture dropped \(Format.count(drops, "frame")) of \(Format.grouped(report.packets &+ drops))",
      frame: 0,
      why:
        "its counters say \(system) dropped by the kernel for want of buffer and \(interface) by the interface",
      values: [
        Value("dropped_by_system", Int64(clamping: system)),
        Value("dropped_by_interface", Int64(clamping: interface)),
      ])
  }
}
