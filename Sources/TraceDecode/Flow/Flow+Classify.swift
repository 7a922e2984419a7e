/// What a segment is against everything before it (PROCEDURES P1, P5, P8).
extension Flow {
  /// A SYN or SYN-ACK: the first of its kind, or sent again.
  mutating func classifySyn(
    _ r: inout SegmentRecord, _ a: Arrival, _ s: Segment, in analyzer: inout Desk
  ) {
    r.marks.insert(.notable)
    if s.checksumState == .bad { openSignals()[a.role].odd.note(.badChecksum, ref(r)) }
    let isSynAck = r.flags.contains(.ack)
    let before = self[a.role].known.contains(isSynAck ? .synAck : .synData)
    if isSynAck {
      self[a.role].synAckAck = r.ack
      status.insert(.synAckSeen)
    }
    let overtaken =
      isSynAck && !before && self[a.role].maxEnd > 1 && wasSentAfterLaterData(r, a.role)
    if before || overtaken {
      r.marks.insert(.retransmission)
      markResent(a.role, 0, a.end)
      if isSynAck {
        self[a.role].known.insert(.repeatedSynAck)
        if r.ipID == 0, !r.marks.contains(.ipV6) {
          r.marks.insert(.undecidedCopy)
          openDossier()[a.role].undecidedSynAcks.append(r)
        } else {
          analyzer.tell(.synAckRetransmission, r, self)
        }
      } else {
        analyzer.tell(.synRetransmission, r, self)
      }
    } else {
      // In a simultaneous open the SYN-ACK repeats the SYN's number and is no repeat of it.
      if a.start >= self[a.role].maxEnd { r.marks.insert(.new) }
      self[a.role].known.insert(isSynAck ? .synAck : .synData)
    }
    if r.payload > 0 {
      openDossier()[a.role].repeats.note(log.end, oldest: log.first)
      if !isSynAck { status.insert(.fastOpen) }
    }
    if self[a.role].firstOffset == 1, !status.contains(.midStream) {
      // It was thought to have passed outside the capture (`classifyData`), and comes late instead.
      self[a.role].firstOffset = 0
      self[a.role].octetsUnique &+= 1
    }
    see(a.role, 0, a.end)
    if a.end > self[a.role].maxEnd { self[a.role].maxEnd = a.end }
  }

  private func wasSentAfterLaterData(_ r: SegmentRecord, _ role: Role) -> Bool {
    let d = pointer(role)
    for i in log.first..<log.end {
      let g = log[i]
      if g.sender == role, g.flags.isDisjoint(with: [.syn, .rst]), d.pointee.order(r, g) == .after {
        return true
      }
    }
    return false
  }

  /// Payload or FIN (P1.5 to P1.8).
  mutating func classifyData(_ r: inout SegmentRecord, _ a: Arrival, in analyzer: inout Desk) {
    let role = a.role
    if isWindowProbeOctet(r, a) {
      r.marks.insert(.windowProbe)
      let dossier = openDossier()
      dossier[role].windowProbes &+= 1
      dossier[role].probeEnd = a.end
      analyzer.tell(.zeroWindowProbe, r, self)
      return
    }
    if isKeepAliveOctet(r, a) {
      r.marks.insert(.keepAlive)
      openDossier()[role].keepAlives &+= 1
      status.insert(.sawKeepAlive)
      analyzer.tell(.keepAlive, r, self)
      return
    }
    if let dossier, dossier[role].probeEnd > self[role].maxEnd, dossier[role].probeEnd <= self[role].una {
      // The octet of a window probe was taken after all.
      self[role].maxEnd = dossier[role].probeEnd
      see(role, dossier[role].probeEnd &- 1, dossier[role].probeEnd)
    }
    if self[role].maxEnd == 0, status.contains(.midStream) {
      self[role].maxEnd = a.start
      self[role].firstOffset = a.start
      self[role].contiguous = a.start
    }
    if self[role].maxEnd == 0, a.start >= 1, !self[role].known.contains(.isn),
      self[role.peer].known.contains(.synAck), self[role.peer].synAckAck == self[role].base &+ 1
    {
      // Its SYN passed before the capture began, or was dropped: that is no octet to wait for.
      self[role].maxEnd = 1
      self[role].firstOffset = 1
      self[role].contiguous = 1
    }
    if a.start >= self[role].maxEnd {
      r.marks.insert(.new)
      if self[role].known.contains(.zeroWindow) {
        self[role].known.insert(.zeroWindowSinceData)
      } else {
        self[role].known.remove(.zeroWindowSinceData)
      }
      if a.start > self[role].maxEnd, self[role].packets > 1 { makeDirty() }
    } else {
      classifyBelowHighest(&r, a, in: &analyzer)
    }
    see(role, a.start, a.end)
    if a.end > self[role].maxEnd { self[role].maxEnd = a.end }
  }

