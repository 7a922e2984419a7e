import TraceDecode

/// WND401 zero-window
struct ZeroWindow: Rule {
  static let brief = RuleOption(
    "brief", default: 200_000_000, .nanoseconds, "how long a window may be closed before it is a warning")
  static let info = RuleInfo(
    code: "WND401", name: "zero-window", family: .window, severity: .warning,
    aliases: ["tcp.analysis.zero_window"],
    summary: "The receiver closed its window: its application does not read.",
    why: """
      The sender has to stop. The network is not at fault; the receiving application or its host is \
      too slow.
      """,
    remedy: """
      look at what keeps the receiving application from reading: disk, locks, a paused consumer
      """,
    falsePositives: """
      A window of 0 on a reset, or after the peer's FIN, means nothing. Below 200 ms it is a note.
      """,
    options: [brief],
    sources: [.rfc(9293, "3.8.6")],
    examples: [
      .fires(
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
      .clean(
        "window 0 on a reset",
        script: RuleExample.opening + """
          0.100 < R. 1:1(0) ack 101 win 0  #! RST601
          """),
    ])
  static let observes: EpisodeKind = .window

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .window(let e) = episode, e.kind == .zero else { return }
    let time = e.duration
    out.report(
      "closed its window" + (time.map { " for \(Format.time($0))" } ?? " and did not reopen it"),
      at: e.segment, note: "window 0",
      endpoint: e.endpoint, severity: time.map { $0 > out[Self.brief] } ?? true ? .warning : .note,
      confidence: e.confidence,
      why: "\(e.segment.named) advertises window 0"
        + (e.probes > 0 ? "; the peer probed \(Format.count(e.probes, "time"))" : "")
        + (e.reopenedBy.map { "; \($0.named) opens it again with \($0.window) octets" }
          ?? "; nothing opens it again in this capture"),
      evidence: e.evidence.evidence() + e.reopenedBy.evidence("opens it again"),
      values: (time.map { [Value("duration", $0, .nanoseconds)] } ?? []) + [
        Value("probes", Int64(e.probes), .segments)
      ],
      occurrences: e.count)
  }
}
