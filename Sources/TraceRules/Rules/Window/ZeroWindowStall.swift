import TraceDecode

/// WND403 zero-window-stall
struct ZeroWindowStall: Rule {
  static let info = RuleInfo(
    code: "WND403", name: "zero-window-stall", family: .window, severity: .error, lifecycle: .preview,
    summary: "A closed window kept a transfer standing for long.",
    why: """
      Users see a hang. Either the application stopped reading for good, or the update that opened the \
      window was lost and the sender did not probe.
      """,
    remedy: """
      look at the receiving application first; if the window had opened in time, at the sender's \
      window probes
      """,
    falsePositives: "An application may stop reading on purpose (a paused download).",
    sources: [.rfc(9293, "3.8.6.1"), .rfc(2525, "2.12")],
    followsFrom: ["zero-window"],
    examples: [
      .fires(
        "closed for 6 s",
        script: RuleExample.narrowOpening + """
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 601 win 0  #! WND401, WND403
          0.380 > . 600:600(0) ack 1
          0.420 < . 1:1(0) ack 601 win 0
          0.860 > . 600:600(0) ack 1
          0.900 < . 1:1(0) ack 601 win 0
          1.820 > . 600:600(0) ack 1
          1.860 < . 1:1(0) ack 601 win 0
          3.740 > . 600:600(0) ack 1
          3.780 < . 1:1(0) ack 601 win 0
          6.140 < . 1:1(0) ack 601 win 501
          6.141 > P. 601:1101(500) ack 1
          6.181 < . 1:1(0) ack 1101
          """),
      .clean(
        "closed for 1.7 s",
        script: RuleExample.narrowOpening + """
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 601 win 0  #! WND401
          0.380 > . 600:600(0) ack 1
          0.420 < . 1:1(0) ack 601 win 0
          0.860 > . 600:600(0) ack 1
          0.900 < . 1:1(0) ack 601 win 0
          1.820 > . 600:600(0) ack 1
          1.860 < . 1:1(0) ack 601 win 501
          1.861 > P. 601:1101(500) ack 1
          1.901 < . 1:1(0) ack 1101
          """),
    ])
  static let observes: EpisodeKind = .window

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .window(let e) = episode, e.kind == .stall else { return }
    out.report(
      "kept the transfer standing for \(Format.time(e.duration ?? 0)) by a closed window", at: e.segment,
      endpoint: e.endpoint, confidence: e.confidence,
      why:
        "\(e.segment.named) advertises window 0\(e.reopenedBy.map { "; \($0.named) opens it again" } ?? "")",
      evidence: e.evidence.evidence() + e.reopenedBy.evidence("opens it again"),
      values: [Value("octets", Int64(clamping: e.octets), .octets)]
        + (e.duration.map { [Value("duration", $0, .nanoseconds)] } ?? []),
      occurrences: e.count)
  }
}