  /// Octets below the highest: late original, hole filler or repeat.
  private mutating func classifyBelowHighest(_ r: inout SegmentRecord, _ a: Arrival, in analyzer: inout Desk)
  {
    let role = a.role
    makeDirty()
    let dossier = openDossier()
    dossier[role].repeats.note(log.end, oldest: log.first)
    let seen = coverage(role, a.start, a.end)
    let d = pointer(role)
    if seen == 0 {
      let opener = firstBeyond(role, a.end)
      let order = opener.map { d.pointee.order(r, $0) } ?? .unknown
      var late = order == .before
      if order == .unknown {
        r.marks.insert(.orderUnknown)
        if let opener {
          let view = analyzer.pathView(self)
          let lag = r.time &- opener.time
          // Without a measure of the path, nothing below the least retransmission timer tells the two apart.
          late =
            view.knows(role) ? !(view.isNear(role) || lag > view.total &* 7 / 10) : lag < 200_000_000
        }
      }
      if late {
        r.marks.insert(.outOfOrder)
        dossier[role].reordered &+= 1
        if order == .unknown { dossier[role].ambiguous &+= 1 }
        markResent(role, a.start, a.end)
        analyzer.tell(order == .unknown ? [.outOfOrder, .ambiguous] : .outOfOrder, r, self)
        tellReordered(r, a, opener: opener, certain: order != .unknown, in: &analyzer)
        return
      }
      r.marks.insert([.retransmission, .fillsHole])
      beginRetransmission(r, a, copies: [], seen: 0, hole: opener, in: &analyzer)
      return
    }
    let copies = transmissions(role, a.start, a.end)
    let orders = copies.map { d.pointee.order(r, $0.record) }
    if let last = orders.last,
      orders.allSatisfy({ $0 == .before }) || last == .before
    {
      r.marks.insert(.lateOriginal)
      analyzer.tell(.lateOriginal, r, self)
      noteLateOriginal(r, a, in: &analyzer)
      return
    }
    r.marks.insert(.retransmission)
    if seen < a.end &- a.start, copies.isEmpty { r.marks.insert(.fillsHole) }
    if !orders.isEmpty, orders.allSatisfy({ $0 == .unknown }) { r.marks.insert(.orderUnknown) }
    beginRetransmission(r, a, copies: copies, seen: seen, hole: nil, in: &analyzer)
  }

  /// No octets: probes (P5), else a plain acknowledgement.
  mutating func classifyEmpty(_ r: inout SegmentRecord, _ a: Arrival, in analyzer: inout Desk) {
    let role = a.role
    let d = pointer(role)
    guard r.flags.isDisjoint(with: [.syn, .fin, .rst]) else { return }
    if let first = dossier?[role].firstProbe {
      dossier?[role].firstProbe = nil
      // One below what the peer has acknowledged, unless the peer is not heard.
      let isBelow =
        isOneWay || d.pointee.known.contains(.acked) && d.pointee.offset(first.seq) == d.pointee.una &- 1
      if d.pointee.maxEnd == 0, first.seq == r.seq, isBelow, r.time &- first.time > 400_000_000 {
        dossier?[role].keepAlives &+= 1
        status.insert(.sawKeepAlive)
        analyzer.tell(.keepAlive, first, self)
      }
    }
    if d.pointee.maxEnd == 0, d.pointee.packets == 1, status.contains(.midStream),
      !r.marks.contains(.badChecksum)
    {
      openDossier()[role].firstProbe = r
    }
    guard d.pointee.packets > 0, a.start < d.pointee.maxEnd else {
      if d.pointee.maxEnd == 0, status.contains(.midStream) { classifyFirstProbe(&r, a, in: &analyzer) }
      return
    }
    let previous = lastOf(role)
    if let previous, d.pointee.order(r, previous) == .before { return }
    let windowClosed = !d.pointee.known.isDisjoint(with: [.zeroWindow, .zeroWindowSinceData])
    if windowClosed, a.start == d.pointee.una &- 1 {
      r.marks.insert(.windowProbe)
      openDossier()[role].windowProbes &+= 1
      analyzer.tell(.zeroWindowProbe, r, self)
    } else if a.start == d.pointee.maxEnd &- 1, d.pointee.una >= d.pointee.maxEnd || isOneWay,
      previous == nil || isIdle(r, after: previous)
    {
      r.marks.insert(.keepAlive)
      openDossier()[role].keepAlives &+= 1
      status.insert(.sawKeepAlive)
      analyzer.tell(.keepAlive, r, self)
    }
  }

