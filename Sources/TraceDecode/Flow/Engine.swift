/// The workings behind `Analyzer`: whose segment it is (PROCEDURES P8), and when a flow is over.
///
/// A value, so that a batch pays for one exclusivity check and not for one a field.
struct Engine: ~Copyable {
  var desk: Desk
  var decoder: WireDecoder
  var flows = FlowStore()
  var segment = Segment()
  var ahead = Lookahead()
  /// The number of flows up to which no limit on them can have been reached.
  private let roomiest: Int

  init(options: AnalyzerOptions, sink: any AnalysisSink) {
    desk = Desk(options: options, sink: sink)
    decoder = WireDecoder(limits: options.limits)
    roomiest = min(options.limits.flows, options.limits.halfOpenFlows, options.limits.closedFlows)
  }

  mutating func accept(_ frames: UnsafeBufferPointer<Frame>) {
    // Payloads are borrowed from the frame just decoded.
    if desk.options.segments || frames.count < Lookahead.least {
      for frame in frames { accept(frame) }
    } else {
      acceptAhead(frames)
    }
  }

  /// Times outside are moved to its edges, so that differences of two never overflow: 1897 to 2116.
  private static let times = -(1 << 61 as Int64)...(1 << 62)

  mutating func accept(_ frame: Frame) {
    let frame = withinTimes(frame)
    note(frame)
    switch decoder.decode(frame, into: &segment) {
    case .segment:
      if desk.options.segments {
        desk.payload = decoder.payload(of: segment, in: frame)
        desk.payloadFrame = segment.frame
      }
      takeSegment(nil)
    case .icmp: takeICMP(decoder.icmp)
    case let other: note(other)
    }
  }

  @inline(__always)
  func withinTimes(_ frame: Frame) -> Frame {
    if Self.times.contains(frame.time) { return frame }
    var frame = frame
    frame.time = min(max(frame.time, Self.times.lowerBound), Self.times.upperBound)
    return frame
  }

  /// Counts a frame, whatever it holds.
  @inline(__always)
  mutating func note(_ frame: Frame) {
    desk.report.packets &+= 1
    desk.report.octetsCaptured &+= UInt64(frame.bytes.count)
    desk.report.octetsOnWire &+= UInt64(frame.wireLength)
    noteTime(frame)
  }

  /// Counts what is neither a segment nor an ICMP error about one.
  mutating func note(_ outcome: WireDecoder.Outcome) {
    switch outcome {
    case .segment, .icmp: break
    case .fragment: desk.report.fragments &+= 1
    case .notTCP: desk.report.notTCP &+= 1
    case .fault(let fault):
      desk.report.undecodable[DecodeFault.Key(layer: fault.layer, cause: fault.cause), default: 0] &+= 1
    }
  }

  /// Takes the segment at hand; `hash` is that of its key, where it is known.
  @inline(__always)
  mutating func takeSegment(_ hash: UInt32?) {
    desk.report.tcpPackets &+= 1
    noteQuality()
    if desk.options.ignoresChecksums, segment.checksumState == .bad { segment.checksumState = .unknown }
    take(hash)
  }

  /// Moves trace time on while the wire is silent, so that hold-backs expire (live capture).
  mutating func advance(to time: Int64) {
    // What is due happens at its own moment, however far apart frames and ticks lie.
    while let due = flows.nextDue, due <= time {
      desk.clock = max(desk.clock, due)
      endDue()
      runTimers()
    }
    desk.clock = max(desk.clock, time)
  }

  /// Settles everything that is still open and reports every flow; call once.
  mutating func finish() -> CaptureReport {
    desk.copiesAreCapture = desk.copies.areCapture(packets: desk.report.tcpPackets)
    for index in flows.live where flows.isLive(index) { end(index) }
    desk.report.fragmentsUnfinished = decoder.unfinishedDatagrams
    desk.report.duplicates = desk.copies.count
    desk.report.firstDuplicateFrame = desk.copies.firstFrame
    desk.report.duplicateLag = desk.copies.medianLag
    desk.report.duplicatesWithOtherTTL = desk.copies.withOtherTTL
    desk.report.duplicatesWithOtherLink = desk.copies.withOtherLink
    desk.report.duplicatesAreCapture = desk.copiesAreCapture ?? false
    return desk.report
  }

