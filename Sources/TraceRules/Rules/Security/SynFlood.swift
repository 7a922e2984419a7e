import TraceDecode

/// SEC904 syn-flood
struct SynFlood: Rule {
  static let least = RuleOption(
    "half_open", default: 100, .none, "openings of one service within ten seconds that were never completed")
  static let info = RuleInfo(
    code: "SEC904", name: "syn-flood", family: .security, severity: .warning,
    summary: "A service received many SYNs whose originators never completed the handshake.",
    why: """
      Each takes a place in the queue of half-open connections until its SYN-ACKs are used up, about a minute on \
      Linux. With spoofed sources nobody ever answers, and wanted connections are ignored.
      """,
    remedy: """
      keep net.ipv4.tcp_syncookies at 1; raise net.ipv4.tcp_max_syn_backlog, the backlog of listen() and \
      net.core.somaxconn; lower net.ipv4.tcp_synack_retries; filter or rate-limit upstream, where the sources \
      can be told from wanted ones
      """,
    falsePositives: """
      A port scan sends one SYN to each of many services, and answers SYN-ACKs with RST. One client that knocks \
      at a dead service is HSK102's. A capture of one direction only shows no completion, and is not judged.
      """,
    options: [least],
    sources: [.rfc(4987, "2")],
    claimsAbsence: true,
    examples: [
      .fires(
        "a hundred and twenty SYNs in a second",
        script: """
          repeat 120
          flow +1
          +0.008 > S 0:0(0) win 512
          +0.0001 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          end
          +5.000 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          #! SEC904@capture, HSK104@flow
          """),
      .clean(
        "a hundred and twenty connections in a second",
        script: """
          repeat 120
          flow +1
          +0.008 > S 0:0(0) win 512
          +0.0001 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > . 1:1(0) ack 1
          end
          """),
    ])
  static let observes: EpisodeKind = [.flowEnd, .captureEnd]

  private struct Tally {
    var halfOpen = MomentCounts()
    var answered = 0
    var completed = 0
    /// At most `sourceLimit`.
    var sources = KeyIndex<IPAddress>()
    var firstFrame = UInt64.max
    var firstTime: Int64 = 0
  }
  private var services = Tallies<SocketAddress, Tally>()
  private static let sourceLimit = 4096
  /// As long as a listener of Linux keeps a half-open connection: five repeats. Units: nanoseconds.
  private static let queued: Int64 = 63_000_000_000

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    guard !report.midStream, !report.asymmetric else { return }
    switch report.outcome {
    case .halfOpen, .unanswered:
      services.update(report.flow.responder, Tally()) { tally in
        tally.halfOpen.add(report.firstTime)
        if report.outcome == .halfOpen { tally.answered += 1 }
        tally.sources.place(of: report.flow.originator.address, limit: Self.sourceLimit)
        if report.flow.firstFrame < tally.firstFrame {
          tally.firstFrame = report.flow.firstFrame
          tally.firstTime = report.firstTime
        }
      }
    case .refused, .unreachable: break
    default: services.update(report.flow.responder, Tally()) { $0.completed += 1 }
    }
  }

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    let least = Int(clamping: max(1, out[Self.least]))
    for (service, tally) in services.worst(
      mostOf: { $0.halfOpen.total }, named: \.description)
    {
      let burst = tally.halfOpen.most(within: 10_000_000_000).count
      guard burst >= least, tally.halfOpen.total >= tally.completed * 2 else { continue }
      // SYNs that nothing answers, all of one host, are a client at a dead service.
      guard tally.sources.count >= 16 || tally.answered * 2 >= tally.halfOpen.total else { continue }
      let second = tally.halfOpen.most(within: 1_000_000_000).count
      let depth = tally.halfOpen.most(within: Self.queued).count
      let sources =
        (tally.sources.count >= Self.sourceLimit ? "at least " : "")
        + Format.count(tally.sources.count, "source address", plural: "source addresses")
      out.report(
        "\(service) got \(Format.count(tally.halfOpen.total, "SYN")) that never became connections, up to \(Format.grouped(second)) a second",
        frame: tally.firstFrame, time: tally.firstTime, endpoint: .originator, confidence: .likely,
        why: """
          they come from \(sources); the service answered \(Format.grouped(tally.answered)), and up to \
          \(Format.grouped(depth)) were half open at once if it keeps each for \(Format.time(Self.queued)); \
          \(Format.count(tally.completed, "connection")) came about meanwhile
          """,
        values: [
          Value("half_open", Int64(tally.halfOpen.total)), Value("rate", Int64(second), .perSecond),
          Value("peak", Int64(depth)), Value("sources", Int64(tally.sources.count)),
        ])
    }
  }
}
