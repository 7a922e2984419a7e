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
  /// How its sender stood before it.
  @inline(__always)
  mutating func noteBefore(_ d: borrowing Direction) {
    ownEdge = d.edge
    maxBefore = d.maxEnd
    windowBefore = d.window
    stampBefore = d.lastTSVal
    hadStamp = d.stamps > 0
  }
  func isPureAck(_ flags: TCPFlags) -> Bool {
    hasAck && end == start && flags.isDisjoint(with: [.syn, .fin, .rst])
  }
}

extension Flow {
  /// Takes the next segment of this incarnation: classifies it against everything before, then remembers it.
  ///
  /// - Parameter known: what is known of it beforehand: injected (P8.7), or a newer incarnation's reset.
  mutating func accept(_ s: Segment, from role: Role, _ known: Marks, in analyzer: inout Desk) {
    var record = makeRecord(s, from: role, known)
    previousTime = lastTime
    lastFrame = s.frame
    lastTime = s.time
    status.insert(role == .originator ? .fromOriginator : .fromResponder)
    locate(s, record, role)

    let start = self[role].offset(s.seq)
    var arrival = Arrival(
      role: role, start: start, end: start &+ Int64(record.segLen), ack: 0, hasAck: false)
    if s.flags.contains(.ack), self[role.peer].known.contains(.base) {
      arrival.ack = self[role.peer].offset(s.ack)
      arrival.hasAck = true
      arrival.unaBefore = self[role.peer].una
      arrival.edgeBefore = self[role.peer].edge
    }

    arrival.noteBefore(self[role])
    if isBeyondReach(record, arrival) {
      record.marks.insert(.injected)
      openDossier()
    }
    if let original = original(of: record, arrival, copyLag: analyzer.copies.lag) {
      record.marks.insert(.duplicate)
      let dossier = openDossier()
      dossier[role].duplicates &+= 1
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
      if isSender {
        learn(record, role)
        trackClose(&record, arrival)
      }
    }
    watch(record, arrival, s, in: &analyzer)
    if analyzer.options.segments { analyzer.pass(s, record, arrival, self) }
    remember(record, in: &analyzer)
    if status.contains(.dirty) { settle(record, arrival, s, in: &analyzer) }
  }

