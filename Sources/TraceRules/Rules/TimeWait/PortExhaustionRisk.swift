import TraceDecode

/// TWR709 port-exhaustion-risk
struct PortExhaustionRisk: Rule {
  static let ports = RuleOption(
    "ports", default: 28_232, .none, "ephemeral ports a host has towards one service: 32768 to 60999 on Linux"
  )
  static let percent = RuleOption(
    "percent", default: 80, .percent, "how much of them TIME-WAIT may hold before it is a risk")
  static let info = RuleInfo(
    code: "TWR709", name: "port-exhaustion-risk", family: .timeWait, severity: .warning,
    summary: "A host opens and closes connections to one service so fast that its ports may run out.",
    why: """
      Each connection that the originator closes first holds its port towards that service for 2 MSL. When all \
      are held, connect() fails with EADDRNOTAVAIL while the network is idle.
      """,
    remedy: """
      keep connections open and pool them; else let the service close first, widen \
      net.ipv4.ip_local_port_range, allow net.ipv4.tcp_tw_reuse=1 with timestamps on (safe for originators), or \
      add addresses on either side; tcp_fin_timeout does not shorten TIME-WAIT, and SO_LINGER 0 only trades it \
      for resets
      """,
    falsePositives: """
      Connections that the service closes leave TIME-WAIT there and cost the originator nothing. Ports are per \
      service: many connections to many services are no risk. A short capture is scaled up only when it shows \
      at least 500 closes over half a second.
      """,
    options: [ports, percent, TimeWaitPressure.timeWait],
    sources: [
      .rfc(6056, "3.2"),
      .document(title: "ip(7)", url: "https://man7.org/linux/man-pages/man7/ip.7.html"),
    ],
    examples: [
      .fires(
        "a connection every two milliseconds",
        script: """
          repeat 510
          flow +1
          +0.0005 > S 0:0(0) win 64240 <mss 1460>
          +0.0005 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > FP. 1:101(100) ack 1 win 64240
          +0.0005 < F. 1:1(0) ack 102
          +0.0001 > . 102:102(0) ack 2
          end
          #! TWR709@capture
          """),
      .clean(
        "a connection every second",
        script: """
          repeat 20
          flow +1
          +1.000 > S 0:0(0) win 64240 <mss 1460>
          +0.001 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > FP. 1:101(100) ack 1 win 64240
          +0.001 < F. 1:1(0) ack 102
          +0.0001 > . 102:102(0) ack 2
          end
          """),
    ])
  static let observes: EpisodeKind = [.flowEnd, .captureEnd]
  static let flows: FlowTraits = .originatorWaits

  private struct Pair: Scattered {
    var host: IPAddress
    var service: SocketAddress

    func scatter(into scatter: inout Scatter) {
      host.scatter(into: &scatter)
      service.scatter(into: &scatter)
    }
  }
  private struct Tally {
    var closes = MomentCounts()
    /// Uses of a four-tuple that was in TIME-WAIT.
    var reuses = 0
    var firstFrame = UInt64.max
    var firstTime: Int64 = 0
  }
  private var pairs = Tallies<Pair, Tally>()

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    guard report.timeWaitHolder == .originator, let from = report.timeWaitFrom else { return }
    let pair = Pair(host: report.flow.originator.address, service: report.flow.responder)
    pairs.update(pair, Tally()) { tally in
      tally.closes.add(from)
      if report.reusesTimeWait { tally.reuses += 1 }
      if report.flow.firstFrame < tally.firstFrame {
        tally.firstFrame = report.flow.firstFrame
        tally.firstTime = report.firstTime
      }
    }
  }

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    let ports = max(1, out[Self.ports])
    let percent = max(1, out[Self.percent])
    let timeWait = out[TimeWaitPressure.timeWait]
    for (pair, tally) in pairs.worst(
      mostOf: { $0.closes.total }, named: { "\($0.service) \($0.host)" })
    {
      let level = TimeWaitLevel(tally.closes, timeWait: timeWait)
      guard Int64(level.count) >= ports / 100 * percent else { continue }
      let reuse =
        tally.reuses > 0
        ? "; \(Format.count(tally.reuses, "port")) reused from TIME-WAIT already" : "; none was reused"
      out.report(
        "\(pair.host) \(level.words) in TIME-WAIT towards \(pair.service), of \(Format.grouped(ports)) ports it has",
        frame: tally.firstFrame, time: tally.firstTime, endpoint: .originator,
        confidence: level.isProjected ? .likely : .certain,
        why: """
          it closed \(Format.count(tally.closes.total, "connection")) first within \(Format.time(tally.closes.span)), \
          and each holds its port for \(Format.time(timeWait))\(reuse)
          """,
        values: [
          Value("ports", Int64(level.count)), Value("closes", Int64(tally.closes.total)),
          Value("within", tally.closes.span, .nanoseconds),
        ])
    }
  }
}
