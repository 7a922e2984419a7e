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
    let p = PendingRetransmission(
      record: r, start: a.start, end: a.end, copies: copies, againOctets: seen,
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
    let signal = dossier[role].signal
    p.episode = dossier[role].loss.episode(
      for: a, una: una, highData: self[role].maxEnd, signal: signal,
      duplicateAcks: signal.map { duplicateAcks(since: $0) } ?? 0)
    dossier[role].pending.append(p)
    dossier.whole.idle = .none
    if dossier[role].pending.count > 512 { tellOldest(role, 256, in: &analyzer) }
  }

  /// Acknowledgements that repeat `signal`, itself included if it repeats one.
  private func duplicateAcks(since signal: SegmentRecord) -> Int {
    var count = 0
    var i = log.end
    while i > log.first {
      i &-= 1
      let g = log[i]
      if g.frame < signal.frame { break }
      if g.sender == signal.sender, g.ack == signal.ack, g.segLen == 0,
        g.marks.isDisjoint(with: [.advancesAck, .duplicate, .injected])
      {
        count &+= 1
      }
    }
    return count
  }

  /// The first remembered acknowledgement of everything up to `end`.
  private func acknowledgement(covering end: Int64, by role: Role) -> SegmentRecord? {
    let d = pointer(role.peer)
    var first: Int?
    var i = log.end
    while i > log.first {
      i &-= 1
      guard log[i].sender == role, log[i].flags.contains(.ack), !log[i].flags.contains(.rst) else { continue }
      if d.pointee.offset(log[i].ack) >= end {
        first = i
      } else if log[i].marks.contains(.advancesAck) {
        // It acknowledges more than all before it.
        break
      }
    }
    return first.map { log[$0] }
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
        dossier.whole.idle = .none
        dossier[role].pending[i].spuriousBy = r
      }
    }
  }

  /// After each segment of a dirty flow: what it tells of pending retransmissions, and which of them are decided.
  mutating func settle(
    _ r: SegmentRecord, _ a: Arrival, _ sack: SACKBlocks, in analyzer: inout Desk
  ) {
    guard let dossier else { return }
    let isHeard = a.hasAck && r.marks.isDisjoint(with: [.injected, .badChecksum]) && !r.flags.contains(.rst)
    if isHeard { dossier[a.role.peer].loss.acknowledged(a.ack, by: r) }
    // Most segments of a flow that had trouble once come when nothing of it is open any more, and most others
    // when nothing can be decided yet.
    if dossier.isSettled { return }
    let isAnswer = isHeard && !dossier[a.role.peer].pending.isEmpty && !isOneWay
    if !isAnswer, isIdle(at: r.time, dossier) { return }
    let view = analyzer.pathView(self)
    if isAnswer { hearReceiver(r, a, sack, view, dossier) }
    if !isIdle(at: r.time, dossier) { settlePending(now: r.time, view, in: &analyzer) }
  }

  @inline(__always)
  private func isIdle(at now: Int64, _ dossier: Dossier) -> Bool {
    let idle = dossier.whole.idle
    return now <= idle.until && idle.originatorRTT == originator.rttMin
      && idle.responderRTT == responder.rttMin
  }

  /// Reckons until when nothing that is pending can be decided (`settlePending`, `tellDecided`).
  private func noteIdle(_ view: PathView, _ dossier: Dossier) {
    guard originator.rttMin != .max, responder.rttMin != .max else {
      dossier.whole.idle = .none
      return
    }
    var until = Int64.max
    for sender in [Role.originator, .responder] {
      guard let oldest = dossier[sender].pending.first else { continue }
      if let unnamed = dossier.firstUnnamed(sender) {
        let named = dossier[sender].pending[unnamed].record.time &+ view.rtt(sender) &+ Self.replayHold
        until = view.isNear(sender) ? .min : min(until, named &- 1)
      }
      if oldest.cause != nil {
        let isWeighed = oldest.spurious == .none || oldest.awaitsEstablishment
        var hold = isWeighed ? Self.patience(view, sender) : Self.proofHold
        if oldest.isUnanswered { hold = max(hold, Self.probeHold &- 1) }
        until = min(until, oldest.record.time &+ hold)
      }
    }
    dossier.whole.idle = Dossier.Idle(
      until: until, originatorRTT: originator.rttMin, responderRTT: responder.rttMin)
  }

  /// Names causes whose evidence has had its time, and tells what can change no more.
  mutating func settlePending(now: Int64, _ view: PathView, in analyzer: inout Desk) {
    guard let dossier else { return }
    for sender in [Role.originator, .responder] where !dossier[sender].pending.isEmpty {
      if let unnamed = dossier.firstUnnamed(sender) {
        let near = view.isNear(sender)
        let hold = near ? 0 : view.rtt(sender) &+ Self.replayHold
        let due = dossier[sender].pending[unnamed].record.time &+ hold
        if near {
          replay(sender, upTo: .max, view, in: &analyzer)
        } else if now >= due {
          replay(sender, upTo: now &- view.rtt(sender) / 2 &- 350_000_000, view, in: &analyzer)
        }
      }
      tellDecided(sender, now: now, view, in: &analyzer)
    }
    noteIdle(view, dossier)
  }

  /// The log is full: decide on what is there.
  mutating func settleUnderPressure(in analyzer: inout Desk) {
    guard let dossier else { return }
    let view = analyzer.pathView(self)
    dossier.whole.idle = .none
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

}
