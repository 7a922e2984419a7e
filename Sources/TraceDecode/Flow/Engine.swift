/// The workings behind `Analyzer`: whose segment it is (PROCEDURES P8), and when a flow is over.
///
/// A value, so that a batch pays for one exclusivity check and not for one a field.
struct Engine: ~Copyable {
  var desk: Desk
  var decoder: WireDecoder
  var flows: FlowStore
  var ahead = Lookahead()
  /// Where the segment at hand lies: in `ahead`, whose first place serves single frames too.
  var place: UnsafeMutablePointer<Segment>
  /// The number of flows up to which no limit on them can have been reached.
  let roomiest: Int
  /// Half closes of the whole capture, of whichever flows, as far as FINs and RSTs tell.
  private var closes: UInt64 = 0
  /// After as many, a closed flow is over.
  private let closesKept: UInt64
  /// The classes of address pairs whose flows are kept.
  let classes: UInt64

  init(options: AnalyzerOptions, sink: any AnalysisSink) {
    flows = FlowStore(policy: options.packing, seed: options.seed)
    place = ahead.segments
    classes = options.share?.classes ?? .max
    desk = Desk(options: options, sink: sink)
    decoder = WireDecoder(limits: options.limits)
    roomiest = min(options.limits.flows, options.limits.halfOpenFlows, options.limits.closedFlows)
    closesKept = UInt64(clamping: options.limits.closedFlows) / 2 &* 3
  }

  /// The segment at hand.
  var segment: Segment {
    @inline(__always) unsafeAddress { UnsafePointer(place) }
    @inline(__always) nonmutating unsafeMutableAddress { place }
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
    flows.packIdle(frames: 1, now: frame.number)
    note(frame)
    place = ahead.segments
    switch decoder.decode(frame, into: &place.pointee) {
    case .segment:
      if desk.options.segments {
        desk.payload = decoder.payload(of: segment, in: frame)
        desk.payloadFrame = segment.frame
      }
      takeSegment(nil, isForeign: isForeign(segment))
    case .icmp: takeICMP(decoder.icmp)
    case let other: note(other)
    }
  }

  @inline(__always)
  func withinTimes(_ frame: Frame) -> Frame {
    if Self.times.contains(frame.time) { return frame }
    var frame = frame
    frame.time = withinTimes(frame.time)
    return frame
  }

  @inline(__always)
  func withinTimes(_ time: Int64) -> Int64 {
    min(max(time, Self.times.lowerBound), Self.times.upperBound)
  }

  /// Whether another worker keeps the flows between these hosts.
  @inline(__always)
  func isForeign(_ s: borrowing Segment) -> Bool {
    if classes == .max { return false }
    return !AnalysisShare.keeps(s.source, s.destination, classes)
  }

  /// Counts a frame, whatever it holds.
  @inline(__always)
  mutating func note(_ frame: borrowing Frame) {
    desk.report.packets &+= 1
    desk.report.octetsCaptured &+= UInt64(frame.bytes.count)
    desk.report.octetsOnWire &+= UInt64(frame.wireLength)
    noteTime(withinTimes(frame.time), of: frame.number)
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

  /// Takes the segment at hand; `known` is what its flow is looked up by, where that is known.
  @inline(__always)
  mutating func takeSegment(_ known: FlowHash?, isForeign: Bool) {
    desk.report.tcpPackets &+= 1
    if isForeign {
      // Whoever keeps it counts what is wrong with it.
      if !segment.flags.isDisjoint(with: [.fin, .rst]) { noteClose() }
      return
    }
    noteQuality()
    if desk.options.ignoresChecksums, segment.checksumState == .bad { segment.checksumState = .unknown }
    if !segment.flags.isDisjoint(with: [.fin, .rst]) { noteClose() }
    take(known)
  }

  /// Moves trace time on while the wire is silent, so that hold-backs expire (live capture).
  mutating func advance(to time: Int64) {
    // What is due happens at its own moment, however far apart frames and ticks lie.
    while let due = flows.nextDue, due <= time {
      desk.clock = max(desk.clock, due)
      endDue()
      runTimers()
      desk.turn = Turn()
    }
    desk.clock = max(desk.clock, time)
  }

  /// Settles everything that is still open and reports every flow; call once.
  ///
  /// - Parameter copiesAreCapture: Who made the copies, if others have counted them.
  mutating func finish(copiesAreCapture: Bool? = nil) -> CaptureReport {
    let areCapture = copiesAreCapture ?? desk.copies.areCapture(packets: desk.report.tcpPackets)
    desk.copiesAreCapture = areCapture
    for flow in flows.takeAll() {
      guard let index = flows.wake(flow) else { continue }
      desk.turn = Turn(.finish, due: 0, of: UInt64(flows[index].pointee.number))
      end(index)
    }
    desk.report.clockSteps = desk.steps.finish()
    desk.report.fragmentsUnfinished = decoder.unfinishedDatagrams
    desk.report.note(desk.copies, areCapture: areCapture)
    return desk.report
  }

  private mutating func noteTime(_ time: Int64, of frame: UInt64) {
    if desk.report.firstTime == nil { desk.report.firstTime = time }
    if let last = desk.report.lastTime, time < last {
      desk.report.timeRegressions &+= 1
      desk.report.largestRegression = max(desk.report.largestRegression, last &- time)
      if desk.report.firstRegressionFrame == 0 { desk.report.firstRegressionFrame = frame }
    }
    if let last = desk.report.lastTime, UInt64(bitPattern: time &- last) > UInt64(ClockSteps.least) {
      desk.noteLeap(from: last, to: time, frame: frame)
    }
    desk.report.lastTime = time
    if time > desk.clock { advance(to: time) }
  }

  private mutating func noteQuality() {
    if segment.truncated { desk.report.truncatedPackets &+= 1 }
    switch segment.checksumState {
    case .bad: desk.report.badChecksums &+= 1
    case .offload:
      desk.report.offloadChecksums &+= 1
      if desk.report.offloadHosts.count < CaptureReport.offloadHostLimit,
        !desk.report.offloadHosts.contains(segment.source)
      {
        desk.noteOffload(by: segment.source)
      }
    case .good, .unknown: break
    }
  }

  // MARK: - Opening and ending flows

  /// Makes a flow for `segment`; its sender originates it, unless the segment says otherwise.
  mutating func open(_ hash: UInt32, previous: Int?) -> Int {
    desk.report.flows &+= 1
    desk.noteOpening()
    var sourceIsLow = false
    let key = FlowKey(segment, sourceIsLow: &sourceIsLow)
    let hasSyn = segment.flags.contains(.syn)
    let sourceOriginates =
      hasSyn ? !segment.flags.contains(.ack) : segment.sourcePort >= segment.destinationPort
    let index = flows.make(
      key, originatorIsLow: sourceOriginates == sourceIsLow,
      number: Int32(truncatingIfNeeded: desk.report.flows))
    let flow = flows[index]
    if !hasSyn { flow.pointee.status.insert(.rolesGuessed) }
    if key.low == key.high { flow.pointee.status.insert(.selfConnection) }
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
      queueForEnd(previous)
    } else {
      flows.insert(hash, index)
    }
    return index
  }

