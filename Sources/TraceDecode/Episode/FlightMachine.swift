/// What one side sends against the window it was granted: up to its edge and waiting, or beyond it.
///
/// The edge is the highest the capture has seen, so that a sender who knows an older one never seems to break it.
struct FlightMachine {
  /// Data that left less than a segment's room, until it shows whether more was waiting.
  private struct Filled {
    var ref: SegmentRef
    var edge: Int64
    /// When the edge moved on.
    var movedAt: Int64?
  }
  private var filled: Filled?
  private var first: SegmentRef?
  private var firstFlight: Int64 = 0
  private var evidence: [SegmentRef] = []
  private var count = 0
  private var blocked: Int64 = 0

  private struct Excess {
    var ref: SegmentRef
    var end: Int64
    var edge: Int64
    var count = 1
  }
  private var excess: Excess?

  var isOpen: Bool { filled != nil || excess != nil }

  /// Data of the sender; `inFlight` what it had outstanding with it.
  mutating func sent(_ s: Sight, inFlight: Int64) {
    guard s.isNewData, !s.marks.contains(.windowProbe) else { return }
    if let was = filled {
      filled = nil
      // It sent on as soon as it could have heard of the room: more had been waiting.
      let waited = was.movedAt.map { s.time &- $0 <= s.senderHalf &+ 20_000_000 } ?? (s.payloadEnd > was.edge)
      if waited { note(was.ref, until: s.time) }
    }
    if s.payloadEnd > s.room {
      var over = excess ?? Excess(ref: s.ref, end: s.payloadEnd, edge: s.room)
      if over.ref.frame != s.ref.frame { over.count &+= 1 }
      over.end = max(over.end, s.payloadEnd)
      excess = over
      return
    }
    if s.facts.contains(.fillsWindow) {
      filled = Filled(ref: s.ref, edge: s.room)
      if count == 0 { firstFlight = inFlight }
    }
  }

  private mutating func note(_ ref: SegmentRef, until time: Int64) {
    count &+= 1
    blocked &+= time &- ref.time
    if first == nil { first = ref } else if evidence.count < 3 { evidence.append(ref) }
  }

  /// A segment of the side that grants the window.
  mutating func answered(_ s: Sight, _ told: inout [Episode]) {
    guard s.hasAck else { return }
    if let was = filled, was.movedAt == nil, s.ack &+ Int64(s.record.window) > was.edge {
      filled?.movedAt = s.time
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
  }

  /// Below this much waiting in all, a window slows nobody noticeably. Units: nanoseconds.
  static let least: Int64 = 1_000_000_000

  mutating func end(_ transfer: Transfer, _ told: inout [Episode]) {
    if let over = excess { tellExcess(over, &told) }
    guard let first else { return }
    tellLimited(transfer, first, &told)
    var e = WindowEpisode(kind: .full, endpoint: first.sender, segment: first, count: count)
    e.octets = UInt64(clamping: firstFlight)
    e.duration = blocked
    e.evidence = evidence
    told.append(.window(e))
  }
}
