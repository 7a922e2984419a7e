/// Where segments that are more than ordinary reach the signal machines.
extension Flow {
  /// Watches a segment that has just been classified and not yet remembered.
  ///
  /// Cost: a few compares for an ordinary one.
  @inline(__always)
  mutating func watch(_ r: SegmentRecord, _ a: Arrival, _ s: Segment, in analyzer: inout Desk) {
    if r.payload > 536, r.payload > UInt32(self[a.role.peer].mss),
      self[a.role.peer].known.contains(.mssOption)
    {
      noteSize(r, a, s, in: &analyzer)
    }
    if !status.contains(.watching), isOrdinary(r, a, s) { return }
    watchClosely(r, a, s, in: &analyzer)
  }

  /// What both SYNs say together, once both have passed.
  mutating func noteAgreement() {
    let both = originator.known.intersection(responder.known)
    let isCut = originator.known.union(responder.known).contains(.synCut)
    if both.contains(.syn), !isCut || both.contains(.windowScale) { status.insert(.scaleKnown) }
    if both.contains([.syn, .timestamps]) {
      status.insert(.timestampsAgreed)
    } else {
      status.remove(.timestampsAgreed)
    }
  }

  /// In-order data or an advancing acknowledgement, well within the window.
  @inline(__always)
  private func isOrdinary(_ r: SegmentRecord, _ a: Arrival, _ s: Segment) -> Bool {
    let usual: Marks = [.fromResponder, .new, .advancesAck, .hasTimestamps, .ipV6, .notable, .resent]
    let free: TCPFlags = [.psh, .fin, .ece, .cwr, .ae]
    guard r.marks.isSubset(of: usual), !r.marks.isDisjoint(with: [.new, .advancesAck]),
      s.flags.subtracting(free) == .ack, s.options.isSubset(of: .timestamps), s.urgentPointer == 0,
      r.window != 0, a.hasAck, a.ack >= a.unaBefore
    else { return false }
    if s.options.isEmpty ? status.contains(.timestampsAgreed) : SeqNum.difference(r.tsVal, a.stampBefore) < 0
    {
      return false
    }
    return fitsWindows(r, a)
  }

  @inline(__always)
  private func fitsWindows(_ r: SegmentRecord, _ a: Arrival) -> Bool {
    let own = a.role == .originator ? originator.edge : responder.edge
    let seen =
      a.role == .originator
      ? max(responder.contiguous, responder.ackedAssessed)
      : max(originator.contiguous, originator.ackedAssessed)
    if a.ack > seen { return false }
    guard status.contains(.scaleKnown) else { return true }
    // Room for a full segment stays free, whatever its size.
    if r.payload > 0, a.end &+ 1460 > own { return false }
    return a.ack &+ Int64(r.window) >= a.edgeBefore
  }

  private mutating func watchClosely(
    _ r: SegmentRecord, _ a: Arrival, _ s: Segment, in analyzer: inout Desk
  ) {
    guard !status.contains(.selfConnection), r.marks.isDisjoint(with: [.duplicate, .injected, .forNewer])
    else {
      return
    }
    if r.marks.contains(.badChecksum) {
      openSignals()[a.role].odd.note(.badChecksum, ref(r))
      return
    }
    let facts = facts(of: r, a, s)
    if facts.isEmpty, !status.contains(.watching) { return }
    let sight = sight(of: r, a, s, facts, in: &analyzer)
    let signals = openSignals()
    if facts.contains(.isOdd) { noteOddities(sight, s, signals) }
    var told: [Episode] = []
    if !r.flags.contains(.syn) { feed(sight, a, s, signals, &told, in: &analyzer) }
    if signals.isOpen { status.insert(.watching) } else { status.remove(.watching) }
    for episode in told { analyzer.tell(episode, self) }
  }

  @discardableResult
  mutating func openSignals() -> FlowSignals {
    let dossier = openDossier()
    if let signals = dossier.whole.signals { return signals }
    let new = FlowSignals()
    dossier.whole.signals = new
    return new
  }

  // MARK: - Machines

