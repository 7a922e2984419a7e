/// Retransmissions from their arrival to their verdict: cause by replay, need by what the receiver says.
extension Flow {
  /// Remembers a retransmission until its cause and need are known.
  mutating func beginRetransmission(
    _ r: SegmentRecord, _ a: Arrival, copies: [PendingRetransmission.Copy], seen: Int64, hole: SegmentRecord?,
    in analyzer: inout Desk
  ) {
    let role = a.role
    markResent(role, a.start, a.end)
    let dossier = openDossier()
    let una = self[role].una
    var p = PendingRetransmission(
      record: r, start: a.start, end: a.end, copies: copies, fillsHole: r.marks.contains(.fillsHole),
      orderUnknown: r.marks.contains(.orderUnknown), againOctets: seen,
      oldOctets: max(0, min(a.end, una) &- a.start), unaAtSending: una, hole: hole)
    if !isOneWay {
      if self[role].known.contains(.acked) && una >= a.end || dossier[role].sacked.contains(a.start, a.end) {
        p.spurious = .alreadyAcknowledged
      } else if !p.fillsHole, analyzer.pathView(self).isNear(role.peer), isWhole(copies, a) {
        // Seen is not received: until the receiver is established its kernel may drop what arrives (P2.S2).
        if receiverLacks(a, since: copies.last?.record.time ?? r.time) {
          p.spurious = .none
        } else if self[role].una <= 1, !status.contains(.midStream) {
          p.awaitsEstablishment = true
        } else {
          p.spurious = .alreadyReceived
        }
      }
    }
    if una >= a.end, !isOneWay { p.acknowledgedBy = acknowledgement(covering: a.end, by: role.peer) }
    p.episode = dossier[role].loss.episode(
      for: a, una: una, highData: self[role].maxEnd, signal: dossier[role].signal)
    dossier[role].pending.append(p)
    if dossier[role].pending.count > 512 { tellOldest(role, 256, in: &analyzer) }
  }

  /// The first remembered acknowledgement of everything up to `end`.
  private func acknowledgement(covering end: Int64, by role: Role) -> SegmentRecord? {
    let d = pointer(role.peer)
    for i in log.first..<log.end
    where log[i].sender == role && log[i].flags.contains(.ack) && !log[i].flags.contains(.rst)
      && d.pointee.offset(log[i].ack) >= end
    {
      return log[i]
    }
    return nil
  }

  /// The receiver beside the capture point has spoken since the last copy, and its acknowledgements say that
  /// the octets are still missing: its kernel dropped what arrived.
  private func receiverLacks(_ a: Arrival, since copy: Int64) -> Bool {
    let una = self[a.role].una
    guard una <= a.start, sackPermitted || una == a.start, self[a.role.peer].known.contains(.nonSyn) else {
      return false
    }
    var i = log.end
    while i > log.first {
      i &-= 1
      let g = log[i]
      if g.time <= copy { return false }
      if g.sender != a.role, g.flags.contains(.ack), g.flags.isDisjoint(with: [.rst, .syn]),
        g.marks.isDisjoint(with: [.duplicate, .injected])
      {
        return true
      }
    }
    return false
  }

  /// Whether intact earlier copies hold every octet.
  private func isWhole(_ copies: [PendingRetransmission.Copy], _ a: Arrival) -> Bool {
    var reached = a.start
    for copy in copies.sorted(by: { $0.start < $1.start }) where copy.start <= reached {
      reached = max(reached, copy.end)
    }
    return reached >= a.end
  }

  /// A late original shows that its retransmission was not needed (P2.S1).
  mutating func noteLateOriginal(_ r: SegmentRecord, _ a: Arrival, in analyzer: inout Desk) {
    let role = a.role
    guard let dossier else { return }
    let nearReceiver = analyzer.pathView(self).isNear(role.peer)
    for i in dossier[role].pending.indices {
      let p = dossier[role].pending[i]
      guard p.start < a.end, p.end > a.start, p.record.frame < r.frame else { continue }
      dossier[role].pending[i].lateOriginals.insert(max(a.start, p.start), min(a.end, p.end))
      if nearReceiver, p.fillsHole, dossier[role].pending[i].lateOriginals.contains(p.start, p.end) {
        dossier[role].pending[i].spurious = .lateOriginal
        dossier[role].pending[i].spuriousBy = r
      }
    }
  }

