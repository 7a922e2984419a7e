import TraceDecode

/// CLS503 half-closed-lingering
struct HalfClosedLingering: Rule {
  static let patience = RuleOption(
    "patience", default: 60_000_000_000, .nanoseconds,
    "how long one side may stay open, sending nothing, after the other's FIN")
  static let info = RuleInfo(
    code: "CLS503", name: "half-closed-lingering", family: .close, severity: .note,
    summary: "One side closed, and the other neither closed nor sent anything for a long time.",
    why: """
      The side that did not close sits in CLOSE-WAIT: its application has read the end of the stream and not \
      called close(). Descriptors pile up. The side that closed waits in FIN-WAIT-2: 60 s on Linux after \
      close(), without limit after shutdown().
      """,
    remedy:
      "find the code path in which the lingering side's application does not close after read() returned 0",
    falsePositives: """
      A half-closed connection that still carries data is in use as designed (shutdown(SHUT_WR)) and is left \
      alone; so is one whose end the capture did not wait for.
      """,
    options: [patience],
    sources: [.rfc(9293, "3.6.1")],
    claimsAbsence: true,
    examples: [
      .fires(
        "the responder never closes",
        script: RuleExample.opening + """
          0.100 > F. 101:101(0) ack 1  #! CLS503@flow
          0.140 < . 1:1(0) ack 102
          flow 2
          120.000 > S 0:0(0) win 64240 <mss 1460>
          120.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          120.0401 > . 1:1(0) ack 1 win 502
          """),
      .clean(
        "the responder goes on sending",
        script: RuleExample.opening + """
          0.100 > F. 101:101(0) ack 1
          0.140 < . 1:1(0) ack 102
          40.000 < P. 1:501(500) ack 102
          40.0001 > . 102:102(0) ack 501
          90.000 < FP. 501:1001(500) ack 102
          90.0001 > . 102:102(0) ack 1002
          """),
    ])
  static let observes: EpisodeKind = .close

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .close(let e) = episode, let time = e.halfClosedFor, let role = e.lingering, !e.asymmetric
    else { return }
    guard time >= out[Self.patience], e.halfClosedOctets == 0, !e.endedByReset else { return }
    // Without the acknowledgement of the FIN it is not known that the end of the stream arrived.
    guard let fin = e[role.peer].fins.first, let ack = e[role.peer].finAck else { return }
    out.report(
      "kept its half of the connection open for \(Format.time(time)) after the peer's FIN, sending nothing",
      at: ack,
      note: "acknowledges the FIN", endpoint: role, confidence: .likely,
      why: """
        \(fin.named) is the \(role.peer.name)'s FIN, acknowledged by \(ack.named); no FIN and no data of the \
        \(role.name) follows for \(Format.time(time)), so it is in CLOSE-WAIT and its peer in FIN-WAIT-2
        """,
      evidence: [fin.evidence("closes")], values: [Value("half_closed", time, .nanoseconds)])
  }
}
