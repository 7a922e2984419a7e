import TraceDecode

/// HSK102 syn-unanswered
struct SynUnanswered: Rule {
  static let wait = RuleOption(
    "wait", default: 1_000_000_000, .nanoseconds, "silence after a single SYN before it counts as unanswered")
  static let info = RuleInfo(
    code: "HSK102", name: "syn-unanswered", family: .handshake, severity: .warning,
    summary: "The originator's SYNs were never answered, neither by a segment nor by an ICMP error.",
    why: """
      connect() waits until its retries are used up (about two minutes on Linux) and then fails with ETIMEDOUT. \
      A firewall that drops in silence, a host that is down and a full SYN queue look alike.
      """,
    remedy: """
      check that the address and port are right and the host is up; then look for a firewall that drops \
      instead of rejecting, and for SYNs ignored by a full queue at the responder
      """,
    falsePositives: """
      A capture that holds one direction only, or that ends before an answer could have come, proves no \
      silence; nothing is reported then.
      """,
    options: [wait],
    sources: [.rfc(9293, "3.10.7.3"), .rfc(1122, "4.2.3.5")],
    followsFrom: ["time-wait-syn-dropped"],
    claimsAbsence: true,
    examples: [
      .fires(
        "a firewall drops every SYN",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>  #! HSK102
          1.000 > S 0:0(0) win 64240 <mss 1460>
          3.000 > S 0:0(0) win 64240 <mss 1460>
          7.000 > S 0:0(0) win 64240 <mss 1460>
          flow 2
          60.000 > S 0:0(0) win 64240 <mss 1460>
          60.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          60.0201 > . 1:1(0) ack 1 win 64240
          """),
      .clean(
        "the capture ends with the SYN",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          0.0201 > . 1:1(0) ack 1 win 64240
          flow 2
          0.030 > S 0:0(0) win 64240 <mss 1460>
          """),
    ])
  static let observes: EpisodeKind = .handshake

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, e.outcome == .unanswered, !e.asymmetric else { return }
    guard let first = e.syns.first, let last = e.syns.last else { return }
    // A repeat proves that its sender had no answer; a single SYN only proves it once an answer was due.
    guard e.synCount > 1 || e.observedAfter >= out[Self.wait] else { return }
    let silence = e.observedAfter &+ last.since(first)
    let act =
      e.synCount == 1
      ? "sent a SYN that was not answered within \(Format.time(silence))"
      : "sent its SYN \(Format.count(e.synCount, "time")) in \(Format.time(last.since(first))) without an answer"
    out.report(
      act, at: first,
      confidence: e.gaveUp || e.nearOriginator || e.observedAfter >= out[Self.wait] ? .certain : .likely,
      why: """
        \(e.syns.frames) carry the same SYN; the capture goes on for \(Format.time(e.observedAfter)) after the \
        last and holds no segment of the responder and no ICMP error
        """,
      evidence: e.syns.dropFirst().evidence("again"),
      values: [
        Value("syns", Int64(e.synCount), .segments), Value("observed_after", e.observedAfter, .nanoseconds),
      ], occurrences: 1)
  }
}