  /// No reordered acknowledgement is that late; an answer to the peer's own keep-alive breaks no idleness.
  private func isIdle(_ r: SegmentRecord, after previous: SegmentRecord?) -> Bool {
    if r.time &- self[r.sender].lastTime >= 400_000_000 { return true }
    guard let previous, previous.segLen == 0 else { return false }
    var i = log.end
    while i > log.first {
      i &-= 1
      let g = log[i]
      if g.frame < previous.frame, g.sender != r.sender { return g.marks.contains(.keepAlive) }
    }
    return false
  }

  /// Mid-stream, a sender without data repeats one number below the peer's acknowledgement: keep-alives.
  private mutating func classifyFirstProbe(_ r: inout SegmentRecord, _ a: Arrival, in analyzer: inout Desk) {
    let d = pointer(a.role)
    guard d.pointee.packets > 1, d.pointee.una > 0, a.start == d.pointee.una &- 1,
      isIdle(r, after: lastOf(a.role))
    else { return }
    r.marks.insert(.keepAlive)
    openDossier()[a.role].keepAlives &+= 1
    status.insert(.sawKeepAlive)
    analyzer.tell(.keepAlive, r, self)
  }

  /// One octet at the edge of a closed window: a probe with data (RFC 9293 3.8.6.1), new or repeated.
  private func isWindowProbeOctet(_ r: SegmentRecord, _ a: Arrival) -> Bool {
    let d = pointer(a.role)
    guard r.payload == 1, r.flags.isDisjoint(with: [.syn, .fin, .rst]) else { return false }
    if a.start == d.pointee.maxEnd, d.pointee.una == d.pointee.maxEnd, d.pointee.known.contains(.zeroWindow) {
      return true
    }
    // Again the octet probed with before: the window's reopening did not reach it.
    return dossier.map { $0[a.role].probeEnd == a.end && a.start >= d.pointee.una &- 1 } ?? false
  }

  /// One octet again after idleness, all acknowledged: a keep-alive with a garbage octet (RFC 9293 3.8.4).
  private func isKeepAliveOctet(_ r: SegmentRecord, _ a: Arrival) -> Bool {
    let d = pointer(a.role)
    guard r.payload == 1, r.flags.isDisjoint(with: [.syn, .fin, .rst]), a.end == d.pointee.maxEnd,
      d.pointee.una >= d.pointee.maxEnd, d.pointee.known.contains(.data)
    else { return false }
    let idle = r.time &- max(d.pointee.lastTime, previousTime)
    return idle >= 1_000_000_000
  }

  /// Both ends are one socket: only copies and repeats of the handshake can be told.
  mutating func classifySelf(_ r: inout SegmentRecord, _ a: Arrival, in analyzer: inout Desk) {
    if r.marks.contains(.duplicate) { return }
    if r.flags.contains(.syn) {
      let kind: Direction.Known = r.flags.contains(.ack) ? .synAck : .synData
      if originator.known.contains(kind) {
        analyzer.tell(r.flags.contains(.ack) ? .synAckRetransmission : .synRetransmission, r, self)
      }
      originator.known.insert(kind)
      status.insert(.synAckSeen)
    }
    originator.maxEnd = max(originator.maxEnd, a.end)
    originator.contiguous = originator.maxEnd
  }

  // MARK: - What was seen

  /// Adds octets to what has passed the capture point.
  mutating func see(_ role: Role, _ start: Int64, _ end: Int64) {
    let before = self[role].contiguous
    if start <= before {
      guard end > before else { return }
      self[role].contiguous = end
      self[role].octetsUnique &+= UInt64(end &- before)
      guard let dossier, !dossier[role].islands.isEmpty else { return }
      while let island = dossier[role].islands.popFirst(reaching: self[role].contiguous) {
        let overlap = min(self[role].contiguous, island.upperBound) &- max(before, island.lowerBound)
        if overlap > 0 { self[role].octetsUnique &-= UInt64(overlap) }
        if island.upperBound > self[role].contiguous { self[role].contiguous = island.upperBound }
      }
    } else {
      let dossier = openDossier()
      let known = dossier[role].islands.coverage(start, end)
      self[role].octetsUnique &+= UInt64(end &- start &- known)
      dossier[role].islands.insert(start, end)
    }
  }

  /// Octets of `start ..< end` seen before.
  func coverage(_ role: Role, _ start: Int64, _ end: Int64) -> Int64 {
    let d = pointer(role)
    let low = max(start, d.pointee.firstOffset)
    let high = min(end, d.pointee.contiguous)
    return max(0, high &- low) &+ (dossier?[role].islands.coverage(start, end) ?? 0)
  }

  /// The sender's latest segment.
  private func lastOf(_ role: Role) -> SegmentRecord? {
    var i = log.end
    while i > log.first {
      i &-= 1
      let g = log[i]
      if g.sender == role, !g.flags.contains(.rst), g.marks.isDisjoint(with: [.duplicate, .injected]) {
        return g
      }
    }
    return nil
  }
}
