/// Tells each reset, or run of equal ones: was it believed, why was it sent, was it its sender's own (RULES P7).
struct ResetStory {
  let view: StoryView

  /// The resets of the incarnation, in capture order.
  func tell() -> [ResetEpisode] {
    var told: [ResetEpisode] = []
    for judged in view.paths.resets {
      guard view.segments.indices.contains(judged.segment) else { continue }
      let segment = view.segments[judged.segment]
      // A corrupt RST reached nobody; one sent by the socket of a newer incarnation is told there.
      if segment.isBadChecksum || segment.isForNewerIncarnation || segment.isDuplicate { continue }
      let validity = validity(judged, segment)
      if let run = told.firstIndex(where: {
        $0.rst.sender == judged.sender && $0.validity == validity
          && ($0.rst.seq == segment.seq && $0.rst.flags == segment.flags || validity == .afterClose)
      }) {
        told[run].count &+= 1
        continue
      }
      // Past the bound only the counts of runs already open go on.
      if told.count < StoryView.shown { told.append(tell(judged, validity)) }
    }
    markBothEnds(&told)
    if !told.isEmpty, !view.evidence.resetText.isEmpty {
      let carrier = told.firstIndex { $0.rst.payload > 0 } ?? 0
      told[carrier].text = view.evidence.resetText
    }
    return told
  }

  private func validity(_ judged: JudgedReset, _ rst: EvidenceSegment) -> ResetEpisode.Validity {
    // In SYN-SENT only a RST that acknowledges the SYN counts, whatever came of the opening (RFC 9293 3.10.7.3).
    if judged.receiverState == .synSent, !rst.hasAck || rst.ack < 1 { return .invalidInSynSent }
    return switch judged.verdict {
    case .accepted: .accepted
    case .inWindow: .challenged
    case .outOfWindow: .outOfWindow
    case .invalidInSynSent: .invalidInSynSent
    case .afterClose: .afterClose
    case .receiverContinues, .notReceived: .unknown
    }
  }

  private func tell(_ judged: JudgedReset, _ validity: ResetEpisode.Validity) -> ResetEpisode {
    let r = judged.segment
    let rst = view.segments[r]
    var episode = ResetEpisode(
      rst: rst.ref, count: 1, validity: validity, cause: .unknown, receiverState: judged.receiverState)
    episode.expected = judged.expected
    if let later = judged.senderContinues, view.segments.indices.contains(later) {
      episode.dataAfter = view.segments[later].ref
    }
    let before = ResetCircumstances(view, reset: r)
    episode.provokedBy = before.provoked.map { view.segments[$0].ref }
    episode.idleBefore = before.idle
    episode.unackedFromOriginator = before.unacked(.originator)
    episode.unackedFromResponder = before.unacked(.responder)
    episode.afterFullClose = before.isAfterFullClose
    episode.afterOwnFin = before.finSeen[rst.sender] != nil
    if validity == .challenged { episode.challengeAck = challengeAck(to: r)?.ref }
    episode.foreign = foreign(r, before, continues: episode.dataAfter != nil)
    episode.cause = cause(judged, before, isForeignTTL: episode.foreign.contains(.ttl))
    return episode
  }

  // MARK: the receiver's answer

  /// The bare ACK with which a receiver that goes on answers a segment it does not believe (RFC 5961 3.2).
  private func challengeAck(to r: Int) -> EvidenceSegment? {
    let rst = view.segments[r]
    let receiver = rst.sender.peer
    let rtt = view.evidence[receiver].rtt ?? 0
    let latest = rst.time &+ 2 &* rtt &+ 2 &* view.slack(receiver) &+ 50_000_000
    for i in view.segments.indices where i > r && view.isArrival(i) {
      let segment = view.segments[i]
      if segment.time > latest { return nil }
      guard segment.sender == receiver, segment.payload == 0, segment.flags.subtracting(.psh) == .ack else {
        continue
      }
      // Half the smallest round trip is sooner than the reset could be answered.
      if segment.time &- rst.time >= rtt / 2 { return segment }
    }
    return nil
  }

  // MARK: whose it is (P7.2)

