/// Puts an endpoint's milestones in order and walks RFC 9293's diagram through them.
struct PathWalk {
  private let story: FlowStory
  private let segments: [EvidenceSegment]
  private let line: EndpointTimeLine
  private var endpoint = InferredEndpoint()
  /// nil until something tells that the endpoint has a state for this flow.
  private var state: State?

  private init(story: FlowStory, role: Role) {
    self.story = story
    segments = story.segments
    line = story.line(of: role)
  }

  /// The endpoint's transitions, final state and public milestones; the socket view is left out.
  static func walk(_ milestones: EndpointMilestones, story: FlowStory, role: Role) -> InferredEndpoint {
    var walk = PathWalk(story: story, role: role)
    walk.open(milestones)
    walk.close(milestones)
    walk.conclude(milestones)
    return walk.endpoint
  }

  // MARK: Opening

  private mutating func open(_ milestones: EndpointMilestones) {
    switch milestones.opening {
    case .none:
      return
    case .before(let first, _):
      endpoint.initialState = first
      state = first
      return
    case .active(let sent):
      endpoint.transitions.reserveCapacity(5)
      state = .closed
      emit(.synSent, sent)
    case .passive(let received):
      endpoint.transitions.reserveCapacity(5)
      endpoint.initialState = .listen
      endpoint.isPassiveOpener = true
      state = .listen
      receive(.synReceived, received)
    }
    if let crossed = milestones.crossedSyn { receive(.synReceived, crossed) }
    if let refusal = milestones.refusal { receive(.closed, refusal) }
    if let established = milestones.established { receive(.established, established) }
  }

  // MARK: Closing

  private enum Event { case finAcked, peerFin, finSent, resetAccepted, resetSent }

  /// Walks the closing moments in order of time, corrected by what the numbers prove (PS.4).
  private mutating func close(_ milestones: EndpointMilestones) {
    guard state != nil else { return }
    let never = Int64.max
    var sent = milestones.finSent.map { line.sent(segments[$0.segment]) } ?? never
    var peerFin = milestones.peerFin?.time ?? never
    var acked = milestones.finAcked.map { line.arrived(segments[$0.segment]) } ?? never
    if acked == never, let unseen = milestones.finAckUnseen { acked = unseen.time }
    var accepted = milestones.resetAccepted?.time ?? never
    var reset = milestones.resetSent?.time ?? never
    if sent != never, peerFin != never {
      // The acknowledgement number of the FIN beats the clock.
      if milestones.finAnswersFin {
        sent = max(sent, peerFin) &+ 1
      } else if peerFin <= sent {
        peerFin = sent &+ 1
      }
    }
    if acked != never, sent != never, acked <= sent { acked = sent &+ 2 }
    if let ack = milestones.finAcked, let fin = milestones.peerFin, ack.segment == fin.segment {
      // One segment brings both: its acknowledgement is processed first (RFC 9293 3.10.7.4).
      peerFin = max(peerFin, acked)
    }
    while let state, state != .closed, state != .timeWait {
      // Equal times: in the order of the cases.
      let first = min(acked, peerFin, sent, accepted, reset)
      if first == never { return }
      if acked == first {
        acked = never
        follow(.finAcked, milestones.finAcked ?? milestones.finAckUnseen)
      } else if peerFin == first {
        peerFin = never
        follow(.peerFin, milestones.peerFin)
      } else if sent == first {
        sent = never
        follow(.finSent, milestones.finSent)
      } else if accepted == first {
        accepted = never
        follow(.resetAccepted, milestones.resetAccepted)
      } else {
        reset = never
        follow(.resetSent, milestones.resetSent)
      }
    }
  }