  /// After each segment of a dirty flow: what it tells of pending retransmissions, and which of them are decided.
  mutating func settle(
    _ r: SegmentRecord, _ a: Arrival, _ s: Segment, in analyzer: inout Desk
  ) {
    guard let dossier else { return }
    let view = analyzer.pathView(self)
    let isHeard = a.hasAck && r.marks.isDisjoint(with: [.injected, .badChecksum]) && !r.flags.contains(.rst)
    if isHeard { dossier[a.role.peer].loss.acknowledged(a.ack, by: r) }
    if isHeard, !dossier[a.role.peer].pending.isEmpty, !isOneWay {
      hearReceiver(r, a, s, view, dossier)
    }
    settlePending(now: r.time, view, in: &analyzer)
  }

  /// Names causes whose evidence has had its time, and tells what can change no more.
  mutating func settlePending(now: Int64, _ view: PathView, in analyzer: inout Desk) {
    guard let dossier else { return }
    for sender in [Role.originator, .responder] where !dossier[sender].pending.isEmpty {
      if dossier[sender].pending.contains(where: { $0.cause == nil }) {
        let near = view.isNear(sender)
        let hold = near ? 0 : view.rtt(sender) &+ Self.replayHold
        let due = dossier[sender].pending.first { $0.cause == nil }.map { $0.record.time &+ hold } ?? .max
        if near {
          replay(sender, upTo: .max, view, in: &analyzer)
        } else if now >= due {
          replay(sender, upTo: now &- view.rtt(sender) / 2 &- 350_000_000, view, in: &analyzer)
        }
      }
      tellDecided(sender, now: now, view, in: &analyzer)
    }
  }

  /// The log is full: decide on what is there.
  mutating func settleUnderPressure(in analyzer: inout Desk) {
    guard let dossier else { return }
    let view = analyzer.pathView(self)
    for sender in [Role.originator, .responder] where !dossier[sender].pending.isEmpty {
      replay(sender, upTo: log[log.first &+ log.count / 2].time, view, in: &analyzer)
    }
  }

  /// The flow is over: everything is decided now.
  mutating func settleAll(in analyzer: inout Desk) {
    guard let dossier else { return }
    let view = analyzer.pathView(self)
    for sender in [Role.originator, .responder] where !dossier[sender].pending.isEmpty {
      replay(sender, upTo: .max, view, in: &analyzer)
      tellOldest(sender, dossier[sender].pending.count, in: &analyzer)
    }
    tellOpenLosses(in: &analyzer)
  }

  /// An acknowledgement of the far receiver: does it show that an earlier copy had arrived (P2.S3 to S6)?
  private mutating func hearReceiver(
    _ r: SegmentRecord, _ a: Arrival, _ s: Segment, _ view: PathView, _ dossier: Dossier
  ) {
    let sender = a.role.peer
    let receiver = a.role
    for i in dossier[sender].pending.indices where dossier[sender].pending[i].answeredBy == nil {
      dossier[sender].pending[i].answeredBy = r
    }
    guard !view.isNear(receiver) else { return }
    let rtt = view.rtt(receiver)
    let blocks = sackRanges(a, s)
    if let dsack = blocks?.dsack {
      let accused = dossier[sender].pending.lastIndex {
        $0.start < dsack.upperBound && $0.end > dsack.lowerBound && r.time &- $0.record.time >= rtt &* 8 / 10
      }
      if let accused, dsack.lowerBound <= dossier[sender].pending[accused].start {
        accuse(accused, .dsack, r, sender, dossier)
      }
    }
    weighRepeatedAck(r, a, blocks != nil, sender, rtt, dossier)
    for i in dossier[sender].pending.indices where !dossier[sender].pending[i].covered {
      let p = dossier[sender].pending[i]
      let delay = r.time &- p.record.time
      if a.ack >= p.end {
        dossier[sender].pending[i].covered = true
        guard p.unaAtSending < p.end, p.spurious == .none else { continue }
        if delay < rtt &* 3 / 4 {
          accuse(i, .earlyAck, r, sender, dossier)
        } else if p.record.marks.contains(.hasTimestamps), r.tsEcr != 0,
          p.record.payload > 0 || r.ipID == 0 && self[receiver].ipIDIsCounter || echoesCopy(r, p),
          a.unaBefore >= p.start,
          SeqNum.difference(r.tsEcr, p.record.tsVal) < 0
        {
          accuse(i, .eifel, r, sender, dossier)
        } else if p.record.flags.contains(.fin), isAnsweredFin(p, r, sender, rtt) {
          accuse(i, .finAnswered, r, sender, dossier)
        } else if answerWasLost(p, before: r, a, sender) {
          accuse(i, .lostAnswer, r, sender, dossier)
        }
      } else if delay < rtt &* 3 / 4, let blocks,
        blocks.ranges.contains(where: {
          $0.lowerBound <= p.start && p.end <= $0.upperBound && $0.upperBound > a.ack
        })
      {
        accuse(i, .earlyAck, r, sender, dossier)
      }
    }
  }

