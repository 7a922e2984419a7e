/// Ordinary segments: in order, within the windows, of a flow of which nothing is open.
///
/// Nearly every segment is one, and what `accept` does with it comes down to counters, a round trip, the windows
/// and the memory of it. `PlainFlowTests` holds both ways equal.
extension Flow {
  /// Notes whether an ordinary segment may come next: opened, both sides seen and located, nothing awaited.
  mutating func noteQuiet(in analyzer: borrowing Desk) {
    status.remove(.quiet)
    guard status.contains(.synAckSeen),
      status.isDisjoint(with: [.watching, .closed, .selfConnection, .inLimbo, .halfOpen]),
      analyzer.takesOrdinary, ledger == nil
    else { return }
    let needed: Direction.Known = [.base, .segment]
    let refused: Direction.Known = [.fin, .rst, .zeroWindow, .zeroWindowSinceData]
    let known = (originator.known, responder.known)
    guard known.0.intersection(known.1).isSuperset(of: needed), originator.maxEnd > 0, responder.maxEnd > 0,
      known.0.union(known.1).isDisjoint(with: refused),
      status.contains(.scaleKnown) || !known.0.intersection(known.1).contains(.syn)
    else { return }
    if let dossier, !(dossier[.originator].isQuiet && dossier[.responder].isQuiet) { return }
    status.insert(.quiet)
  }

  /// Takes `s` as `accept` would and says so, if the flow is quiet and `s` is an ordinary segment.
  @inline(__always)
  mutating func takeOrdinary(_ s: borrowing Segment, from role: Role, in analyzer: inout Desk) -> Bool {
    let own = pointer(role)
    let peer = pointer(role.peer)
    guard status.contains(.quiet), older < 0, !analyzer.steps.isOpen, Self.isPlain(s) else { return false }
    let start = own.pointee.maxEnd
    let payload = s.payloadLength
    let end = start &+ Int64(payload)
    let una = peer.pointee.una
    let ack = peer.pointee.offset(s.ack)
    guard s.seq &- own.pointee.base == UInt32(truncatingIfNeeded: start), own.pointee.contiguous == start,
      ack >= una, ack <= max(peer.pointee.contiguous, peer.pointee.ackedAssessed)
    else { return false }

    let scales = own.pointee.known.intersection(peer.pointee.known).contains(.windowScale)
    let window = UInt32(s.window) << (scales ? UInt32(own.pointee.windowShift) : 0)
    let edge = ack &+ Int64(window)
    guard window != 0 else { return false }
    if status.contains(.scaleKnown) {
      // Room for a full segment stays free, whatever its size.
      guard edge >= peer.pointee.edge, payload == 0 || end &+ 1460 <= own.pointee.edge else { return false }
    }
    let advances = ack > una || !peer.pointee.known.contains(.acked)
    if payload == 0 {
      guard advances, dossier?[role].firstProbe == nil else { return false }
    } else {
      // A single octet may be a probe, and what is larger than the MSS is a story.
      guard payload > 1,
        payload <= max(536, UInt32(peer.pointee.mss)) || !peer.pointee.known.contains(.mssOption)
      else { return false }
    }
    if s.options.isEmpty {
      guard !status.contains(.timestampsAgreed) else { return false }
    } else {
      guard SeqNum.difference(s.tsVal, own.pointee.lastTSVal) >= 0 else { return false }
    }

    previousTime = lastTime
    lastFrame = s.frame
    lastTime = s.time
    status.insert(.established)
    var record = SegmentRecord(ordinary: s, window: window)
    if role == .responder { record.marks.insert(.fromResponder) }
    if payload > 0 { record.marks.insert(.new) }
    if own.pointee.isFirst(ofItsKind: payload) { record.marks.insert(.notable) }
    own.pointee.count(ordinary: s)
    if advances {
      record.marks.insert(.advancesAck)
      let arrival = Arrival(role: role, start: start, end: end, ack: ack, hasAck: true, unaBefore: una)
      sampleRTT(record, arrival, in: &analyzer)
      peer.pointee.una = ack
      peer.pointee.known.insert(.acked)
    }
    own.pointee.contiguous = end
    own.pointee.maxEnd = end
    own.pointee.learnClock(record)
    own.pointee.lastTime = s.time
    own.pointee.lastTSVal = s.tsVal
    if s.ipID != 0 { own.pointee.lastIPID = s.ipID }
    own.pointee.advertise(window)
    if edge > peer.pointee.edge { peer.pointee.edge = edge }
    remember(record, in: &analyzer)
    return true
  }

  /// An intact ACK, with or without payload and the bits of PSH and ECN, and no option but timestamps.
  @inline(__always)
  private static func isPlain(_ s: borrowing Segment) -> Bool {
    let free: TCPFlags = [.psh, .ece, .cwr, .ae]
    guard s.flags.subtracting(free) == .ack, s.checksumState != .bad, s.urgentPointer == 0 else {
      return false
    }
    return s.options.isSubset(of: .timestamps)
  }
}

extension Dossier.Side {
  /// Nothing of it waits for a segment.
  fileprivate var isQuiet: Bool {
    islands.isEmpty && sacked.isEmpty && pending.isEmpty && loss.isQuiet && signal == nil && probeEnd == 0
      && doubtful.isEmpty
  }
}

extension SegmentRecord {
  /// What is remembered of an ordinary segment; marks of its order are still to be set.
  @inline(__always)
  fileprivate init(ordinary s: borrowing Segment, window: UInt32) {
    time = s.time
    frame = s.frame
    recordOffset = s.recordOffset
    seq = s.seq
    ack = s.ack
    payload = s.payloadLength
    self.window = window
    tsVal = s.tsVal
    tsEcr = s.tsEcr
    ipID = s.ipID
    checksum = s.checksum
    flags = s.flags
    ttl = s.ttl
    if s.checksumState == .good { spare = Self.sumKnown }
    if !s.options.isEmpty { marks.insert(.hasTimestamps) }
    if !s.isV4 { marks.insert(.ipV6) }
  }
}

extension Direction {
  /// Whether no segment with payload, or without, has come yet: the history tells of either (`trackClose`).
  @inline(__always)
  fileprivate mutating func isFirst(ofItsKind payload: UInt32) -> Bool {
    let isFirst = payload > 0 ? !known.contains(.data) : pureAcks == 0
    guard isFirst || !known.contains(.nonSyn) else { return false }
    known.insert(payload > 0 ? [.nonSyn, .data] : .nonSyn)
    return true
  }

  /// Counts an ordinary segment.
  @inline(__always)
  fileprivate mutating func count(ordinary s: borrowing Segment) {
    packets &+= 1
    octetsIP &+= UInt64(s.packetLength)
    ttlMin = min(ttlMin, s.ttl)
    ttlMax = max(ttlMax, s.ttl)
    flagsUnion |= s.flags.rawValue
    ackCount &+= 1
    pshCount &+= UInt32(s.flags.rawValue &>> 3 & 1)
    guard s.payloadLength > 0 else {
      pureAcks &+= 1
      return
    }
    if dataPackets == 0 { firstDataTime = s.time }
    lastDataTime = s.time
    dataPackets &+= 1
    octetsPayload &+= UInt64(s.payloadLength)
    octetsUnique &+= UInt64(s.payloadLength)
    maxSegment = max(maxSegment, s.payloadLength)
  }

  /// Notes the window it grants.
  @inline(__always)
  fileprivate mutating func advertise(_ window: UInt32) {
    self.window = window
    windowMin = min(windowMin, window)
    windowMax = max(windowMax, window)
  }
}
