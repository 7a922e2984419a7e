/// Reads a flow in which nothing was lost, repeated or reordered, and no reset but at its very end, in one walk.
///
/// Most flows are such. Anything out of the ordinary, and the general readers take over.
struct TextbookReader {
  typealias Moment = EndpointMilestones.Moment

  /// One side as the walk goes by; -1 is "not yet".
  private struct Side {
    var next: Int64 = 0
    /// Index of its FIN, and its end.
    var fin = -1
    var finEnd = Int64.max
    /// Index of the peer's first segment that acknowledges its FIN, and of the last.
    var finAck = -1
    var lastFinAck = -1
  }

  struct Reading {
    var story: FlowStory
    var originator: EndpointMilestones
    var responder: EndpointMilestones
    /// The reset that ended it, both believed and its sender's own.
    var reset: (segment: Int, expected: Int64)?
  }

  /// nil when the flow is no textbook one.
  static func read(_ evidence: FlowEvidence) -> Reading? {
    let segments = evidence.segments
    guard segments.count >= 3, !evidence.midStream, !evidence.oneWay, !evidence.fastOpen,
      evidence.tailStart.map({ $0 >= 3 }) ?? true, isOpening(segments)
    else { return nil }
    var originator = Side()
    var responder = Side()
    originator.next = segments[0].end
    responder.next = segments[1].end
    let leap = evidence.tailStart ?? -1
    let isReset = segments[segments.count - 1].isReset
    for index in 2..<segments.count - (isReset ? 1 : 0) {
      let segment = segments[index]
      if index == leap {
        // What was forgotten is taken as seen; the general readers judge a tail that says otherwise.
        originator.next = max(originator.next, segments.nextStart(of: .originator, from: leap))
        responder.next = max(responder.next, segments.nextStart(of: .responder, from: leap))
      }
      let isPlain =
        segment.sender == .originator
        ? step(segment, at: index, &originator, &responder)
        : step(segment, at: index, &responder, &originator)
      guard isPlain else { return nil }
    }
    guard var reading = conclude(evidence, originator, responder) else { return nil }
    if isReset {
      let sender = segments[segments.count - 1].sender
      guard originator.fin < 0, responder.fin < 0,
        reading.takeReset(after: sender == .originator ? originator.next : responder.next, evidence)
      else { return nil }
    }
    return reading
  }

  /// SYN, SYN-ACK, and an acknowledgement.
  private static func isOpening(_ segments: [EvidenceSegment]) -> Bool {
    let (syn, synAck, third) = (segments[0], segments[1], segments[2])
    return syn.isSyn && syn.isUnblemished && syn.sender == .originator && syn.payload == 0
      && !syn.flags.contains(.fin)
      && synAck.isSynAck && synAck.isUnblemished && synAck.sender == .responder && synAck.payload == 0
      && !synAck.flags.contains(.fin) && synAck.ack == 1
      && third.sender == .originator && third.isOrdinary && third.ack == 1 && third.start == 1
      && synAck.start == 0 && syn.start == 0
  }

  /// Takes in a segment of `own`; false when it is no next segment of a textbook flow.
  @inline(__always)
  private static func step(
    _ segment: EvidenceSegment, at index: Int, _ own: inout Side, _ peer: inout Side
  ) -> Bool {
    guard segment.isUnblemished, segment.isOrdinary, segment.hasAck, segment.start == own.next,
      segment.ack <= peer.next
    else { return false }
    // Nothing follows a FIN but acknowledgements.
    if own.fin >= 0, segment.end > segment.start { return false }
    own.next = segment.end
    if segment.flags.contains(.fin) {
      own.fin = index
      own.finEnd = segment.end
    }
    if segment.ack >= peer.finEnd {
      if peer.finAck < 0 { peer.finAck = index }
      peer.lastFinAck = index
    }
    return true
  }

