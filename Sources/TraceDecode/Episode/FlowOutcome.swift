extension FlowStories {
  /// Fills in what a report says of the flow's course: outcome, roles in the close, states, vantage, history.
  ///
  /// Counters and measures are the flow's own; they are left alone.
  ///
  /// - Parameter episodes: what `tell` returned, and any other episode of the flow.
  public static func fill(
    _ report: inout FlowReport, _ evidence: FlowEvidence, _ paths: InferredPaths,
    previous: PreviousIncarnation? = nil, episodes: [Episode] = [], timeWait: Int64 = 60_000_000_000
  ) {
    fill(&report.originator, paths.originator)
    fill(&report.responder, paths.responder)
    report.midStream = evidence.midStream
    report.asymmetric = evidence.oneWay
    report.vantage = vantage(evidence)
    report.activeCloser = paths.activeCloser
    report.timeWaitHolder = paths.timeWaitHolder
    report.timeWaitFrom = paths.timeWaitFrom
    report.simultaneousOpen = paths.simultaneousOpen
    report.simultaneousClose = paths.simultaneousClose
    report.sawReset =
      report.sawReset
      || paths.resets.contains {
        $0.isGenuine && evidence.segments.indices.contains($0.segment)
          && !evidence.segments[$0.segment].isForNewerIncarnation
      }
    report.originatorHalf = report.originatorHalf ?? evidence.originator.rtt
    report.responderHalf = report.responderHalf ?? evidence.responder.rtt
    report.history = ConnectionHistory.letters(evidence)
    report.reusesTimeWait = reusesTimeWait(evidence, previous, timeWait)
    measureHandshake(&report, evidence)
    report.outcome = outcome(evidence, paths, episodes)
    SocketCompletion.complete(&report, episodes)
  }

  private static func fill(_ report: inout EndpointReport, _ endpoint: borrowing InferredEndpoint) {
    report.transitions = endpoint.transitions
    report.initialState = endpoint.initialState
    report.state = endpoint.state
    report.possibleStates = endpoint.possibleStates
    report.socket = endpoint.socket
  }

  /// The side of the path the capture was taken on.
  static func vantage(_ evidence: FlowEvidence) -> Vantage {
    vantage(
      isNear: (evidence.originator.isNear, evidence.responder.isNear),
      isMeasured: evidence.originator.rtt != nil && evidence.responder.rtt != nil)
  }

  static func vantage(isNear: (originator: Bool, responder: Bool), isMeasured: Bool) -> Vantage {
    switch isNear {
    case (true, true): .nearBoth
    case (true, false): .nearOriginator
    case (false, true): .nearResponder
    case (false, false): isMeasured ? .middle : .unknown
    }
  }

  private static func reusesTimeWait(
    _ evidence: FlowEvidence, _ previous: PreviousIncarnation?, _ timeWait: Int64
  ) -> Bool {
    guard let previous, previous.end == .timeWait, let from = previous.timeWaitFrom,
      let syn = evidence.segments.first(where: { $0.flags.contains(.syn) })
    else { return false }
    return syn.time &- from < timeWait
  }

  /// SYN to the acknowledgement of the SYN-ACK at the capture point, where each was sent once (Karn).
  private static func measureHandshake(_ report: inout FlowReport, _ evidence: FlowEvidence) {
    var syn: Int64?
    var synAckSeen = false
    for segment in evidence.segments {
      if segment.isDuplicate || segment.isInjected { continue }
      let isSyn = segment.flags.contains(.syn)
      switch (isSyn, segment.sender) {
      case (true, .originator):
        if syn != nil { return }
        syn = segment.time
      case (true, .responder):
        if synAckSeen || !segment.flags.contains(.ack) { return }
        synAckSeen = true
      case (false, .originator):
        guard let syn, synAckSeen, segment.hasAck, segment.ack >= 1 else { return }
        report.handshakeRTT = max(0, segment.time &- syn)
        return
      case (false, .responder): continue
      }
    }
  }

  // MARK: the outcome in one word

  static func outcome(_ evidence: FlowEvidence, _ paths: InferredPaths, _ episodes: [Episode]) -> Outcome {
    if let opening = openingOutcome(episodes) { return opening }
    let closed = paths.originator.finEnd != nil && paths.responder.finEnd != nil
    if let reset = firstBelievedReset(evidence, paths) {
      let wasOver = closed && reset.isAfterClose
      if !wasOver { return reset.sender == .originator ? .resetByOriginator : .resetByResponder }
    }
    if closed { return paths.simultaneousClose ? .finSimultaneous : .fin }
    if gaveUp(paths, episodes) { return .timedOut }
    let open: StateSet = [
      StateSet(.established), StateSet(.closeWait), StateSet(.finWait1), StateSet(.finWait2),
    ]
    if open.contains(StateSet(paths.originator.state)) || open.contains(StateSet(paths.responder.state)) {
      return .open
    }
    if evidence.midStream { return .open }
    return paths.originator.state == .synSent ? .unanswered : .unknown
  }

  private static func openingOutcome(_ episodes: [Episode]) -> Outcome? {
    for case .handshake(let handshake) in episodes {
      switch handshake.outcome {
      case .established: return nil
      case .refused: return .refused
      case .unanswered: return .unanswered
      case .halfOpen: return .halfOpen
      case .unreachable: return .unreachable
      case .abortedByOriginator: return .resetByOriginator
      case .resetInSynReceived: return .resetByResponder
      }
    }
    return nil
  }

  /// The first RST that ended an endpoint's connection, and whether both FINs had passed before.
  private static func firstBelievedReset(_ evidence: FlowEvidence, _ paths: InferredPaths)
    -> (sender: Role, isAfterClose: Bool)?
  {
    for reset in paths.resets where evidence.segments.indices.contains(reset.segment) {
      guard reset.verdict == .accepted || reset.verdict == .afterClose else { continue }
      let time = evidence.segments[reset.segment].time
      let fins = [paths.originator.finSent, paths.responder.finSent].compactMap { $0 }
      return (reset.sender, fins.count == 2 && fins.allSatisfy { $0.time <= time })
    }
    return nil
  }

  /// Somebody repeated to the end, and the capture went on past the next repeat without one.
  private static func gaveUp(_ paths: InferredPaths, _ episodes: [Episode]) -> Bool {
    for case .loss(let loss) in episodes where loss.gaveUp { return true }
    return paths.originator.socket.failure == .timedOut || paths.responder.socket.failure == .timedOut
  }
}
