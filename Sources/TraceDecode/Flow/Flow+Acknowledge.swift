/// What acknowledgements teach: windows, round trips, SACK.
extension Flow {
  /// What the peer's half and the windows learn from an acknowledgement; copies arrive like originals.
  mutating func acceptAcknowledgement(
    _ record: inout SegmentRecord, _ a: Arrival, _ s: Segment, in analyzer: inout Desk
  ) {
    guard a.hasAck else { return }
    let role = a.role
    let peer = role.peer
    if s.sack.count > 0 {
      status.insert(.sackSeen)
      noteSACK(&record, a, s)
    }
    // Mid-stream, the first acknowledgement may lie below the first octet seen.
    let advances = a.ack > self[peer].una || !self[peer].known.contains(.acked)
    self[peer].known.insert(.acked)
    if advances {
      record.marks.insert(.advancesAck)
      if !record.marks.contains(.duplicate) { sampleRTT(record, a, in: &analyzer) }
      self[peer].una = a.ack
      noteProgress(record, a)
    } else if a.isPureAck(record.flags), isIdleUpdate(record, a) {
      self[role].idleUpdates = min(self[role].idleUpdates &+ 1, .max &- 1)
    } else if record.segLen == 0, self[peer].maxEnd > a.ack,
      record.marks.contains(.newSACK) || a.ack == a.unaBefore && record.window == self[role].window,
      !record.marks.contains(.duplicate)
    {
      let dossier = openDossier()
      if dossier[peer].signal == nil { dossier[peer].signal = record }
    }
    if !record.flags.contains(.syn), a.ack >= self[peer].una {
      // The window this side grants its peer, as P5 asks for it.
      let zero = record.window == 0
      withDirection(peer) { d in
        if zero {
          d.pointee.known.insert([.zeroWindow, .zeroWindowSinceData])
        } else {
          d.pointee.known.remove(.zeroWindow)
        }
      }
      if zero { status.insert(.sawZeroWindow) }
    }
    if !record.marks.contains(.duplicate) {
      let window = record.window
      let edge = a.ack &+ Int64(window)
      let isSyn = record.flags.contains(.syn)
      withDirection(role) { d in
        if isSyn { d.pointee.window = window } else { d.pointee.advertise(window) }
      }
      if edge > self[peer].edge { self[peer].edge = edge }
    }
  }

  /// What waited for the peer's octets to be acknowledged further.
  mutating func noteProgress(_ record: SegmentRecord, _ a: Arrival) {
    guard let dossier else { return }
    let peer = a.role.peer
    if !dossier[peer].doubtful.isEmpty { weighDoubtful(a) }
    if !dossier[peer].sacked.isEmpty {
      if let block = dossier[peer].sacked.range(at: a.ack) { noteReneging(record, a, block) }
      dossier[peer].sacked.removeBelow(a.ack)
    }
    dossier[peer].signal = nil
  }

  /// Whether it acknowledges nothing and widens a window that was half open, with no repeat under way that it
  /// could answer: some stacks tell of every read, others never.
  private func isIdleUpdate(_ r: SegmentRecord, _ a: Arrival) -> Bool {
    let d = pointer(a.role)
    guard a.ack == a.unaBefore, r.window > d.pointee.window, d.pointee.window >= d.pointee.windowMax / 2,
      r.marks.isDisjoint(with: [.hasSACK, .duplicate, .keepAlive, .windowProbe]),
      dossier?[a.role.peer].pending.isEmpty ?? true
    else { return false }
    // Data out of order calls for one as well.
    let sent = pointer(a.role.peer)
    let half = d.pointee.rttMin == .max ? 0 : d.pointee.rttMin
    var i = log.end
    while i > log.first, log.end &- i < 64 {
      i &-= 1
      let g = log[i]
      if g.sender != a.role, g.segLen > 0, sent.pointee.offset(g.seq) > a.ack,
        r.time &- g.time >= half &* 8 / 10
      {
        return false
      }
    }
    return true
  }

