import TraceDecode

/// HSK116 syn-cookies-in-use
struct SynCookiesInUse: Rule {
  static let least = RuleOption(
    "connections", default: 10, .none, "half-open connections of one service whose SYN-ACK was sent only once"
  )
  static let patience = RuleOption(
    "patience", default: 3_500_000_000, .nanoseconds, "how long a SYN-ACK must have gone without its repeat")
  static let info = RuleInfo(
    code: "HSK116", name: "syn-cookies-in-use", family: .handshake, severity: .note,
    summary: "A service answers SYNs and never repeats a SYN-ACK: it keeps no half-open connections.",
    why: """
      A full SYN queue makes Linux answer with SYN cookies (net.ipv4.tcp_syncookies=1). Connections still come \
      about, but without window scaling and SACK unless timestamps carry them, and a lost last ACK leaves the \
      originator connected to nothing.
      """,
    remedy: """
      look for the flood that fills the queue (SEC904); if the load is wanted, raise \
      net.ipv4.tcp_max_syn_backlog, the backlog of listen() and net.core.somaxconn; watch TCPReqQFullDoCookies \
      (nstat)
      """,
    falsePositives: """
      A proxy against floods in front of the service does the same. A service that repeats its SYN-ACKs keeps \
      state, and makes no cookies.
      """,
    options: [least, patience],
    sources: [.rfc(4987, "3.6")],
    claimsAbsence: true,
    examples: [
      .fires(
        "twelve SYN-ACKs, none of them repeated",
        script: """
          repeat 12
          flow +1
          +0.010 > S 0:0(0) win 64240 <mss 1460>
          +0.0001 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          end
          flow +1
          +9.000 > S 0:0(0) win 64240 <mss 1460>
          +0.0001 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.010 > . 1:1(0) ack 1
          #! HSK116@capture
          """),
      .clean(
        "a queue that repeats its SYN-ACKs",
        script: """
          repeat 12
          flow +1
          +0.010 > S 0:0(0) win 64240 <mss 1460>
          +0.0001 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +1.000 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +2.000 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          end
          flow +1
          +9.000 > S 0:0(0) win 64240 <mss 1460>
          +0.0001 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.010 > . 1:1(0) ack 1
          #! HSK104@flow
          """),
    ])
  static let observes: EpisodeKind = [.handshakeBeyondSyn, .captureEnd]

  private struct Tally {
    var once = 0
    var repeated = 0
    var evidence: [Evidence] = []
    var first: SegmentRef?
  }
  private var services = Tallies<SocketAddress, Tally>()

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, !e.asymmetric else { return }
    if e.synAckCount > 1 {
      return services.update(flow.responder, Tally()) { $0.repeated += 1 }
    }
    guard e.outcome == .halfOpen, e.synAckCount == 1, let synAck = e.synAcks.first,
      e.observedAfter >= out[Self.patience]
    else { return }
    services.update(flow.responder, Tally()) { tally in
      tally.once += 1
      if tally.first == nil || synAck.frame < (tally.first?.frame ?? 0) { tally.first = synAck }
      if tally.evidence.count < 4 { tally.evidence.append(synAck.evidence("never repeated")) }
    }
  }

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    let least = max(1, Int(clamping: out[Self.least]))
    let patience = out[Self.patience]
    for (service, tally) in services.worst(mostOf: { $0.once }, named: \.description)
    where tally.once >= least && tally.once >= tally.repeated * 4 {
      guard let first = tally.first else { continue }
      out.report(
        "\(service) sent \(Format.count(tally.once, "SYN-ACK")) that nothing acknowledged, and repeated none of them",
        at: first, note: "never repeated", endpoint: .responder, confidence: .likely,
        why: """
          a listener that keeps a half-open connection repeats its SYN-ACK after a second; for \
          \(Format.time(patience)) and more after each of these none came
          """,
        alternatives: ["a proxy against floods answers in its place"], evidence: tally.evidence,
        values: [Value("synacks", Int64(tally.once), .segments)])
    }
  }
}
