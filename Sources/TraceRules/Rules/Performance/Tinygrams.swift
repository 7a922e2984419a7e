import TraceDecode

/// PRF110 tinygrams
struct Tinygrams: Rule {
  static let rate = RuleOption(
    "rate", default: 20, .perSecond, "data segments a second, from which it is told")
  static let info = RuleInfo(
    code: "PRF110", name: "tinygrams", family: .performance, severity: .note,
    summary: "One side sends its data in a great many very small segments.",
    why: "Most of what is sent is headers, and every segment costs both hosts as much as a full one.",
    remedy: "have the application gather what it writes, or leave Nagle's algorithm on (no TCP_NODELAY)",
    falsePositives: """
      Keystrokes and single messages are small by nature: it takes a hundred segments at twenty a second, \
      and a mean below a twentieth of the MSS, so that more than half are below a tenth of it.
      """,
    options: [rate],
    sources: [.rfc(896, ""), .rfc(9293, "3.7.4")],
    examples: [
      .fires(
        "ten octets at a time",
        script: RuleExample.opening + """
          repeat 120
          +0.001 > P. data "0123456789"
          end
          +0.040 < .
          #! PRF110@flow
          """),
      .clean(
        "as small, but rarely",
        script: RuleExample.opening + """
          repeat 120
          +0.500 > P. data "0123456789"
          +0.040 < .
          end
          """),
    ])
  static let observes: EpisodeKind = .flowEnd
  static let flows: FlowTraits = .busy

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    for role in [Role.originator, .responder] {
      let m = report[role].metrics
      let segment = Int64(report[role.peer].metrics.mssAdvertised ?? 536)
      guard m.dataPackets >= 100, let first = m.firstPayloadDelay, let last = m.lastPayloadDelay, last > first
      else { continue }
      let mean = Int64(clamping: m.octetsPayload / m.dataPackets)
      let rate = Double(m.dataPackets) * 1e9 / Double(last &- first)
      guard mean &* 20 < segment, rate >= Double(out[Self.rate]) else { continue }
      out.report(
        "sent \(m.dataPackets) segments of \(Format.octets(mean)) in the mean", frame: report.flow.firstFrame,
        time: report.firstTime, endpoint: role, confidence: .likely,
        why:
          "\(Int64(min(rate, 1e9))) data segments a second, where the peer takes \(segment) octets in one",
        values: [
          Value("segments", Int64(clamping: m.dataPackets), .segments), Value("mean", mean, .octets),
          Value("rate", Int64(min(rate, 1e9)), .perSecond),
        ])
    }
  }
}
