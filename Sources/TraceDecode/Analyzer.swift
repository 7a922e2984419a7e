/// What an analysis is told before it starts.
public struct AnalyzerOptions: Sendable {
  public var limits = Limits()
  /// Report every frame that is more than an ordinary one through `AnalysisSink.verdict`.
  public var frameVerdicts = false
  /// Keep round-trip samples for percentiles (`DirectionMetrics.rttSpread`).
  public var rttSpread = false
  /// Hand every segment with its payload to `AnalysisSink.segment`.
  public var segments = false
  /// Show stories ahead of their flow's end through `AnalysisSink.preview`, for people who watch.
  public var previews = false
  /// 2 MSL, to judge TIME-WAIT by. Units: nanoseconds.
  public var timeWait: Int64 = 60_000_000_000
  /// How long a closed flow is kept for what may still come of it. Units: nanoseconds of trace time.
  public var linger: Int64 = 120_000_000_000
  /// Seeds the flow table's hash; equal seeds give equal orders of work, results never depend on it.
  public var seed: UInt64 = 0x9e37_79b9_7f4a_7c15
  public init() {}
}

/// Receives what an `Analyzer` has decided, in the order it decides.
public protocol AnalysisSink: AnyObject {
  func episode(_ episode: Episode, of flow: FlowIdentity)
  func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity)
  func flowEnded(_ report: FlowReport)
  /// A segment as it was taken in; only with `AnalyzerOptions.segments`.
  func segment(_ segment: StreamSegment, of flow: FlowIdentity)
  /// A story as it looks by now, which its flow's end may still change; only with `AnalyzerOptions.previews`.
  func preview(_ episode: Episode, of flow: FlowIdentity)
  /// The first round trip between capture point and `role`'s host; only with `AnalyzerOptions.previews`.
  func roundTrip(_ nanoseconds: Int64, to role: Role, of flow: FlowIdentity)
}

extension AnalysisSink {
  public func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {}
  public func segment(_ segment: StreamSegment, of flow: FlowIdentity) {}
  public func preview(_ episode: Episode, of flow: FlowIdentity) {}
  public func roundTrip(_ nanoseconds: Int64, to role: Role, of flow: FlowIdentity) {}
}

/// The only door of `TraceDecode`: frames in, episodes and reports out.
///
/// Time is the frames' own; nothing here reads a clock.
public final class Analyzer {
  public let options: AnalyzerOptions
  unowned let sink: any AnalysisSink
  private var decoder: WireDecoder
  private(set) var report = CaptureReport()
  var flows = FlowStore()
  private(set) var copies = CopyStatistics()
  private var paths = HostPaths()
  private var clock: Int64 = .min
  private(set) var segment = Segment()
  /// The frame that is being taken; only for `options.segments`.
  private var frame: Frame?

  public init(options: AnalyzerOptions = AnalyzerOptions(), sink: any AnalysisSink) {
    self.options = options
    self.sink = sink
    decoder = WireDecoder(limits: options.limits)
  }

  /// Takes the next frames of the capture, in the order of the capture.
  public func accept(_ frames: UnsafeBufferPointer<Frame>) {
    for frame in frames { accept(frame) }
  }

  /// Takes the next frame.
  public func accept(_ frame: Frame) {
    report.packets &+= 1
    report.octetsCaptured &+= UInt64(frame.bytes.count)
    report.octetsOnWire &+= UInt64(frame.wireLength)
    noteTime(frame)
    switch decoder.decode(frame, into: &segment) {
    case .segment:
      report.tcpPackets &+= 1
      noteQuality()
      if options.segments { self.frame = frame }
      take()
    case .icmp: takeICMP()
    case .fragment: report.fragments &+= 1
    case .notTCP: report.notTCP &+= 1
    case .fault(let fault):
      report.undecodable[DecodeFault.Key(layer: fault.layer, cause: fault.cause), default: 0] &+= 1
    }
  }

  /// Moves trace time on while the wire is silent, so that hold-backs expire (live capture).
  ///
  /// Frames of an earlier time must not follow: results then equal those of a run without the call.
  public func advance(to time: Int64) {
    // What is due happens at its own moment, however far apart frames and ticks lie.
    while let due = flows.nextDue, due <= time {
      clock = max(clock, due)
      endDue()
      runTimers()
    }
    clock = max(clock, time)
  }