  private static func conclude(_ evidence: FlowEvidence, _ originator: Side, _ responder: Side) -> Reading? {
    var story = FlowStory(evidence)
    if originator.fin >= 0 { story.setFinEnd(originator.finEnd, of: .originator) }
    if responder.fin >= 0 { story.setFinEnd(responder.finEnd, of: .responder) }
    let segments = story.segments
    let originatorLine = story.line(of: .originator)
    let responderLine = story.line(of: .responder)

    var opener = EndpointMilestones()
    opener.opening = .active(sent: Moment(0, time: segments[0].time))
    opener.established = Moment(
      1, proof: 2, time: originatorLine.arrival(of: segments[1], provedBy: segments[2], soleCopy: true))
    var answerer = EndpointMilestones()
    answerer.opening = .passive(
      received: Moment(
        0, proof: 1, time: responderLine.arrival(of: segments[0], provedBy: segments[1], soleCopy: true)))
    answerer.established = Moment(2, time: responderLine.arrived(segments[2]))
    guard close(&opener, originator, responder, originatorLine, story),
      close(&answerer, responder, originator, responderLine, story)
    else { return nil }
    return Reading(story: story, originator: opener, responder: answerer)
  }

  /// The closing moments of `own`; false when they need the general readers.
  private static func close(
    _ milestones: inout EndpointMilestones, _ own: Side, _ peer: Side, _ line: EndpointTimeLine,
    _ story: FlowStory
  ) -> Bool {
    let segments = story.segments
    if own.fin >= 0 {
      milestones.finSent = Moment(own.fin, time: segments[own.fin].time)
      milestones.finAnswersFin = peer.fin >= 0 && segments[own.fin].ack >= peer.finEnd
      if own.finAck >= 0 {
        milestones.finAcked = Moment(own.finAck, time: line.arrived(segments[own.finAck]))
      } else {
        return false
      }
    }
    if peer.fin >= 0 {
      // Unanswered, or answered sooner than it can have come: not for this reader.
      guard peer.finAck >= 0 else { return false }
      let fin = segments[peer.fin]
      let proof = segments[peer.finAck]
      guard line.isNear || line.arrived(fin) <= line.sent(proof) &+ line.slack else { return false }
      milestones.peerFin = Moment(
        peer.fin, proof: peer.finAck, time: line.arrival(of: fin, provedBy: proof, soleCopy: true))
      milestones.lastAckOfPeerFin = peer.lastFinAck
    }
    return true
  }
}

extension TextbookReader.Reading {
  /// Takes in the last segment, a reset that stands where its sender's stream does; false for any other.
  fileprivate mutating func takeReset(after next: Int64, _ evidence: FlowEvidence) -> Bool {
    let segments = evidence.segments
    let last = segments.count - 1
    let segment = segments[last]
    guard evidence.tailStart == nil, segment.isUnblemished, segment.start == next, segment.end == next else {
      return false
    }
    for index in 1...last where segments[index].time < segments[index &- 1].time { return false }
    let sent = EndpointMilestones.Moment(last, time: story.line(of: segment.sender).sent(segment))
    let received = EndpointMilestones.Moment(
      last, time: story.line(of: segment.sender.peer).arrived(segment))
    if segment.sender == .originator {
      originator.resetSent = sent
      responder.resetAccepted = received
    } else {
      responder.resetSent = sent
      originator.resetAccepted = received
    }
    reset = (last, next)
    return true
  }
}

extension EvidenceSegment {
  /// Neither copy, nor damaged, nor foreign, nor sent for any reason but that it was next.
  @inline(__always)
  fileprivate var isUnblemished: Bool {
    !(isDuplicate || isBadChecksum || isInjected || isRetransmission || isProbe || isForNewerIncarnation)
  }
}

extension [EvidenceSegment] {
  /// Where `role`'s first segment from `index` on starts.
  fileprivate func nextStart(of role: Role, from index: Int) -> Int64 {
    self[index...].first { $0.sender == role }?.start ?? Int64.min
  }
}
