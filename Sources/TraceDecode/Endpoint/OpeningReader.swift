extension EndpointReader {
  typealias Moment = EndpointMilestones.Moment

  /// How the endpoint came to be ESTABLISHED, or did not (PS.1 to PS.3, PS.6).
  func readOpening(_ milestones: inout EndpointMilestones) {
    if let syn = ownSyns.first {
      milestones.opening = .active(sent: Moment(syn, time: segment(syn).time))
      if let synAck = ownSynAcks.first, segment(synAck).start == segment(syn).start {
        readSimultaneousOpen(syn: syn, synAck: synAck, &milestones)
      } else {
        readAnswerToSyn(syn, &milestones)
      }
    } else if let synAck = peerSynAcks.first, ownSynAcks.isEmpty {
      if story.oneWay {
        milestones.opening = .before(.established, .possible)
      } else {
        // Its SYN was not captured; the SYN-ACK answers it.
        let time = segment(synAck).time &- 2 &* peerLine.oneWay
        milestones.opening = .active(sent: Moment(synAck, time: time, confidence: .likely))
        readSynAck(&milestones)
      }
    } else if let answer = ownSynAcks.first ?? (peerSyns.isEmpty ? nil : firstOrdinary) {
      readPassiveOpen(answer: answer, &milestones)
    } else if story.midStream || firstOrdinary != nil || !sawSyn {
      readMidStream(&milestones)
    } else {
      milestones.refusesSyn = !ownResets.isEmpty
    }
  }

  // MARK: Active

  private func readAnswerToSyn(_ syn: Int, _ milestones: inout EndpointMilestones) {
    let acceptable = peerSynAcks.filter { segment($0).hasAck && segment($0).ack >= 1 }
    if firstAcknowledging != nil {
      readSynAck(&milestones)
    } else if acceptable.isEmpty {
      let limit = segment(syn).end
      let refusal = peerResets.first {
        let reset = segment($0)
        return reset.hasAck && reset.ack >= 1 && reset.ack <= limit
      }
      if let refusal { milestones.refusal = Moment(refusal, time: arrival(of: refusal)) }
    } else if ownReset == nil, line.isNear, !isSynRepeatedLate(after: acceptable[0]) {
      // Nothing of its own proves it, but the SYN-ACK passed beside it and no repeat contradicts.
      milestones.established = Moment(acceptable[0], time: arrival(of: acceptable[0]))
    }
  }

  private func isSynRepeatedLate(after synAck: Int) -> Bool {
    let limit = segment(synAck).time &+ 200_000_000
    return peerSynAcks.contains { segment($0).time > limit } || peerSyns.contains { segment($0).time > limit }
  }

  /// ESTABLISHED by the SYN-ACK that the endpoint's first acknowledgement proves to have come.
  private func readSynAck(_ milestones: inout EndpointMilestones) {
    guard let proof = firstAcknowledging else { return }
    let synAcks = peerSynAcks.filter { segment($0).hasAck }
    let cause: Int?
    if line.isNear {
      cause = synAcks.first { segment($0).time <= segment(proof).time }
    } else {
      let candidates = synAcks.filter { arrives($0, before: proof) }
      if candidates.count > 1, segment(proof).hasTimestamps {
        let echoed = candidates.first {
          segment($0).hasTimestamps && segment($0).tsVal == segment(proof).tsEcr
        }
        cause = echoed ?? candidates.last
      } else {
        cause =
          candidates.last ?? synAcks.first.flatMap { segment($0).time <= segment(proof).time ? $0 : nil }
      }
    }
    milestones.established =
      if let cause {
        Moment(cause, proof: proof, time: arrival(of: cause, provedBy: proof))
      } else {
        Moment(proof, time: line.sent(segment(proof)))
      }
  }

  /// The peer's SYN crossed its own; its SYN-ACK repeats its SYN (RFC 9293 3.5, figure 7).
  private func readSimultaneousOpen(syn: Int, synAck: Int, _ milestones: inout EndpointMilestones) {
    let crossing = peerSyns.last {
      line.isNear ? segment($0).time <= segment(synAck).time &+ 100_000 : arrives($0, before: synAck)
    }
    milestones.crossedSyn =
      if let crossing {
        Moment(crossing, proof: synAck, time: arrival(of: crossing, provedBy: synAck))
      } else {
        Moment(synAck, time: line.sent(segment(synAck)))
      }
    let limit = segment(syn).end
    let acknowledgements = segments.indices.lazy.filter {
      segment($0).acknowledges(limit) && story.reaches(segment($0), role)
    }
    if let cause = firstBelieved(acknowledgements, unless: ownSynAcks) {
      milestones.established = Moment(cause, time: arrival(of: cause))
    }
  }

  // MARK: Passive

  private func readPassiveOpen(answer: Int, _ milestones: inout EndpointMilestones) {
    var cause: Int?
    let answered = segment(answer)
    if answered.hasTimestamps, answered.tsEcr != 0 {
      // The stack keeps the stamp of the SYN it took.
      cause = peerSyns.first {
        segment($0).hasTimestamps && segment($0).tsVal == answered.tsEcr && segment($0).time <= answered.time
      }
    }
    if cause == nil {
      cause = peerSyns.last {
        line.isNear ? segment($0).time <= answered.time : arrives($0, before: answer)
      }
    }
    if cause == nil, !line.isNear, let first = peerSyns.first, segment(first).time <= answered.time {
      cause = first
    }
    let received =
      if let cause {
        Moment(cause, proof: answer, time: arrival(of: cause, provedBy: answer))
      } else {
        Moment(answer, time: line.sent(answered))
      }
    milestones.opening = .passive(received: received)

    let acknowledgements = segments.indices.lazy.filter {
      let candidate = segment($0)
      return candidate.isOrdinary && candidate.hasAck && candidate.ack >= 1 && candidate.start >= 1
        && story.reaches(candidate, role)
    }
    if let cause = firstBelieved(acknowledgements, unless: ownSynAcks) {
      milestones.established = Moment(cause, time: arrival(of: cause))
    } else if !story.fastOpen, firstDataAck != nil, let first = firstOrdinary {
      // It takes data, so it was established: the acknowledgement that did it was not captured.
      milestones.established = Moment(first, time: line.sent(segment(first)))
    }
  }

  // MARK: Mid-stream

  /// The capture begins after the opening: in ESTABLISHED, or half closed already (PS.6).
  private func readMidStream(_ milestones: inout EndpointMilestones) {
    if story.isFinishing(role) {
      milestones.opening = .before(.closeWait, .possible)
    } else if story.isFinishing(role.peer) {
      milestones.opening = .before(.finWait2, .possible)
    } else {
      milestones.opening = .before(.established, story.midStream ? .likely : .certain)
    }
  }
}