  private mutating func feed(
    _ s: Sight, _ a: Arrival, _ segment: Segment, _ signals: FlowSignals, _ told: inout [Episode],
    in analyzer: inout Desk
  ) {
    let role = a.role
    let peer = role.peer
    if status.contains(.established) {
      signals[role].window.advertise(
        s, peerFinished: self[peer].known.contains(.fin), pointer(role), &told)
      // After the other side's FIN there is no room that would matter.
      if s.facts.contains(.drawsEdgeBack), !self[peer].known.contains(.fin) { noteRetreat(s, signals) }
    }
    signals[peer].window.peerSent(s, &told)
    signals[peer].flight.answered(
      s, step: leastStep(of: role), unit: 1 << Int64(self[role].windowShift), &told)
    if status.contains(.scaleKnown), s.room > 0 {
      signals[role].flight.sent(s, inFlight: s.payloadEnd &- self[role].una, step: leastStep(of: peer))
    }
    signals[peer].probe.peerSent(s, &told)
    signals[role].probe.sent(s, &told)
    watchAcks(s, a, segment, signals, &told)
    watchGaps(s, signals, in: &analyzer)
    signals[peer].odd.answered(s)
    if s.facts.contains(.turnsClockBack) { noteStamp(s, signals) }
    if s.facts.contains(.repeatsData) {
      noteConflict(s, segment, signals)
      noteRepeatOfAcknowledged(s, signals, &told, in: &analyzer)
    }
  }

  /// What `role` should advance the window it grants by at least: a full segment, or half of its buffer
  /// (RFC 9293 3.8.6.2.2).
  private func leastStep(of role: Role) -> Int64 {
    let d = pointer(role)
    return min(
      Int64(d.pointee.known.contains(.mssOption) ? d.pointee.mss : 536), Int64(d.pointee.windowMax) / 2)
  }

  /// The window of a SYN is of another kind: the edge is held against the highest one granted since.
  private func noteRetreat(_ s: Sight, _ signals: FlowSignals) {
    let role = s.ref.sender
    let peer = self[role.peer]
    func edge(_ g: SegmentRecord) -> Int64 { peer.offset(g.ack) &+ Int64(g.window) }
    let settled = signals[role].window.shrunkAt
    var setter: SegmentRecord?
    _ = latest(of: role) { g in
      if g.frame < settled { return true }
      if g.flags.contains(.ack), !g.flags.contains(.syn), setter.map({ edge(g) > edge($0) }) ?? true {
        setter = g
      }
      return false
    }
    guard let setter else { return }
    let back = edge(setter) &- s.ack &- Int64(s.record.window)
    guard back >= 1 << Int64(self[role].windowShift) else { return }
    signals[role].window.retreated(s, setter: setter, ref(setter), by: back)
  }

  /// The latest remembered segment of `role`, among the last few, that is as asked.
  func latest(of role: Role, where fits: (SegmentRecord) -> Bool) -> SegmentRecord? {
    var i = log.end
    var left = 128
    while i > log.first, left > 0 {
      i &-= 1
      left &-= 1
      let g = log[i]
      if g.sender == role, g.marks.isDisjoint(with: [.duplicate, .injected, .badChecksum]),
        !g.flags.contains(.rst), fits(g)
      {
        return g
      }
    }
    return nil
  }

  private mutating func watchAcks(
    _ s: Sight, _ a: Arrival, _ segment: Segment, _ signals: FlowSignals, _ told: inout [Episode]
  ) {
    let role = a.role
    let peer = role.peer
    var dsack: Range<Int64>?
    var copies: [SegmentRef] = []
    if s.facts.contains(.hasSACK), let blocks = sackRanges(a, segment.sack) {
      dsack = blocks.dsack
      if let dsack {
        noteDeliveredTwice(dsack, by: s.record, from: peer, half: s.peerHalf)
        copies = transmissions(peer, dsack.lowerBound, dsack.upperBound).suffix(2).map { ref($0.record) }
      }
      noteMisfits(s, segment, signals)
    }
    if s.facts.contains(.takesAckBack), !signals[peer].gap.doubts(s.unaBefore),
      let higher = latest(
        of: role, where: { self[peer].offset($0.ack) >= s.unaBefore && $0.flags.contains(.ack) })
    {
      signals[role].ack.tookBack(s, below: higher, ref(higher))
    }
    signals[role].ack.weighRegress(pointer(role), isOver: false, &told)
    signals[role].ack.sent(s, dsack: dsack, copies: copies, &told)
    signals[role].lostAck.sent(s, &told)
    signals[peer].lostAck.answered(s, dsack: dsack)
  }

