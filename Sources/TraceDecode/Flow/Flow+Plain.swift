/// The report of a textbook flow, straight from few numbers.
extension Flow {
  /// Fills in everything beside counters, as `PathInference` and `FlowStories` would; false, and nothing filled
  /// in, where they must be asked.
  ///
  /// A flow that this accounts for has no episode. `PlainFlowTests` holds both ways equal.
  func fillPlainly(_ report: inout FlowReport, _ view: PathView, now: Int64) -> Bool {
    guard dossier == nil, originator.synCount == 1, responder.synCount == 1,
      originator.rstCount | responder.rstCount == 0, originator.finCount == responder.finCount,
      originator.finCount < 2, status.isDisjoint(with: [.midStream, .selfConnection, .fastOpen]),
      let plain = PlainFlow.read(self)
    else { return false }
    let (o, r) = (plain.originator, plain.responder)
    let lines = (line(.originator, view), line(.responder, view))
    let isClosed = o.fin.isSeen
    guard isClosed == r.fin.isSeen, !isClosed || isOrderly(o, r, lines.0) && isOrderly(r, o, lines.1)
    else { return false }

    let opening = PlainPath.opening(plain, lines.0, lines.1, now: now)
    var active = PlainPath(opening.active, line: lines.0, now: now)
    var passive = PlainPath(opening.passive, line: lines.1, now: now)
    if isClosed {
      active.close(o, r)
      passive.close(r, o)
      // FINs that cross are a story.
      if active.passedClosing || passive.passedClosing { return false }
    }
    active.conclude(&report.originator)
    passive.conclude(&report.responder)
    report.responder.initialState = .listen
    fillSockets(&report, plain, established: opening.passive[1].confidence)

    report.vantage = FlowStories.vantage(
      isNear: (view.near.originator, view.near.responder), isMeasured: true)
    if isClosed {
      let answers = (o.fin.ack >= r.finEnd, r.fin.ack >= o.finEnd)
      if answers.0 != answers.1 { report.activeCloser = answers.0 ? .responder : .originator }
      noteTimeWait(&report, .responder, passive, lastAck: o.lastFinAck, lines.1)
      noteTimeWait(&report, .originator, active, lastAck: r.lastFinAck, lines.0)
    }
    report.outcome = isClosed ? .fin : .open
    report.handshakeRTT = max(0, plain.third.time &- plain.syn.time)
    report.originatorHalf = view.rtt.originator
    report.responderHalf = view.rtt.responder
    let letters = plain.letters
    report.history = [UInt8](unsafeUninitializedCapacity: letters.count) { buffer, count in
      for i in 0..<letters.count {
        buffer[i] = UInt8(truncatingIfNeeded: letters.octets >> UInt64(8 &* i))
      }
      count = letters.count
    }
    return true
  }

  private func line(_ role: Role, _ view: PathView) -> EndpointTimeLine {
    EndpointTimeLine(role: role, endpoint: endpointEvidence(role, view))
  }

  /// Both FINs were answered, and the peer's not sooner than it can have come.
  private func isOrderly(_ own: PlainFlow.Side, _ peer: PlainFlow.Side, _ line: EndpointTimeLine) -> Bool {
    own.finAck.isSeen && peer.finAck.isSeen
      && (line.isNear
        || peer.fin.time &+ line.oneWay <= peer.finAck.time &- line.oneWay &+ line.slack)
  }

  /// What the applications called and saw (`SocketInference`).
  private func fillSockets(_ report: inout FlowReport, _ plain: PlainFlow, established: Confidence) {
    report.originator.socket.connect = .ok
    report.originator.socket.connectFrame = plain.synAck.frame
    report.responder.socket.acceptFrame = plain.third.frame
    report.responder.socket.confidence = established
    fill(&report.originator.socket, plain.originator, plain.responder)
    fill(&report.responder.socket, plain.responder, plain.originator)
  }

  private func fill(_ socket: inout SocketView, _ own: PlainFlow.Side, _ peer: PlainFlow.Side) {
    socket.firstWriteFrame = own.firstWrite
    guard own.fin.isSeen else { return }
    socket.eofFrame = peer.fin.frame
    socket.closeFrame = own.fin.frame
    socket.closeCall = own.readsOn ? .shutdownWrite : .closeOrShutdown
    if own.readsOn { socket.confidence = min(socket.confidence, .likely) }
  }

  /// The holder of TIME-WAIT and since when; the originator when both are.
  private func noteTimeWait(
    _ report: inout FlowReport, _ role: Role, _ path: PlainPath, lastAck: Int64, _ line: EndpointTimeLine
  ) {
    guard path.state == .timeWait, let last = path.transitions.last else { return }
    report.timeWaitHolder = role
    report.timeWaitFrom = max(last.time, lastAck &- line.oneWay)
  }
}

/// One endpoint's way through RFC 9293's diagram in a textbook flow (`PathWalk`).
struct PlainPath {
  private(set) var transitions: [Transition]
  private(set) var state = State.established
  private(set) var passedClosing = false
  private let line: EndpointTimeLine
  private let now: Int64

