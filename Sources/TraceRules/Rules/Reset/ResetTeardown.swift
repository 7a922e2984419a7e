import TraceDecode

/// RST601 reset-teardown
struct ResetTeardown: Rule {
  static let info = RuleInfo(
    code: "RST601", name: "reset-teardown", family: .reset, severity: .warning,
    aliases: ["tcp.connection.rst", "RSTO", "RSTR"],
    summary: "A reset ended the connection; graded by what it could cost.",
    why: """
      A reset discards what is in flight and in buffers: the peer's next call fails with ECONNRESET, or EPIPE \
      when writing. With octets unacknowledged it is not known whether they arrived.
      """,
    remedy: "find out why its sender aborted instead of closing; the reason named here is where to start",
    falsePositives: """
      A reset after both FINs were acknowledged harms nobody (info). A refused connection, a reset outside the \
      window, a forged one, one for unread data and one from a restarted peer have rules of their own.
      """,
    sources: [.rfc(9293, "3.5"), .rfc(9293, "3.10.7.4")],
    followsFrom: ["data-after-reset", "handshake-ack-wrong", "rto-backoff-exhausted", "keepalive-failed"],
    examples: [
      .fires(
        "the originator aborts while its request is unacknowledged",
        script: RuleExample.opening + """
          0.100 > P. 101:201(100) ack 1
          0.101 > R. 201:201(0) ack 1 win 0  #! RST601
          """),
      .clean(
        "a blind reset far outside the window",
        script: RuleExample.opening + """
          0.200 < R 900000000:900000000(0) win 0  #! RST602
          0.300 > P. 101:201(100) ack 1
          0.340 < . 1:1(0) ack 201
          """),
    ])
  static let observes: EpisodeKind = .reset

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reset(let e) = episode else { return }
    guard e.validity == .accepted || e.validity == .unknown || e.validity == .afterClose else { return }
    guard e.cause != .answerToSyn, e.cause != .halfOpen || e.validity == .afterClose else { return }
    // A forged one, one for unread data and one that its sender did not mean have their own rules.
    guard !e.looksForged, !e.closedTooEarly, e.dataAfter == nil || e.validity != .accepted else { return }
    let atRisk = e.unackedFromOriginator &+ e.unackedFromResponder
    let opening = e.cause == .answerToSynAck || e.cause == .answerToOldSegment || e.cause == .handshakeTimeout
    let done = e.afterFullClose || e.validity == .afterClose
    let severity: Severity = done ? .info : opening ? .note : atRisk > 0 ? .error : .warning
    let act =
      done
      ? "sent a reset after both sides had closed"
      : opening
        ? "reset the connection instead of completing it"
        : atRisk > 0
          ? "reset the connection with \(Format.octets(atRisk)) unacknowledged"
          : "reset the connection instead of closing it"
    var why =
      "\(e.rst.named) \(e.validity == .unknown ? "may have ended" : done ? "met no connection, or one that was done" : "ended") it"
    if !done { why += " in \(e.receiverState.name)" }
    why += "; \(e.cause.words)"
    if let provoked = e.provokedBy { why += "; it answers \(provoked.named)" }
    if e.idleBefore >= 1_000_000_000 { why += ", which came after \(Format.time(e.idleBefore)) of silence" }
    if atRisk > 0, !done {
      why +=
        "; unacknowledged: \(e.unackedFromOriginator) from the originator, \(e.unackedFromResponder) from the responder"
    }
    out.report(
      act, at: e.rst, note: "resets", severity: severity,
      confidence: e.validity == .unknown ? .possible : e.cause == .unknown ? .likely : .certain, why: why,
      alternatives: e.validity == .unknown
        ? ["the receiver ignored it: its numbers cannot be checked here"] : [],
      evidence: e.provokedBy.evidence("provokes it"),
      values: [
        Value("unacked_originator", Int64(clamping: e.unackedFromOriginator), .octets),
        Value("unacked_responder", Int64(clamping: e.unackedFromResponder), .octets),
      ], occurrences: e.count)
  }
}
