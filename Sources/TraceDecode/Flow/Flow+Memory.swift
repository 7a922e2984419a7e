/// What a flow remembers, and for how long.
extension Flow {
  /// Trace time that segments are kept for while evidence is awaited.
  static let retention: Int64 = 1_500_000_000
  /// Segments a quiet flow keeps beyond its unacknowledged ones, to know copies and late originals by.
  static let quietTail = 16
  /// ... and beyond what a side that sends nothing sent last.
  static let idleTail = 256
  /// Records kept of an opening, and of closings and resets that the log has outlived.
  static let headLimit = 96

  mutating func remember(_ record: SegmentRecord, in analyzer: inout Desk) {
    if log.isFull, log.count >= Self.quietTail {
      forget(in: &analyzer)
      if log.isFull, log.capacity >= analyzer.options.limits.segmentsPerFlow {
        if status.contains(.dirty) { settleUnderPressure(in: &analyzer) }
        drop(to: log.first &+ log.count / 2)
        status.insert(.evidenceLost)
      }
    }
    log.append(record, limit: analyzer.options.limits.segmentsPerFlow)
  }

  /// Drops what nothing can need any more.
  private mutating func forget(in analyzer: inout Desk) {
    var keep = log.end &- Self.quietTail
    if !isOneWay {
      for role in [Role.originator, .responder] {
        let d = pointer(role)
        let awaited = d.pointee.unackedIndex
        keep = min(keep, d.pointee.una < d.pointee.maxEnd ? awaited : max(awaited, log.end &- Self.idleTail))
      }
    }
    if status.contains(.dirty) {
      var i = log.first
      let horizon = lastTime &- Self.retention
      while i < keep, log[i].time < horizon { i &+= 1 }
      keep = min(keep, i)
      if let dossier {
        for role in [Role.originator, .responder]
        where dossier[role].pending.contains(where: { $0.cause == nil }) {
          keep = min(keep, max(log.first, dossier[role].replayIndex))
        }
      }
    }
    drop(to: keep)
  }

  /// Forgets records before `index`, moving the notable ones to the head.
  mutating func drop(to index: Int) {
    guard index > log.first else { return }
    let opening = isTextbookOpening ? 4 : 48
    for i in log.first..<min(index, log.end) {
      if (i < opening || log[i].marks.contains(.notable)) && head.count < Self.headLimit {
        head.append(log[i])
      }
    }
    log.trim(to: index)
  }

  /// The handshake passed as in the textbook: one SYN, one SYN-ACK, then others.
  var isTextbookOpening: Bool {
    status.contains(.established) && !status.contains(.midStream) && originator.synCount == 1
      && responder.synCount == 1 && !status.contains(.fastOpen)
  }

  /// The SegmentRecord with its numbers unwrapped.
  func evidence(_ r: SegmentRecord) -> EvidenceSegment {
    let sender = r.sender
    let start = self[sender].offset(r.seq)
    let peer = pointer(sender.peer)
    let hasAck = r.flags.contains(.ack) && peer.pointee.known.contains(.base)
    var e = EvidenceSegment(
      frame: r.frame, time: r.time, sender: sender, flags: r.flags, start: start,
      end: start &+ Int64(r.segLen), ack: hasAck ? peer.pointee.offset(r.ack) : EvidenceSegment.noAck)
    e.recordOffset = r.recordOffset
    if r.flags.contains(.syn) { e.options = TCPOptionSet(rawValue: UInt16(truncatingIfNeeded: r.sackTop)) }
    e.window = r.window
    e.payload = r.payload
    e.seq = r.seq
    e.tsVal = r.tsVal
    e.tsEcr = r.tsEcr
    e.hasTimestamps = r.marks.contains(.hasTimestamps)
    e.ipID = r.ipID
    e.ttl = r.ttl
    e.isDuplicate = r.marks.contains(.duplicate)
    e.isBadChecksum = r.marks.contains(.badChecksum)
    e.isInjected = r.marks.contains(.injected)
    e.isRetransmission = r.marks.contains(.retransmission)
    e.isProbe = !r.marks.isDisjoint(with: [.keepAlive, .windowProbe])
    e.isForNewerIncarnation = r.marks.contains(.forNewer)
    return e
  }

  func ref(_ r: SegmentRecord) -> SegmentRef { evidence(r).ref }

  /// Everything remembered, for the inference of states and stories.
  func collectEvidence(_ view: PathView, captureTime: Int64) -> FlowEvidence {
    var e = FlowEvidence()
    e.segments.reserveCapacity(head.count &+ log.count)
    for r in head { e.segments.append(evidence(r)) }
    if log.first > head.count { e.tailStart = head.count }
    for i in log.first..<log.end { e.segments.append(evidence(log[i])) }
    e.midStream = status.contains(.midStream)
    e.selfConnection = status.contains(.selfConnection)
    e.oneWay = isOneWay
    e.sackPermitted = sackPermitted
    e.fastOpen = status.contains(.fastOpen)
    e.captureTime = captureTime
    for role in [Role.originator, .responder] {
      e[role] = endpointEvidence(role, view)
    }
    if let tail = e.tailStart {
      for role in [Role.originator, .responder] {
        var received = self[role.peer].contiguous
        for s in e.segments[tail...] where s.sender == role.peer && s.end > s.start && !s.isInjected {
          received = min(received, s.start)
        }
        e[role].receivedBeforeTail = received
      }
    }
    return e
  }

  /// What is known of one endpoint beside its segments.
  func endpointEvidence(_ role: Role, _ view: PathView) -> EndpointEvidence {
    let d = pointer(role)
    var p = EndpointEvidence()
    p.rtt = role == .originator ? view.rtt.originator : view.rtt.responder
    p.isNear = view.isNear(role)
    p.isUnknownDistance = role == .originator ? view.unknown.originator : view.unknown.responder
    p.tsHz = d.pointee.tsHz > 0 ? Int64(d.pointee.tsHz) : nil
    p.tsOffset = d.pointee.tsOffset
    p.tsReference = d.pointee.firstTSVal
    p.ipIDIsCounter = d.pointee.ipIDIsCounter
    p.windowShift = d.pointee.windowShift
    p.mss = d.pointee.known.contains(.mssOption) ? d.pointee.mss : nil
    p.maxAck = self[role.peer].una
    p.maxEnd = d.pointee.maxEnd
    p.smallestTTL = d.pointee.ttlMin
    p.largestTTL = d.pointee.ttlMax
    return p
  }
}
