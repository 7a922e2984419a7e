/// What one side sends against the window it was granted: up to its edge and waiting, or beyond it.
///
/// The edge is the highest the capture has seen, so that a sender who knows an older one never seems to break it.
struct FlightMachine {
  /// Data that left less than a segment's room, until it shows whether more was waiting.
  private struct Filled {
    var ref: SegmentRef
    var edge: Int64
    /// It is smaller than a segment, with others outstanding, and ends at the very edge.
    var isSliver: Bool
    /// When the edge moved on.
    var movedAt: Int64?
  }
  @Seldom private var filled: Filled?
  @Seldom private var first: SegmentRef?
  private var firstFlight: Int64 = 0
  private var evidence: [SegmentRef] = []
  private var count = 0
  private var blocked: Int64 = 0
  /// Slivers that the sender made of its data, and steps too small in which the receiver let it on (RFC 813).
  private var slivers = Steps()
  private var crumbs = Steps()
  /// Moves of the edge that a waiting sender saw.
  private var moves = 0

  private struct Steps {
    @Seldom var first: SegmentRef?
    var evidence: [SegmentRef] = []
    var count = 0
    var octets: Int64 = 0
    var last: Int64 = 0

    mutating func add(_ ref: SegmentRef, _ size: Int64) {
      count &+= 1
      octets &+= size
      last = ref.time
      if first == nil { first = ref } else if evidence.count < 3 { evidence.append(ref) }
    }
  }

  private struct Excess {
    var ref: SegmentRef
    var end: Int64
    var edge: Int64
    var count = 1
  }
  @Seldom private var excess: Excess?

  var isOpen: Bool { @inline(__always) mutating get { filled != nil || excess != nil } }

  /// Data of the sender.
  ///
  /// - Parameters:
  ///   - inFlight: What it had outstanding with it.
  ///   - step: What the receiver may advance its window by at least: a full segment, or half its buffer.
  mutating func sent(_ s: Sight, inFlight: Int64, step: Int64) {
    guard s.isNewData, !s.marks.contains(.windowProbe) else { return }
    if let was = filled {
      filled = nil
      // It sent on as soon as it could have heard of the room: more had been waiting.
      let waited = was.movedAt.map { s.time &- $0 <= s.senderHalf &+ 20_000_000 } ?? (s.payloadEnd > was.edge)
      if waited {
        note(was.ref, until: s.time)
        if was.isSliver { slivers.add(was.ref, Int64(was.ref.payload)) }
      }
    }
    if s.payloadEnd > s.room {
      var over = excess ?? Excess(ref: s.ref, end: s.payloadEnd, edge: s.room)
      if over.ref.frame != s.ref.frame { over.count &+= 1 }
      over.end = max(over.end, s.payloadEnd)
      excess = over
      return
    }
    if s.facts.contains(.fillsWindow) {
      let payload = Int64(s.record.payload)
      filled = Filled(
        ref: s.ref, edge: s.room, isSliver: s.payloadEnd == s.room && payload < step && inFlight > payload)
      if count == 0 { firstFlight = inFlight }
    }
  }

  private mutating func note(_ ref: SegmentRef, until time: Int64) {
    count &+= 1
    blocked &+= time &- ref.time
    if first == nil { first = ref } else if evidence.count < 3 { evidence.append(ref) }
  }

  /// A segment of the side that grants the window.
  ///
  /// - Parameters:
  ///   - step: What it may advance its window by at least.
  ///   - unit: What its window is counted in.
  mutating func answered(_ s: Sight, step: Int64, unit: Int64, _ told: inout [Episode]) {
    guard s.hasAck else { return }
    let edge = s.ack &+ Int64(s.record.window)
    if let was = filled, was.movedAt == nil, edge > was.edge {
      filled?.movedAt = s.time
      moves &+= 1
      // An edge in units of the scale wavers by one of them.
      if s.isPureAck, edge &- was.edge > unit, edge &- was.edge < step, edge &- s.peerMax < step {
        crumbs.add(s.ref, edge &- was.edge)
      }
    }
    guard let over = excess else { return }
    if s.ack >= over.end {
      // It was taken: an update that opened the window was not captured.
      excess = nil
    } else if s.time &- over.ref.time > max(200_000_000, 3 &* s.pathTime), s.ack > s.unaBefore {
      tellExcess(over, &told)
    }
  }

  /// The window, not the path or the sender, set the pace (RULES P10): for 30 % of a transfer of many round
  /// trips; for 20 % of it where it cannot grow for want of a scale.
  private func tellLimited(_ t: Transfer, _ first: SegmentRef, _ told: inout [Episode]) {
    guard count >= 10, blocked >= Self.least, t.duration >= 20 &* t.pathTime, t.largestWindow > 0 else {
      return
    }
    var e = WindowEpisode(
      kind: .receiveBufferLimited, endpoint: first.sender.peer, segment: first, count: count)
    e.octets = UInt64(t.largestWindow)
    e.duration = blocked
    e.evidence = evidence
    e.confidence = .likely
    if blocked >= t.duration / 10 &* 3 { told.append(.window(e)) }
    if blocked >= t.duration / 5, !t.isScaled, t.largestWindow <= 65535, t.pathTime > 20_000_000 {
      e.kind = .tooSmall
      told.append(.window(e))
    }
  }

  /// One or the other side lets the data crawl (RFC 9293 3.8.6.2): the receiver first, for it sets the size.
  private func tellSilly(_ transfer: Transfer, _ told: inout [Episode]) {
    let isReceiver = crumbs.count >= Self.habit && crumbs.count &* 2 >= moves
    // One at the end of each window is what filling it to the brim makes; a third of all segments is a syndrome.
    guard isReceiver || slivers.count >= Self.habit && slivers.count &* 3 >= transfer.segments else { return }
    let steps = isReceiver ? crumbs : slivers
    guard let first = steps.first else { return }
    var e = WindowEpisode(kind: .silly, endpoint: first.sender, segment: first, count: steps.count)
    e.octets = UInt64(clamping: steps.octets / Int64(steps.count))
    e.duration = steps.last &- first.time
    e.evidence = steps.evidence
    e.confidence = .likely
    told.append(.window(e))
  }

  /// So many steps are no accident.
  private static let habit = 10

  private mutating func tellExcess(_ over: Excess, _ told: inout [Episode]) {
    excess = nil
    var e = WindowEpisode(kind: .exceeded, endpoint: over.ref.sender, segment: over.ref, count: over.count)
    e.octets = UInt64(clamping: over.ref.start &+ Int64(over.ref.payload) &- over.edge)
    e.confidence = .likely
    told.append(.window(e))
  }

  /// The transfer as a whole, to weigh the waiting against.
  struct Transfer {
    /// Units: nanoseconds.
    var duration: Int64
    var pathTime: Int64
    /// The widest window that was granted. Units: octets.
    var largestWindow: UInt32
    var isScaled: Bool
    /// Segments with data.
    var segments: Int
  }

  /// Below this much waiting in all, a window slows nobody noticeably. Units: nanoseconds.
  static let least: Int64 = 1_000_000_000

  mutating func end(_ transfer: Transfer, _ told: inout [Episode]) {
    if let over = excess { tellExcess(over, &told) }
    tellSilly(transfer, &told)
    guard let first else { return }
    tellLimited(transfer, first, &told)
    var e = WindowEpisode(kind: .full, endpoint: first.sender, segment: first, count: count)
    e.octets = UInt64(clamping: firstFlight)
    e.duration = blocked
    e.evidence = evidence
    told.append(.window(e))
  }
}
