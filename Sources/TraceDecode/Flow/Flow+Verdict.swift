/// What is told of retransmissions, losses and reordering once it can change no more.
extension Flow {
  /// Tells what can change no more.
  mutating func tellDecided(_ sender: Role, now: Int64, _ view: PathView, in analyzer: inout Desk) {
    guard let dossier else { return }
    let patience = Self.patience(view, sender)
    var decided = 0
    dossier[sender].pending.withUnsafeBufferPointer { pending in
      for i in pending.indices {
        let age = now &- pending[i].record.time
        guard pending[i].cause != nil, !pending[i].awaitsEstablishment || age > patience else { break }
        if age <= patience, pending[i].spurious == .none || age <= Self.proofHold { break }
        if pending[i].isUnanswered, age < Self.probeHold { break }
        decided &+= 1
      }
    }
    if decided > 0 { tellOldest(sender, decided, in: &analyzer) }
  }

  /// Tells the oldest `count` pending retransmissions and forgets them.
  mutating func tellOldest(_ sender: Role, _ count: Int, in analyzer: inout Desk) {
    guard let dossier else { return }
    let told = dossier.takeOldest(sender, count)
    for p in told {
      if p.awaitsEstablishment, p.spurious == .none, wasReceived(p, sender, in: &analyzer) {
        p.spurious = .alreadyReceived
      }
      if p.spurious == .none, let answer = p.countedBy, self[sender.peer].ipIDCountsPackets {
        p.spurious = .lostAnswer
        p.spuriousBy = answer
      }
      if isOneWay { p.spurious = .none }
      tellRetransmission(p, sender, in: &analyzer)
    }
    for finished in dossier[sender].loss.takeFinished(before: dossier[sender].pending.first?.episode) {
      tellLoss(finished, sender, in: &analyzer)
    }
  }

  /// What is told of one retransmission.
  private func retransmission(_ p: PendingRetransmission, _ sender: Role, in analyzer: inout Desk)
    -> Retransmission
  {
    let cause =
      isForeign(p, sender)
      ? .foreign : isTooEarly(p, sender, in: &analyzer) ? .tooEarly : p.cause ?? .unexplained
    var confidence = Confidence.certain
    let isLateEnough = p.copies.last.map { p.record.time &- $0.record.time > 100_000_000 } ?? false
    if p.orderUnknown && !isLateEnough || status.contains(.evidenceLost) { confidence = .possible }
    if isOneWay || cause == .tailLossProbe && p.quiet < SenderReplay.timerFloor {
      confidence = min(confidence, .likely)
    }
    var story = Retransmission(segment: ref(p.record), cause: cause, confidence: confidence)
    story.backoff = p.backoff
    story.sinceLast = p.copies.last.map { p.record.time &- $0.record.time }
    story.previous = p.copies.last.map { ref($0.record) }
    story.againOctets = UInt32(clamping: p.againOctets)
    story.holeOctets = UInt32(clamping: p.end &- p.start &- p.againOctets)
    story.oldOctets = UInt32(clamping: p.oldOctets)
    story.spurious = p.spurious
    story.spuriousFrame = (p.spuriousBy ?? p.acknowledgedBy).map { ref($0) }
    story.recovered = cause == .tailLossProbe && p.covered && p.spurious == .none
    return story
  }

  /// Sent by something else on the path (P2.3): of another distance, and outside the sender's count of packets.
  private func isForeign(_ p: PendingRetransmission, _ sender: Role) -> Bool {
    guard let last = p.copies.last?.record, self[sender].ipIDIsCounter, p.record.ipID != 0, last.ipID != 0
    else { return false }
    let step = Int(Int16(bitPattern: p.record.ipID &- last.ipID))
    return abs(step) > 4096 && abs(Int(p.record.ttl) - Int(last.ttl)) > 1
  }

  /// A timer that fired before any answer could have come (P2.10): what it sends again was never missed.
  private func isTooEarly(_ p: PendingRetransmission, _ sender: Role, in analyzer: inout Desk) -> Bool {
    guard p.cause == .timeout || p.cause == .tailLossProbe, !isOneWay, !p.fillsHole,
      let last = p.copies.last, !p.orderUnknown || p.record.ipID == 0 || p.record.ipID != last.record.ipID
    else { return false }
    let view = analyzer.pathView(self)
    let d = self[sender]
    // A few samples may all hold a delayed acknowledgement; the handshake's does not.
    let samples = min(d.rttSamples, self[sender.peer].rttSamples)
    guard view.knows(.originator), view.knows(.responder), samples > 0,
      samples >= 8 || status.contains(.beganWithSyn)
    else { return false }
    var passed = p.record.time &- last.record.time
    if !view.isNear(sender) {
      // Far from it a delay can bring both copies together: its own clock tells when they left.
      guard d.tsHz >= 100, p.record.marks.contains(.hasTimestamps), last.record.marks.contains(.hasTimestamps)
      else { return false }
      passed = max(passed, d.ticksToTime(p.record.tsVal) &- d.ticksToTime(last.record.tsVal))
    }
    return passed < view.total &* 9 / 10
  }