  /// A round trip from the capture point to `role` and back: the segment whose end is acknowledged exactly,
  /// the newest acknowledged, never resent (Karn; P0.6).
  mutating func sampleRTT(_ record: SegmentRecord, _ a: Arrival, in analyzer: inout Desk) {
    let peer = a.role.peer
    let wanted: Marks = peer == .responder ? [.fromResponder, .new] : .new
    var i = max(self[peer].unackedIndex, log.first)
    var sample: Int64?
    // What lies below it came late, so that its acknowledgement waited for that: no measure of the path.
    var isHeldUp = false
    var reached = self[peer].base &+ UInt32(truncatingIfNeeded: a.unaBefore)
    var hasReached = a.unaBefore > 0
    while i < log.end {
      let g = log.place(i)
      let marks = g.pointee.marks
      if marks.intersection([.fromResponder, .new]) == wanted {
        let start = g.pointee.seq
        let end = start &+ g.pointee.segLen
        let beyond = SeqNum.difference(end, record.ack)
        if beyond > 0 { break }
        if marks.contains(.resent) || hasReached && SeqNum.difference(start, reached) > 0 { isHeldUp = true }
        reached = end
        hasReached = true
        sample = beyond == 0 && !marks.contains(.resent) ? record.time &- g.pointee.time : nil
      }
      i &+= 1
    }
    self[peer].unackedIndex = i
    // Beyond an hour it is the clock that is wrong; such a figure would overflow what is computed of it.
    guard let sample, sample >= 0, sample < 3_600_000_000_000 else { return }
    if sample > 500_000_000 { noteHeldAck(record, a, by: sample, in: &analyzer) }
    var first = false
    withDirection(a.role) { d in
      first = d.pointee.rttMin == .max
      if sample < d.pointee.rttMin { d.pointee.rttMin = sample }
      if isHeldUp { return }
      if sample > d.pointee.rttMax { d.pointee.rttMax = sample }
      d.pointee.rttSum &+= sample
      d.pointee.rttSamples &+= 1
    }
    if first { analyzer.learnPath(sample, of: a.role, self) }
    if isHeldUp { return }
    if a.ack &- a.unaBefore > 4 * 536, a.unaBefore > 0 { noteStretch(record, a) }
    ledger?.roundTrip(sample, to: a.role, back: self[peer].rttMin)
  }

  /// The hole below `block` is filled, and the acknowledgement does not go beyond: its receiver has given up what
  /// it had reported (RFC 2018 8).
  private mutating func noteReneging(_ record: SegmentRecord, _ a: Arrival, _ block: Range<Int64>) {
    guard let dossier, !dossier[a.role.peer].sacked.isCoarse else { return }
    dossier[a.role.peer].sacked.remove(block)
    // An acknowledgement that a copy or a foreign segment carries proves nothing; nor does one of what the
    // capture has not seen, where a proxy may number it anew.
    guard record.marks.isDisjoint(with: [.duplicate, .injected]), !record.flags.contains(.rst),
      block.upperBound <= self[a.role.peer].maxEnd
    else { return }
    // What was sent again although it had been reported was needed after all.
    for i in dossier[a.role.peer].pending.indices {
      let p = dossier[a.role.peer].pending[i]
      if p.spurious == .alreadyAcknowledged, p.unaAtSending < p.end, p.end > block.lowerBound,
        p.start < block.upperBound
      {
        dossier[a.role.peer].pending[i].spurious = .none
      }
    }
    let top = self[a.role.peer].base &+ UInt32(truncatingIfNeeded: block.upperBound)
    let report = latest(of: a.role) { g in
      g.marks.contains(.hasSACK) && g.sackTop != 0 && SeqNum.difference(g.sackTop, top) >= 0
    }
    openSignals()[a.role].ack.tookBackSACK(ref(record), block, reportedBy: report.map { ref($0) })
  }

  /// One acknowledgement of more than four full segments (RFC 2525 2.13): a habit once it is the tenth.
  private mutating func noteStretch(_ record: SegmentRecord, _ a: Arrival) {
    guard a.isPureAck(record.flags), !record.marks.contains(.hasSACK) else { return }
    let d = pointer(a.role)
    // What one data segment brings to a capture beside a host may be many on the wire: the option says how many.
    let full = d.pointee.known.contains(.mssOption) ? Int64(d.pointee.mss) : 1460
    guard a.ack &- a.unaBefore > 4 &* full, d.pointee.stretchAcks < .max else { return }
    d.pointee.stretchAcks &+= 1
    if d.pointee.stretchAcks == AckMachine.stretchHabit {
      openSignals()[a.role].ack.stretches(ref(record), octets: a.ack &- a.unaBefore)
    }
  }

  /// Sorts SACK blocks into known and new ones; the D-SACK block is neither (RFC 2883 4).
  private mutating func noteSACK(_ record: inout SegmentRecord, _ a: Arrival, _ s: Segment) {
    let peer = a.role.peer
    guard let blocks = sackRanges(a, s.sack) else { return }
    let dossier = openDossier()
    if blocks.dsack != nil {
      if !record.marks.contains(.duplicate) { dossier[peer].dsacks &+= 1 }
    }
    for i in blocks.indices {
      let block = blocks[i]
      if block.upperBound <= a.ack { continue }
      if !dossier[peer].sacked.contains(block.lowerBound, block.upperBound) {
        dossier[peer].sacked.insert(block.lowerBound, block.upperBound)
        record.marks.insert(.newSACK)
      }
      let top = self[peer].base &+ UInt32(truncatingIfNeeded: block.upperBound)
      if record.sackTop == 0 || SeqNum.difference(top, record.sackTop) > 0 { record.sackTop = top }
    }
    makeDirty()
  }

  /// The SACK blocks of a segment, where it acknowledges anything.
  func sackRanges(_ a: Arrival, _ sack: SACKBlocks) -> SACKRanges? {
    guard sack.count > 0, a.hasAck else { return nil }
    return SACKRanges(sack, ack: a.ack, of: pointer(a.role.peer))
  }
}
