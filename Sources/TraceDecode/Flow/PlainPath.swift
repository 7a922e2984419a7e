/// One endpoint's way through RFC 9293's diagram in a textbook flow (`PathWalk`).
struct PlainPath {
  private var transitions: [Transition] = []
  private var state = State.established
  /// It processed the peer's FIN.
  private(set) var hasReadAll = false
  private let line: EndpointTimeLine
  private let now: Int64

  /// Takes over the room for transitions that `endpoint` has, until `conclude`.
  init(_ endpoint: inout EndpointReport, line: EndpointTimeLine, now: Int64) {
    self.line = line
    self.now = now
    swap(&transitions, &endpoint.transitions)
  }

  mutating func openActively(_ plain: PlainFlow) {
    let (syn, synAck, third) = (plain.syn, plain.synAck, plain.third)
    transitions.append(Transition(from: .closed, to: .synSent, time: syn.time, cause: 0, proof: syn.frame))
    transitions.append(
      Transition(
        from: .synSent, to: .established, time: line.arrival(of: synAck, provedBy: third),
        cause: synAck.frame, proof: third.frame))
  }

  /// Returns how sure it is that the endpoint is established.
  mutating func openPassively(_ plain: PlainFlow) -> Confidence {
    let (syn, synAck, third) = (plain.syn, plain.synAck, plain.third)
    let confidence = confidence(since: third.time)
    transitions.append(
      Transition(
        from: .listen, to: .synReceived, time: line.arrival(of: syn, provedBy: synAck), cause: syn.frame,
        proof: synAck.frame))
    transitions.append(
      Transition(
        from: .synReceived, to: .established, time: third.time &+ line.oneWay, cause: third.frame, proof: 0,
        confidence: confidence))
    return confidence
  }

  /// How sure it is that a segment seen on its way arrived: a loss would have shown within a time-out.
  private func confidence(since time: Int64) -> Confidence {
    line.isNear ? .certain : now &- time > 1_000_000_000 &+ 8 &* line.oneWay ? .likely : .possible
  }

  /// Walks the closing moments in order of time.
  ///
  /// - Parameter ackUnseen: when its FIN was acknowledged if that was not captured.
  mutating func close(_ own: PlainFlow.Side, _ peer: PlainFlow.Side, ackUnseen: Int64? = nil) {
    let never = PlainClose.never
    let moments = PlainClose(own, peer, line, ackUnseen: ackUnseen)
    var (sent, peerFin, acked) = (moments.sent, moments.peerFin, moments.acked)
    while state != .closed, state != .timeWait {
      let first = min(acked, peerFin, sent)
      if first == never { return }
      if acked == first {
        acked = never
        if let ackUnseen {
          // It closes only what a passive close leaves open.
          if state == .lastAck { add(.closed, at: ackUnseen, cause: 0, proof: 0, .likely) }
        } else {
          takeFinAck(own.finAck)
        }
      } else if peerFin == first {
        peerFin = never
        hasReadAll = true
        takePeerFin(peer, at: moments.arrival)
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
      confidence(since: ack.time))
  }

  private mutating func takePeerFin(_ peer: PlainFlow.Side, at time: Int64) {
    let next: State
    switch state {
    case .established, .synReceived: next = .closeWait
    case .finWait1: next = .closing
    case .finWait2: next = .timeWait
    default: return
    }
    add(
      next, at: time, cause: peer.fin.frame, proof: peer.finAck.frame,
      peer.finAck.isSeen ? .certain : confidence(since: peer.fin.time))
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

  /// When it came into TIME-WAIT; nil when it did not.
  var timeWait: Int64? { state == .timeWait ? transitions.last?.time : nil }

  /// Hands over states, and transitions with their room.
  mutating func conclude(_ endpoint: inout EndpointReport) {
    endpoint.state = state
    endpoint.possibleStates = StateSet(state)
    if let last = transitions.last {
      if last.confidence != .certain { endpoint.possibleStates.insert(StateSet(last.from)) }
    } else {
      // The capture began after the opening: one side may have closed by then.
      endpoint.possibleStates.formUnion([StateSet(.closeWait), StateSet(.finWait2)])
    }
    swap(&transitions, &endpoint.transitions)
  }
}

/// When one endpoint sent its FIN, processed the peer's and had its own acknowledged, corrected by what the numbers
/// prove (PS.4).
struct PlainClose {
  let sent: Int64
  /// The peer's FIN is processed, and when it arrived.
  let peerFin: Int64
  let arrival: Int64
  let acked: Int64
  /// The time of what did not happen.
  static let never = Int64.max

  init(
    _ own: PlainFlow.Side, _ peer: PlainFlow.Side, _ line: EndpointTimeLine, ackUnseen: Int64? = nil
  ) {
    arrival =
      peer.finAck.isSeen
      ? line.arrival(of: peer.fin, provedBy: peer.finAck) : Self.arrival(unanswered: peer.fin, own, line)
    var sent = own.fin.isSeen ? own.fin.time &- line.oneWay : Self.never
    var peerFin = arrival
    var acked = own.finAck.isSeen ? own.finAck.time &+ line.oneWay : ackUnseen ?? Self.never
    if own.fin.isSeen, peerFin != Self.never {
      if own.fin.ack >= peer.finEnd {
        sent = max(sent, peerFin) &+ 1
      } else if peerFin <= sent {
        peerFin = sent &+ 1
      }
    }
    if acked != Self.never, acked <= sent { acked = sent &+ 2 }
    // One segment brings both: its acknowledgement is processed first (RFC 9293 3.10.7.4).
    if own.finAck.isSeen, own.finAck.frame == peer.fin.frame { peerFin = max(peerFin, acked) }
    self.sent = sent
    self.peerFin = peerFin
    self.acked = acked
  }

  /// When a FIN arrived that nothing answers: a far endpoint that goes on without a word of it never got it.
  private static func arrival(
    unanswered fin: PlainFlow.Instant, _ own: PlainFlow.Side, _ line: EndpointTimeLine
  ) -> Int64 {
    guard fin.isSeen else { return never }
    let limit = fin.time &+ 2 &* line.oneWay &+ 2 &* line.slack
    return line.isNear || own.lastTime <= limit ? fin.time &+ line.oneWay : never
  }

  /// The peer's FIN comes between the own one and its acknowledgement.
  var passesClosing: Bool { sent < peerFin && peerFin < acked }
}

extension EndpointTimeLine {
  /// When the only copy of `segment` arrived, as `proof` shows.
  func arrival(of segment: PlainFlow.Instant, provedBy proof: PlainFlow.Instant) -> Int64 {
    arrival(
      ofSegmentAt: segment.time, provedAt: proof.time, stamp: proof.hasTimestamps ? proof.tsVal : nil,
      soleCopy: true)
  }
}
