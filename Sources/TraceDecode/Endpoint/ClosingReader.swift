extension EndpointReader {
  /// The FINs: when its own left and was acknowledged, when the peer's was processed (PS.4).
  func readClose(_ milestones: inout EndpointMilestones) {
    let peerFinEnd = story.finEnd(of: role.peer)
    if let fin = ownFins.first {
      milestones.finSent = Moment(
        fin, time: segment(fin).time, confidence: story.isVirtual(fin) ? .likely : nil)
      if let peerFinEnd { milestones.finAnswersFin = segment(fin).acknowledges(peerFinEnd) }
    }
    if let end = story.finEnd(of: role) { readFinAck(of: end, &milestones) }
    if let peerFinEnd { readPeerFin(endingAt: peerFinEnd, &milestones) }
    milestones.lastAckOfPeerFin = lastFinAck
  }

  private func readFinAck(of end: Int64, _ milestones: inout EndpointMilestones) {
    let sent = ownFins.first.map { segment($0).time } ?? Int64.min
    let acknowledgements = segments.indices.lazy.filter {
      let candidate = segment($0)
      return candidate.acknowledges(end) && story.reaches(candidate, role)
        && (!line.isNear || candidate.time >= sent)
    }
    if let cause = firstBelieved(acknowledgements, unless: Array(ownFins.dropFirst())) {
      milestones.finAcked = Moment(cause, time: arrival(of: cause))
    } else if milestones.finAnswersFin, let last = ownFins.last, isQuiet(after: last) {
      // The last acknowledgement was not captured: without it the FIN would have come again (PS.6).
      let time = line.sent(segment(last)) &+ 2 &* (line.oneWay &+ peerLine.oneWay)
      milestones.finAckUnseen = Moment(last, time: time, confidence: .likely)
    }
  }

  /// The capture goes on past the moment when the FIN at `last` was due again. The slowest stacks wait 3 s.
  private func isQuiet(after last: Int) -> Bool {
    guard !story.oneWay, !story.isVirtual(last) else { return false }
    let gap = ownFins.dropLast().last.map { segment(last).time &- segment($0).time } ?? 0
    return story.captureTime &- segment(last).time > max(3_000_000_000, gap &* 5 / 2)
  }

  private func readPeerFin(endingAt end: Int64, _ milestones: inout EndpointMilestones) {
    if hasNoSocketForPeerFin() {
      milestones.hadNoSocket = true
      return
    }
    if line.isNear {
      milestones.peerFin = nearPeerFin(endingAt: end)
    } else if let proof = firstFinAck {
      milestones.peerFin = farPeerFin(endingAt: end, proof: proof)
    } else if let fin = unansweredPeerFin() {
      milestones.peerFin = Moment(fin, time: arrival(of: fin))
    }
  }

  /// The endpoint answers the FIN by RST at once and never acknowledged it: it had given up without a packet.
  ///
  /// A socket that still lived would acknowledge the FIN before its application could abort. A RST without ACK
  /// comes from no socket (RFC 9293 3.10.7.1); some stacks set ACK there too, so promptness decides for them.
  private func hasNoSocketForPeerFin() -> Bool {
    guard firstFinAck == nil, let reset = ownReset, let fin = peerFins.first else { return false }
    let answer = segment(reset)
    guard segment(fin).time <= answer.time else { return false }
    if !answer.hasAck { return segment(fin).hasAck && answer.start == segment(fin).ack }
    return answer.ack >= segment(fin).end && line.sent(answer) <= line.arrived(segment(fin)) &+ line.slack
  }

  /// Beside the endpoint, what passed arrived: the segment that completes the stream up to the FIN.
  private func nearPeerFin(endingAt end: Int64) -> Moment? {
    let completing = segmentCompleting(end)
    guard let proof = firstFinAck else {
      // A live endpoint acknowledges a FIN at once. A FIN that is repeated into silence met none.
      guard let completing, !isPeerFinIgnored(since: completing) else { return nil }
      return Moment(completing, time: segment(completing).time)
    }
    if let completing, segment(completing).time <= segment(proof).time {
      return Moment(completing, proof: proof, time: segment(completing).time)
    }
    return Moment(proof, time: segment(proof).time)
  }

  private func segmentCompleting(_ end: Int64) -> Int? {
    var stream = ReceivedStream()
    for (index, segment) in segments.enumerated() {
      if index == story.tailStart { stream.advance(to: story.receivedBeforeTail(of: role)) }
      if segment.isReset { continue }
      if story.reaches(segment, role) {
        stream.accept(segment, midStream: story.midStream)
        if let next = stream.next, next >= end { return index }
      } else if segment.hasAck, segment.ack < end, story.isSent(segment, by: role) {
        // What it acknowledges it has, whether the capture held it or not.
        stream.advance(to: segment.ack)
      }
    }
    return nil
  }

  /// The peer repeats its FIN after the endpoint's answer was due, and nothing came back.
  private func isPeerFinIgnored(since completing: Int) -> Bool {
    guard !story.oneWay else { return false }
    return peerFins.contains { !segment($0).isDuplicate && segment($0).time > segment(completing).time }
  }

  /// Which segment completed the stream at the far side before it acknowledged the FIN, and when.
  private func farPeerFin(endingAt end: Int64, proof: Int) -> Moment {
    let acknowledging = segment(proof)
    var acknowledged: Int64 = 0
    for (index, own) in segments[..<proof].enumerated()
    where own.hasAck && !own.isReset && !own.isDuplicate && story.isSent(own, by: role) {
      if index == story.tailStart { acknowledged = max(acknowledged, story.receivedBeforeTail(of: role)) }
      acknowledged = max(acknowledged, own.ack)
    }
    acknowledged = min(acknowledged, end &- 1)

    // What came last: the copy that filled the octet after its previous acknowledgement, or the FIN.
    var filling: Int?
    var echoed: Int?
    for (index, candidate) in segments.enumerated()
    where candidate.start <= acknowledged && candidate.end > acknowledged && story.reaches(candidate, role)
      && !candidate.isReset && arrives(index, before: proof)
    {
      filling = index
      if candidate.hasTimestamps, acknowledging.hasTimestamps, candidate.tsVal == acknowledging.tsEcr {
        echoed = index
      }
    }
    filling = echoed ?? filling
    let arrivedFins = peerFins.filter { arrives($0, before: proof) }
    var cause = filling
    if let fin = arrivedFins.first {
      if let filling {
        if segment(fin).time > segment(filling).time { cause = fin }
      } else {
        cause = arrivedFins.last
      }
    }
    if cause == nil { cause = peerFins.last { segment($0).time <= acknowledging.time } ?? peerFins.first }
    guard let cause else { return Moment(proof, time: line.sent(acknowledging)) }
    return Moment(cause, proof: proof, time: arrival(of: cause, provedBy: proof))
  }

  /// A FIN toward the far side that nothing answers: one copy and silence mean that it came.
  private func unansweredPeerFin() -> Int? {
    guard let fin = peerFins.first, peerFins.filter({ !segment($0).isDuplicate }).count == 1 else {
      return nil
    }
    let limit = segment(fin).time &+ 2 &* line.oneWay &+ 2 &* line.slack
    if let lastSent, segment(lastSent).time > limit { return nil }
    return fin
  }
}