  /// Blocks that lie where nothing can have been sent, or run backwards.
  private func noteMisfits(_ s: Sight, _ segment: Segment, _ signals: FlowSignals) {
    let d = self[s.ref.sender.peer]
    let reach: Int64 = 1 << 20
    guard d.known.contains(.syn), self[s.ref.sender].known.contains(.syn), d.packets > 0 else { return }
    for i in 0..<Int(segment.sack.count) {
      let left = d.offset(segment.sack[i].left)
      let right = d.offset(segment.sack[i].right)
      if left >= right || right > max(d.edge, d.maxEnd) &+ reach || right < d.una &- (1 << 30) {
        signals[s.ref.sender].ack.sackMisfits(s, min(left, right)..<max(left, right))
        return
      }
    }
  }

  private mutating func watchGaps(_ s: Sight, _ signals: FlowSignals, in analyzer: inout Desk) {
    let role = s.ref.sender
    let peer = role.peer
    if signals[role].gap.sent(s) { analyzer.noteSwap() }
    if s.hasAck, signals[peer].gap.acknowledgedAgain(s) { withdrawAck(peer) }
    guard s.facts.contains(.acksUnseen) else { return }
    let d = self[peer]
    let low = max(d.contiguous, d.ackedAssessed, d.known.contains(.syn) ? 0 : 1)
    self[peer].ackedAssessed = s.ack
    // Mid-stream, what was sent before the capture began is not missing from it.
    if status.contains(.midStream), !d.known.contains(.data) { return }
    // A FIN that was not captured is no octet of the stream.
    let finish = s.ack == d.maxEnd &+ 1 && !d.known.contains(.fin) ? d.maxEnd : s.ack
    guard finish > low, finish &- low > (dossier?[peer].islands.coverage(low, finish) ?? 0) else { return }
    let granted = max(s.edgeBefore, d.maxEnd)
    // Nobody grants room before the handshake is over: its last segment is wrong, and that is another story.
    let a = self[role]
    if status.contains(.scaleKnown), a.dataPackets == 0, a.pureAcks <= 1, d.dataPackets == 0, s.ack > granted
    {
      withdrawAck(peer)
      return
    }
    let beyond =
      status.contains(.scaleKnown) && d.edge > 0 && s.ack > granted &+ (1 << 20) && !wasSentBeyondReach(s)
    signals[peer].gap.acknowledged(
      GapMachine.Gap(start: low, end: finish, ack: s.ref, isBeyondWindow: beyond))
  }

  /// Data passed that lay far beyond the known window, and is what is acknowledged: the capture lacks a lot.
  private func wasSentBeyondReach(_ s: Sight) -> Bool {
    let sender = s.ref.sender.peer
    let d = pointer(sender)
    var i = log.end
    var left = 64
    while i > log.first, left > 0 {
      i &-= 1
      left &-= 1
      let g = log[i]
      guard g.sender == sender, g.marks.contains(.injected), g.payload > 0 else { continue }
      let start = d.pointee.offset(g.seq)
      if start <= s.ack, start &+ Int64(g.payload) >= s.ack { return true }
    }
    return false
  }

  /// Takes back what an acknowledgement of octets that were never sent has claimed.
  private mutating func withdrawAck(_ role: Role) {
    self[role].una = min(self[role].una, self[role].maxEnd)
    self[role].ackedAssessed = min(self[role].ackedAssessed, self[role].maxEnd)
  }

  /// Data again that was acknowledged long enough ago for the sender to know (P3.L1).
  private mutating func noteRepeatOfAcknowledged(
    _ s: Sight, _ signals: FlowSignals, _ told: inout [Episode], in analyzer: inout Desk
  ) {
    let role = s.ref.sender
    guard s.marks.contains(.retransmission), s.flags.isDisjoint(with: [.fin, .syn]), !isOneWay,
      status.contains(.established), !signals[role].lostAck.isOpen
    else { return }
    let view = analyzer.pathView(self)
    guard !view.unknown.originator, !view.unknown.responder, view.total >= 1_000_000,
      self[role].rttMin != .max
    else { return }
    let besideSender = s.senderHalf < 1_000_000 && s.peerHalf > 5 &* s.senderHalf
    let isCovered = self[role].una >= s.end
    guard isCovered || besideSender else { return }
    let acks = acknowledgements(
      of: s.end, from: role.peer, until: s.time &- s.senderHalf &- max(10_000_000, s.senderHalf / 4),
      areBad: !isCovered, agesMatter: besideSender)
    guard let covering = acks.first else { return }
    var refusal: AckEpisode.Refusal = isCovered ? .none : .badChecksum
    if besideSender, acks.areOld { refusal = .oldTimestamp }
    var echoIsOlder = false
    if refusal == .none, covering.marks.contains(.hasTimestamps), s.marks.contains(.hasTimestamps) {
      echoIsOlder = SeqNum.difference(s.record.tsEcr, covering.tsVal) < 0
      // It had the acknowledgement, and repeats for a reason of its own.
      if !echoIsOlder { return }
    }
    signals[role].lostAck.repeated(
      LostAckMachine.Case(
        repeated: s.ref, covering: ref(covering), count: acks.count, besideSender: besideSender,
        echoIsOlder: echoIsOlder, refusal: refusal), &told)
  }

