import TraceDecode

/// CLS508 close-wait-pile-up
struct CloseWaitPileUp: Rule {
  static let least = RuleOption(
    "connections", default: 5, .none, "connections that one side of a service left in CLOSE-WAIT")
  static let patience = RuleOption(
    "patience", default: 10_000_000_000, .nanoseconds, "how long CLOSE-WAIT without data must have lasted")
  static let info = RuleInfo(
    code: "CLS508", name: "close-wait-pile-up", family: .close, severity: .warning,
    summary: "One side of a service left several connections in CLOSE-WAIT: its application does not close.",
    why: """
      The peer's FIN was acknowledged by the kernel; only the application's close() ends CLOSE-WAIT, no timer \
      does. Descriptors and memory leak until accept() or connect() fails with EMFILE.
      """,
    remedy: """
      find where the application keeps a socket after read() returned 0 (an error path, a pool that does not \
      test its connections, a blocked thread); ss -tanp state close-wait names the process; no sysctl helps, \
      and restarting it only empties the pile
      """,
    falsePositives: """
      A half-closed connection that goes on carrying data is in use (shutdown(SHUT_WR)). A short stay in \
      CLOSE-WAIT is every passive close. A single one is CLS503's.
      """,
    options: [least, patience],
    sources: [.rfc(9293, "3.6")],
    claimsAbsence: true,
    examples: [
      .fires(
        "a service that forgets five sockets",
        script: """
          repeat 5
          flow +1
          +0.010 > S 0:0(0) win 64240 <mss 1460>
          +0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > . 1:1(0) ack 1 win 64240
          +0.0001 > F. 1:1(0) ack 1
          +0.020 < . 1:1(0) ack 2
          end
          flow +1
          +20.000 > S 0:0(0) win 64240 <mss 1460>
          +0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > . 1:1(0) ack 1
          #! CLS508@capture
          """),
      .clean(
        "half closed, and still sending",
        script: """
          repeat 5
          flow +1
          +0.010 > S 0:0(0) win 64240 <mss 1460>
          +0.020 < S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0.0001 > . 1:1(0) ack 1 win 64240
          +0.0001 > F. 1:1(0) ack 1
          +0.020 < . 1:1(0) ack 2
          +15.000 < P. 1:101(100) ack 2
          +0.0001 > . 2:2(0) ack 101
          +0.010 < F. 101:101(0) ack 2
          +0.0001 > . 2:2(0) ack 102
          end
          """),
    ])
  static let observes: EpisodeKind = [.close, .captureEnd]

  /// One side of a service.
  private struct Side: Scattered {
    var service: SocketAddress
    /// The host whose application does not close.
    var host: IPAddress

    func scatter(into scatter: inout Scatter) {
      service.scatter(into: &scatter)
      host.scatter(into: &scatter)
    }
  }
  private struct Tally {
    var role: Role
    var left = MomentCounts()
    /// Units: nanoseconds.
    var longest: Int64 = 0
    var evidence: [Evidence] = []
    var first: SegmentRef?
  }
  private var sides = Tallies<Side, Tally>()

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .close(let e) = episode, let time = e.halfClosedFor, let role = e.lingering, !e.asymmetric,
      time >= out[Self.patience], e.halfClosedOctets == 0
    else { return }
    // Without the acknowledgement of the FIN it is not known that the end of the stream arrived.
    guard let fin = e[role.peer].fins.first, let ack = e[role.peer].finAck else { return }
    sides.update(Side(service: flow.responder, host: flow[role].address), Tally(role: role)) { tally in
      tally.left.add(ack.time)
      tally.longest = max(tally.longest, time)
      if tally.first == nil || ack.frame < (tally.first?.frame ?? 0) { tally.first = ack }
      if tally.evidence.count < 6 {
        tally.evidence += [fin.evidence("closes"), ack.evidence("acknowledges it, and no FIN follows")]
      }
    }
  }

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    let least = max(1, Int(clamping: out[Self.least]))
    let patience = out[Self.patience]
    for (side, tally) in sides.worst(
      mostOf: { $0.left.total }, named: { "\($0.service) \($0.host)" })
    where tally.left.total >= least {
      guard let first = tally.first else { continue }
      let place = tally.role == .responder ? "\(side.service)" : "\(side.host), towards \(side.service),"
      out.report(
        "\(place) left \(tally.left.total) connections in CLOSE-WAIT, the longest for \(Format.time(tally.longest))",
        at: first, note: "acknowledges the FIN, and no FIN follows", endpoint: tally.role,
        confidence: .likely,
        why: """
          in \(tally.left.total) connections the peer's FIN was acknowledged, and neither data nor a FIN followed for \
          \(Format.time(patience)) and more
          """,
        evidence: tally.evidence,
        values: [
          Value("connections", Int64(tally.left.total)), Value("longest", tally.longest, .nanoseconds),
        ])
    }
  }
}
