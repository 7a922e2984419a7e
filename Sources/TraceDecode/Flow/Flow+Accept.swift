/// The numbers of one segment, unwrapped, while it is being taken in.
struct Arrival {
  var role: Role
  var start: Int64
  var end: Int64
  var ack: Int64
  var hasAck: Bool
  /// The highest acknowledgement of the peer's octets before this segment.
  var unaBefore: Int64 = 0
  /// The right edge its sender had granted, the one granted to it, and the end of what it had sent.
  var edgeBefore: Int64 = 0
  var ownEdge: Int64 = 0
  var maxBefore: Int64 = 0
  /// The window it advertised last, and its last timestamp, if it had one.
  var windowBefore: UInt32 = 0
  var stampBefore: UInt32 = 0
  var hadStamp = false
  var isCountable: Bool { end > start }
  func isPureAck(_ flags: TCPFlags) -> Bool {
    hasAck && end == start && flags.isDisjoint(with: [.syn, .fin, .rst])
  }
}

extension Arrival {
  /// The numbers of `s`, and how both sides stood before it.
  @inline(__always)
  init(
    _ s: borrowing Segment, from role: Role, segLen: UInt32, _ own: UnsafePointer<Direction>,
    _ peer: UnsafePointer<Direction>
  ) {
    let start = own.pointee.offset(s.seq)
    self.init(role: role, start: start, end: start &+ Int64(segLen), ack: 0, hasAck: false)
    if s.flags.contains(.ack), peer.pointee.known.contains(.base) {
      ack = peer.pointee.offset(s.ack)
      hasAck = true
      unaBefore = peer.pointee.una
      edgeBefore = peer.pointee.edge
    }
    ownEdge = own.pointee.edge
    maxBefore = own.pointee.maxEnd
    windowBefore = own.pointee.window
    stampBefore = own.pointee.lastTSVal
    hadStamp = own.pointee.stamps > 0
  }
}

extension Flow {
  /// Takes the next segment of this incarnation: classifies it against everything before, then remembers it.
  ///
  /// - Parameter known: what is known of it beforehand: injected (P8.7), or a newer incarnation's reset.
  mutating func accept(_ s: Segment, from role: Role, _ known: Marks, in analyzer: inout Desk) {
    var record = makeRecord(s, from: role, known)
    if s.checksumState == .bad, !forgives(s, from: role, in: &analyzer) { record.marks.insert(.badChecksum) }
    previousTime = lastTime
    lastFrame = s.frame
    lastTime = s.time
    status.insert(role == .originator ? .fromOriginator : .fromResponder)
    locate(s, record, role)

    let arrival = Arrival(s, from: role, segLen: record.segLen, pointer(role), pointer(role.peer))
    if isBeyondReach(record, arrival) {
      record.marks.insert(.injected)
      openDossier()
    }
    if let original = original(of: record, arrival, copyLag: analyzer.copies.lag) {
      record.marks.insert(.duplicate)
      let dossier = openDossier()
      dossier[role].duplicates &+= 1
      if record.payload > 0 { rememberCopy(record, of: original) }
      analyzer.countDuplicate(
        record, lag: record.time &- original.time, otherTTL: original.ttl != record.ttl)
      analyzer.tell(.duplicate, record, self)
    }
    count(s, record, role)

    let isSender = record.marks.isDisjoint(with: [.duplicate, .injected, .badChecksum])
    if record.flags.contains(.rst) {
      acceptReset(&record, arrival)
    } else if !record.marks.contains(.injected) {
      if status.contains(.selfConnection) {
        classifySelf(&record, arrival, in: &analyzer)
      } else if isSender {
        if record.flags.contains(.syn) {
          classifySyn(&record, arrival, s, in: &analyzer)
        } else if arrival.isCountable {
          classifyData(&record, arrival, in: &analyzer)
        } else {
          classifyEmpty(&record, arrival, in: &analyzer)
        }
      }
      if record.marks.isDisjoint(with: [.injected, .badChecksum]) {
        acceptAcknowledgement(&record, arrival, s, in: &analyzer)
      }
      if record.marks.contains(.badChecksum) { doubt(record, arrival) }
      if isSender {
        if analyzer.steps.isOpen {
          let host = role == .originator ? originatorAddress : responderAddress
          analyzer.noteClock(record, flow: number, host: host.address, pointer(role))
        }
        pointer(role).pointee.learn(record)
        trackClose(&record, arrival)
      }
    }
    ledger?.take(s, record, arrival, pointer(role), pointer(role.peer))
    watch(record, arrival, s, in: &analyzer)
    if analyzer.options.segments { analyzer.pass(s, record, arrival, self) }
    remember(record, in: &analyzer)
    if status.contains(.dirty) { settle(record, arrival, s.sack, in: &analyzer) }
    if analyzer.takesOrdinary { noteQuiet() }
  }

  private func makeRecord(_ s: Segment, from role: Role, _ known: Marks) -> SegmentRecord {
    let isSyn = s.flags.contains(.syn)
    var r = SegmentRecord(s, window: isSyn ? UInt32(s.window) : scaled(s.window, of: role))
    r.marks.formUnion(known)
    if role == .responder { r.marks.insert(.fromResponder) }
    if s.sack.count > 0 { r.marks.insert(.hasSACK) }
    // A SYN carries no SACK blocks, so its options can lie where their edge would.
    if isSyn { r.sackTop = UInt32(s.options.rawValue) }
    return r
  }

