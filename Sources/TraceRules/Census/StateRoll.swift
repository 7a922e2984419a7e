import TraceDecode

/// Who was in which state at given moments: what `ss -ant` would have shown on each host.
///
/// Limits: `groupLimit` hosts a moment.
public struct StateRoll: Sendable {
  /// The moments, in the order given. Units: nanoseconds since the epoch.
  public let moments: [Int64]
  /// Connections by moment, host and state.
  public private(set) var counts: [[IPAddress: [State: Int]]]
  /// Services that answered a SYN, by host: each has a socket in LISTEN.
  public private(set) var listeners: [IPAddress: Set<UInt16>] = [:]
  private let timeWait: Int64
  private let groupLimit: Int

  public init(
    moments: [Int64], timeWait: Int64 = AnalyzerOptions().timeWait, groupLimit: Int = 65_536
  ) {
    self.moments = moments
    self.timeWait = timeWait
    self.groupLimit = groupLimit
    counts = Array(repeating: [:], count: moments.count)
  }

  /// Takes in a flow that is over.
  public mutating func add(_ report: FlowReport) {
    for stay in report.stays(timeWait: timeWait) {
      let host = report.flow[stay.role].address
      for (i, moment) in moments.enumerated() where stay.from <= moment && moment < stay.until ?? .max {
        guard counts[i][host] != nil || counts[i].count < groupLimit else { continue }
        counts[i][host, default: [:]][stay.state, default: 0] += 1
      }
      if stay.state == .synReceived, stay.role == .responder, report[.responder].initialState == .listen,
        listeners[host] != nil || listeners.count < groupLimit
      {
        listeners[host, default: []].insert(report.flow.responder.port)
      }
    }
  }
}

extension State {
  /// The name as `ss` prints it: `ESTAB`.
  public var ssName: String {
    switch self {
    case .closed: "UNCONN"
    case .synReceived: "SYN-RECV"
    case .established: "ESTAB"
    default: name
    }
  }
}
