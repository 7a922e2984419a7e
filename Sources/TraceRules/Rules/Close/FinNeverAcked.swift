import TraceDecode

/// CLS504 fin-never-acked
struct FinNeverAcked: Rule {
  static let timeouts = RuleOption(
    "timeouts", default: 3, .none, "retransmission time-outs of silence after the last FIN before it counts")
  static let info = RuleInfo(
    code: "CLS504", name: "fin-never-acked", family: .close, severity: .warning,
    summary: "A FIN was never acknowledged, and no reset came either.",
    why: """
      The peer or the path is gone. The closing side repeats the FIN until it gives up; the peer, if it lives, \
      still thinks the connection open.
      """,
    remedy: "find out whether the peer's host went away, or a middlebox had forgotten the connection",
    falsePositives: """
      Nothing is reported when the capture ends too soon after the FIN, or holds one direction only.
      """,
    options: [timeouts],
    sources: [.rfc(9293, "3.6"), .rfc(9293, "3.8.3")],
    claimsAbsence: true,
    examples: [
      .fires(
        "the responder is gone",
        script: RuleExample.opening + """
          0.100 > F. 101:101(0) ack 1  #! CLS504
          0.400 > F. 101:101(0) ack 1
          1.000 > F. 101:101(0) ack 1
          2.200 > F. 101:101(0) ack 1
          flow 2
          60.000 > S 0:0(0) win 64240 <mss 1460>
          60.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          60.0401 > . 1:1(0) ack 1 win 502
          """),
      .clean(
        "the capture ends right after the FIN",
        script: RuleExample.opening + """
          0.100 > F. 101:101(0) ack 1
          """),
    ])
  static let observes: EpisodeKind = [.close, .flowEnd]
  static let flows: FlowTraits = .judged

  /// The close last told and its flow; a flow's stories are told together with its end.
  private var closing: (flow: Int, close: CloseEpisode)?

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    if case .close(let e) = episode { closing = (flow.number, e) }
  }

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    guard let (flow, e) = closing, flow == report.flow.number else { return }
    closing = nil
    // Any reset answers a FIN, and a side that was never captured cannot be said to be silent.
    guard report.originator.metrics.rstCount == 0, report.responder.metrics.rstCount == 0 else { return }
    let heard = (report.originator.metrics.packets > 0, report.responder.metrics.packets > 0)
    for role in [Role.originator, .responder] where role == .originator ? heard.1 : heard.0 {
      let side = e[role]
      guard e.finIsUnanswered(role, timeouts: out[Self.timeouts]), let first = side.fins.first else {
        continue
      }
      let tries = side.finCount == 1 ? "a FIN" : "its FIN \(Format.count(side.finCount, "time"))"
      out.report(
        "sent \(tries) and got neither an acknowledgement nor a reset", at: first,
        why: """
          \(side.fins.frames) \(side.finCount == 1 ? "carries" : "carry") the FIN; the capture goes on for \
          \(Format.time(e.observedAfter)) after the flow's last frame, with a retransmission time-out of about \
          \(Format.time(e.rto))
          """,
        evidence: side.fins.dropFirst().evidence("again"),
        values: [
          Value("fins", Int64(side.finCount), .segments),
          Value("observed_after", e.observedAfter, .nanoseconds),
        ])
    }
  }
}
