import TraceDecode

/// HSK115 syn-queue-full
struct SynQueueFull: Rule {
  static let least = RuleOption(
    "connections", default: 5, .none,
    "connections of one service whose SYN was ignored while it served others")
  static let info = RuleInfo(
    code: "HSK115", name: "syn-queue-full", family: .handshake, severity: .warning,
    summary: "A service ignored several SYNs in silence while it took other connections.",
    why: """
      A listener whose queue of half-open connections is full drops further SYNs: their connect() takes a \
      second, three, seven. Linux drops them too while the accept queue is full.
      """,
    remedy: """
      raise net.ipv4.tcp_max_syn_backlog, the backlog of listen() and net.core.somaxconn together, and keep \
      net.ipv4.tcp_syncookies at 1; watch ListenDrops and TCPReqQFullDrop (nstat), and look for a SYN flood \
      (SEC904) or a slow accept() (HSK114)
      """,
    falsePositives: """
      A service that answers nobody is down or behind a firewall (HSK102). SYNs lost on the path look the same \
      from afar: only a capture beside the responder is sure.
      """,
    options: [least],
    sources: [
      .rfc(4987, "3"),
      .document(title: "tcp(7)", url: "https://man7.org/linux/man-pages/man7/tcp.7.html"),
    ],
    claimsAbsence: true,
    examples: [
      .fires(
        "five SYNs wait for their repeat, others are served between",
        script: """
          repeat 5
          flow +1
          +0.010 > S 0:0(0) win 64240 <mss 1460>
          flow +1
          +0.010 > S 0:0(0) win 64240 <mss 1460>
          +0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > . 1:1(0) ack 1 win 64240
          flow -1
          +0.970 > S 0:0(0) win 64240 <mss 1460>
          +0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > . 1:1(0) ack 1 win 64240
          flow +1
          end
          #! HSK115@capture, HSK101@flow
          """),
      .clean(
        "nobody is served: the host is down",
        script: """
          repeat 6
          flow +1
          +0.010 > S 0:0(0) win 64240 <mss 1460>
          +1.000 > S 0:0(0) win 64240 <mss 1460>
          end
          #! HSK102@flow
          """),
    ])
  static let observes: EpisodeKind = [.handshakeBeyondSyn, .flowEnd, .captureEnd]
  static let flows: FlowTraits = .answered

  private struct Tally {
    var ignored = MomentCounts()
    var served = MomentCounts()
    var isNear = false
    var evidence: [Evidence] = []
    var first: SegmentRef?
    /// Longest time until a SYN was answered. Units: nanoseconds.
    var slowest: Int64 = 0
  }
  private var services = Tallies<SocketAddress, Tally>()

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .handshake(let e) = episode, let (first, again) = e.ignoredSyn else { return }
    services.update(flow.responder, Tally()) { tally in
      tally.ignored.add(first.time)
      if e.nearResponder { tally.isNear = true }
      if tally.first == nil || first.frame < (tally.first?.frame ?? 0) { tally.first = first }
      if tally.evidence.count < 6 {
        tally.evidence += [first.evidence("ignored"), again.evidence("again")]
      }
      if let answer = e.synAcks.first { tally.slowest = max(tally.slowest, answer.since(first)) }
    }
  }

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    guard !report.midStream, report.originator.metrics.synCount == 1,
      report.responder.metrics.synCount > 0
    else { return }
    services.update(report.flow.responder, Tally()) { $0.served.add(report.firstTime) }
  }

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    let least = max(1, Int(clamping: out[Self.least]))
    for (service, tally) in services.worst(mostOf: { $0.ignored.total }, named: \.description)
    where tally.ignored.total >= least {
      let served = tally.served.count(from: tally.ignored.first, to: tally.ignored.last)
      guard served > 0, let first = tally.first else { continue }
      out.report(
        "\(service) ignored \(Format.count(tally.ignored.total, "SYN")) while it took \(Format.count(served, "other connection"))",
        at: first, note: "ignored", endpoint: .responder, confidence: tally.isNear ? .likely : .possible,
        why: """
          \(Format.count(tally.ignored.total, "connection")) got no answer to the first SYN within \
          \(Format.time(tally.ignored.span)), in which \(served) others were answered at once\
          \(tally.slowest > 0 ? "; the slowest waited \(Format.time(tally.slowest))" : "")
          """,
        alternatives: ["the SYNs were lost on the path", "a filter limits the rate of new connections"],
        evidence: tally.evidence,
        values: [Value("ignored", Int64(tally.ignored.total)), Value("served", Int64(served))])
    }
  }
}

extension HandshakeEpisode {
  /// A first SYN that got no answer before it was repeated, and its repeat.
  var ignoredSyn: (first: SegmentRef, again: SegmentRef)? {
    guard !asymmetric, !simultaneous, icmp.isEmpty, lostSynAck == nil, syns.count > 1 else { return nil }
    // Refused is not ignored.
    guard outcome == .established || outcome == .unanswered || outcome == .halfOpen else { return nil }
    if let answer = synAcks.first, answer.frame < syns[1].frame { return nil }
    return (syns[0], syns[1])
  }
}