  private mutating func noteTime(_ frame: Frame) {
    if desk.report.firstTime == nil { desk.report.firstTime = frame.time }
    if let last = desk.report.lastTime, frame.time < last {
      desk.report.timeRegressions &+= 1
      desk.report.largestRegression = max(desk.report.largestRegression, last &- frame.time)
      if desk.report.firstRegressionFrame == 0 { desk.report.firstRegressionFrame = frame.number }
    }
    desk.report.lastTime = frame.time
    if frame.time > desk.clock { advance(to: frame.time) }
  }

  private mutating func noteQuality() {
    if segment.truncated { desk.report.truncatedPackets &+= 1 }
    switch segment.checksumState {
    case .bad: desk.report.badChecksums &+= 1
    case .offload:
      desk.report.offloadChecksums &+= 1
      if desk.report.offloadHosts.count < 16, !desk.report.offloadHosts.contains(segment.source) {
        desk.report.offloadHosts.append(segment.source)
      }
    case .good, .unknown: break
    }
  }

  // MARK: - Whose segment is it (P8)

  private mutating func take(_ known: UInt32? = nil) {
    if flows.count > roomiest { makeRoom() }
    var sourceIsLow = false
    let key = FlowKey(segment, sourceIsLow: &sourceIsLow)
    let hash = known ?? key.hash(seed: desk.options.seed)
    guard let newest = flows.find(key, hash) else {
      let index = open(hash, previous: nil)
      flows[index].pointee.accept(segment, from: founderRole(index), [], in: &desk)
      return
    }
    let isGood = segment.checksumState != .bad
    if segment.flags.contains(.syn), !segment.flags.contains(.ack), isGood {
      takeSyn(newest, hash)
    } else if segment.flags.contains(.syn), isGood, opensByItsAck(newest) {
      if convertLimbo(newest, hash) == nil {
        let index = open(hash, previous: newest)
        flows[index].pointee.accept(segment, from: founderRole(index), [], in: &desk)
      } else {
        take()
      }
    } else if flows[newest].pointee.status.contains(.inLimbo), isGood, goesOnFromLimbo(newest),
      convertLimbo(newest, hash) != nil
    {
      take()
    } else {
      let index = fitting(newest)
      let forNewer = segment.flags.contains(.rst) && index != newest
      if forNewer { flows[newest].pointee.status.insert(.resetForOlder) }
      if index != newest, isGood, segment.payloadLength > 0 {
        flows[newest].pointee.noteOldDuplicate(segment)
      }
      deliver(index, forNewer ? .forNewer : [])
    }
  }

  private mutating func deliver(_ index: Int, _ marks: Marks) {
    let flow = flows[index]
    let role = flow.pointee.role(of: segment)
    if role == .responder || segment.flags.intersection([.syn, .ack]) != .syn { flows.endOpening(index) }
    flow.pointee.accept(segment, from: role, marks, in: &desk)
    if flow.pointee.status.contains(.closed), !flow.pointee.status.contains(.queuedForEnd) {
      flow.pointee.status.insert(.queuedForEnd)
      flows.queue(index, due: flow.pointee.lastTime &+ desk.options.linger)
    }
    if flow.pointee.status.contains(.dirty) { awaitSettling(index) }
    if desk.options.previews { considerPreview(index) }
  }