  private func makeRecord(_ s: Segment, from role: Role, _ known: Marks) -> SegmentRecord {
    var r = SegmentRecord()
    r.time = s.time
    r.frame = s.frame
    r.recordOffset = s.recordOffset
    r.seq = s.seq
    r.ack = s.ack
    r.payload = s.payloadLength
    r.flags = s.flags
    r.ipID = s.ipID
    r.checksum = s.checksum
    r.ttl = s.ttl
    r.tsVal = s.tsVal
    r.tsEcr = s.tsEcr
    if s.checksumState == .good, s.urgentPointer == 0, s.options.isSubset(of: .timestamps) {
      r.spare = SegmentRecord.sumKnown
    }
    var marks = known
    if role == .responder { marks.insert(.fromResponder) }
    if s.options.contains(.timestamps) { marks.insert(.hasTimestamps) }
    if s.checksumState == .bad { marks.insert(.badChecksum) }
    if !s.isV4 { marks.insert(.ipV6) }
    if s.sack.count > 0 { marks.insert(.hasSACK) }
    // A SYN carries no SACK blocks, so its options can lie where their edge would.
    if s.flags.contains(.syn) { r.sackTop = UInt32(s.options.rawValue) }
    r.marks = marks
    let scaled =
      originator.known.contains(.windowScale) && responder.known.contains(.windowScale)
      && !s.flags.contains(.syn)
    r.window = scaled ? UInt32(s.window) << UInt32(self[role].windowShift) : UInt32(s.window)
    return r
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
      d.pointee.packets &+= 1
      if s.ttl < d.pointee.ttlMin { d.pointee.ttlMin = s.ttl }
      if s.ttl > d.pointee.ttlMax { d.pointee.ttlMax = s.ttl }
      d.pointee.known.insert(.segment)
      if duplicate { return }
      if s.payloadLength > 0 {
        d.pointee.dataPackets &+= 1
        d.pointee.octetsPayload &+= UInt64(s.payloadLength)
        if s.payloadLength > d.pointee.maxSegment { d.pointee.maxSegment = s.payloadLength }
      } else if s.flags.rawValue & 0x17 == 0x10 {
        d.pointee.pureAcks &+= 1
      }
      if s.flags.rawValue & 0x07 != 0 {
        if s.flags.contains(.syn) { d.pointee.synCount &+= 1 }
        if s.flags.contains(.fin) { d.pointee.finCount &+= 1 }
        if s.flags.contains(.rst) { d.pointee.rstCount &+= 1 }
      }
      if s.flags.contains(.syn), r.marks.isDisjoint(with: [.injected, .badChecksum]) {
        d.pointee.known.insert(.syn)
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

  /// The segment that `r` is a copy of, made by the network or the capture (P0.2).
  ///
  /// Only what cannot be new is looked at.
  private func original(of r: SegmentRecord, _ a: Arrival, copyLag: Int64) -> SegmentRecord? {
    let d = pointer(a.role)
    if a.isCountable, a.start >= d.pointee.maxEnd { return nil }
    if r.flags.contains(.rst), r.ipID == 0 { return nil }
    if r.ipID != 0, d.pointee.ipIDIsCounter, Int16(bitPattern: r.ipID &- d.pointee.lastIPID) > 0 {
      return nil
    }
    var i = log.end
    while i > log.first {
      i &-= 1
      let g = log[i]
      let lag = r.time &- g.time
      if lag > 10_000_000_000 { return nil }
      // Without identification nothing older than 20 ms can be told from a repeat.
      if r.ipID == 0, lag > 20_000_000 { return nil }
      guard g.ipID == r.ipID, g.marks.contains(.fromResponder) == r.marks.contains(.fromResponder),
        g.sameSegment(as: r)
      else { continue }
      let limit: Int64
      if r.ipID != 0 {
        limit = .max
      } else if a.isPureAck(r.flags) {
        // No host takes an acknowledgement back: an equal one below the highest is a copy. At the highest, it
        // may answer a segment that came twice or out of order.
        limit = a.ack < self[a.role.peer].una ? .max : answersCopy(r, a) ? 0 : copyLag
      } else if r.flags.contains(.syn), r.flags.contains(.ack), !r.marks.contains(.ipV6) {
        limit = copyLag
      } else {
        limit = r.marks.contains(.hasTimestamps) ? 1_000_000 : 20_000_000
      }
      return lag <= limit ? g : nil
    }
    return nil
  }

  /// A segment of the peer came twice just before: its receiver answers each.
  private func answersCopy(_ r: SegmentRecord, _ a: Arrival) -> Bool {
    var i = log.end
    while i > log.first {
      i &-= 1
      let g = log[i]
      if r.time &- g.time > 1_000_000 { return false }
      if g.sender != a.role, g.segLen > 0, !g.marks.isDisjoint(with: [.duplicate, .retransmission]),
        self[a.role.peer].offset(g.seq) &+ Int64(g.segLen) <= a.ack
      {
        return true
      }
    }
    return false
  }

  /// Starts so far beyond the window the peer granted that its receiver must refuse it (RFC 9293 3.10.7.4).
  private func isBeyondReach(_ r: SegmentRecord, _ a: Arrival) -> Bool {
    let d = pointer(a.role)
    guard d.pointee.known.contains(.syn), self[a.role.peer].known.contains(.syn), d.pointee.edge > 0,
      a.isCountable,
      r.flags.isDisjoint(with: [.syn, .rst])
    else { return false }
    // A FIN counts no octet of data, so it may stand right at the edge.
    return a.start > d.pointee.edge &+ 1
      && (r.payload == 0 || a.start > max(d.pointee.edge, d.pointee.maxEnd) &+ 1 << 20)
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

  private mutating func learn(_ r: SegmentRecord, _ role: Role) {
    withDirection(role) { d in
      d.pointee.learnClock(r)
      d.pointee.lastTime = r.time
      d.pointee.lastTSVal = r.tsVal
      if r.ipID != 0 { d.pointee.lastIPID = r.ipID }
    }
  }

  /// What the peer's half and the windows learn from an acknowledgement; copies arrive like originals.
  private mutating func acceptAcknowledgement(
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
      if let dossier {
        dossier[peer].sacked.removeBelow(a.ack)
        dossier[peer].signal = nil
      }
    } else if let dossier, record.segLen == 0, dossier[peer].signal == nil, self[peer].maxEnd > a.ack,
      record.marks.contains(.newSACK) || a.ack == a.unaBefore && record.window == self[role].window,
      !record.marks.contains(.duplicate)
    {
      dossier[peer].signal = record
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
        d.pointee.window = window
        if !isSyn {
          if window < d.pointee.windowMin { d.pointee.windowMin = window }
          if window > d.pointee.windowMax { d.pointee.windowMax = window }
          if window == 0, d.pointee.zeroWindows < .max { d.pointee.zeroWindows &+= 1 }
        }
      }
      if edge > self[peer].edge { self[peer].edge = edge }
    }
  }

  /// A round trip from the capture point to `role` and back: the segment whose end is acknowledged exactly,
  /// the newest acknowledged, never resent (Karn; P0.6).
  private mutating func sampleRTT(_ record: SegmentRecord, _ a: Arrival, in analyzer: inout Desk) {
    let peer = a.role.peer
    let fromResponder = peer == .responder
    var i = max(self[peer].unackedIndex, log.first)
    var sample: Int64?
    while i < log.end {
      let marks = log[i].marks
      if marks.contains(.fromResponder) == fromResponder, marks.contains(.new) {
        let end = self[peer].offset(log[i].seq) &+ Int64(log[i].segLen)
        if end > a.ack { break }
        sample = end == a.ack && !marks.contains(.resent) ? record.time &- log[i].time : nil
      }
      i &+= 1
    }
    self[peer].unackedIndex = i
    // Beyond an hour it is the clock that is wrong; such a figure would overflow what is computed of it.
    guard let sample, sample >= 0, sample < 3_600_000_000_000 else { return }
    if sample > 500_000_000 { noteHeldAck(record, a, by: sample, in: &analyzer) }
    var first = false
    withDirection(a.role) { d in
      first = d.pointee.rttSamples == 0
      if sample < d.pointee.rttMin { d.pointee.rttMin = sample }
      if sample > d.pointee.rttMax { d.pointee.rttMax = sample }
      d.pointee.rttSum &+= sample
      d.pointee.rttSamples &+= 1
    }
    if first { analyzer.learnPath(sample, of: a.role, self) }
    if analyzer.options.rttSpread {
      if rttSpreads == nil { rttSpreads = RTTSpreads() }
      rttSpreads?[a.role].add(sample)
    }
  }

  /// Sorts SACK blocks into known and new ones; the D-SACK block is neither (RFC 2883 4).
  private mutating func noteSACK(_ record: inout SegmentRecord, _ a: Arrival, _ s: Segment) {
    let peer = a.role.peer
    guard let blocks = sackRanges(a, s) else { return }
    let dossier = openDossier()
    if blocks.dsack != nil {
      if !record.marks.contains(.duplicate) { dossier[peer].dsacks &+= 1 }
    }
    for block in blocks.ranges where block.upperBound > a.ack {
      if !dossier[peer].sacked.contains(block.lowerBound, block.upperBound) {
        dossier[peer].sacked.insert(block.lowerBound, block.upperBound)
        record.marks.insert(.newSACK)
      }
      let top = self[peer].base &+ UInt32(truncatingIfNeeded: block.upperBound)
      if record.sackTop == 0 || SeqNum.difference(top, record.sackTop) > 0 { record.sackTop = top }
    }
    makeDirty()
  }

  /// The SACK blocks of a segment as stream offsets of the peer, the D-SACK block apart.
  func sackRanges(_ a: Arrival, _ s: Segment) -> (dsack: Range<Int64>?, ranges: [Range<Int64>])? {
    guard s.sack.count > 0, a.hasAck else { return nil }
    var ranges: [Range<Int64>] = []
    let d = pointer(a.role.peer)
    for i in 0..<Int(s.sack.count) {
      let left = d.pointee.offset(s.sack[i].left)
      let right = d.pointee.offset(s.sack[i].right)
      if left < right { ranges.append(left..<right) }
    }
    guard let first = ranges.first else { return nil }
    let isDSACK =
      first.upperBound <= a.ack
      || ranges.count > 1 && first.lowerBound >= ranges[1].lowerBound
        && first.upperBound <= ranges[1].upperBound
    if isDSACK { ranges.removeFirst() }
    return (isDSACK ? first : nil, ranges)
  }

  /// Whether both FINs passed and one was acknowledged; which records must outlive the log.
  private mutating func trackClose(_ record: inout SegmentRecord, _ a: Arrival) {
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
      if !self[a.role].known.contains(.nonSyn) || (a.isCountable && !self[a.role].known.contains(.data)) {
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
