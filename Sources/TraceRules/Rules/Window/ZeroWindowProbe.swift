import TraceDecode

/// WND402 zero-window-probe
struct ZeroWindowProbe: Rule {
  static let info = RuleInfo(
    code: "WND402", name: "zero-window-probe", family: .window, severity: .info,
    aliases: ["tcp.analysis.zero_window_probe"],
    summary: "The sender probed a closed window.",
    why: """
      It is how a sender learns that the window has opened if the update was lost.
      """,
    remedy: "see the closed window it belongs to",
    falsePositives: """
      Linux and BSD probe without data just below the window, which looks like a keep-alive.
      """,
    sources: [.rfc(9293, "3.8.6.1")],
    followsFrom: ["zero-window", "zero-window-stall"],
    examples: [
      .fires(
        "three probes",
        script: RuleExample.narrowOpening + """
          0.100 > P. 101:601(500) ack 1
          0.140 < . 1:1(0) ack 601 win 0  #! WND401
          0.380 > . 600:600(0) ack 1  #! WND402
          0.420 < . 1:1(0) ack 601 win 0
          0.860 > . 600:600(0) ack 1
          0.900 < . 1:1(0) ack 601 win 0
          1.820 > . 600:600(0) ack 1
          1.860 < . 1:1(0) ack 601 win 501
          1.861 > P. 601:1101(500) ack 1
          1.901 < . 1:1(0) ack 1101
          """),
      .clean(
        "keep-alives",
        script: RuleExample.opening + """
          60.000 > . 100:100(0) ack 1
          60.040 < . 1:1(0) ack 101
          120.000 > . 100:100(0) ack 1
          120.040 < . 1:1(0) ack 101
          """),
    ])
  static let observes: EpisodeKind = .probe

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .probe(let e) = episode, e.kind == .zeroWindowProbe else { return }
    guard let first = e.probes.first else { return }
    out.report(
      "probed the closed window \(Format.count(e.count, "time"))", at: first, note: "probe",
      endpoint: e.sender,
      why: "the peer's window was 0"
        + (e.interval.map { "; the probes are \(Format.time($0)) apart in the median" } ?? "")
        + "; \(e.answered) were answered",
      evidence: e.probes.dropFirst().evidence("probe"),
      values: [Value("answered", Int64(e.answered), .segments)], occurrences: e.count)
  }
}