  private func foreign(_ r: Int, _ before: ResetCircumstances, continues: Bool) -> ResetEpisode.Foreign {
    let rst = view.segments[r]
    let end = view.evidence[rst.sender]
    var marks: ResetEpisode.Foreign = continues ? .senderContinues : []
    var ttl: (low: UInt8, high: UInt8)?
    var nearest: UInt16?
    var hasStamps = false
    for i in view.segments.indices where view.segments[i].sender == rst.sender && view.isSending(i) {
      let segment = view.segments[i]
      if segment.flags.contains(.rst) || segment.isBadChecksum { continue }
      if segment.ttl != 0 {
        ttl = ttl.map { (min($0.low, segment.ttl), max($0.high, segment.ttl)) } ?? (segment.ttl, segment.ttl)
      }
      if i < r, segment.ipID != 0 { nearest = segment.ipID }
      if !segment.flags.contains(.syn) { hasStamps = hasStamps || segment.hasTimestamps }
    }
    if let ttl, rst.ttl != 0, Int(rst.ttl) < Int(ttl.low) &- 1 || Int(rst.ttl) > Int(ttl.high) &+ 1 {
      marks.insert(.ttl)
    }
    // A stack that answers without a socket sends the identification 0: that is no mark.
    if end.ipIDIsCounter, rst.ipID != 0, let nearest {
      let step = Int16(bitPattern: rst.ipID &- nearest)
      if step < -64 || step > 4096 { marks.insert(.ipID) }
    }
    if isTooFast(r) { marks.insert(.tooFast) }
    // A socket's own reset carries what its segments carry; an answer without a socket need not.
    if before.provoked == nil, hasStamps, !rst.hasTimestamps, rst.window == 0, rst.ipID == 0 {
      marks.insert(.bare)
    }
    return marks
  }

  /// It acknowledges octets that its sender cannot have had yet.
  private func isTooFast(_ r: Int) -> Bool {
    let rst = view.segments[r]
    let end = view.evidence[rst.sender]
    guard rst.hasAck, !end.isNear, let rtt = end.rtt, rtt > 2_000_000 else { return false }
    for i in view.segments.indices where i < r {
      let segment = view.segments[i]
      if segment.sender == rst.sender || segment.flags.contains(.rst) { continue }
      if segment.start < rst.ack, segment.end >= rst.ack { return rst.time &- segment.time < rtt / 2 }
    }
    return false
  }

  /// Both ends are reset within a round trip, neither answering the other: something between them did it.
  private func markBothEnds(_ told: inout [ResetEpisode]) {
    let near = max(view.roundTrip ?? 0, 20_000_000)
    for i in told.indices where told[i].validity == .accepted || told[i].validity == .unknown {
      for j in told.indices where j != i && told[j].rst.sender != told[i].rst.sender {
        guard told[j].validity != .afterClose, told[j].validity != .invalidInSynSent else { continue }
        if (told[i].rst.time &- told[j].rst.time).magnitude <= near.magnitude {
          told[i].foreign.insert(.bothEnds)
          told[j].foreign.insert(.bothEnds)
        }
      }
    }
  }

  // MARK: why (P7.3)

  private func cause(_ judged: JudgedReset, _ before: ResetCircumstances, isForeignTTL: Bool)
    -> ResetEpisode.Cause
  {
    let rst = view.segments[judged.segment]
    let sender = rst.sender
    let answers = before.provoked.map { view.segments[$0] }
    if let answers, answers.flags.contains(.syn) {
      return answers.flags.contains(.ack) ? .answerToSynAck : .answerToSyn
    }
    if judged.receiverState == .synSent { return .answerToSyn }
    // What its receiver does not believe and no segment provoked was most likely sent by neither end.
    if answers == nil, judged.verdict == .inWindow || judged.verdict == .outOfWindow { return .unknown }
    if judged.receiverState == .synReceived, sender == .originator, before.synAckSeen, !before.isEstablished {
      return .answerToSynAck
    }
    if sender == .responder, before.synAckSeen, !before.isEstablished { return .handshakeTimeout }
    let wasReset = view.paths[sender].resetAccepted.map { $0.time < view.sent(rst) } ?? false
    if before.isAfterFullClose || before.resetSeen[sender] || wasReset && answers != nil {
      return .answerToDataAfterClose
    }
    if let fin = before.finSeen[sender] {
      if before.dataReached(sender, after: fin) { return .dataAfterClose }
      return answers == nil ? .abort : .answerToDataAfterClose
    }
    if before.repeats[sender] >= 3 { return .userTimeout }
    if before.unansweredProbes[sender] >= 2 { return .keepAliveFailed }
    let answersExactly = answers != nil && !rst.flags.contains(.ack)
    if answersExactly, before.idle >= 60_000_000_000, isForeignTTL { return .middleboxExpiry }
    if answersExactly, before.silence(of: sender) >= 1_000_000_000 { return .halfOpen }
    if before.hasUnread(sender, rst) { return .unreadData }
    return answersExactly ? .unknown : .abort
  }
}