  /// The remembered acknowledgements of everything up to `end` that passed by `time`, with a right checksum or
  /// a wrong one: the first, how many, and, if it matters, whether all carry a timestamp older than an earlier
  /// one (PAWS).
  private func acknowledgements(
    of end: Int64, from role: Role, until time: Int64, areBad: Bool, agesMatter: Bool
  )
    -> (first: SegmentRecord?, count: Int, areOld: Bool)
  {
    let d = pointer(role.peer)
    var start = log.end
    while start > log.first {
      start &-= 1
      // It acknowledges more than all before it; of those only their timestamps count.
      if log[start].sender == role, log[start].marks.contains(.advancesAck),
        d.pointee.offset(log[start].ack) < end
      {
        break
      }
    }
    var first: SegmentRecord?
    var count = 0
    var newest: UInt32?
    var areOld = true
    for i in (agesMatter ? log.first : start)..<log.end where log[i].sender == role {
      guard log[i].flags.contains(.ack), log[i].flags.isDisjoint(with: [.syn, .rst]), log[i].time <= time,
        log[i].marks.isDisjoint(with: [.duplicate, .injected])
      else { continue }
      let isStamped = log[i].marks.contains(.hasTimestamps)
      let isOld = isStamped && newest.map { SeqNum.difference(log[i].tsVal, $0) < 0 } ?? false
      if isStamped, !isOld { newest = log[i].tsVal }
      guard i >= start, log[i].marks.contains(.badChecksum) == areBad, d.pointee.offset(log[i].ack) >= end
      else { continue }
      if first == nil { first = log[i] }
      count &+= 1
      areOld = areOld && isOld
    }
    return (first, count, areOld && !areBad && count > 0)
  }

  // MARK: - The end

  /// Tells what the machines still hold.
  mutating func endSignals(in analyzer: inout Desk) {
    guard let dossier else { return }
    for role in [Role.originator, .responder] {
      if let copied = dossier[role].networkDuplicate { analyzer.tell(.order(copied), self) }
    }
    guard let signals = dossier.whole.signals else { return }
    var told: [Episode] = []
    for role in [Role.originator, .responder] {
      let missing = missingOctets(role)
      let unsupported = signals[role].gap.end(sender: role, missing: missing, &told)
      if !unsupported, missing > 0 {
        dossier[role].gapOctets = UInt64(missing)
        analyzer.noteGap(UInt64(missing))
      }
      if unsupported {
        withdrawAck(role)
      } else if missing > 0 {
        analyzer.report.gapAcks &+= signals[role].gap.confirmed
      }
      signals[role].window.end(lastTime: lastTime, pointer(role), &told)
      signals[role].flight.end(
        FlightMachine.Transfer(
          duration: lastTime &- firstTime, pathTime: analyzer.pathView(self).total,
          largestWindow: self[role.peer].windowMax,
          isScaled: originator.known.contains(.windowScale) && responder.known.contains(.windowScale),
          segments: Int(self[role].dataPackets)),
        &told)
      signals[role].probe.end(silence: analyzer.now &- lastTime, hearsBoth: !isOneWay, &told)
      signals[role].ack.end(pointer(role), &told)
      signals[role].lostAck.end(&told)
      judgeChecksums(role, signals)
      signals[role].odd.end(&told)
      dossier[role].duplicateAcks = signals[role].ack.duplicates
    }
    for episode in told { analyzer.tell(episode, self) }
  }

  /// Octets of `role` that were acknowledged and never captured.
  private func missingOctets(_ role: Role) -> Int64 {
    let d = self[role]
    guard d.known.contains(.segment), !isOneWay, d.ackedAssessed > 0,
      !status.contains(.midStream) || d.known.contains(.data)
    else { return 0 }
    let low = max(d.contiguous, d.known.contains(.syn) ? 0 : 1)
    let high = d.una == d.maxEnd &+ 1 && !d.known.contains(.fin) ? d.maxEnd : d.una
    guard high > low else { return 0 }
    return high &- low &- (dossier?[role].islands.coverage(low, high) ?? 0)
  }
}
