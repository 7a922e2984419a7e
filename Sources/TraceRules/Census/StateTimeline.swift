import TraceDecode

extension FlowReport {
  /// Whether the capture was taken beside that endpoint, so that its times are captured, not reckoned.
  public func isNear(_ role: Role) -> Bool {
    switch vantage {
    case .nearBoth: true
    case .nearOriginator: role == .originator
    case .nearResponder: role == .responder
    case .unknown, .middle: false
    }
  }

  /// Half the round trip between the capture point and an endpoint; 0 beside it and where it is not known.
  /// Units: nanoseconds.
  public func oneWay(_ role: Role) -> Int64 {
    guard !isNear(role) else { return 0 }
    return max(0, (role == .originator ? originatorHalf : responderHalf) ?? 0) / 2
  }

  /// An endpoint's changes of state at its own time, in order.
  ///
  /// A change that only the endpoint's own segment shows happened half a round trip before that segment passed
  /// the capture point.
  public func timeline(_ role: Role) -> [Transition] {
    let oneWay = oneWay(role)
    var earliest = Int64.min
    return self[role].transitions.map { transition in
      var transition = transition
      if transition.cause == 0, transition.proof != 0 { transition.time &-= oneWay }
      transition.time = max(transition.time, earliest)
      earliest = transition.time
      return transition
    }
  }
}

/// How long an endpoint was in one state. Units: nanoseconds since the epoch.
public struct StateStay: Sendable, Hashable {
  public var role: Role
  public var state: State
  public var from: Int64
  /// Exclusive; nil when it was still there as far as the capture tells.
  public var until: Int64?
}

extension FlowReport {
  /// Every stay of both endpoints in a state that a socket has; CLOSED and LISTEN are none of one connection.
  ///
  /// TIME-WAIT ends 2 MSL after it last began, or when its four-tuple is taken again.
  /// - Parameter timeWait: 2 MSL. Units: nanoseconds.
  public func stays(timeWait: Int64) -> [StateStay] {
    var stays: [StateStay] = []
    for role in [Role.originator, .responder] {
      var state = self[role].initialState
      var since = firstTime
      func leave(at time: Int64?) {
        guard state != .closed, state != .listen else { return }
        if let time, time <= since { return }
        stays.append(StateStay(role: role, state: state, from: since, until: time))
      }
      for transition in timeline(role) {
        leave(at: transition.time)
        state = transition.to
        since = transition.time
      }
      // The next use of the four-tuple, at this endpoint's time.
      let taken = nextSyn.map { role == .originator ? $0 &- oneWay(role) : $0 &+ oneWay(role) }
      guard state == .timeWait else {
        leave(at: taken)
        continue
      }
      var from = since
      if timeWaitHolder == role, let restarted = timeWaitFrom { from = max(from, restarted) }
      let (end, isEndless) = from.addingReportingOverflow(timeWait)
      let expiry = isEndless ? nil : end
      leave(at: [expiry, taken].compactMap { $0 }.min())
    }
    return stays
  }
}
