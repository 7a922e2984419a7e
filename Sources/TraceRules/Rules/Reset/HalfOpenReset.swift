import TraceDecode

/// RST606 half-open-reset
struct HalfOpenReset: Rule {
  static let info = RuleInfo(
    code: "RST606", name: "half-open-reset", family: .reset, severity: .warning,
    summary: "A segment was answered by a reset because its receiver no longer knew the connection.",
    why: """
      The peer was restarted, or it or a middlebox had dropped the connection in silence. Whatever the segment \
      carried is lost; the application learns of it by ECONNRESET, on its next use of the connection only.
      """,
    remedy: """
      find out what restarted, or which idle limit expired; keep pooled connections below that limit, or enable \
      keep-alives that are shorter
      """,
    falsePositives: """
      The reset takes its number from the segment's acknowledgement and has no ACK flag. A foreign TTL speaks \
      for a middlebox, which RST601 names.
      """,
    sources: [.rfc(9293, "3.5.1")],
    examples: [
      .fires(
        "data after 100 s of silence",
        script: RuleExample.opening + """
          100.000 > P. 101:201(100) ack 1
          100.040 < R 1:1(0) win 0  #! RST606
          """),
      .clean(
        "the peer still knows the connection",
        script: RuleExample.opening + """
          100.000 > P. 101:201(100) ack 1
          100.040 < . 1:1(0) ack 201
          """),
    ])
  static let observes: EpisodeKind = .reset

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reset(let e) = episode, e.cause == .halfOpen, !e.looksForged else { return }
    guard e.validity == .accepted || e.validity == .unknown else { return }
    let idle = e.idleBefore >= 1_000_000_000 ? " after \(Format.time(e.idleBefore)) of silence" : ""
    var why = "\(e.rst.named) has seq \(e.rst.start) and no ACK flag"
    if let provoked = e.provokedBy {
      why +=
        ", the number that \(provoked.named) acknowledges (ack \(provoked.ack ?? 0)): an answer without a connection"
    }
    out.report(
      "answered a segment\(idle) by a reset: it no longer knew the connection", at: e.rst,
      note: "knows nothing of it",
      confidence: .likely, why: why,
      alternatives: [
        "a middlebox whose entry for the connection had expired",
        "the process was ended and its socket destroyed",
      ],
      evidence: e.provokedBy.evidence("finds no connection"),
      values: [
        Value("idle", e.idleBefore, .nanoseconds),
        Value("unacked", Int64(clamping: e.unackedFromOriginator &+ e.unackedFromResponder), .octets),
      ], occurrences: e.count)
  }
}