  private mutating func follow(_ event: Event, _ moment: EndpointMilestones.Moment?) {
    guard let moment, let state else { return }
    switch (event, state) {
    case (.finSent, .established), (.finSent, .synReceived): emit(.finWait1, moment)
    case (.finSent, .closeWait): emit(.lastAck, moment)
    // An acknowledgement that nobody saw closes only what a passive close leaves open.
    case (.finAcked, .finWait1) where moment.confidence == nil: receive(.finWait2, moment)
    case (.finAcked, .closing) where moment.confidence == nil: receive(.timeWait, moment)
    case (.finAcked, .lastAck):
      if let confidence = moment.confidence {
        add(.closed, moment, cause: 0, proof: 0, confidence)
      } else {
        receive(.closed, moment)
      }
    case (.peerFin, .established), (.peerFin, .synReceived): receive(.closeWait, moment)
    case (.peerFin, .finWait1): receive(.closing, moment)
    case (.peerFin, .finWait2): receive(.timeWait, moment)
    case (.resetAccepted, _):
      receive(.closed, moment)
      endpoint.resetAccepted = milestone(moment)
    case (.resetSent, _):
      var moment = moment
      // In FIN-WAIT a RST answers data that arrived: it is dated where it was sent. Elsewhere the
      // application's abort is dated as captured, like every other sending.
      if state != .finWait1, state != .finWait2 { moment.time = segments[moment.segment].time }
      emit(.closed, moment)
      endpoint.resetSent = milestone(moment)
    default: return
    }
  }

  // MARK: Transitions

  /// A transition that the endpoint's own segment makes and proves.
  private mutating func emit(_ next: State, _ moment: EndpointMilestones.Moment) {
    add(next, moment, cause: 0, proof: segments[moment.segment].frame, moment.confidence ?? .certain)
  }

  /// A transition that a segment of the peer makes.
  private mutating func receive(_ next: State, _ moment: EndpointMilestones.Moment) {
    let segment = segments[moment.segment]
    if segment.sender == line.role {
      // The cause was not captured; the endpoint's own segment shows that it came.
      return add(next, moment, cause: 0, proof: segment.frame, moment.confidence ?? .likely)
    }
    let confidence: Confidence =
      if let known = moment.confidence {
        known
      } else if line.isNear || moment.proof != nil {
        .certain
      } else {
        unproven(since: segment.time)
      }
    let proof = moment.proof.map { segments[$0].frame } ?? 0
    add(next, moment, cause: segment.frame, proof: proof, confidence)
  }

  private mutating func add(
    _ next: State, _ moment: EndpointMilestones.Moment, cause: UInt64, proof: UInt64, _ confidence: Confidence
  ) {
    guard let current = state, current != next else { return }
    endpoint.transitions.append(
      Transition(
        from: current, to: next, time: moment.time, cause: cause, proof: proof, confidence: confidence))
    state = next
  }

  /// How sure it is that a segment seen on its way arrived: a loss would have shown within a time-out.
  private func unproven(since time: Int64) -> Confidence {
    story.captureTime &- time > 1_000_000_000 &+ 8 &* line.oneWay ? .likely : .possible
  }

  // MARK: Conclusion

  private mutating func conclude(_ milestones: EndpointMilestones) {
    endpoint.state = state ?? .closed
    endpoint.possibleStates = StateSet(endpoint.state)
    switch milestones.opening {
    case .none where !milestones.refusesSyn:
      // It may have no listener, have dropped the SYN, or have answered it beyond the capture point.
      endpoint.possibleStates = [StateSet(.closed), StateSet(.listen), StateSet(.synReceived)]
    case .before(_, let confidence) where confidence != .certain && endpoint.transitions.isEmpty:
      endpoint.possibleStates.formUnion([StateSet(.established), StateSet(.closeWait), StateSet(.finWait2)])
    default: break
    }
    if let last = endpoint.transitions.last, last.confidence != .certain {
      endpoint.possibleStates.insert(StateSet(last.from))
    }
    if case .active(let sent) = milestones.opening, segments[sent.segment].sender == line.role {
      endpoint.synSent = milestone(sent)
    }
    endpoint.established = milestones.established.map(milestone)
    endpoint.finEnd = story.finEnd(of: line.role)
    endpoint.finSent = milestones.finSent.map(milestone)
    endpoint.finIsVirtual = milestones.finSent.map { story.isVirtual($0.segment) } ?? false
    endpoint.hadNoSocket = milestones.hadNoSocket
    endpoint.finAcked = milestones.finAcked.map(milestone)
    endpoint.peerFinProcessed = milestones.peerFin.map(milestone)
    endpoint.lastAckOfPeerFin = milestones.lastAckOfPeerFin.map {
      milestone(EndpointMilestones.Moment($0, time: line.sent(segments[$0])))
    }
  }

  private func milestone(_ moment: EndpointMilestones.Moment) -> Milestone {
    Milestone(
      segment: story.capturedIndex(moment.segment), frame: segments[moment.segment].frame, time: moment.time)
  }
}
