import TraceDecode

/// How many endpoints were in which state, over time, by host and service.
///
/// Built from the reports of flows that are over; live ones are in it once they are reported.
/// Limits: `groupLimit` groups, the rest is counted in `uncounted`; 2,048 samples a line, beyond which the
/// samples' distance doubles; what comes and goes between two samples is in the totals, not in the lines.
public struct StateCensus: Sendable {
  /// One side of one service: a host's connections to it, or the service's own.
  public struct Group: Hashable, Sendable, Comparable {
    public var host: IPAddress
    /// The service: where connections go to.
    public var service: SocketAddress
    /// The host opens the connections.
    public var isOriginator: Bool

    /// `10.0.0.2:80`, `10.0.0.1 > 10.0.0.2:80`.
    public var name: String { isOriginator ? "\(host) > \(service)" : service.description }

    public static func < (a: Group, b: Group) -> Bool {
      if a.service != b.service {
        return a.service.address != b.service.address
          ? a.service.address < b.service.address : a.service.port < b.service.port
      }
      if a.isOriginator != b.isOriginator { return !a.isOriginator }
      return a.host < b.host
    }
  }

  /// What is known of a group.
  public struct Tally: Sendable {
    var lines: [State: CensusLine] = [:]
    /// Endpoints in any state.
    var all = CensusLine()
    public internal(set) var flows = 0
    public internal(set) var conduct = ServiceConduct()
  }

  /// 2 MSL. Units: nanoseconds.
  public let timeWait: Int64
  /// Distance of two samples. Units: nanoseconds.
  public private(set) var step: Int64 = 1_000_000
  /// The first sample. Units: nanoseconds since the epoch; nil before the first flow.
  public private(set) var start: Int64?
  /// The last moment any flow is known to have been seen at.
  public private(set) var end: Int64 = .min
  public private(set) var groups: [Group: Tally] = [:]
  /// Endpoints of groups beyond the limit.
  public private(set) var uncounted = 0
  private let groupLimit: Int

  static let samples = 2048

  public init(timeWait: Int64 = AnalyzerOptions().timeWait, start: Int64? = nil, groupLimit: Int = 1024) {
    self.timeWait = timeWait
    self.start = start
    self.groupLimit = groupLimit
  }

  /// Takes in a flow that is over.
  public mutating func add(_ report: FlowReport) {
    if start == nil { start = report.firstTime }
    end = max(end, report.lastTime &+ max(0, report.observedAfter))
    fit(report)
    let stays = report.stays(timeWait: timeWait)
    let clock = clock
    for role in [Role.originator, .responder] {
      let group = Group(
        host: report.flow[role].address, service: report.flow.responder, isOriginator: role == .originator)
      guard groups[group] != nil || groups.count < groupLimit else {
        uncounted += 1
        continue
      }
      let own = stays.filter { $0.role == role }
      groups[group, default: Tally()].take(report, own, role, stepOf: clock.stepAfter)
    }
  }

  /// Makes room for the samples up to a flow's end.
  private mutating func fit(_ report: FlowReport) {
    while stepAfter(min(end, report.lastTime)) ?? 0 > Self.samples, step < Int64.max / 4 {
      step *= 2
      for group in groups.keys { groups[group]?.halve() }
    }
  }

  private var clock: CensusClock { CensusClock(start: start, step: step) }

  private func stepAfter(_ time: Int64) -> Int? { clock.stepAfter(time) }

  /// When a sample was taken. Units: nanoseconds since the epoch.
  public func time(of sample: Int) -> Int64 { (start ?? 0) &+ step &* Int64(sample) }

  /// The counts of one state of a group, a sample each, up to the end of the capture; any state for nil.
  public func counts(_ group: Group, _ state: State?) -> [Int] {
    guard let tally = groups[group] else { return [] }
    let line = state.map { tally.lines[$0] ?? CensusLine() } ?? tally.all
    let wanted = min(Self.samples * 2, (stepAfter(end) ?? 0) + 1)
    let counts = line.counts
    if counts.count >= wanted { return Array(counts.prefix(wanted)) }
    return counts + Array(repeating: counts.last ?? 0, count: wanted - counts.count)
  }

  /// The greatest count of a state in a group before the end of the capture, and when; any state for nil.
  public func peak(_ group: Group, _ state: State?) -> (count: Int, time: Int64) {
    var best = (count: 0, time: start ?? 0)
    for (sample, count) in counts(group, state).enumerated() where count > best.count {
      best = (count, time(of: sample))
    }
    return best
  }

  /// The states a group's endpoints were in at some sample, in the RFC's order.
  public func states(of group: Group) -> [State] {
    State.allCases.filter { groups[group]?.lines[$0] != nil }
  }
}

/// When the samples are taken.
private struct CensusClock {
  var start: Int64?
  var step: Int64

  /// The first sample at or after a moment, as far as the lines reach.
  func stepAfter(_ time: Int64) -> Int? {
    guard let start else { return nil }
    let (since, overflow) = time.subtractingReportingOverflow(start)
    if overflow { return time < start ? 0 : nil }
    if since <= 0 { return 0 }
    return Int(clamping: (since - 1) / step + 1)
  }
}

extension StateCensus.Tally {
  fileprivate mutating func take(
    _ report: FlowReport, _ stays: [StateStay], _ role: Role, stepOf: (Int64) -> Int?
  ) {
    flows += 1
    conduct.take(report, stays, role)
    func steps(_ from: Int64, _ until: Int64?) -> (Int, Int?)? {
      guard let first = stepOf(from), first < StateCensus.samples * 2 else { return nil }
      let end = until.flatMap(stepOf).flatMap { $0 < StateCensus.samples * 2 ? $0 : nil }
      return (first, end)
    }
    for stay in stays {
      guard let (first, end) = steps(stay.from, stay.until) else { continue }
      lines[stay.state, default: CensusLine()].add(from: first, until: end)
    }
    if let first = stays.first, let last = stays.last, let (from, until) = steps(first.from, last.until) {
      all.add(from: from, until: until)
    }
  }

  fileprivate mutating func halve() {
    for state in lines.keys { lines[state]?.halve() }
    all.halve()
  }
}