  /// Settles everything that is still open and reports every flow; call once.
  public func finish() -> CaptureReport {
    for index in flows.live where flows.isLive(index) { end(index) }
    report.fragmentsUnfinished = decoder.unfinishedDatagrams
    report.duplicates = copies.count
    report.firstDuplicateFrame = copies.firstFrame
    report.duplicateLag = copies.medianLag
    report.duplicatesWithOtherTTL = copies.withOtherTTL
    report.duplicatesWithOtherLink = copies.withOtherLink
    report.duplicatesAreCapture = copies.areCapture(packets: report.tcpPackets)
    return report
  }

  private func noteTime(_ frame: Frame) {
    if report.firstTime == nil { report.firstTime = frame.time }
    if let last = report.lastTime, frame.time < last {
      report.timeRegressions &+= 1
      report.largestRegression = max(report.largestRegression, last &- frame.time)
      if report.firstRegressionFrame == 0 { report.firstRegressionFrame = frame.number }
    }
    report.lastTime = frame.time
    if frame.time > clock { advance(to: frame.time) }
  }

  private func noteQuality() {
    if segment.truncated { report.truncatedPackets &+= 1 }
    switch segment.checksumState {
    case .bad: report.badChecksums &+= 1
    case .offload:
      report.offloadChecksums &+= 1
      if report.offloadHosts.count < 16, !report.offloadHosts.contains(segment.source) {
        report.offloadHosts.append(segment.source)
      }
    case .good, .unknown: break
    }
  }

  // MARK: - Whose segment is it (P8)

  private func take() {
    var sourceIsLow = false
    let key = FlowKey(segment, sourceIsLow: &sourceIsLow)
    let hash = key.hash(seed: options.seed)
    guard let newest = flows.find(key, hash) else {
      let index = open(hash, previous: nil)
      flows[index].pointee.accept(segment, from: founderRole(index), [], in: self)
      return
    }
    let isGood = segment.checksumState != .bad
    if segment.flags.contains(.syn), !segment.flags.contains(.ack), isGood {
      takeSyn(newest, hash)
    } else if segment.flags.contains(.syn), isGood, opensByItsAck(newest) {
      if convertLimbo(newest, hash) == nil {
        let index = open(hash, previous: newest)
        flows[index].pointee.accept(segment, from: founderRole(index), [], in: self)
      } else {
        take()
      }
    } else {
      let index = fitting(newest)
      let forNewer = segment.flags.contains(.rst) && index != newest
      if forNewer { flows[newest].pointee.status.insert(.resetForOlder) }
      deliver(index, forNewer ? .forNewer : [])
    }
  }

  private func deliver(_ index: Int, _ marks: Marks) {
    let flow = flows[index]
    flow.pointee.accept(segment, from: flow.pointee.role(of: segment), marks, in: self)
    if flow.pointee.status.contains(.closed), !flow.pointee.status.contains(.queuedForEnd) {
      flow.pointee.status.insert(.queuedForEnd)
      flows.queue(index, due: flow.pointee.lastTime &+ options.linger)
    }
    if flow.pointee.status.contains(.dirty) { awaitSettling(index) }
    if options.previews { considerPreview(index) }
  }

  /// A SYN without ACK on a known four-tuple.
  private func takeSyn(_ newest: Int, _ hash: UInt32) {
    let flow = flows[newest]
    let role = flow.pointee.role(of: segment)
    let isn = segment.seq
    let own = flow.pointee[role]
    let peer = flow.pointee[role.peer]
    if own.known.contains(.isn), own.base == isn { return deliver(newest, []) }
    if flow.pointee.status.contains(.beganWithSyn), !own.known.contains(.isn),
      !flow.pointee.status.contains(.synAckSeen), peer.known.contains(.isn)
    {
      return deliver(newest, [])
    }
    if !own.known.contains(.isn), peer.known.contains(.synAck), peer.synAckAck == isn &+ 1 {
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
      flows[index].pointee.accept(segment, from: founderRole(index), [], in: self)
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
    deliver(newest, .injected)
    if dossier.limboSegments.count < 16, flow.pointee.log.end > flow.pointee.log.first {
      dossier.limboSegments.append(segment)
      dossier.limbo.append(flow.pointee.log[flow.pointee.log.end - 1])
    }
  }

  /// Whether a SYN-ACK belongs to an incarnation whose SYN was not captured, or waits in limbo.
  private func opensByItsAck(_ newest: Int) -> Bool {
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
      let peer = f.pointee[r.peer]
      if peer.known.contains(.isn) {
        let acked = SeqNum.difference(segment.ack, peer.base)
        if acked > 0, acked < 4000 { return false }
      }
      index = Int(f.pointee.older)
    }
    return true
  }

