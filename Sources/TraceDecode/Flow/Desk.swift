/// What a flow needs of the whole capture while it works: where to tell, and what all flows share.
struct Desk: ~Copyable {
  let options: AnalyzerOptions
  /// Ordinary segments may be taken in one go: nobody asks for what only the long way gives.
  let takesOrdinary: Bool
  unowned let sink: any AnalysisSink
  /// Where it is noted when something was decided, if this is one share of the capture.
  var log: ShareLog?
  var report = CaptureReport()
  var copies = CopyStatistics()
  var paths: HostPaths
  var steps = ClockSteps()
  /// Who made the copies: the capture or the network; nil until the capture is over.
  var copiesAreCapture: Bool?
  /// The latest frame time. Units: nanoseconds since the epoch.
  var clock = Int64.min
  /// Within a frame, what is being done.
  var turn = Turn()
  /// Room for what every report holds.
  var spare = SpareRoom()
  var timeline = ReplayTimeline()
  /// The captured octets of the segment at hand; only with `options.segments`.
  var payload = UnsafeRawBufferPointer(start: nil, count: 0)
  /// The frame they belong to.
  var payloadFrame: UInt64 = 0

  init(options: AnalyzerOptions, sink: any AnalysisSink) {
    self.options = options
    takesOrdinary = options.takesOrdinary && !options.segments
    self.sink = sink
    paths = HostPaths(seed: options.seed)
  }

  // What is inlined here would else have the whole desk copied for it.

  @inline(__always)
  func tell(_ verdict: FrameVerdict, _ record: SegmentRecord, _ flow: borrowing Flow) {
    if options.frameVerdicts { pass(verdict, record, flow) }
  }

  private func pass(_ verdict: FrameVerdict, _ record: SegmentRecord, _ flow: borrowing Flow) {
    noteMoment()
    sink.verdict(verdict, frame: record.frame, flow: flow.identity)
  }

  /// Hands a segment on; one that was kept aside until now comes without its octets.
  func pass(_ s: Segment, _ record: SegmentRecord, _ arrival: Arrival, _ flow: borrowing Flow) {
    let bytes = s.frame == payloadFrame ? payload : UnsafeRawBufferPointer(start: nil, count: 0)
    let knowsStart = flow[arrival.role].known.contains(.isn)
    var segment = StreamSegment(s, record, arrival, knowsStart: knowsStart, bytes: bytes)
    let peer = flow.pointer(arrival.role.peer)
    if s.sack.count > 0, arrival.hasAck, peer.pointee.known.contains(.base) {
      for i in 0..<Int(s.sack.count) {
        let left = peer.pointee.offset(s.sack[i].left)
        let right = peer.pointee.offset(s.sack[i].right)
        if left < right { segment.sack.append(left..<right) }
      }
    }
    sink.segment(segment, of: flow.identity)
  }

  @inline(__always)
  func tell(_ episode: Episode, _ flow: borrowing Flow) {
    flow.ledger?.note(episode)
    noteMoment()
    sink.episode(episode, of: flow.identity)
  }

  mutating func countDuplicate(_ r: SegmentRecord, lag: Int64, otherTTL: Bool) {
    let copy = CopyNote(
      frame: r.frame, isIdentified: r.ipID != 0, lag: lag, hasOtherTTL: otherTTL, packets: report.tcpPackets)
    if let log {
      noteMoment()
      log.copied(copy)
      // Those of several shares are counted together.
      if options.share?.count != 1 { return }
    }
    copies.note(copy)
  }

  /// Two frames in a row are far apart, or in the wrong order.
  mutating func noteLeap(from before: Int64, to after: Int64, frame: UInt64) {
    steps.leap(from: before, to: after, frame: frame)
    // All shares see it, and one tells.
    guard let log, options.share?.index == 0 else { return }
    log.moment = .before(report.packets)
    log.leapt(from: before, to: after, frame: frame)
  }

  /// A segment passed while the capture's clock is in doubt; `d` as it was before.
  mutating func noteClock(
    _ r: SegmentRecord, flow: Int32, host: IPAddress, _ d: UnsafeMutablePointer<Direction>
  ) {
    guard let note = ClockNote(r, flow: flow, host: host, d) else { return }
    steps.note(note)
    guard let log else { return }
    // Hosts of several shares bear witness together.
    noteMoment()
    log.clocked(note)
  }

  /// A host that leaves checksums to its network card, seen for the first time.
  mutating func noteOffload(by host: IPAddress) {
    report.offloadHosts.append(host)
    guard let log else { return }
    noteMoment()
    log.offloaded(host)
  }

  /// Notes that a flow was opened.
  @inline(__always)
  func noteOpening() {
    guard let log, options.share?.count != 1 else { return }
    noteMoment()
    log.opened(report.flows)
  }

  /// Says when what is told next was decided.
  @inline(__always)
  private func noteMoment() {
    log?.moment = Moment(frames: turn.stage == .finish ? .max : report.packets, turn: turn)
  }

  @inline(__always)
  mutating func learnPath(_ rtt: Int64, of role: Role, _ flow: borrowing Flow) {
    let host = role == .originator ? flow.originatorAddress : flow.responderAddress
    let other = role == .originator ? flow.responderAddress : flow.originatorAddress
    paths.learn(rtt, of: host.address, towards: other.address)
    if options.previews { sink.roundTrip(rtt, to: role, of: flow.identity) }
  }

  /// Inlined, like what follows where a flow ends: called, it would have the whole desk copied.
  @inline(__always)
  func pathView(_ flow: borrowing Flow) -> PathView { flow.pathView(among: paths) }

  /// Octets that were acknowledged and never captured (P6).
  mutating func noteGap(_ octets: UInt64) { report.gapOctets &+= octets }

  /// Data that the capture holds behind its own acknowledgement.
  mutating func noteSwap() { report.reorderedPairs &+= 1 }

  /// A segment larger than its receiver's MSS, by offload.
  mutating func noteSuperSegment() { report.superSegments &+= 1 }

  var now: Int64 { clock }

  mutating func noteEnd(_ report: FlowReport) {
    if report.asymmetric { self.report.asymmetricFlows &+= 1 }
    if report.midStream { self.report.midStreamFlows &+= 1 }
    self.report.octetsUnique &+=
      report.originator.metrics.octetsUnique &+ report.responder.metrics.octetsUnique
    self.report.acknowledgements &+=
      report.originator.metrics.ackSegments &+ report.responder.metrics.ackSegments
    if report.flow.incarnation == 1 { self.report.fourTuples &+= 1 }
    noteMoment()
    sink.flowEnded(report)
  }
}
