/// The measures of a flow that cost more than an addition a segment; kept only with `AnalyzerOptions.ledger`.
///
/// Limits: about 100 kB a flow at most: its queues and samples are bounded, each by itself.
final class FlowLedger {
  /// What one side sends, and what comes back for it.
  struct Side {
    // Its segments.
    var lastSent: Int64?
    var idleMax: Int64 = 0
    var idleTotal: Int64 = 0
    var packets: UInt32 = 0
    var urgent: UInt32 = 0
    var urgentOctets: UInt64 = 0
    var ece: UInt32 = 0
    var cwr: UInt32 = 0
    var ect0: UInt32 = 0
    var ect1: UInt32 = 0
    var ce: UInt32 = 0
    /// Sets of six-bit values.
    var codePoints: UInt64 = 0
    var unfragmentable: UInt32 = 0
    var fragments: UInt32 = 0
    var lastTTL: UInt8 = 0
    var ttlChanges: UInt32 = 0
    var stampRegressions: UInt32 = 0
    var synOptions: TCPOptionSet?
    var syns: UInt32 = 0
    var fellBack = false

    // Its data.
    var smallest = UInt32.max
    var fitting: UInt32 = 0
    var turns: UInt32 = 0
    var second = RatePeak(length: 1_000_000_000)
    var roundTrip = RatePeak(length: 0)
    var queue = FlightQueue()
    var past = AcknowledgedPast()
    var flight = Tally()
    var flightMin = Int64.max
    /// Octets in flight at the capture point, and their product with time.
    var outstanding: Int64 = 0
    var flightTime = 0.0
    var firstData: Int64?
    var firstDataAcked: Int64?
    var lastDataAcked: Int64?
    var initialOctets: UInt64 = 0
    var initialSegs: UInt32 = 0

    // Its round trips.
    var spread = RTTSpread()
    var rtt = Tally()
    var stampRTT = Tally()
    var fullRTT = Tally()
    var lastEcho: UInt32?
    var ambiguous: UInt32 = 0
    var postLoss: UInt32 = 0
    var cumulative: UInt32 = 0
    /// RFC 6298 2, in nanoseconds; nil before the first sample.
    var smoothed: (rtt: Double, variance: Double)?

    // Its acknowledgements and its window.
    var firstAck: Int64?
    var ackDelay = RTTSpread()
    var ackDelayMax: Int64?
    var pureAcks: UInt32 = 0
    var stretch: UInt32 = 0
    var sackAcks: UInt32 = 0
    var sackBlocks: UInt8 = 0
    /// Its last acknowledgement told of a hole.
    var toldHole = false
    var window = Tally()
    var windowUpdates: UInt32 = 0
    var closedSince: Int64?
    var closedTime: Int64 = 0
    var lastKeepAlive: Int64?
    var keepAlives = RTTSpread()

    var story = LedgerStory()
    var limits: LimitClock?
    var mptcp = MPTCPIdentity()
  }
  var originator = Side()
  var responder = Side()
  private var lastSpeaker: Role?
  private var firstTime: Int64?
  private var lastTime: Int64?
  private var isIdle = false
  private var idle: Int64 = 0
  private var zeroWindow: Int64 = 0
  private var lastProgress: Int64?
  var recovery: Int64 = 0
  var timeoutWait: Int64 = 0

  /// A silence that counts as idleness. Units: nanoseconds.
  static let silence: Int64 = 1_000_000_000

  subscript(role: Role) -> Side {
    _read { if role == .originator { yield originator } else { yield responder } }
    _modify { if role == .originator { yield &originator } else { yield &responder } }
  }

  /// Takes a segment that has just been classified and counted.
  func take(
    _ s: Segment, _ r: SegmentRecord, _ a: Arrival, _ own: UnsafeMutablePointer<Direction>,
    _ peer: UnsafeMutablePointer<Direction>
  ) {
    guard r.marks.isDisjoint(with: [.duplicate, .injected, .badChecksum]) else { return }
    passTime(to: r.time)
    countPacket(s, r, a)
    if r.flags.contains(.rst) {
      closeWindowStory(of: .originator, at: r.time)
      closeWindowStory(of: .responder, at: r.time)
    } else {
      // What it acknowledges it knew before it sent its data.
      if a.hasAck { acknowledge(s, r, a, own, peer) }
      if r.payload > 0 { sendData(r, a, own, peer) }
    }
    if !r.marks.isDisjoint(with: [.new, .advancesAck, .fillsHole]) || r.flags.contains(.rst) {
      lastProgress = r.time
    }
    self[a.role].outstanding = max(0, own.pointee.maxEnd &- own.pointee.una)
    self[a.role.peer].outstanding = max(0, peer.pointee.maxEnd &- peer.pointee.una)
    isIdle = originator.outstanding == 0 && responder.outstanding == 0
    if a.ack >= peer.pointee.finEnd, a.hasAck, peer.pointee.known.contains(.fin) {
      closeWindowStory(of: a.role, at: r.time)
    }
  }