  /// A bare FIN is answered for by an echo only when the echo is an earlier FIN's own stamp: some stacks leave
  /// TS.Recent where the last data put it.
  private func echoesCopy(_ r: SegmentRecord, _ p: PendingRetransmission) -> Bool {
    guard let copy = p.copies.first(where: { $0.record.tsVal == r.tsEcr }) else { return false }
    for i in log.first..<log.end {
      let g = log[i]
      if g.frame < copy.record.frame, g.sender == copy.record.sender, g.tsVal == r.tsEcr { return false }
    }
    return true
  }

  private func accuse(
    _ i: Int, _ proof: SpuriousProof, _ r: SegmentRecord, _ sender: Role, _ dossier: Dossier
  ) {
    guard dossier[sender].pending[i].spurious == .none else { return }
    dossier[sender].pending[i].spurious = proof
    dossier[sender].pending[i].spuriousBy = r
  }

  /// A FIN that its receiver had taken before: the TIME-WAIT socket answered, or every copy was (P2.S6).
  private func isAnsweredFin(_ p: PendingRetransmission, _ reply: SegmentRecord, _ sender: Role, _ rtt: Int64)
    -> Bool
  {
    let receiver = sender.peer
    let d = pointer(receiver)
    guard d.pointee.ipIDIsCounter else { return false }
    if reply.ipID == 0, d.pointee.known.contains(.fin) {
      var acknowledged: SegmentRecord?
      for i in log.first..<log.end {
        let g = log[i]
        if g.sender == sender, g.flags.contains(.ack), d.pointee.offset(g.ack) >= d.pointee.finEnd {
          acknowledged = g
          break
        }
      }
      if let acknowledged, acknowledged.marks.contains(.hasTimestamps) {
        for i in log.first..<log.end {
          let g = log[i]
          if g.sender == receiver, g.frame < p.record.frame, g.ipID != 0, !g.flags.contains(.fin),
            g.time > acknowledged.time &+ rtt &* 8 / 10, g.tsEcr != 0,
            SeqNum.difference(g.tsEcr, acknowledged.tsVal) >= 0
          {
            return true
          }
        }
      }
      return false
    }
    guard reply.ipID != 0, reply.marks.contains(.hasSACK) else { return false }
    return answeredEveryCopy(p, reply, sender)
  }