  /// Founds a new incarnation on the SYNs in limbo; they leave the older one.
  private func convertLimbo(_ newest: Int, _ hash: UInt32) -> Int? {
    guard let dossier = flows[newest].pointee.dossier, let first = dossier.limboSegments.first else { return nil }
    let role = flows[newest].pointee.role(of: segment)
    let fromPeer = dossier.limboRole == role.peer
    let fits =
      fromPeer
      ? segment.flags.contains(.ack) && segment.ack &- first.seq >= 1
        && segment.ack &- first.seq <= 1 &+ first.payloadLength
      : first.seq == segment.seq
    guard fits else { return nil }
    let syns = dossier.limboSegments
    let start = dossier.limboStart
    let synRole = dossier.limboRole
    dossier.limbo = []
    dossier.limboSegments = []
    let current = segment
    segment = first
    let index = open(hash, previous: newest)
    for syn in syns {
      segment = syn
      flows[index].pointee.accept(segment, from: founderRole(index), [], in: self)
    }
    // A RST that its SYN-SENT socket sent meanwhile is the new incarnation's story.
    let old = flows[newest]
    for i in max(start, old.pointee.log.first)..<old.pointee.log.end
    where old.pointee.log[i].flags.contains(.rst) && old.pointee.log[i].sender == synRole {
      old.pointee.log[i].marks.insert(.forNewer)
      flows[index].pointee.status.insert(.resetForOlder)
    }
    segment = current
    return index
  }

  /// The newest incarnation whose numbers a segment fits.
  private func fitting(_ newest: Int) -> Int {
    var index = newest
    while index >= 0 {
      if fits(index) { return index }
      index = Int(flows[index].pointee.older)
    }
    return newest
  }

  private func fits(_ index: Int) -> Bool {
    let flow = flows[index]
    if flow.pointee.older < 0 { return true }
    let role = flow.pointee.role(of: segment)
    let own = flow.pointee[role]
    let peer = flow.pointee[role.peer]
    func near(_ x: UInt32, _ d: borrowing Direction) -> Bool {
      abs(Int64(SeqNum.difference(x, d.base &+ UInt32(truncatingIfNeeded: d.maxEnd)))) < 1 << 24
    }
    var ok = !own.known.contains(.base) || near(segment.seq, own)
    if segment.flags.contains(.ack), peer.known.contains(.base), !near(segment.ack, peer),
      !(segment.flags.contains(.rst) && segment.ack == 0)
    {
      ok = false
    }
    guard flow.pointee.status.contains(.beganWithSyn), !flow.pointee.status.contains(.synAckSeen) else {
      return ok
    }
    let isnDistance = SeqNum.difference(segment.ack, peer.base)
    let acksSyn =
      segment.flags.contains(.ack) && peer.known.contains(.isn) && isnDistance > 0 && isnDistance < 4000
    if segment.flags.contains(.syn) { return acksSyn }
    if segment.flags.contains(.rst) {
      return ok && (acksSyn || own.known.contains(.isn) && segment.seq == own.base &+ 1)
    }
    // Before the handshake, what is no SYN-ACK is the older incarnation's.
    if !own.known.contains(.isn) { return false }
    if !peer.known.contains(.isn) {
      let advance = SeqNum.difference(segment.seq, own.base)
      return advance > 0 && advance < 1 << 20 && !segment.flags.contains(.ack)
    }
    return ok
  }

  // MARK: - Opening and ending flows