  /// What was so since the last segment lasted until this one.
  private func passTime(to time: Int64) {
    defer { lastTime = max(time, lastTime ?? time) }
    if firstTime == nil { firstTime = time }
    guard let lastTime, time > lastTime else { return }
    let step = time &- lastTime
    if isIdle { idle &+= step }
    if originator.closedSince != nil || responder.closedSince != nil { zeroWindow &+= step }
    originator.flightTime += Double(originator.outstanding) * Double(step)
    responder.flightTime += Double(responder.outstanding) * Double(step)
  }

  private func countPacket(_ s: Segment, _ r: SegmentRecord, _ a: Arrival) {
    let role = a.role
    if let last = self[role].lastSent {
      let silent = r.time &- last
      if silent > self[role].idleMax { self[role].idleMax = silent }
      if silent >= Self.silence { self[role].idleTotal &+= silent }
      if r.ttl != self[role].lastTTL { self[role].ttlChanges &+= 1 }
    }
    self[role].lastSent = r.time
    self[role].lastTTL = r.ttl
    self[role].packets &+= 1
    if s.flags.contains(.urg) {
      self[role].urgent &+= 1
      self[role].urgentOctets &+= UInt64(min(UInt32(s.urgentPointer), r.payload))
    }
    if s.options.contains(.mptcp) { noteMPTCP(s, role) }
    if s.flags.contains(.ece) { self[role].ece &+= 1 }
    if s.flags.contains(.cwr) { self[role].cwr &+= 1 }
    switch s.trafficClass & 3 {
    case 1: self[role].ect1 &+= 1
    case 2: self[role].ect0 &+= 1
    case 3: self[role].ce &+= 1
    default: break
    }
    self[role].codePoints |= 1 << UInt64(s.trafficClass &>> 2)
    if s.dontFragment { self[role].unfragmentable &+= 1 }
    if s.encapsulation.contains(.fragmented) { self[role].fragments &+= 1 }
    if s.flags.contains(.syn), !s.flags.contains(.ack) {
      self[role].syns &+= 1
      if let first = self[role].synOptions, !first.subtracting(s.options).isEmpty {
        self[role].fellBack = true
      }
      if self[role].synOptions == nil { self[role].synOptions = s.options }
    }
    if r.marks.contains(.keepAlive) {
      if let last = self[role].lastKeepAlive { self[role].keepAlives.add(r.time &- last) }
      self[role].lastKeepAlive = r.time
    }
    if r.marks.contains([.new, .hasTimestamps]), a.hadStamp, SeqNum.difference(r.tsVal, a.stampBefore) < 0 {
      self[role].stampRegressions &+= 1
    }
  }

  /// Who it is in Multipath TCP: by its own key, or by the token that a joining subflow names.
  private func noteMPTCP(_ s: Segment, _ role: Role) {
    switch s.mptcp {
    case .key(let key, let version) where self[role].mptcp.key == nil:
      self[role].mptcp = MPTCPIdentity(key: key, version: version)
    case .join(let token) where self[role.peer].mptcp.token == nil:
      self[role.peer].mptcp.token = token
    default: break
    }
  }

  /// What keeps the sender of this data from sending faster.
  private func clockLimits(
    _ r: SegmentRecord, _ a: Arrival, _ own: UnsafeMutablePointer<Direction>,
    _ peer: UnsafeMutablePointer<Direction>
  ) {
    let role = a.role
    let segment = peer.pointee.known.contains(.mssOption) ? Int64(peer.pointee.mss) : 1460
    let half = own.pointee.rttMin == .max ? 0 : own.pointee.rttMin
    let far = peer.pointee.rttMin == .max ? 0 : peer.pointee.rttMin
    let isKnown = own.pointee.known.contains(.syn) && peer.pointee.known.contains(.syn) && a.ownEdge > 0
    // Options take their share of a full segment.
    let sending = LimitClock.Sending(
      time: r.time, isRetransmission: r.marks.contains(.retransmission),
      isFull: Int64(r.payload) &+ 40 >= segment, room: isKnown ? a.ownEdge &- own.pointee.maxEnd : nil,
      segment: segment, maxEnd: own.pointee.maxEnd, closedTime: closedTime(of: role.peer, at: r.time),
      half: half, pathTime: half &+ far)
    var clock = self[role].limits ?? LimitClock(start: firstTime ?? r.time)
    clock.sent(sending)
    self[role].limits = clock
  }