  private func answeredEveryCopy(_ p: PendingRetransmission, _ reply: SegmentRecord, _ sender: Role) -> Bool {
    let d = pointer(sender)
    var copies = 0
    var firstCopy: UInt64 = .max
    for i in log.first..<log.end {
      let g = log[i]
      if g.sender == sender, g.flags.contains(.fin), !g.marks.contains(.duplicate),
        d.pointee.offset(g.seq) &+ Int64(g.segLen) == p.end, g.frame < reply.frame
      {
        copies &+= 1
        firstCopy = min(firstCopy, g.frame)
      }
    }
    var base: SegmentRecord?
    var between = 0
    for i in log.first..<log.end {
      let g = log[i]
      guard g.sender != sender, !g.marks.contains(.duplicate) else { continue }
      if g.frame < firstCopy, g.ipID != 0 {
        base = g
        between = 0
      } else if g.frame < reply.frame {
        between &+= 1
      }
    }
    guard let base else { return false }
    let missing = Int(reply.ipID &- base.ipID) &- 1 &- between
    return missing > 0 && missing < 1000 && missing >= copies &- 1
  }

  // MARK: - Proofs that any stack gives

  /// The receiver counts its packets, and some are missing just before its answer: it had answered an earlier
  /// copy (P3.L6).
  private func answerWasLost(
    _ p: PendingRetransmission, before reply: SegmentRecord, _ a: Arrival, _ sender: Role
  )
    -> Bool
  {
    let receiver = self[sender.peer]
    guard receiver.ipIDCountsPackets, reply.ipID != 0, !p.copies.isEmpty,
      a.start == receiver.maxEnd &- Int64(reply.segLen), let missing = missingBefore(reply, sender.peer),
      missing >= 1
    else { return false }
    if let echo = p.copies.first(where: { $0.record.tsVal == reply.tsEcr }),
      p.record.marks.contains(.hasTimestamps), SeqNum.difference(reply.tsEcr, p.record.tsVal) < 0,
      echo.start == p.start
    {
      // It had spoken since, so what it echoes is no acknowledgement it was holding back.
      return true
    }
    guard p.unaAtSending == p.start else { return false }
    // Had the first copy been lost, each segment beyond it would have drawn an ACK of its own.
    let beyond = segmentsBeyond(p, sender)
    if beyond == 0 { return a.ack == p.end && missing <= p.copies.count }
    return !sackPermitted && a.ack == self[sender].maxEnd && missing < beyond
  }

  /// How many packets `role` sent unseen just before `reply`, by its identifications.
  private func missingBefore(_ reply: SegmentRecord, _ role: Role) -> Int? {
    var i = log.end
    while i > log.first {
      i &-= 1
      let g = log[i]
      guard g.sender == role, g.frame < reply.frame, !g.flags.contains(.rst),
        g.marks.isDisjoint(with: [.duplicate, .injected]), g.ipID != 0
      else { continue }
      return Int(reply.ipID &- g.ipID) &- 1
    }
    return nil
  }

  /// Transmissions beyond `p` that were outstanding when it was sent.
  private func segmentsBeyond(_ p: PendingRetransmission, _ sender: Role) -> Int {
    let d = pointer(sender)
    var count = 0
    for i in log.first..<log.end {
      let f = log[i]
      if f.sender == sender, f.frame < p.record.frame, f.segLen > 0, !f.flags.contains(.rst),
        f.marks.isDisjoint(with: [.duplicate, .injected]), d.pointee.offset(f.seq) >= p.end
      {
        count &+= 1
      }
    }
    return count
  }

  /// A repeated acknowledgement answers a segment out of order or one that came twice (RFC 9293 3.10.7.4); when
  /// nothing can have come out of order, it tells of a copy too many.
  private func weighRepeatedAck(
    _ r: SegmentRecord, _ a: Arrival, _ hasBlocks: Bool, _ sender: Role, _ rtt: Int64, _ dossier: Dossier
  ) {
    if let held = dossier[sender].uncalledAck, a.ack > held.ack {
      dossier[sender].uncalledAck = nil
      // Had a later segment waited behind the first, this ACK would have taken it along.
      if a.ack == endOfSegment(startingAt: held.ack, sender) {
        blameCopy(held.record, held.ack, sender, rtt, dossier)
      }
    }
    guard r.segLen == 0, !hasBlocks, a.ack == a.unaBefore,
      r.marks.isDisjoint(with: [.duplicate, .windowProbe, .keepAlive]),
      let previous = lastAcknowledgement(before: r, a.role), previous.ack == r.ack,
      previous.window == r.window
    else { return }
    let d = pointer(sender)
    var mayWait = false
    var isStale = false
    for i in log.first..<log.end {
      let g = log[i]
      guard g.sender == sender, g.time &+ rtt &* 8 / 10 <= r.time else { continue }
      if !g.marks.isDisjoint(with: [.keepAlive, .windowProbe, .duplicate]), g.time &+ 3 &* rtt > r.time {
        return
      }
      if g.segLen > 0, d.pointee.offset(g.seq) > a.ack { mayWait = true }
      if g.segLen > 0, d.pointee.offset(g.seq) == a.ack, g.time &+ 3 &* rtt < r.time { isStale = true }
    }
    if mayWait, !sackPermitted {
      // What is next may be long lost, and then the ACK after this one shows nothing.
      if !isStale { dossier[sender].uncalledAck = (r, a.ack) }
    } else {
      blameCopy(r, a.ack, sender, rtt, dossier)
    }
  }