  /// A SYN without ACK on a known four-tuple.
  private mutating func takeSyn(_ newest: Int, _ hash: UInt32) {
    let flow = flows[newest]
    let role = flow.pointee.role(of: segment)
    let isn = segment.seq
    let own = flow.pointee.pointer(role)
    let peer = flow.pointee.pointer(role.peer)
    if own.pointee.known.contains(.isn), own.pointee.base == isn { return deliver(newest, []) }
    if flow.pointee.status.contains(.beganWithSyn), !own.pointee.known.contains(.isn),
      !flow.pointee.status.contains(.synAckSeen), peer.pointee.known.contains(.isn)
    {
      return deliver(newest, [])
    }
    if !own.pointee.known.contains(.isn), peer.pointee.known.contains(.synAck),
      peer.pointee.synAckAck == isn &+ 1
    {
      return deliver(newest, [])
    }
    var older = Int(flow.pointee.older)
    while older >= 0 {
      let f = flows[older]
      let r = f.pointee.role(of: segment)
      if f.pointee[r].known.contains(.isn), f.pointee[r].base == isn {
        return deliver(older, [])
      }
      older = Int(f.pointee.older)
    }
    if flow.pointee.status.contains(.closed) || !flow.pointee.status.contains(.established) {
      if let dossier = flow.pointee.dossier, let first = dossier.limbo.first, first.seq == isn,
        dossier.limboRole == role, convertLimbo(newest, hash) != nil
      {
        return take()
      }
      let index = open(hash, previous: newest)
      flows[index].pointee.accept(segment, from: founderRole(index), [], in: &desk)
      return
    }
    // On a live connection: an old duplicate, unless a SYN-ACK accepts it.
    let dossier = flow.pointee.openDossier()
    if dossier.limbo.first?.seq != isn || dossier.limboRole != role {
      dossier.limbo = []
      dossier.limboSegments = []
      dossier.limboRole = role
      dossier.limboStart = flow.pointee.log.end
    }
    flow.pointee.status.insert(.inLimbo)
    deliver(newest, .injected)
    if dossier.limboSegments.count < 16, flow.pointee.log.end > flow.pointee.log.first {
      dossier.limboSegments.append(segment)
      dossier.limbo.append(flow.pointee.log[flow.pointee.log.end &- 1])
    }
  }

  /// Whether a SYN-ACK belongs to an incarnation whose SYN was not captured, or waits in limbo.
  private mutating func opensByItsAck(_ newest: Int) -> Bool {
    let flow = flows[newest]
    let role = flow.pointee.role(of: segment)
    if let dossier = flow.pointee.dossier, let first = dossier.limboSegments.first,
      dossier.limboRole == role.peer
    {
      let acked = segment.ack &- first.seq
      if acked >= 1, acked <= 1 &+ first.payloadLength { return true }
    }
    guard flow.pointee[role].known.contains(.segment),
      flow.pointee.status.contains(.closed) || flow.pointee[role].known.contains(.isn)
    else { return false }
    var index = newest
    while index >= 0 {
      let f = flows[index]
      let r = f.pointee.role(of: segment)
      if f.pointee[r].known.contains(.isn), f.pointee[r].base == segment.seq { return false }
      let peer = f.pointee.pointer(r.peer)
      if peer.pointee.known.contains(.isn) {
        let acked = SeqNum.difference(segment.ack, peer.pointee.base)
        if acked > 0, acked < 4000 { return false }
      }
      index = Int(f.pointee.older)
    }
    return true
  }

  /// Whether a segment follows a SYN in limbo by its number: the SYN-ACK between them was not captured.
  private func goesOnFromLimbo(_ newest: Int) -> Bool {
    guard let dossier = flows[newest].pointee.dossier, let first = dossier.limboSegments.first else {
      return false
    }
    return segment.flags.contains(.ack) && segment.flags.isDisjoint(with: [.syn, .rst])
      && segment.seq == first.seq &+ 1 && flows[newest].pointee.role(of: segment) == dossier.limboRole
  }