  /// SEG.WND of a segment of `role` that is no SYN, scaled if both sides agreed to (RFC 7323 2.3).
  @inline(__always)
  func scaled(_ window: UInt16, of role: Role) -> UInt32 {
    let scales = originator.known.intersection(responder.known).contains(.windowScale)
    return UInt32(window) << (scales ? UInt32(self[role].windowShift) : 0)
  }

  /// Fixes the origin of both sequence spaces as soon as something tells it.
  private mutating func locate(_ s: Segment, _ r: SegmentRecord, _ role: Role) {
    let foreign = !r.marks.isDisjoint(with: [.injected, .badChecksum])
    if !foreign {
      if s.flags.contains(.syn), !s.flags.contains(.rst), !self[role].known.contains(.isn) {
        if self[role].known.contains(.base), self[role].base != s.seq { self[role].maxEnd = 0 }
        self[role].base = s.seq
        self[role].known.insert([.base, .isn])
      } else if !self[role].known.contains(.base) {
        self[role].base = s.seq &- 1
        self[role].maxEnd = 0
        self[role].known.insert(.base)
      }
      if s.flags.contains(.ack), !s.flags.contains(.rst), !self[role.peer].known.contains(.base) {
        self[role.peer].base = s.ack &- 1
        self[role.peer].known.insert(.base)
      }
    } else if !self[role].known.contains(.base) {
      // Nothing better is known yet; the first good segment will say.
      self[role].base = s.seq &- 1
    }
  }

  private mutating func count(_ s: Segment, _ r: SegmentRecord, _ role: Role) {
    let duplicate = r.marks.contains(.duplicate)
    let shift = s.windowShift
    withDirection(role) { d in
      d.pointee.count(frame: s)
      if duplicate { return }
      d.pointee.count(segment: s)
      // A foreign SYN that nothing has unmasked yet agrees on nothing.
      if s.flags.contains(.syn), r.marks.isDisjoint(with: [.injected, .badChecksum]), s.seq == d.pointee.base
      {
        d.pointee.known.insert(.syn)
        d.pointee.offered = s.options
        if s.options.contains(.truncated) { d.pointee.known.insert(.synCut) }
        if s.options.contains(.windowScale) {
          d.pointee.windowShift = min(14, shift)
          d.pointee.known.insert(.windowScale)
        } else {
          d.pointee.known.remove(.windowScale)
        }
        if s.options.contains(.sackPermitted) {
          d.pointee.known.insert(.sackPermitted)
        } else {
          d.pointee.known.remove(.sackPermitted)
        }
        if s.options.contains(.timestamps) {
          d.pointee.known.insert(.timestamps)
        } else {
          d.pointee.known.remove(.timestamps)
        }
        if s.options.contains(.mss) {
          d.pointee.mss = s.mss
          d.pointee.known.insert(.mssOption)
        }
      }
    }
    if s.flags.contains(.syn) { noteAgreement() }
  }

  @inline(__always)
  func withDirection(_ role: Role, _ body: (UnsafeMutablePointer<Direction>) -> Void) {
    body(pointer(role))
  }

  private mutating func acceptReset(_ record: inout SegmentRecord, _ a: Arrival) {
    status.insert(.closed)
    record.marks.insert(.notable)
    self[a.role].known.insert(.rst)
    markRecentNotable(8)
  }

  /// Keeps the last `count` records with the opening when the log forgets them.
  mutating func markRecentNotable(_ count: Int) {
    for i in max(log.first, log.end &- count)..<log.end { log[i].marks.insert(.notable) }
  }

  /// Whether both FINs passed and one was acknowledged; which records must outlive the log.
  mutating func trackClose(_ record: inout SegmentRecord, _ a: Arrival) {
    let peer = a.role.peer
    if record.flags.contains(.fin), !record.flags.contains(.syn) {
      record.marks.insert(.notable)
      if !self[a.role].known.contains(.fin) || a.end > self[a.role].finEnd {
        self[a.role].finEnd = a.end
        self[a.role].known.insert(.fin)
        for i in max(self[a.role].unackedIndex, max(log.first, log.end &- 24))..<log.end {
          log[i].marks.insert(.notable)
        }
        markRecentNotable(4)
      }
    }
    if a.hasAck, self[peer].known.contains(.fin), a.ack >= self[peer].finEnd {
      if !self[peer].known.contains(.finAcked) || record.flags.contains(.fin)
        || self[peer].finCount > 1
      {
        record.marks.insert(.notable)
      }
      self[peer].known.insert(.finAcked)
    }
    if originator.known.contains(.fin), responder.known.contains(.fin),
      originator.known.contains(.finAcked) || responder.known.contains(.finAcked)
    {
      status.insert(.closed)
    }
    if !record.flags.contains(.syn) {
      if !self[a.role].known.contains(.nonSyn) || (a.isCountable && !self[a.role].known.contains(.data))
        || self[a.role].pureAcks == 1 && a.isPureAck(record.flags)
      {
        record.marks.insert(.notable)
        self[a.role].known.insert(.nonSyn)
        if a.isCountable { self[a.role].known.insert(.data) }
      }
      if status.contains(.synAckSeen), record.flags.contains(.ack) { status.insert(.established) }
    } else if record.flags.contains(.ack) {
      status.insert(.synAckSeen)
    }
  }

  /// From here on, segments are kept until what they may still prove is settled.
  mutating func makeDirty() { status.insert(.dirty) }
}
