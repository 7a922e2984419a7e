/// What a flow's counters come to in its report.
extension Flow {
  /// Fills in the counters of what `role` sent.
  ///
  /// - Parameters:
  ///   - m: as it is made.
  ///   - duplicatesAreCapture: who made the copies, once the whole capture is known.
  func fill(_ m: inout DirectionMetrics, _ role: Role, duplicatesAreCapture: Bool?) {
    let d = pointer(role)
    let peer = pointer(role.peer)
    m.packets = UInt64(d.pointee.packets)
    m.octetsIP = d.pointee.octetsIP
    m.dataPackets = UInt64(d.pointee.dataPackets)
    m.octetsPayload = d.pointee.octetsPayload
    m.octetsUnique = octetsUnique(role)
    m.octetsAcked = octetsAcked(d)
    m.octetsMissing = isOneWay ? nil : dossier?[role].gapOctets ?? 0
    m.streamLength =
      d.pointee.known.contains([.isn, .fin]) && d.pointee.finEnd >= 2 ? UInt64(d.pointee.finEnd &- 2) : nil
    if d.pointee.dataPackets > 0 {
      m.firstPayloadDelay = max(0, d.pointee.firstDataTime &- firstTime)
      m.lastPayloadDelay = max(0, d.pointee.lastDataTime &- firstTime)
    }
    m.ackSegments = UInt64(d.pointee.ackCount)
    m.pureAcks = UInt64(d.pointee.pureAcks)
    m.synCount = UInt32(d.pointee.synCount)
    m.finCount = UInt32(d.pointee.finCount)
    m.rstCount = UInt32(d.pointee.rstCount)
    m.pshCount = d.pointee.pshCount
    m.flagsUnion = TCPFlags(rawValue: d.pointee.flagsUnion)
    m.mssAdvertised = d.pointee.known.contains(.mssOption) ? d.pointee.mss : nil
    m.maxSegment = d.pointee.maxSegment
    m.windowShift = d.pointee.known.contains(.windowScale) ? d.pointee.windowShift : nil
    m.windowScaleKnown = status.contains(.scaleKnown)
    m.windowMin = d.pointee.windowMin == .max ? nil : d.pointee.windowMin
    m.windowMax = d.pointee.windowMin == .max ? nil : d.pointee.windowMax
    m.zeroWindows = UInt32(d.pointee.zeroWindows)
    m.ttlMin = d.pointee.ttlMin
    m.ttlMax = d.pointee.ttlMax
    if peer.pointee.rttSamples > 0 {
      m.rttMin = peer.pointee.rttMin
      m.rttMax = peer.pointee.rttMax
      m.rttSum = peer.pointee.rttSum
      m.rttSamples = peer.pointee.rttSamples
      if let ledger { m.rttSpread = ledger[role].spread }
    }
    m.optionsOffered = d.pointee.known.contains(.syn) ? d.pointee.offered : nil
    m.initialSequence = d.pointee.known.contains([.syn, .isn]) ? d.pointee.base : nil
    if d.pointee.known.contains(.syn), peer.pointee.known.contains(.syn) {
      // What one side alone offers has no effect; an MSS binds the other side whatever that offers.
      m.optionsEffective = d.pointee.offered.intersection(peer.pointee.offered)
        .subtracting([.mss, .malformed, .truncated, .unknown])
      if d.pointee.offered.contains(.mss) { m.optionsEffective?.insert(.mss) }
    }
    if d.pointee.tsHz > 0 {
      m.tsHz = UInt32(d.pointee.tsHz)
      let tick = 1_000_000_000 / Int64(d.pointee.tsHz)
      m.tsOrigin = d.pointee.firstTSTime &- Int64(d.pointee.firstTSVal) &* tick
    }
    m.ipIDModel = originatorAddress.address.isV4 ? ipIDModel(d) : nil
    fillEvents(&m, role, duplicatesAreCapture)
  }

  private func fillEvents(_ m: inout DirectionMetrics, _ role: Role, _ duplicatesAreCapture: Bool?) {
    guard let side = dossier?[role] else { return }
    m.retransmittedSegments = side.retransmissions
    m.retransmittedOctets = side.retransmittedOctets
    m.retransmittedFast = side.fast
    m.retransmittedTimeout = side.timeouts
    m.retransmittedProbe = side.probesOfTail
    m.retransmittedLossRecovery = side.lossRecovery
    m.retransmittedSpurious = side.spurious
    m.reorderedSegments = side.reordered &- min(side.ambiguous, side.reordered)
    let ofNetwork = min(side.duplicates, UInt32(clamping: side.networkDuplicate?.count ?? 0))
    switch duplicatesAreCapture {
    case true?: m.captureDuplicates = side.duplicates &- ofNetwork
    case false?: m.networkDuplicates = side.duplicates &- ofNetwork
    case nil: m.ambiguousDuplicates = side.duplicates &- ofNetwork
    }
    m.networkDuplicates &+= ofNetwork
    m.ambiguous = side.ambiguous
    m.dsacks = side.dsacks
    m.keepAlives = side.keepAlives
    m.windowProbes = side.windowProbes
    m.duplicateAcks = side.duplicateAcks
    m.badChecksums = side.badChecksums
  }