  /// Founds a new incarnation on the SYNs in limbo; they leave the older one.
  private mutating func convertLimbo(_ newest: Int, _ hash: UInt32) -> Int? {
    guard let dossier = flows[newest].pointee.dossier, let first = dossier.limboSegments.first else {
      return nil
    }
    let role = flows[newest].pointee.role(of: segment)
    let fromPeer = dossier.limboRole == role.peer
    let fits =
      fromPeer
      ? segment.flags.contains(.ack) && segment.ack &- first.seq >= 1
        && segment.ack &- first.seq <= 1 &+ first.payloadLength
      : first.seq == segment.seq || goesOnFromLimbo(newest)
    guard fits else { return nil }
    let syns = dossier.limboSegments
    let start = dossier.limboStart
    let synRole = dossier.limboRole
    dossier.limbo = []
    dossier.limboSegments = []
    flows[newest].pointee.status.remove(.inLimbo)
    let current = segment
    segment = first
    let index = open(hash, previous: newest)
    for syn in syns {
      segment = syn
      flows[index].pointee.accept(segment, from: founderRole(index), [], in: &desk)
    }
    // A RST that its SYN-SENT socket sent meanwhile is the new incarnation's story.
    let old = flows[newest]
    for i in max(start, old.pointee.log.first)..<old.pointee.log.end
    where old.pointee.log[i].sender == synRole {
      // The SYNs themselves were no foreign ones.
      if old.pointee.log[i].flags.contains(.syn) { old.pointee.log[i].marks.insert(.forNewer) }
      guard old.pointee.log[i].flags.contains(.rst) else { continue }
      old.pointee.log[i].marks.insert(.forNewer)
      flows[index].pointee.status.insert(.resetForOlder)
    }
    segment = current
    return index
  }

  /// The newest incarnation whose numbers a segment fits.
  private mutating func fitting(_ newest: Int) -> Int {
    var index = newest
    while index >= 0 {
      if fits(index) { return index }
      index = Int(flows[index].pointee.older)
    }
    return newest
  }

  private mutating func fits(_ index: Int) -> Bool {
    let flow = flows[index]
    if flow.pointee.older < 0 { return true }
    let role = flow.pointee.role(of: segment)
    let own = flow.pointee.pointer(role)
    let peer = flow.pointee.pointer(role.peer)
    func near(_ x: UInt32, _ d: UnsafeMutablePointer<Direction>) -> Bool {
      abs(Int64(SeqNum.difference(x, d.pointee.base &+ UInt32(truncatingIfNeeded: d.pointee.maxEnd)))) < 1
        << 24
    }
    var ok = !own.pointee.known.contains(.base) || near(segment.seq, own)
    // Nothing of this incarnation lies before its own SYN.
    if own.pointee.known.contains(.isn), SeqNum.difference(segment.seq, own.pointee.base) < 0 { ok = false }
    if segment.flags.contains(.ack), peer.pointee.known.contains(.base), !near(segment.ack, peer),
      !(segment.flags.contains(.rst) && segment.ack == 0)
    {
      ok = false
    }
    guard flow.pointee.status.contains(.beganWithSyn), !flow.pointee.status.contains(.synAckSeen) else {
      return ok
    }
    let isnDistance = SeqNum.difference(segment.ack, peer.pointee.base)
    let acksSyn =
      segment.flags.contains(.ack) && peer.pointee.known.contains(.isn) && isnDistance > 0
      && isnDistance < 4000
    if segment.flags.contains(.syn) { return acksSyn }
    if segment.flags.contains(.rst) {
      return ok && (acksSyn || own.pointee.known.contains(.isn) && segment.seq == own.pointee.base &+ 1)
    }
    // Before the handshake, what is no SYN-ACK is the older incarnation's.
    if !own.pointee.known.contains(.isn) { return false }
    if !peer.pointee.known.contains(.isn) {
      // The handshake's last segment, if the SYN-ACK was not captured; and what follows it.
      if own.pointee.known.contains(.nonSyn) { return ok }
      let advance = SeqNum.difference(segment.seq, own.pointee.base)
      return advance > 0 && advance < 1 << 20 && (advance == 1 || !segment.flags.contains(.ack))
    }
    return ok
  }

  // MARK: - Opening and ending flows

