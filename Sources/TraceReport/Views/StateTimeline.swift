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
