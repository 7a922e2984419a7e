/// The report of a flow of which nothing but a SYN was captured: scans, floods, and the last of any capture.
extension Flow {
  /// Fills in everything beside counters, as `PathInference` and `FlowStories` would, and tells the opening; nil,
  /// and nothing filled in, where the flow holds more. `PlainFlowTests` holds both ways equal.
  func fillLoneSyn(_ report: inout FlowReport, _ view: PathView, now: Int64) -> HandshakeEpisode? {
    guard dossier == nil, log.end == 1, log.first == 0, status.contains(.beganWithSyn),
      status.isDisjoint(with: [.selfConnection, .fastOpen])
    else { return nil }
    let syn = log[0]
    guard syn.flags.intersection([.syn, .ack, .rst, .fin]) == .syn, syn.payload == 0,
      syn.sender == .originator, syn.marks.isDisjoint(with: [.badChecksum, .injected, .duplicate])
    else { return nil }
    report.originator.transitions = [
      Transition(from: .closed, to: .synSent, time: syn.time, cause: 0, proof: syn.frame)
    ]
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
    report.history = [UInt8(ascii: "S")]

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
