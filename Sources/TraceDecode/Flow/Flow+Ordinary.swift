/// Ordinary segments: they follow what was sent last, acknowledge what was seen and fit the windows, and no machine
/// wants to see every segment of their flow.
///
/// Nearly every segment is one, and what `accept` does with it comes down to counters, a round trip, the windows,
/// the memory of it and, while a loss or a close is under way, what it means for that. `PlainFlowTests` holds both
/// ways equal.
extension Flow {
  /// Notes whether an ordinary segment may come next: opened, both sides seen and located, no machine watching.
  mutating func noteQuiet() {
    status.remove(.quiet)
    guard status.contains(.synAckSeen),
      status.isDisjoint(with: [.watching, .selfConnection, .inLimbo, .halfOpen]), ledger == nil
    else { return }
    let needed: Direction.Known = [.base, .segment]
    let refused: Direction.Known = [.rst, .zeroWindow, .zeroWindowSinceData]
    let known = (originator.known, responder.known)
    guard known.0.intersection(known.1).isSuperset(of: needed), originator.maxEnd > 0, responder.maxEnd > 0,
      known.0.union(known.1).isDisjoint(with: refused)
    else { return }
    if let dossier, dossier[.originator].probeEnd != 0 || dossier[.responder].probeEnd != 0 { return }
    status.insert(.quiet)
  }

  /// Takes `s` as `accept` would and says so, if the flow is quiet and `s` is an ordinary segment.
  @inline(__always)
  mutating func takeOrdinary(_ s: UnsafePointer<Segment>, from role: Role, in analyzer: inout Desk) -> Bool {
    let own = pointer(role)
    let peer = pointer(role.peer)
    guard status.contains(.quiet), older < 0, !analyzer.steps.isOpen, Self.isPlain(s.pointee) else {
      return false
    }
    let start = own.pointee.maxEnd
    let payload = s.pointee.payloadLength
    let isFin = s.pointee.flags.contains(.fin)
    let end = start &+ Int64(s.pointee.segLen)
    let una = peer.pointee.una
    let ack = peer.pointee.offset(s.pointee.ack)
    guard s.pointee.seq &- own.pointee.base == UInt32(truncatingIfNeeded: start), ack >= una,
      ack <= max(peer.pointee.contiguous, peer.pointee.ackedAssessed)
    else { return false }

    let window = scaled(s.pointee.window, of: role)
    let edge = ack &+ Int64(window)
    guard window != 0 else { return false }
    if status.contains(.scaleKnown) {
      // Room for a full segment stays free, whatever its size.
      guard edge >= peer.pointee.edge, payload == 0 || end &+ 1460 <= own.pointee.edge else { return false }
    }
    let advances = ack > una || !peer.pointee.known.contains(.acked)
    if payload == 0 {
      // A FIN counts no octet of data, so it may stand right at the edge.
      guard isFin ? start <= own.pointee.edge : advances && dossier?[role].firstProbe == nil else {
        return false
      }
    } else {
      // A single octet may be a probe, and what is larger than the MSS is a story.
      guard payload > 1,
        payload <= max(536, UInt32(peer.pointee.mss)) || !peer.pointee.known.contains(.mssOption)
      else { return false }
    }
    if s.pointee.options.isEmpty {
      guard !status.contains(.timestampsAgreed) else { return false }
    } else {
      guard SeqNum.difference(s.pointee.tsVal, own.pointee.lastTSVal) >= 0 else { return false }
    }

    previousTime = lastTime
    lastFrame = s.pointee.frame
    lastTime = s.pointee.time
    status.insert(.established)
    var record = SegmentRecord(s.pointee, window: window)
    if role == .responder { record.marks.insert(.fromResponder) }
    if end > start { record.marks.insert(.new) }
    let closes = isFin || !own.pointee.known.union(peer.pointee.known).isDisjoint(with: .fin)
    if !closes, own.pointee.isFirst(ofItsKind: payload) { record.marks.insert(.notable) }
    own.pointee.count(frame: s.pointee)
    own.pointee.count(segment: s.pointee)
    let arrival = Arrival(role: role, start: start, end: end, ack: ack, hasAck: true, unaBefore: una)
    if advances {
      record.marks.insert(.advancesAck)
      sampleRTT(record, arrival, in: &analyzer)
      peer.pointee.una = ack
      peer.pointee.known.insert(.acked)
      if dossier != nil { noteProgress(record, arrival) }
    }
    if own.pointee.contiguous == start {
      own.pointee.octetsUnique &+= UInt64(s.pointee.segLen)
      own.pointee.contiguous = end
    } else if end > start {
      // What came before is late or lost, and still awaited.
      see(role, start, end)
    }
    own.pointee.maxEnd = end
    own.pointee.learn(record)
    if closes { trackClose(&record, arrival) }
    own.pointee.advertise(window)
    if edge > peer.pointee.edge { peer.pointee.edge = edge }
    remember(record, in: &analyzer)
    if status.contains(.dirty) { settle(record, arrival, SACKBlocks(), in: &analyzer) }
    return true
  }

  /// An intact ACK, with or without payload, FIN and the bits of PSH and ECN, and no option but timestamps.
  @inline(__always)
  private static func isPlain(_ s: borrowing Segment) -> Bool {
    let free: TCPFlags = [.psh, .fin, .ece, .cwr, .ae]
    guard s.flags.subtracting(free) == .ack, s.checksumState != .bad, s.urgentPointer == 0 else {
      return false
    }
    return s.options.isSubset(of: .timestamps)
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
}
