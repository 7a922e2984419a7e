import TraceDecode

/// What the connections of one side of a service had in common, counted.
public struct ServiceConduct: Sendable {
  /// Connections that reached ESTABLISHED on this side.
  public internal(set) var established = 0
  /// SYN-RECEIVED that was never left for ESTABLISHED.
  public internal(set) var halfOpen = 0
  /// SYNs that nothing answered.
  public internal(set) var ignored = 0
  /// Connections that this side closed first.
  public internal(set) var closedFirst = 0
  /// Of those: data segments the originator sent, least and most.
  public internal(set) var requestsLeast: UInt64 = .max
  public internal(set) var requestsMost: UInt64 = 0
  /// Stays in CLOSE-WAIT of at least `longCloseWait`, and the longest. Units: nanoseconds.
  public internal(set) var longCloseWaits = 0
  public internal(set) var longestCloseWait: Int64 = 0
  /// First frame of the first connection with such a stay.
  public internal(set) var firstLongCloseWait: UInt64 = 0
  /// Uses of a four-tuple that was in TIME-WAIT.
  public internal(set) var reuses = 0
  /// Lowest and highest port this side had.
  public internal(set) var lowestPort: UInt16 = .max
  public internal(set) var highestPort: UInt16 = 0
  /// First frames of the first half-open and the first ignored connection.
  public internal(set) var firstHalfOpen: UInt64 = 0
  public internal(set) var firstIgnored: UInt64 = 0
  /// When the first and the last half-open connection came. Units: nanoseconds since the epoch.
  public internal(set) var halfOpenFrom: Int64 = .max
  public internal(set) var halfOpenUntil: Int64 = .min
  /// Capture points near this side.
  public internal(set) var isNear = false

  /// From when on CLOSE-WAIT is long. Units: nanoseconds.
  public static let longCloseWait: Int64 = 10_000_000_000

  mutating func take(_ report: FlowReport, _ stays: [StateStay], _ role: Role) {
    let port = report.flow[role].port
    lowestPort = min(lowestPort, port)
    highestPort = max(highestPort, port)
    if report.isNear(role) { isNear = true }
    let wasEstablished = report[role].transitions.contains { $0.to == .established }
    if wasEstablished { established += 1 }
    if report.reusesTimeWait { reuses += 1 }
    if role == .responder, !report.midStream, !wasEstablished {
      if stays.contains(where: { $0.state == .synReceived }) {
        if halfOpen == 0 { firstHalfOpen = report.flow.firstFrame }
        halfOpen += 1
        halfOpenFrom = min(halfOpenFrom, report.firstTime)
        halfOpenUntil = max(halfOpenUntil, report.firstTime)
      } else if report.outcome == .unanswered, !report.asymmetric {
        if ignored == 0 { firstIgnored = report.flow.firstFrame }
        ignored += 1
      }
    }
    if report.activeCloser == role {
      closedFirst += 1
      requestsLeast = min(requestsLeast, report.originator.metrics.dataPackets)
      requestsMost = max(requestsMost, report.originator.metrics.dataPackets)
    }
    for stay in stays where stay.state == .closeWait {
      let end = stay.until ?? report.lastTime &+ max(0, report.observedAfter)
      let (time, overflow) = end.subtractingReportingOverflow(stay.from)
      guard !overflow, time >= Self.longCloseWait else { continue }
      if longCloseWaits == 0 { firstLongCloseWait = report.flow.firstFrame }
      longCloseWaits += 1
      longestCloseWait = max(longestCloseWait, time)
    }
  }
}