  init(_ opening: [Transition], line: EndpointTimeLine, now: Int64) {
    transitions = opening
    self.line = line
    self.now = now
  }

  /// The openings of both endpoints, room for the close included.
  static func opening(
    _ plain: PlainFlow, _ o: EndpointTimeLine, _ r: EndpointTimeLine, now: Int64
  ) -> (active: [Transition], passive: [Transition]) {
    let (syn, synAck, third) = (plain.syn, plain.synAck, plain.third)
    var active: [Transition] = []
    active.reserveCapacity(5)
    active.append(
      Transition(from: .closed, to: .synSent, time: syn.time, cause: 0, proof: syn.frame))
    active.append(
      Transition(
        from: .synSent, to: .established, time: o.arrival(of: synAck, provedBy: third), cause: synAck.frame,
        proof: third.frame))
    var passive: [Transition] = []
    passive.reserveCapacity(5)
    passive.append(
      Transition(
        from: .listen, to: .synReceived, time: r.arrival(of: syn, provedBy: synAck), cause: syn.frame,
        proof: synAck.frame))
    passive.append(
      Transition(
        from: .synReceived, to: .established, time: third.time &+ r.oneWay, cause: third.frame, proof: 0,
        confidence: confidence(r, since: third.time, now: now)))
    return (active, passive)
  }

  /// How sure it is that a segment seen on its way arrived: a loss would have shown within a time-out.
  private static func confidence(_ line: EndpointTimeLine, since time: Int64, now: Int64) -> Confidence {
    line.isNear ? .certain : now &- time > 1_000_000_000 &+ 8 &* line.oneWay ? .likely : .possible
  }

  /// Walks the closing moments in order of time, corrected by what the numbers prove (PS.4).
  mutating func close(_ own: PlainFlow.Side, _ peer: PlainFlow.Side) {
    let never = Int64.max
    let arrival = line.arrival(of: peer.fin, provedBy: peer.finAck)
    var sent = own.fin.time &- line.oneWay
    var peerFin = arrival
    var acked = own.finAck.time &+ line.oneWay
    if own.fin.ack >= peer.finEnd {
      sent = max(sent, peerFin) &+ 1
    } else if peerFin <= sent {
      peerFin = sent &+ 1
    }
    if acked <= sent { acked = sent &+ 2 }
    // One segment brings both: its acknowledgement is processed first (RFC 9293 3.10.7.4).
    if own.finAck.frame == peer.fin.frame { peerFin = max(peerFin, acked) }
    while state != .closed, state != .timeWait {
      let first = min(acked, peerFin, sent)
      if first == never { return }
      if acked == first {
        acked = never
        takeFinAck(own.finAck)
      } else if peerFin == first {
        peerFin = never
        takePeerFin(peer, at: arrival)
      } else {
        sent = never
        sendFin(own.fin)
      }
    }
  }

  private mutating func takeFinAck(_ ack: PlainFlow.Instant) {
    let next: State
    switch state {
    case .finWait1: next = .finWait2
    case .closing: next = .timeWait
    case .lastAck: next = .closed
    default: return
    }
    add(
      next, at: ack.time &+ line.oneWay, cause: ack.frame, proof: 0,
      Self.confidence(line, since: ack.time, now: now))
  }

  private mutating func takePeerFin(_ peer: PlainFlow.Side, at time: Int64) {
    let next: State
    switch state {
    case .established, .synReceived: next = .closeWait
    case .finWait1: next = .closing
    case .finWait2: next = .timeWait
    default: return
    }
    if next == .closing { passedClosing = true }
    add(next, at: time, cause: peer.fin.frame, proof: peer.finAck.frame, .certain)
  }

  private mutating func sendFin(_ fin: PlainFlow.Instant) {
    switch state {
    case .established, .synReceived: add(.finWait1, at: fin.time, cause: 0, proof: fin.frame, .certain)
    case .closeWait: add(.lastAck, at: fin.time, cause: 0, proof: fin.frame, .certain)
    default: return
    }
  }

  private mutating func add(
    _ next: State, at time: Int64, cause: UInt64, proof: UInt64, _ confidence: Confidence
  ) {
    transitions.append(
      Transition(from: state, to: next, time: time, cause: cause, proof: proof, confidence: confidence))
    state = next
  }

  /// Hands over states and transitions.
  consuming func conclude(_ endpoint: inout EndpointReport) {
    endpoint.state = state
    endpoint.possibleStates = StateSet(state)
    if let last = transitions.last, last.confidence != .certain {
      endpoint.possibleStates.insert(StateSet(last.from))
    }
    endpoint.transitions = transitions
  }
}

extension EndpointTimeLine {
  /// When the only copy of `segment` arrived, as `proof` shows.
  fileprivate func arrival(of segment: PlainFlow.Instant, provedBy proof: PlainFlow.Instant) -> Int64 {
    arrival(
      ofSegmentAt: segment.time, provedAt: proof.time, stamp: proof.hasTimestamps ? proof.tsVal : nil,
      soleCopy: true)
  }
}
