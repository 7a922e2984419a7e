import TraceDecode

/// HSK114 accept-queue-full
struct AcceptQueueFull: Rule {
  static let least = RuleOption(
    "connections", default: 3, .none,
    "connections of one service that were left waiting, ignored SYNs included")
  static let info = RuleInfo(
    code: "HSK114", name: "accept-queue-full", family: .handshake, severity: .warning,
    summary: "A service left several connections half open although their handshakes had ended.",
    why: """
      The application calls accept() more slowly than connections come. When min(backlog, somaxconn) of them \
      wait, Linux drops the last ACK of the next handshake: connect() has returned, but the first request waits \
      for retransmissions, a second and more. With tcp_abort_on_overflow it is reset instead.
      """,
    remedy: """
      make the application accept faster (threads, event loop, no work between accepts); raise the backlog of \
      its listen() and net.core.somaxconn together; watch ListenOverflows (nstat) and Recv-Q of the listener \
      (ss -lnt); leave tcp_abort_on_overflow off unless clients retry at once
      """,
    falsePositives: """
      With TCP_DEFER_ACCEPT a server ignores the bare ACK on purpose and takes the connection with its first \
      data: only connections whose data was ignored too are counted. One such connection is HSK111's.
      """,
    options: [least],
    sources: [
      .rfc(9293, "3.10.7.4"),
      .document(title: "listen(2)", url: "https://man7.org/linux/man-pages/man2/listen.2.html"),
    ],
    examples: [
      .fires(
        "three clients at once",
        script: """
          repeat 3
          flow +1
          +0.010 > S 0:0(0) win 64240 <mss 1460>
          +0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > . 1:1(0) ack 1 win 64240
          +0.0001 > P. 1:101(100) ack 1
          +0.220 > P. 1:101(100) ack 1
          +0.420 > P. 1:101(100) ack 1
          +0.360 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > . 101:101(0) ack 1
          +0.480 > P. 1:101(100) ack 1
          +0.020 < . 1:1(0) ack 101
          end
          #! HSK114@capture, HSK111@flow, SEQ202@flow
          """),
      .clean(
        "TCP_DEFER_ACCEPT: the data is taken at once",
        script: """
          repeat 3
          flow +1
          +0.010 > S 0:0(0) win 64240 <mss 1460>
          +0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > . 1:1(0) ack 1 win 64240
          +1.000 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > . 1:1(0) ack 1
          +0.500 > P. 1:101(100) ack 1
          +0.020 < . 1:1(0) ack 101
          end
          #! HSK105@flow
          """),
    ])
  static let observes: EpisodeKind = [.handshakeBeyondSyn, .captureEnd]

  private struct Tally {
    var ignored = 0
    /// SYNs that were ignored: a full accept queue does that too.
    var syns = 0
    var reset = 0
    var isCertain = false
    /// What shows it, of the first ones.
    var evidence: [Evidence] = []
    var first: SegmentRef?
    var total: Int { ignored + reset + syns }
  }
  private var services = Tallies<SocketAddress, Tally>()

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, !e.asymmetric else { return }
    if let ack = e.ackPassedBeforeRepeat, let again = e.synAckAfterAck, e.ignoredData != nil {
      services.update(flow.responder, Tally()) { tally in
        tally.ignored += 1
        if e.ackReachedResponder { tally.isCertain = true }
        if tally.first == nil { tally.first = again }
        if tally.evidence.count < 6 {
          tally.evidence += [ack.evidence("ends the handshake"), again.evidence("still unanswered for it")]
        }
      }
    } else if e.ignoredSyn != nil {
      services.update(flow.responder, Tally()) { $0.syns += 1 }
    } else if e.outcome == .resetInSynReceived, let ack = e.finalAck {
      services.update(flow.responder, Tally()) { tally in
        tally.reset += 1
        if tally.first == nil { tally.first = ack }
        if tally.evidence.count < 6 { tally.evidence.append(ack.evidence("answered by a RST")) }
      }
    }
  }

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    let least = Int(clamping: out[Self.least])
    for (service, tally) in services.worst(mostOf: { $0.total }, named: \.description)
    where tally.ignored > 0 && tally.total >= max(1, least) || tally.reset >= max(10, least) {
      guard let first = tally.first else { continue }
      let ended = tally.ignored + tally.reset
      let resets = tally.reset > 0 ? ", \(tally.reset) of them by a RST" : ""
      let syns = tally.syns > 0 ? ", and ignored \(Format.count(tally.syns, "SYN"))" : ""
      out.report(
        "\(service) did not take \(Format.count(ended, "connection")) whose handshake had ended" + resets
          + syns,
        at: first, endpoint: .responder, confidence: tally.isCertain ? .certain : .likely,
        why: """
          in \(Format.count(tally.ignored, "connection")) the last ACK and the first data passed, the SYN-ACK was \
          repeated all the same, and the data had to be sent again\
          \(tally.reset > 0 ? "; in \(tally.reset) a RST answered the last ACK (tcp_abort_on_overflow)" : "")\
          \(tally.syns > 0 ? "; \(Format.count(tally.syns, "SYN")) had no answer before its repeat" : "")
          """,
        alternatives: tally.isCertain ? [] : ["the originators' segments were lost beyond the capture point"],
        evidence: tally.evidence,
        values: [Value("connections", Int64(ended)), Value("syns", Int64(tally.syns), .segments)])
    }
  }
}
