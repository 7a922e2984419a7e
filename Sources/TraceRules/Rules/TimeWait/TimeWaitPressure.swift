import TraceDecode

/// TWR708 time-wait-pressure
struct TimeWaitPressure: Rule {
  static let most = RuleOption(
    "time_waits", default: 10_000, .none,
    "connections of one service in TIME-WAIT at once, held by the service")
  static let timeWait = RuleOption(
    "time_wait", default: 60_000_000_000, .nanoseconds, "how long TIME-WAIT lasts: 2 MSL")
  static let info = RuleInfo(
    code: "TWR708", name: "time-wait-pressure", family: .timeWait, severity: .note,
    summary: "A service closes its connections first, and so often that TIME-WAIT piles up on it.",
    why: """
      Who closes first keeps the four-tuple in TIME-WAIT for 2 MSL. Each costs a little memory, and beyond \
      net.ipv4.tcp_max_tw_buckets Linux drops them early, which takes away their protection. Above all it shows \
      that every request pays for a handshake.
      """,
    remedy: """
      let the connections live: keep-alive of the application protocol on both sides, a longer idle limit, no or \
      a higher request limit; or let the client close first; SO_LINGER 0 and tcp_fin_timeout are no cure (the \
      one loses data, the other is about FIN-WAIT-2)
      """,
    falsePositives: """
      TIME-WAIT on the side that opened the connections costs it ports, which is TWR709's. A short capture is \
      scaled up to 2 MSL only when it shows at least 500 closes over half a second.
      """,
    options: [most, timeWait],
    sources: [.rfc(9293, "3.4.2"), .rfc(6191, "")],
    examples: [
      .fires(
        "five hundred requests in two seconds, each on a connection of its own",
        script: """
          repeat 510
          flow +1
          +0.001 > S 0:0(0) win 64240 <mss 1460>
          +0.001 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > P. 1:101(100) ack 1 win 64240
          +0.001 < FP. 1:101(100) ack 101
          +0.0001 > F. 101:101(0) ack 102
          +0.0001 < . 102:102(0) ack 102
          end
          #! TWR708@capture
          """),
      .clean(
        "the client closes first",
        script: """
          repeat 20
          flow +1
          +0.001 > S 0:0(0) win 64240 <mss 1460>
          +0.001 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > FP. 1:101(100) ack 1 win 64240
          +0.001 < F. 1:1(0) ack 102
          +0.0001 > . 102:102(0) ack 2
          end
          """),
    ])
  static let observes: EpisodeKind = [.flowEnd, .captureEnd]
  static let flows: FlowTraits = .responderWaits

  private struct Tally {
    var closes = MomentCounts()
    /// Data segments the originator sent before it, least and most.
    var requests: (least: UInt64, most: UInt64) = (.max, 0)
    var firstFrame = UInt64.max
    var firstTime: Int64 = 0
  }
  private var services = Tallies<SocketAddress, Tally>()

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    guard report.timeWaitHolder == .responder, let from = report.timeWaitFrom else { return }
    services.update(report.flow.responder, Tally()) { tally in
      tally.closes.add(from)
      let requests = report.originator.metrics.dataPackets
      tally.requests = (min(tally.requests.least, requests), max(tally.requests.most, requests))
      if report.flow.firstFrame < tally.firstFrame {
        tally.firstFrame = report.flow.firstFrame
        tally.firstTime = report.firstTime
      }
    }
  }

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    let most = Int(clamping: out[Self.most])
    let timeWait = out[Self.timeWait]
    for (service, tally) in services.worst(mostOf: { $0.closes.total }, named: \.description) {
      let level = TimeWaitLevel(tally.closes, timeWait: timeWait)
      guard level.count >= most else { continue }
      out.report(
        "\(service) \(level.words) in TIME-WAIT, because it closes first", frame: tally.firstFrame,
        time: tally.firstTime, endpoint: .responder, confidence: level.isProjected ? .likely : .certain,
        why:
          "it closed \(Format.count(tally.closes.total, "connection")) first within \(Format.time(tally.closes.span)); "
          + Self.reason(tally.requests),
        values: [
          Value("time_waits", Int64(level.count)), Value("closes", Int64(tally.closes.total)),
          Value("within", tally.closes.span, .nanoseconds),
        ])
    }
  }

  /// Which habit of the service the traffic shows.
  private static func reason(_ requests: (least: UInt64, most: UInt64)) -> String {
    if requests.most <= 1 {
      return
        "each carried at most one data segment of the client: connections are not kept for a second request"
    }
    if requests.least == requests.most {
      return
        "each after \(requests.most) data segments of the client: look for a request limit per connection"
    }
    return "after \(requests.least) to \(requests.most) data segments of the client: look at its idle limit"
  }
}

/// How many connections are in TIME-WAIT at once, as observed or as the rate of a short capture foretells.
struct TimeWaitLevel {
  var count: Int
  var isProjected: Bool

  /// - Parameter timeWait: 2 MSL. Units: nanoseconds.
  init(_ closes: MomentCounts, timeWait: Int64) {
    count = closes.most(within: timeWait).count
    isProjected = false
    let span = closes.span
    guard span < timeWait, closes.total >= 500, span >= 500_000_000 else { return }
    let projected = Int(Double(closes.total) / Double(span) * Double(timeWait))
    if projected > count { (count, isProjected) = (projected, true) }
  }

  var words: String {
    isProjected
      ? "is on its way to \(Format.grouped(count)) connections" : "held \(Format.grouped(count)) connections"
  }
}
