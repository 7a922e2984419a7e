/// The report of a flow of which nothing but a SYN was captured: scans, floods, and the last of any capture.
extension Flow {
  /// Whether nothing but a SYN was captured of it.
  var isLoneSyn: Bool {
    guard log.end == 1, log.first == 0, dossier == nil, status.contains(.beganWithSyn),
      status.isDisjoint(with: [.selfConnection, .fastOpen])
    else { return false }
    let syn = log[0]
    return syn.flags.intersection([.syn, .ack, .rst, .fin]) == .syn && syn.payload == 0
      && syn.sender == .originator && syn.marks.isDisjoint(with: [.badChecksum, .injected, .duplicate])
  }

  /// Fills in everything beside counters, as `PathInference` and `FlowStories` would, and tells the opening.
  ///
  /// Only where `isLoneSyn`. `PlainFlowTests` holds both ways equal.
  func fillLoneSyn(_ report: inout FlowReport, _ view: PathView, now: Int64) -> HandshakeEpisode {
    let syn = log[0]
    report.originator.transitions.append(
      Transition(from: .closed, to: .synSent, time: syn.time, cause: 0, proof: syn.frame))
    report.originator.state = .synSent
    report.originator.possibleStates = StateSet(.synSent)
    report.originator.socket.connect = .pending
    report.originator.socket.connectFrame = syn.frame
    // It may have no listener, have dropped the SYN, or have answered it beyond the capture point.
    report.responder.possibleStates = [StateSet(.closed), StateSet(.listen), StateSet(.synReceived)]
    report.vantage = FlowStories.vantage(
      isNear: (view.near.originator, view.near.responder), isMeasured: true)
    report.originatorHalf = view.rtt.originator
    report.responderHalf = view.rtt.responder
    report.outcome = .unanswered
    report.history.append(UInt8(ascii: "S"))

    var handshake = HandshakeEpisode(outcome: .unanswered)
    handshake.syns = [ref(syn)]
    handshake.synCount = 1
    handshake.nearOriginator = view.near.originator
    handshake.nearResponder = view.near.responder
    handshake.observedAfter = max(0, now &- syn.time)
    handshake.gaveUp = handshake.observedAfter > HandshakeStory.firstRepeatDue &* 9 / 8
    return handshake
  }
}