  /// Tells a loss whose retransmissions have all been judged.
  private func tellLoss(_ loss: LossMachine.Open, _ sender: Role, in analyzer: inout Desk) {
    let view = analyzer.pathView(self)
    var episode = loss.episode(sender, oneWay: isOneWay)
    episode.rtt = view.total > 0 ? view.total : nil
    episode.firstSignal = loss.signal.map { ref($0) }
    episode.hole = loss.hole.map { ref($0) }
    episode.recoveredBy = loss.recoveredBy.map { ref($0) }
    if let last = loss.recoveredBy, let first = loss.signal ?? loss.firstRecord {
      episode.duration = last.time &- min(first.time, loss.firstRecord?.time ?? first.time)
    }
    // An ACK that passed a whole half-RTT before the repeat did not reach the sender (P3.L1).
    if let ack = loss.acknowledgedBy, let resent = loss.resentAfterAck,
      resent.time &- ack.time > view.rtt(sender) &* 11 / 10 &+ 5_000_000
    {
      episode.lostAck = ref(ack)
      episode.side = .acknowledgements
    }
    analyzer.tell(.loss(episode), self)
  }

  /// Tells the losses that were still open when the flow ended.
  mutating func tellOpenLosses(in analyzer: inout Desk) {
    guard let dossier else { return }
    for sender in [Role.originator, .responder] {
      for loss in dossier[sender].loss.takeAll() { tellLoss(loss, sender, in: &analyzer) }
    }
  }

  /// Whether the receiver was established when the last earlier copy came (P2.S2).
  private func wasReceived(_ p: PendingRetransmission, _ sender: Role, in analyzer: inout Desk) -> Bool {
    let view = analyzer.pathView(self)
    let paths = PathInference.infer(collectEvidence(view, captureTime: lastTime))
    guard let established = paths[sender.peer].established else { return true }
    let last = p.copies.map(\.record.time).max() ?? p.record.time
    return established.time <= last &+ 100_000
  }

  private mutating func tellRetransmission(
    _ p: PendingRetransmission, _ sender: Role, in analyzer: inout Desk
  ) {
    guard let dossier else { return }
    // A bare FIN sent again is the close's story.
    if p.record.payload > 0 {
      dossier[sender].loss.add(retransmission(p, sender, in: &analyzer), of: p)
    }
    ledger?.note(p, by: sender)
    var verdict: FrameVerdict
    dossier[sender].retransmissions &+= 1
    dossier[sender].retransmittedOctets &+= UInt64(clamping: p.record.payload)
    switch p.cause {
    case .fast, .recovery:
      verdict = .fastRetransmission
      dossier[sender].fast &+= 1
    case .timeout:
      verdict = .timeoutRetransmission
      dossier[sender].timeouts &+= 1
    case .tailLossProbe:
      verdict = .tailLossProbe
      dossier[sender].probesOfTail &+= 1
    case .lossRecovery:
      verdict = .lossRecoveryRetransmission
      dossier[sender].lossRecovery &+= 1
    case .pathMTU: verdict = .pathMTURetransmission
    default: verdict = .retransmission
    }
    if p.spurious != .none {
      verdict.insert(.spurious)
      dossier[sender].spurious &+= 1
    }
    analyzer.tell(verdict, p.record, self)
  }

  /// Tells a segment that the network delivered late, or that may be one.
  mutating func tellReordered(
    _ r: SegmentRecord, _ a: Arrival, opener: SegmentRecord?, certain: Bool, in analyzer: inout Desk
  ) {
    var episode = OrderEpisode(
      kind: certain ? .reordered : .ambiguous, sender: a.role, segment: ref(r), other: opener.map { ref($0) })
    episode.confidence = certain ? .certain : .possible
    if let opener {
      episode.extentTime = r.time &- opener.time
      episode.extentOctets = UInt64(clamping: self[a.role].maxEnd &- a.end)
      for i in log.first..<log.end
      where log[i].sender == a.role && log[i].segLen > 0 && log[i].frame >= opener.frame {
        episode.extentSegments &+= 1
      }
    }
    analyzer.tell(.order(episode), self)
  }
}