  mutating func founderRole(_ index: Int) -> Role { flows[index].pointee.role(of: segment) }

  /// Has a flow that is over wait for what may still come of it.
  mutating func queueForEnd(_ index: Int) {
    guard !flows[index].pointee.status.contains(.queuedForEnd) else { return }
    flows[index].pointee.status.insert(.queuedForEnd)
    desk.log?.counts.waiting &+= 1
    flows.queue(
      index, due: desk.clock &+ desk.options.linger, closes: closes &+ closesKept, frames: desk.report.packets
    )
  }

  private mutating func endDue() {
    while let next = flows.popDue(desk.clock) {
      desk.turn = Turn(.end, due: next.due, of: next.frames)
      endOnceSilent(Int(next.index))
    }
  }

  /// Ends a flow that has waited for its end, unless it was heard of again meanwhile.
  mutating func endOnceSilent(_ index: Int) {
    let flow = flows[index]
    if flow.pointee.newer < 0 || !flow.pointee.status.contains(.closed),
      desk.clock &- flow.pointee.lastTime < desk.options.linger
    {
      flows.setTimer(.end, for: index, due: flow.pointee.lastTime &+ desk.options.linger)
    } else {
      end(index)
    }
  }

  /// A FIN or RST passed, of whichever flow: with enough of them, those that closed before are over.
  ///
  /// Of all that a limit may count this needs the segments alone, and no knowledge of other flows.
  private mutating func noteClose() {
    closes &+= segment.flags.contains(.rst) ? 2 : 1
    while let next = flows.popDue(closes: closes) {
      desk.turn = Turn(.room, due: 0, of: next.frames)
      end(Int(next.index))
    }
    desk.turn = Turn()
  }

  /// Beyond its limits the table gives up one flow a segment: one opens a segment at most, so that is enough.
  ///
  /// Before the segment is looked at, so that no flow goes while it is in hand.
  mutating func makeRoom() {
    let limits = desk.options.limits
    if flows.count > limits.flows, let index = flows.victim() {
      desk.report.shedFlows &+= 1
      end(index)
    }
    if flows.halfOpenCount > limits.halfOpenFlows {
      // A flood: a record each would be its second success.
      desk.report.shedFlows &+= 1
      if let index = flows.takeOldestHalfOpen() { release(index) }
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
      flows[newer].pointee.openDossier().whole.previous = previous
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
    let (source, destination) = (error.quotedSource.address, error.quotedDestination.address)
    guard AnalysisShare.keeps(source, destination, classes) else { return }
    let key = FlowKey(error.quotedSource, error.quotedDestination)
    guard let index = flows.find(key, key.hash(seed: desk.options.seed)) else { return }
    let dossier = flows[index].pointee.openDossier()
    if dossier.whole.icmp.count < desk.options.limits.evidence { dossier.whole.icmp.append(error) }
    if desk.options.previews { awaitPreview(index) }
  }
}