  private func closedTime(of role: Role, at time: Int64) -> Int64 {
    self[role].closedTime &+ (self[role].closedSince.map { max(0, time &- $0) } ?? 0)
  }

  // MARK: - Data

  private func sendData(
    _ r: SegmentRecord, _ a: Arrival, _ own: UnsafeMutablePointer<Direction>,
    _ peer: UnsafeMutablePointer<Direction>
  ) {
    guard r.marks.isDisjoint(with: [.keepAlive, .windowProbe]), !r.flags.contains(.syn) else { return }
    let role = a.role
    clockLimits(r, a, own, peer)
    if lastSpeaker != role {
      lastSpeaker = role
      self[role].turns &+= 1
    }
    self[role].smallest = min(self[role].smallest, r.payload)
    let segment = peer.pointee.known.contains(.mssOption) ? UInt32(peer.pointee.mss) : 0
    if r.payload <= segment { self[role].fitting = max(self[role].fitting, r.payload) }
    if r.marks.contains(.retransmission) { self[role].queue.resent(a.start, a.end) }
    let end = a.start &+ Int64(r.payload)
    if !r.marks.isDisjoint(with: [.new, .fillsHole, .outOfOrder]) {
      if self[role].roundTrip.length == 0, own.pointee.rttMin != .max, peer.pointee.rttMin != .max {
        self[role].roundTrip.length = own.pointee.rttMin &+ peer.pointee.rttMin
      }
      self[role].second.add(r.payload, at: r.time)
      self[role].roundTrip.add(r.payload, at: r.time)
    }
    guard r.marks.contains(.new) else { return }
    if self[role].firstData == nil { self[role].firstData = r.time }
    self[role].queue.sent(
      .init(
        end: end, time: r.time, payload: r.payload, tsVal: r.tsVal, hasStamp: r.marks.contains(.hasTimestamps)
      ))
    // An ACK that passes here reaches the sender half a round trip later, and its answer takes as long back; beside
    // the sender, the round trip is its host's own and the answer may be quicker. What is the least round trip so
    // far may not be the least of all, hence the margin.
    let least = own.pointee.rttMin < 1_000_000 || own.pointee.rttMin == .max ? 0 : own.pointee.rttMin
    let half = least &- least / 16
    let reached = self[role].past.latest(at: r.time &- half) ?? 1
    let inFlight = end &- reached
    if inFlight > 0 { self[role].flight.add(inFlight) }
    if self[role].firstDataAcked.map({ r.time < $0 &+ half }) ?? true {
      self[role].initialOctets &+= UInt64(r.payload)
      self[role].initialSegs &+= segment > 0 ? (r.payload &- 1) / segment &+ 1 : 1
    }
  }

  // MARK: - Acknowledgements

  private func acknowledge(
    _ s: Segment, _ r: SegmentRecord, _ a: Arrival, _ own: UnsafeMutablePointer<Direction>,
    _ peer: UnsafeMutablePointer<Direction>
  ) {
    let role = a.role
    let sender = role.peer
    let isPure = a.isPureAck(r.flags)
    if !r.flags.contains(.syn) {
      if self[role].firstAck == nil { self[role].firstAck = r.time }
      noteWindow(r, a, isPure)
    }
    if isPure { self[role].pureAcks &+= 1 }
    if r.marks.contains(.hasSACK) {
      self[role].sackAcks &+= 1
      self[role].sackBlocks = max(self[role].sackBlocks, s.sack.count)
    }
    if r.marks.contains(.hasTimestamps), r.tsEcr != 0, self[sender].lastEcho != r.tsEcr {
      self[sender].lastEcho = r.tsEcr
      if let sent = self[sender].queue.time(of: r.tsEcr), r.time >= sent {
        self[sender].stampRTT.add(r.time &- sent)
      }
    }
    if r.marks.contains(.advancesAck) { advance(r, a, isPure, own, peer) }
    self[sender].limits?.acknowledged(
      a.ack, maxEnd: peer.pointee.maxEnd, at: r.time, advances: r.marks.contains(.advancesAck))
    self[role].toldHole = r.marks.contains(.hasSACK) || isPure && !r.marks.contains(.advancesAck)
  }