  /// Makes a flow for `segment`; its sender originates it, unless the segment says otherwise.
  private mutating func open(_ hash: UInt32, previous: Int?) -> Int {
    desk.report.flows &+= 1
    let index = flows.make(number: Int32(truncatingIfNeeded: desk.report.flows))
    let flow = flows[index]
    let source = SocketAddress(address: segment.source, port: segment.sourcePort)
    let destination = SocketAddress(address: segment.destination, port: segment.destinationPort)
    var sourceOriginates = true
    if segment.flags.contains(.syn) {
      sourceOriginates = !segment.flags.contains(.ack)
    } else {
      sourceOriginates = source.port >= destination.port
      flow.pointee.status.insert(.rolesGuessed)
    }
    flow.pointee.originatorAddress = sourceOriginates ? source : destination
    flow.pointee.responderAddress = sourceOriginates ? destination : source
    if source == destination { flow.pointee.status.insert(.selfConnection) }
    if segment.flags.contains(.syn), !segment.flags.contains(.ack) {
      flow.pointee.status.insert(.beganWithSyn)
      flows.beginOpening(index)
    } else if segment.flags.contains(.syn) {
      flow.pointee.status.insert(.synAckSeen)
    } else {
      flow.pointee.status.insert([.midStream, .established, .synAckSeen])
    }
    if desk.options.ledger { flow.pointee.ledger = FlowLedger() }
    flow.pointee.hash = hash
    flow.pointee.firstFrame = segment.frame
    flow.pointee.firstTime = segment.time
    flow.pointee.lastTime = segment.time
    flow.pointee.encapsulation = segment.encapsulation
    flow.pointee.vlan = segment.vlan
    if let previous {
      flow.pointee.older = Int32(truncatingIfNeeded: previous)
      flows[previous].pointee.newer = Int32(truncatingIfNeeded: index)
      flow.pointee.incarnation = flows[previous].pointee.incarnation &+ 1
      flows.replace(hash, previous, with: index)
      if !flows[previous].pointee.status.contains(.queuedForEnd) {
        flows[previous].pointee.status.insert(.queuedForEnd)
        flows.queue(previous, due: segment.time &+ desk.options.linger)
      }
    } else {
      flows.insert(hash, index)
    }
    return index
  }

  private mutating func founderRole(_ index: Int) -> Role { flows[index].pointee.role(of: segment) }

  private mutating func endDue() {
    while let index = flows.popDue(desk.clock) {
      let flow = flows[index]
      if flow.pointee.newer < 0 || !flow.pointee.status.contains(.closed),
        desk.clock &- flow.pointee.lastTime < desk.options.linger
      {
        flows.queue(index, due: flow.pointee.lastTime &+ desk.options.linger)
        continue
      }
      end(index)
    }
  }

  /// Beyond its limits the table gives up one flow a segment: one opens a segment at most, so that is enough.
  ///
  /// Before the segment is looked at, so that no flow goes while it is in hand.
  private mutating func makeRoom() {
    let limits = desk.options.limits
    if flows.count > limits.flows, let index = flows.victim() {
      desk.report.shedFlows &+= 1
      end(index)
    }
    if flows.halfOpenCount > limits.halfOpenFlows, let index = flows.oldestHalfOpen() {
      // A flood: a record each would be its second success.
      desk.report.shedFlows &+= 1
      release(index)
    }
    if flows.waitingCount > limits.closedFlows, let index = flows.popWaiting() { end(index) }
  }

  /// Settles a flow, tells its stories, reports it and frees its place.
  private mutating func end(_ index: Int) {
    let flow = flows[index]
    if flow.pointee.older >= 0 { end(Int(flow.pointee.older)) }
    let newer = Int(flow.pointee.newer)
    let previous = flow.pointee.end(in: &desk, nextSyn: newer >= 0 ? flows[newer].pointee.firstTime : nil)
    if newer >= 0 {
      flows[newer].pointee.older = -1
      flows[newer].pointee.openDossier().previous = previous
      flows.endOpening(index)
      flows.free(index)
    } else {
      release(index)
    }
  }

  /// Forgets the newest incarnation of a four-tuple, older ones with it, and reports nothing.
  private mutating func release(_ index: Int) {
    if flows[index].pointee.older >= 0 { end(Int(flows[index].pointee.older)) }
    flows.remove(flows[index].pointee.hash, index)
    flows.endOpening(index)
    flows.free(index)
  }

  mutating func takeICMP(_ error: ICMPError?) {
    guard let error else { return }
    let key = FlowKey(error.quotedSource, error.quotedDestination)
    guard let index = flows.find(key, key.hash(seed: desk.options.seed)) else { return }
    let dossier = flows[index].pointee.openDossier()
    if dossier.icmp.count < desk.options.limits.evidence { dossier.icmp.append(error) }
    if desk.options.previews { awaitPreview(index) }
  }
}