  /// Makes a flow for `segment`; its sender originates it, unless the segment says otherwise.
  private func open(_ hash: UInt32, previous: Int?) -> Int {
    if flows.count >= options.limits.flows { shed() }
    report.flows += 1
    let index = flows.make(number: Int32(truncatingIfNeeded: report.flows))
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
    } else if segment.flags.contains(.syn) {
      flow.pointee.status.insert(.synAckSeen)
    } else {
      flow.pointee.status.insert([.midStream, .established, .synAckSeen])
    }
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
        flows.queue(previous, due: segment.time &+ options.linger)
      }
    } else {
      flows.insert(hash, index)
    }
    return index
  }

  private func founderRole(_ index: Int) -> Role { flows[index].pointee.role(of: segment) }

  private func endDue() {
    while let index = flows.popDue(clock) {
      let flow = flows[index]
      if flow.pointee.newer < 0 || !flow.pointee.status.contains(.closed), clock &- flow.pointee.lastTime < options.linger {
        flows.queue(index, due: flow.pointee.lastTime &+ options.linger)
        continue
      }
      end(index)
    }
  }

  private func runTimers() {
    while let (index, kind) = flows.popTimer(clock) {
      switch kind {
      case .settle:
        flows[index].pointee.status.remove(.awaitsSettling)
        flows[index].pointee.settleDue(now: clock, in: self)
        awaitSettling(index)
      case .preview:
        flows[index].pointee.status.remove(.awaitsPreview)
        preview(index)
      }
    }
  }

  /// At the limit, one flow goes to make room.
  private func shed() {
    guard let index = flows.victim() else { return }
    report.shedFlows &+= 1
    end(index)
  }

  /// Settles a flow, tells its stories, reports it and frees its place.
  private func end(_ index: Int) {
    let flow = flows[index]
    if flow.pointee.older >= 0 { end(Int(flow.pointee.older)) }
    let newer = Int(flow.pointee.newer)
    let previous = flow.pointee.end(in: self, nextSyn: newer >= 0 ? flows[newer].pointee.firstTime : nil)
    if newer >= 0 {
      flows[newer].pointee.older = -1
      flows[newer].pointee.openDossier().previous = previous
    } else {
      flows.remove(flow.pointee.hash, index)
    }
    flows.free(index)
  }

  // MARK: - For flows

  func tell(_ verdict: FrameVerdict, _ record: SegmentRecord, _ flow: borrowing Flow) {
    if options.frameVerdicts { sink.verdict(verdict, frame: record.frame, flow: flow.identity) }
  }

  /// Hands a segment on; one that was kept aside until now comes without its octets.
  func pass(_ s: Segment, _ record: SegmentRecord, _ arrival: Arrival, _ flow: borrowing Flow) {
    guard let frame else { return }
    let bytes = s.frame == frame.number ? decoder.payload(of: s, in: frame) : .init(start: nil, count: 0)
    let knowsStart = flow[arrival.role].known.contains(.isn)
    sink.segment(
      StreamSegment(s, record, arrival, knowsStart: knowsStart, bytes: bytes), of: flow.identity)
  }

  func tell(_ episode: Episode, _ flow: borrowing Flow) { sink.episode(episode, of: flow.identity) }

  func countDuplicate(_ r: SegmentRecord, lag: Int64, otherTTL: Bool) {
    copies.note(r, lag: lag, otherTTL: otherTTL, otherLink: false, packets: report.tcpPackets)
  }

  func learnPath(_ rtt: Int64, of role: Role, _ flow: borrowing Flow) {
    let host = role == .originator ? flow.originatorAddress : flow.responderAddress
    let other = role == .originator ? flow.responderAddress : flow.originatorAddress
    paths.learn(rtt, of: host.address, towards: other.address)
    if options.previews { sink.roundTrip(rtt, to: role, of: flow.identity) }
  }

  func pathView(_ flow: borrowing Flow) -> PathView {
    let o = flow.originatorAddress.address
    let r = flow.responderAddress.address
    return flow.pathView { $0 == .originator ? paths.rtt(of: o, towards: r) : paths.rtt(of: r, towards: o) }
  }

  var now: Int64 { clock }

  func noteEnd(_ report: FlowReport) {
    if report.asymmetric { self.report.asymmetricFlows += 1 }
    if report.midStream { self.report.midStreamFlows += 1 }
    sink.flowEnded(report)
  }

  private func takeICMP() {
    guard let error = decoder.icmp else { return }
    let key = FlowKey(error.quotedSource, error.quotedDestination)
    guard let index = flows.find(key, key.hash(seed: options.seed)) else { return }
    let dossier = flows[index].pointee.openDossier()
    if dossier.icmp.count < options.limits.evidence { dossier.icmp.append(error) }
    if options.previews { awaitPreview(index) }
  }
}
