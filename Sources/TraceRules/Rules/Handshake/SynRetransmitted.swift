import TraceDecode

/// HSK101 syn-retransmitted
struct SynRetransmitted: Rule {
  static let info = RuleInfo(
    code: "HSK101", name: "syn-retransmitted", family: .handshake, severity: .warning,
    aliases: ["tcp.analysis.retransmission"],
    summary: "The originator sent its SYN again because nothing acceptable had answered it in time.",
    why: """
      Each repeat costs the user a whole time-out: 1 s for the first, doubling after that. A lost SYN, a lost \
      SYN-ACK and a responder that drops SYNs under load all look alike to connect().
      """,
    remedy: """
      capture at the responder as well: if the SYN arrives there, look at its SYN and accept queues and its \
      firewall; if not, look for loss on the path
      """,
    falsePositives: """
      A capture that records packets twice repeats SYNs within microseconds; such copies are not counted. \
      A SYN with another initial sequence number is another attempt. A SYN after a refusal is the \
      originator's insistence, not a loss. SYNs never answered at all are HSK102's.
      """,
    sources: [.rfc(9293, "3.8.1"), .rfc(6298, "5")],
    followsFrom: ["time-wait-reuse-refused", "time-wait-syn-dropped", "icmp-error-for-flow"],
    examples: [
      .fires(
        "the first two SYNs get no answer",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          1.000 > S 0:0(0) win 64240 <mss 1460>  #! HSK101
          3.000 > S 0:0(0) win 64240 <mss 1460>
          3.040 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          3.0401 > . 1:1(0) ack 1 win 64240
          """),
      .clean(
        "a mirror port recorded every frame twice",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          copy +0.000004  #! CAP103@capture
          0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          copy +0.000004
          0.0201 > . 1:1(0) ack 1 win 64240
          copy +0.000004
          """),
    ])
  static let observes: EpisodeKind = .handshakeBeyondSyn

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, e.synCount > 1, let first = e.syns.first else { return }
    guard e.outcome != .unreachable, e.outcome != .unanswered || e.asymmetric else { return }
    // A SYN sent after a refusal passed is another try, not a repeat for want of an answer.
    let refused = e.refusal?.frame ?? .max
    let repeats = e.syns.dropFirst().filter { $0.frame < refused }
    guard let again = repeats.first, let last = repeats.last else { return }
    let count = e.refusal == nil ? e.synCount - 1 : repeats.count
    let answer = e.synAcks.first { $0.frame > last.frame } ?? e.refusal
    var why = "\(([first] + repeats).frames) carry the same initial sequence number \(first.seq)"
    if let earlier = e.lostSynAck ?? e.synAcks.first, earlier.frame < again.frame {
      why += "; the SYN-ACK of \(earlier.named) passed here and did not stop them"
    } else if e.asymmetric {
      why += "; the other direction is not in this capture"
    } else {
      why += "; nothing had answered when they passed"
    }
    if e.optionFallback { why += "; the repeat offers fewer options" }
    if let answer { why += "; \(answer.named) answered after \(Format.time(answer.since(first)))" }
    out.report(
      "sent its SYN again\(Format.times(count)), \(([first] + repeats).gaps) after the one before",
      at: again, note: "again, \(Format.time(again.since(first))) later", why: why,
      alternatives: e.optionFallback
        ? ["the options of the first SYN were dropped on purpose by a middlebox"] : [],
      evidence: [first.evidence()] + repeats.dropFirst().evidence("again") + answer.evidence("answers"),
      values: [
        Value("repeats", Int64(count), .segments), Value("delay", last.since(first), .nanoseconds),
      ],
      occurrences: count)
  }
}