  /// SYN and FIN count one each in sequence space and nothing in the stream.
  private func octetsUnique(_ role: Role) -> UInt64 {
    let d = pointer(role)
    var controls: UInt64 = d.pointee.known.isDisjoint(with: [.synAck, .synData]) ? 0 : 1
    if d.pointee.known.contains(.fin) { controls &+= 1 }
    return d.pointee.octetsUnique &- min(controls, d.pointee.octetsUnique)
  }

  /// Offset 0 is the SYN, captured or not; a FIN counts no octet, and one that was not captured is the octet
  /// after the last that was.
  private func octetsAcked(_ d: UnsafeMutablePointer<Direction>) -> UInt64? {
    // Of a direction that was not captured nobody knows which acknowledgement was the first.
    guard d.pointee.known.contains([.acked, .segment]) else { return nil }
    var end = d.pointee.una
    if d.pointee.known.contains(.fin) {
      if end >= d.pointee.finEnd { end = d.pointee.finEnd &- 1 }
    } else if d.pointee.dataPackets > 0, end == d.pointee.maxEnd &+ 1 {
      end &-= 1
    }
    return UInt64(max(0, end &- 1))
  }

  private func ipIDModel(_ d: UnsafeMutablePointer<Direction>) -> IPIDModel? {
    // SYNs do not count: some stacks number them otherwise.
    if d.pointee.lastStepID == 0 {
      return d.pointee.packets > UInt32(d.pointee.synCount) &+ 1 ? .zero : nil
    }
    if d.pointee.ipIDCountsPackets { return .flowCounter }
    if d.pointee.ipIDIsCounter { return .counter }
    return d.pointee.idSteps >= 7 ? .other : nil
  }

  /// Wireshark's tcp.completeness.
  var completeness: UInt8 {
    let o = originator.known
    let r = responder.known
    var bits: UInt8 = 0
    if o.union(r).contains(.synData) { bits |= 1 }
    if o.union(r).contains(.synAck) { bits |= 2 }
    if o.union(r).contains(.nonSyn) { bits |= 4 }
    if originator.dataPackets > 0 || responder.dataPackets > 0 { bits |= 8 }
    if originator.finCount > 0 || responder.finCount > 0 { bits |= 16 }
    if originator.rstCount > 0 || responder.rstCount > 0 { bits |= 32 }
    return bits
  }

  /// The halves of the handshake, and what its marks agree on; SYNs sent again leave the halves unknown (Karn).
  func fillHandshake(_ report: inout FlowReport) {
    var syn: SegmentRecord?
    var synAck: SegmentRecord?
    for i in 0..<min(16, head.count &+ log.count) {
      let r = i < head.count ? head[i] : log[log.first &+ i &- head.count]
      guard r.marks.isDisjoint(with: [.duplicate, .injected, .badChecksum]), !r.flags.contains(.rst) else {
        continue
      }
      if !r.flags.contains(.syn) {
        if r.sender == .responder { continue }
        guard let syn, let synAck, report.handshakeRTT != nil else { break }
        report.handshakeOriginatorPart = max(0, r.time &- synAck.time)
        report.handshakeResponderPart = max(0, synAck.time &- syn.time)
        return
      }
      if r.sender == .originator, syn == nil { syn = r }
      guard r.sender == .responder, r.flags.contains(.ack), synAck == nil, let syn else { continue }
      synAck = r
      noteECN(&report, syn: syn.flags, synAck: r.flags)
    }
  }

  /// What the two SYNs say of congestion marks.
  func noteECN(_ report: inout FlowReport, syn: TCPFlags, synAck: TCPFlags) {
    report.ecnMode = Self.ecnMode(syn: syn, synAck: synAck)
    let marks = synAck.intersection([.ae, .cwr, .ece])
    if report.ecnMode == ECNMode.none, syn.contains([.cwr, .ece]), !marks.isEmpty {
      report.ecnOddAnswer = marks
    }
  }

  /// What the marks of the two SYNs agree on (RFC 3168 6.1.1, RFC 9768 3.1).
  private static func ecnMode(syn: TCPFlags, synAck: TCPFlags) -> ECNMode {
    let marks: TCPFlags = [.ae, .cwr, .ece]
    guard syn.contains([.cwr, .ece]) else { return .none }
    switch synAck.intersection(marks) {
    case .ece: return .classic
    case [.ae, .ece]: return syn.contains(.ae) ? .none : .classic
    case .cwr, [.cwr, .ece], .ae, [.ae, .cwr]: return syn.contains(.ae) ? .accurate : .none
    default: return .none
    }
  }

  func fillMeasures(_ report: inout FlowReport, _ view: PathView, _ episodes: [Episode]) {
    guard let ledger else { return }
    let context = FlowLedger.Context(
      start: firstTime, end: lastTime, view: view, isOneWay: isOneWay,
      isMidStream: status.contains(.midStream),
      isV6: !originatorAddress.address.isV4, episodes: episodes)
    report.measures = ledger.measures(since: firstTime, isOneWay: isOneWay)
    report.synFellBack = status.contains(.beganWithSyn) ? ledger.originator.fellBack : nil
    report.originator.metrics.measures = ledger.measures(of: .originator, originator, responder, context)
    report.responder.metrics.measures = ledger.measures(of: .responder, responder, originator, context)
    report.originator.metrics.codePoints = ledger.originator.codePoints
    report.responder.metrics.codePoints = ledger.responder.codePoints
    report.originator.metrics.mptcp = ledger.originator.mptcp
    report.responder.metrics.mptcp = ledger.responder.mptcp
  }
}
