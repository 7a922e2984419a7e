import TraceDecode

/// SEC903 syn-in-established
struct SynInEstablished: Rule {
  static let info = RuleInfo(
    code: "SEC903", name: "syn-in-established", family: .security, severity: .warning,
    summary: "A SYN arrived on a connection that is established; what it was is read from the answer.",
    why: """
      A late duplicate of an old SYN is harmless (note). A restarted peer that opens the same four-tuple again \
      finds the old connection half open (note) and has to reset it first. A SYN nobody accounts for may be an \
      attempt to have the connection reset.
      """,
    remedy:
      "nothing for a single old duplicate; for repeated ones compare the SYN's TTL with its supposed sender's",
    falsePositives: """
      The connection stays one: no new flow begins unless the SYN is answered by a SYN-ACK. The challenge ACK \
      is no duplicate acknowledgement and asks for no data.
      """,
    sources: [.rfc(5961, "4"), .rfc(9293, "3.10.7.4")],
    examples: [
      .fires(
        "an old duplicate; the flow goes on",
        script: RuleExample.opening + """
          0.200 > S -90000:-90000(0) win 502 <mss 1460>  #! SEC903
          0.2001 < . 1:1(0) ack 101
          0.300 > P. 101:201(100) ack 1
          0.340 < . 1:1(0) ack 201
          """),
      .clean(
        "a new connection after the close",
        script: RuleExample.closedByResponder + """
          isn > 500000 < 95000
          2.000 > S 0:0(0) win 64240 <mss 1460>
          2.040 < S. 0:0(0) ack 1 win 64240 <mss 1460>
          2.0401 > . 1:1(0) ack 1
          """),
    ])
  static let observes: EpisodeKind = .oldSyn

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .oldSyn(let e) = episode else { return }
    let challenge = e.challengeAck.map { "\($0.named) answers with the connection's numbers (challenge ACK)" }
    let (act, severity): (String, Severity) =
      switch e.reading {
      case .oldDuplicate:
        ("sent an old duplicate of a SYN into the established connection, which went on", .note)
      case .halfOpenRecovery:
        ("opened the four-tuple anew while the peer still held the old connection", .note)
      case .unanswered: ("sent a SYN into the established connection that drew no answer", .warning)
      }
    var why = "\(e.syn.named) has initial sequence number \(e.syn.seq), which is not this connection's"
    if let challenge { why += "; " + challenge }
    if let reset = e.reset { why += "; \(reset.named) resets the old connection" }
    if e.continued { why += "; the connection went on" }
    out.report(
      act, at: e.syn, note: "belongs to no opening",
      severity: e.count >= 3 && e.reading != .halfOpenRecovery ? .warning : severity,
      confidence: e.challengeAck == nil ? .possible : .likely, why: why,
      alternatives: e.reading == .halfOpenRecovery ? [] : ["it was forged to have the connection reset"],
      evidence: e.challengeAck.evidence("challenge ACK") + e.reset.evidence("resets"), occurrences: e.count)
  }
}