  /// Accuses the last retransmission that the repeated acknowledgement may have answered.
  private func blameCopy(_ r: SegmentRecord, _ ack: Int64, _ sender: Role, _ rtt: Int64, _ dossier: Dossier) {
    guard
      let i = dossier[sender].pending.lastIndex(where: {
        $0.end <= ack && r.time &- $0.record.time >= rtt &* 8 / 10 && r.time &- $0.record.time <= 3 &* rtt
      })
    else { return }
    accuse(i, .repeatedAck, r, sender, dossier)
  }

  private func endOfSegment(startingAt start: Int64, _ sender: Role) -> Int64? {
    let d = pointer(sender)
    for i in log.first..<log.end where log[i].sender == sender && log[i].segLen > 0 {
      if d.pointee.offset(log[i].seq) == start { return start &+ Int64(log[i].segLen) }
    }
    return nil
  }

  private func lastAcknowledgement(before r: SegmentRecord, _ role: Role) -> SegmentRecord? {
    var i = log.end
    while i > log.first {
      i &-= 1
      let g = log[i]
      if g.sender == role, g.frame < r.frame, g.flags.contains(.ack), g.flags.isDisjoint(with: [.rst, .syn]),
        !g.marks.contains(.duplicate)
      {
        return g
      }
    }
    return nil
  }

  // MARK: - Verdicts

  /// Tells what can change no more.
  private mutating func tellDecided(_ sender: Role, now: Int64, _ view: PathView, in analyzer: inout Desk) {
    guard let dossier else { return }
    let patience = Self.patience(view, sender)
    var decided = 0
    for p in dossier[sender].pending {
      guard p.cause != nil, !p.awaitsEstablishment || now &- p.record.time > patience else { break }
      let age = now &- p.record.time
      if age <= patience, p.spurious == .none || age <= Self.proofHold { break }
      if p.cause == .tailLossProbe, p.answeredBy == nil, age < Self.probeHold { break }
      decided &+= 1
    }
    if decided > 0 { tellOldest(sender, decided, in: &analyzer) }
  }

  /// Tells the oldest `count` pending retransmissions and forgets them.
  private mutating func tellOldest(_ sender: Role, _ count: Int, in analyzer: inout Desk) {
    guard let dossier else { return }
    let told = Array(dossier[sender].pending.prefix(count))
    dossier[sender].pending.removeFirst(min(count, dossier[sender].pending.count))
    for var p in told {
      if p.awaitsEstablishment, p.spurious == .none, wasReceived(p, sender, in: &analyzer) {
        p.spurious = .alreadyReceived
      }
      if isOneWay { p.spurious = .none }
      tellRetransmission(p, sender, in: &analyzer)
    }
    let open = Set(dossier[sender].pending.map(\.episode))
    for finished in dossier[sender].loss.takeFinished(except: open) {
      tellLoss(finished, sender, in: &analyzer)
    }
  }

  /// What is told of one retransmission.
  private func retransmission(_ p: PendingRetransmission, _ sender: Role, in analyzer: inout Desk)
    -> Retransmission
  {
    let cause = p.cause ?? .unexplained
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
