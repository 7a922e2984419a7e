/// The report of a textbook flow, straight from few numbers.
extension Flow {
  /// Reads a textbook flow, or what was captured of one after its opening; false for one that `PathInference`
  /// and `FlowStories` must be asked about.
  func read(_ plain: inout PlainFlow, _ view: PathView) -> Bool {
    guard isToldBySegments, originator.rstCount | responder.rstCount == 0,
      originator.finCount < 2, responder.finCount < 2,
      status.isDisjoint(with: [.selfConnection, .fastOpen]),
      status.contains(.midStream)
        ? originator.synCount | responder.synCount == 0 && !isOneWay && plain.readMidStream(self)
        : originator.synCount == 1 && responder.synCount == 1 && plain.read(self)
    else { return false }
    let (o, r) = (plain.originator, plain.responder)
    if !o.fin.isSeen, !r.fin.isSeen { return true }
    let lines = (line(.originator, view), line(.responder, view))
    guard isOrderly(o, r, lines.0), isOrderly(r, o, lines.1) else { return false }
    if let last = plain.unanswered {
      // It answers the other, or is the first; what came before the capture may have been one as well.
      let other = plain[last.peer]
      guard other.fin.isSeen ? plain[last].fin.ack >= other.finEnd : !plain.isMidStream,
        isPlausibleFin(of: last)
      else { return false }
    } else if !o.finAck.isSeen || !r.finAck.isSeen {
      return false
    }
    // FINs that cross are a story.
    return !PlainClose(o, r, lines.0).passesClosing && !PlainClose(r, o, lines.1).passesClosing
  }

  /// Whether the flow remembers nothing beside its segments that a story could be about.
  var isToldBySegments: Bool {
    guard let dossier else { return true }
    return dossier.whole.icmp.isEmpty && dossier.whole.resetText.isEmpty && dossier.whole.previous == nil
  }

  /// Fills in everything beside counters, as `PathInference` and `FlowStories` would.
  ///
  /// A flow that this accounts for has no episode but `lastFin`. `PlainFlowTests` holds both ways equal.
  func fillPlainly(_ report: inout FlowReport, _ plain: PlainFlow, _ view: PathView, now: Int64) {
    let (o, r) = (plain.originator, plain.responder)
    let isClosed = o.fin.isSeen && r.fin.isSeen
    let lines = (line(.originator, view), line(.responder, view))
    var active = PlainPath(&report.originator, line: lines.0, now: now)
    var passive = PlainPath(&report.responder, line: lines.1, now: now)
    if plain.isMidStream {
      report.midStream = true
      report.originator.initialState = .established
      report.responder.initialState = .established
    } else {
      report.responder.initialState = .listen
      report.handshakeRTT = max(0, plain.third.time &- plain.syn.time)
      report.handshakeOriginatorPart = max(0, plain.third.time &- plain.synAck.time)
      report.handshakeResponderPart = max(0, plain.synAck.time &- plain.syn.time)
      noteECN(&report, syn: plain.syn.flags, synAck: plain.synAck.flags)
      active.openActively(plain)
      report.originator.socket.connect = .ok
      report.originator.socket.connectFrame = plain.synAck.frame
      report.responder.socket.confidence = passive.openPassively(plain)
      report.responder.socket.acceptFrame = plain.third.frame
    }
    if o.fin.isSeen || r.fin.isSeen {
      active.close(o, r, ackUnseen: ackUnseen(o, r, lines.0, lines.1, now: now))
      passive.close(r, o, ackUnseen: ackUnseen(r, o, lines.1, lines.0, now: now))
    }
    fill(&report.originator.socket, o, r, hasRead: active.hasReadAll)
    fill(&report.responder.socket, r, o, hasRead: passive.hasReadAll)

    report.vantage = FlowStories.vantage(
      isNear: (view.near.originator, view.near.responder), isMeasured: true)
    if isClosed {
      let answers = (o.fin.ack >= r.finEnd, r.fin.ack >= o.finEnd)
      if answers.0 != answers.1 { report.activeCloser = answers.0 ? .responder : .originator }
      if let end = passive.timeWait { noteTimeWait(&report, .responder, end, lastAck: o.lastFinAck, lines.1) }
      if let end = active.timeWait { noteTimeWait(&report, .originator, end, lastAck: r.lastFinAck, lines.0) }
    } else {
      report.activeCloser = plain.unanswered
    }
    active.conclude(&report.originator)
    passive.conclude(&report.responder)
    report.outcome = isClosed ? .fin : .open
    report.originatorHalf = view.rtt.originator
    report.responderHalf = view.rtt.responder
    plain.letters.append(to: &report.history)
  }

  /// The endpoint's own time.
  func line(_ role: Role, _ view: PathView) -> EndpointTimeLine {
    EndpointTimeLine(role: role, endpoint: endpointEvidence(role, view))
  }

  /// The peer's FIN, if it was answered, was not so sooner than it can have come.
  private func isOrderly(_ own: PlainFlow.Side, _ peer: PlainFlow.Side, _ line: EndpointTimeLine) -> Bool {
    !peer.finAck.isSeen || line.isNear
      || peer.fin.time &+ line.oneWay <= peer.finAck.time &- line.oneWay &+ line.slack
  }

  /// What the application called and saw once the connection stood (`SocketInference`).
  private func fill(
    _ socket: inout SocketView, _ own: PlainFlow.Side, _ peer: PlainFlow.Side, hasRead: Bool
  ) {
    socket.firstWriteFrame = own.firstWrite
    if hasRead { socket.eofFrame = peer.fin.frame }
    guard own.fin.isSeen else { return }
    socket.closeFrame = own.fin.frame
    socket.closeCall = own.readsOn ? .shutdownWrite : .closeOrShutdown
    if own.readsOn { socket.confidence = min(socket.confidence, .likely) }
  }

  /// The holder of TIME-WAIT and since when; the originator when both are.
  private func noteTimeWait(
    _ report: inout FlowReport, _ role: Role, _ entered: Int64, lastAck: Int64, _ line: EndpointTimeLine
  ) {
    report.timeWaitHolder = role
    report.timeWaitFrom = max(entered, lastAck &- line.oneWay)
  }
}
