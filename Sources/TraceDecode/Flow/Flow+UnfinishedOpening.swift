/// The report of a flow whose opening did not come to its third segment: scans, floods, and the last of any capture.
extension Flow {
  enum UnfinishedOpening {
    /// Nothing but a SYN was captured.
    case loneSyn
    /// Nothing but a SYN and the SYN-ACK that answers it.
    case halfOpen
  }

  /// How far the opening came; nil when it came further, or is a story.
  var unfinishedOpening: UnfinishedOpening? {
    guard log.end < 3, log.end > 0, log.first == 0, isToldBySegments, status.contains(.beganWithSyn),
      status.isDisjoint(with: [.selfConnection, .fastOpen])
    else { return nil }
    if log.end == 2 { return PlainFlow.isOpening(log[0], log[1], self) ? .halfOpen : nil }
    let syn = log[0]
    let isPlain =
      syn.flags.intersection([.syn, .ack, .rst, .fin]) == .syn && syn.payload == 0
      && syn.sender == .originator && syn.marks.isDisjoint(with: [.badChecksum, .injected, .duplicate])
    return isPlain ? .loneSyn : nil
  }

  /// Fills in everything beside counters, as `PathInference` and `FlowStories` would, and tells the opening.
  ///
  /// Only for a lone SYN. `PlainFlowTests` holds both ways equal.
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
    fillPath(&report, view)
    report.outcome = .unanswered
    report.history.append(UInt8(ascii: "S"))

    var handshake = handshake(.unanswered, view)
    handshake.observedAfter = max(0, now &- syn.time)
    handshake.gaveUp = handshake.observedAfter > HandshakeStory.firstRepeatDue &* 9 / 8
    return handshake
  }

  /// The same for a SYN and its SYN-ACK.
  func fillHalfOpen(_ report: inout FlowReport, _ view: PathView, now: Int64) -> HandshakeEpisode {
    let (syn, synAck) = (PlainFlow.Instant(log[0], ack: 0), PlainFlow.Instant(log[1], ack: 1))
    report.originator.transitions.append(
      Transition(from: .closed, to: .synSent, time: syn.time, cause: 0, proof: syn.frame))
    report.originator.state = .synSent
    report.originator.socket.connect = .pending
    report.originator.socket.connectFrame = syn.frame
    let line = line(.originator, view)
    if line.isNear {
      // Nothing of its own proves it, but the SYN-ACK passed beside it.
      report.originator.transitions.append(
        Transition(
          from: .synSent, to: .established, time: synAck.time &+ line.oneWay, cause: synAck.frame, proof: 0))
      report.originator.state = .established
      report.originator.socket.connect = .ok
      report.originator.socket.connectFrame = synAck.frame
    }
    report.originator.possibleStates = StateSet(report.originator.state)
    let arrival = self.line(.responder, view).arrival(of: syn, provedBy: synAck)
    report.responder.initialState = .listen
    report.responder.transitions.append(
      Transition(from: .listen, to: .synReceived, time: arrival, cause: syn.frame, proof: synAck.frame))
    report.responder.state = .synReceived
    report.responder.possibleStates = StateSet(.synReceived)
    fillPath(&report, view)
    noteECN(&report, syn: syn.flags, synAck: synAck.flags)
    report.outcome = .halfOpen
    report.history.append(UInt8(ascii: "S"))
    report.history.append(UInt8(ascii: "h"))

    var handshake = handshake(.halfOpen, view)
    handshake.synAcks = [ref(log[1])]
    handshake.synAckCount = 1
    handshake.responderHalf = synAck.time &- syn.time
    handshake.observedAfter = max(0, now &- synAck.time)
    return handshake
  }

  private func fillPath(_ report: inout FlowReport, _ view: PathView) {
    report.vantage = FlowStories.vantage(
      isNear: (view.near.originator, view.near.responder), isMeasured: true)
    report.originatorHalf = view.rtt.originator
    report.responderHalf = view.rtt.responder
  }

  private func handshake(_ outcome: HandshakeEpisode.Outcome, _ view: PathView) -> HandshakeEpisode {
    var handshake = HandshakeEpisode(outcome: outcome)
    handshake.syns = [ref(log[0])]
    handshake.synCount = 1
    handshake.nearOriginator = view.near.originator
    handshake.nearResponder = view.near.responder
    return handshake
  }
}