  private func advance(
    _ r: SegmentRecord, _ a: Arrival, _ isPure: Bool, _ own: UnsafeMutablePointer<Direction>,
    _ peer: UnsafeMutablePointer<Direction>
  ) {
    let role = a.role
    let sender = role.peer
    self[sender].past.add(a.ack, at: r.time)
    let covered = self[sender].queue.acknowledged(a.ack)
    guard let first = covered.first, let last = covered.last else { return }
    if self[sender].firstDataAcked == nil { self[sender].firstDataAcked = r.time }
    self[sender].lastDataAcked = r.time
    let isAboveHole = a.unaBefore > 0 && first.end &- Int64(first.payload) > a.unaBefore
    if last.end < a.ack, a.ack != last.end &+ 1 {
      self[sender].cumulative &+= UInt32(clamping: covered.count)
      return
    }
    self[sender].cumulative &+= UInt32(clamping: covered.count &- 1)
    if last.isResent {
      self[sender].ambiguous &+= 1
    } else if covered.hasResentBefore || isAboveHole {
      self[sender].postLoss &+= 1
    } else if last.payload >= peer.pointee.maxSegment, r.time >= last.time {
      self[sender].fullRTT.add(r.time &- last.time)
    }
    guard !covered.hasResent, !isAboveHole, !self[role].toldHole else { return }
    if r.time >= first.time {
      self[role].ackDelay.add(r.time &- first.time)
      self[role].ackDelayMax = max(self[role].ackDelayMax ?? 0, r.time &- first.time)
    }
    let segment = Int64(
      own.pointee.known.contains(.mssOption) ? UInt32(own.pointee.mss) : peer.pointee.maxSegment)
    if isPure, segment > 0, a.ack &- a.unaBefore > 2 &* segment { self[role].stretch &+= 1 }
  }

  private func noteWindow(_ r: SegmentRecord, _ a: Arrival, _ isPure: Bool) {
    let role = a.role
    self[role].window.add(Int64(r.window))
    guard a.ack >= a.unaBefore else { return }
    if r.window == 0 {
      if self[role].closedSince == nil { self[role].closedSince = r.time }
    } else {
      closeWindowStory(of: role, at: r.time)
      if isPure, a.ack == a.unaBefore, r.window > a.windowBefore, !r.marks.contains(.hasSACK),
        r.marks.isDisjoint(with: [.keepAlive, .windowProbe, .advancesAck])
      {
        self[role].windowUpdates &+= 1
      }
    }
  }

  /// The window is open again, or matters no more.
  private func closeWindowStory(of role: Role, at time: Int64) {
    guard let since = self[role].closedSince else { return }
    self[role].closedSince = nil
    self[role].closedTime &+= max(0, time &- since)
  }

  /// A clean round trip of what `endpoint` acknowledged; `back` is the least one on the other half.
  func roundTrip(_ sample: Int64, to endpoint: Role, back: Int64) {
    let sender = endpoint.peer
    self[sender].spread.add(sample)
    self[sender].rtt.add(sample)
    guard back != .max else { return }
    let whole = Double(sample) + Double(back)
    guard let was = self[sender].smoothed else {
      self[sender].smoothed = (whole, whole / 2)
      return
    }
    // Alpha 1/8, beta 1/4; the variance first (RFC 6298 2.3).
    let variance = 0.75 * was.variance + 0.25 * abs(was.rtt - whole)
    self[sender].smoothed = (0.875 * was.rtt + 0.125 * whole, variance)
  }

  // MARK: - The end

  /// What the ledger holds of the flow as a whole.
  ///
  /// - Parameter isOneWay: only one direction was captured, so that nobody knows what was acknowledged.
  func measures(since start: Int64, isOneWay: Bool) -> Measures<FlowMeasure> {
    var m = Measures<FlowMeasure>()
    m[.productive] = MeasureValue(lastProgress.map { max(0, $0 &- start) } ?? 0)
    guard !isOneWay else { return m }
    m[.recovery] = .known(recovery)
    m[.timeoutWait] = .known(timeoutWait)
    m[.zeroWindow] = .known(zeroWindow)
    m[.idle] = .known(idle)
    return m
  }
}
