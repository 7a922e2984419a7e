/// One direction of a stream being put together.
struct StreamDirection {
  let options: StreamOptions
  private(set) var facts = StreamFacts()
  private var queue = StreamQueue()
  private var history: StreamHistory
  /// The next octet to hand on; nil while it is unknown where the stream begins.
  private(set) var next: Int64?
  /// Highest acknowledgement of the peer, and the latest, however far it leaps.
  private var acked = Int64.min
  private var latestAck: Int64?
  /// Trace time at which the hole at the front was found acknowledged.
  private var givenUpFrom: Int64?
  private var waitingSince: Int64?
  private var finAt: Int64?
  private var wasReset = false
  private var lastFrame: UInt64 = 0
  private var lastTime: Int64 = 0

  /// No receiver accepts octets farther ahead (RFC 7323 2.3).
  static let reach: Int64 = 1 << 30

  init(options: StreamOptions) {
    self.options = options
    history = StreamHistory(limit: options.keepsBytes ? options.historyOctets : 0)
  }

  /// Octets held, with what holding them costs.
  var cost: Int { queue.cost + history.cost }
  /// More segments wait than may.
  var isOverlong: Bool { queue.count > options.limits.segmentsPerFlow }

  // MARK: - Taking in

  /// Takes a segment of this direction's sender.
  mutating func accept(_ s: StreamSegment, _ emit: (StreamEvent) -> Void) {
    lastFrame = s.frame
    lastTime = s.time
    if s.flags.contains(.rst) {
      // What a reset carries is no part of the stream (RFC 9293 3.5.3).
      wasReset = true
      return
    }
    if s.flags.contains(.fin), finAt == nil { finAt = s.end }
    if s.length > 0 { place(s, emit) }
    advance(emit)
  }

  private mutating func place(_ s: StreamSegment, _ emit: (StreamEvent) -> Void) {
    var start = s.start
    if next == nil, s.knowsStart { next = 1 }
    if let next {
      guard isWithinReach(s, next) else {
        facts.outOfReach += 1
        return
      }
    }
    if let next {
      if start < next {
        let low = max(start, 1)
        let high = min(s.end, next)
        if low < high {
          if facts.delivered == 0, facts.missing == 0 {
            facts.beforeStart += high - low
          } else {
            compareDelivered(low..<high, s, emit)
          }
        }
        start = next
      }
    } else if let first = queue.first, s.end > first.range.lowerBound &+ Self.reach {
      facts.outOfReach += 1
      return
    } else if waitingSince == nil {
      waitingSince = s.time
    }
    guard start < s.end else { return }
    let captured = min(s.end, s.start &+ Int64(s.bytes.count))
    if start < captured {
      put(start..<captured, of: s, isCut: false, emit)
    }
    if max(start, captured) < s.end { put(max(start, captured)..<s.end, of: s, isCut: true, emit) }
  }

  /// Whether a receiver may take a segment that far away; where sender and receiver agree on a place, it may.
  private mutating func isWithinReach(_ s: StreamSegment, _ place: Int64) -> Bool {
    let agrees = s.start == latestAck
    if agrees, abs(s.start &- place) > Self.reach, facts.delivered == 0, facts.missing == 0, queue.isEmpty {
      // The SYN that counts was another one: nothing is missing between.
      next = s.start
      acked = s.start
      return true
    }
    if s.end <= max(place, acked) &+ Self.reach, s.start >= place &- Self.reach { return true }
    guard agrees, s.start > place else { return false }
    acked = s.start
    return true
  }

  /// Hands octets on where they are next, or lets them wait.
  private mutating func put(
    _ range: Range<Int64>, of s: StreamSegment, isCut: Bool, _ emit: (StreamEvent) -> Void
  ) {
    let octets =
      isCut || !options.keepsBytes
      ? UnsafeRawBufferPointer(start: nil, count: 0)
      : UnsafeRawBufferPointer(
        rebasing: s.bytes[Int(range.lowerBound - s.start)..<Int(range.upperBound - s.start)])
    if queue.isEmpty, range.lowerBound == next, !options.policy.waitsForAck || range.upperBound <= acked {
      deliver(range, octets, isCut: isCut, frame: s.frame, time: s.time, emit)
      return
    }
    let piece = StreamQueue.Piece(
      range: range, segment: s.start..<s.end, frame: s.frame, time: s.time,
      bytes: isCut || !options.keepsBytes ? nil : ArraySlice(octets), isCut: isCut)
    var met: [(StreamQueue.Piece, Range<Int64>, Bool)] = []
    queue.insert(piece, options.policy) { met.append(($0, $1, $2)) }
    for (old, overlap, keepsNew) in met {
      var earlier: UnsafeRawBufferPointer?
      let new = isCut ? nil : Self.part(overlap, of: range, octets)
      if let bytes = old.bytes {
        bytes.withUnsafeBytes {
          earlier = Self.part(overlap, of: old.range, $0)
          judge(overlap, earlier, new, old.frame, s, keepsNew, emit)
        }
      } else {
        judge(overlap, nil, new, old.frame, s, keepsNew, emit)
      }
    }
  }

  private static func part(_ part: Range<Int64>, of range: Range<Int64>, _ bytes: UnsafeRawBufferPointer)
    -> UnsafeRawBufferPointer?
  {
    guard bytes.count == range.count else { return nil }
    let from = Int(part.lowerBound - range.lowerBound)
    return UnsafeRawBufferPointer(rebasing: bytes[from..<(from + part.count)])
  }

  private mutating func compareDelivered(
    _ range: Range<Int64>, _ s: StreamSegment, _ emit: (StreamEvent) -> Void
  ) {
    var parts: [(Range<Int64>, UInt64?, [UInt8]?)] = []
    // What came again is compared from a copy: judging changes the tallies that lie beside the history.
    history.forEach(in: range) { part, frame, bytes in parts.append((part, frame, bytes.map(Array.init))) }
    for (part, frame, bytes) in parts {
      let captured = s.start..<min(s.end, s.start &+ Int64(s.bytes.count))
      let isAtHand = options.keepsBytes && captured.clamped(to: part) == part
      let new =
        isAtHand
        ? UnsafeRawBufferPointer(
          rebasing: s.bytes[Int(part.lowerBound - s.start)..<Int(part.upperBound - s.start)]) : nil
      if let bytes {
        bytes.withUnsafeBytes { judge(part, $0, new, frame, s, false, emit) }
      } else {
        judge(part, nil, new, frame, s, false, emit)
      }
    }
  }

  private mutating func judge(
    _ range: Range<Int64>, _ earlier: UnsafeRawBufferPointer?, _ later: UnsafeRawBufferPointer?,
    _ earlierFrame: UInt64?, _ s: StreamSegment, _ keepsLater: Bool, _ emit: (StreamEvent) -> Void
  ) {
    var overlap = StreamOverlap(
      range: range, verdict: .unjudged, earlierFrame: earlierFrame, laterFrame: s.frame, time: s.time,
      keepsLater: keepsLater)
    facts.repeated &+= Int64(range.count)
    if let earlier, let later, earlier.count == later.count {
      if let first = (0..<earlier.count).first(where: { earlier[$0] != later[$0] }),
        let last = (0..<earlier.count).last(where: { earlier[$0] != later[$0] })
      {
        overlap.verdict = .conflicting
        overlap.differing = (range.lowerBound &+ Int64(first))..<(range.lowerBound &+ Int64(last) &+ 1)
        facts.conflicts += 1
      } else {
        overlap.verdict = .identical
      }
    } else {
      facts.unjudged &+= Int64(range.count)
    }
    emit(.overlap(overlap))
  }

  /// Takes an acknowledgement by the peer.
  mutating func acknowledge(_ offset: Int64, frame: UInt64, time: Int64, _ emit: (StreamEvent) -> Void) {
    lastFrame = frame
    lastTime = time
    latestAck = offset
    let highest = next ?? queue.first?.range.lowerBound
    if offset > acked, highest.map({ offset <= $0 &+ Self.reach }) ?? true { acked = offset }
    advance(emit)
  }

  // MARK: - Handing on

  /// Hands on everything whose turn has come, and gives up on holes that nothing will fill.
  private mutating func advance(_ emit: (StreamEvent) -> Void) {
    while let first = queue.first {
      guard let next else {
        // Without a SYN, an acknowledgement tells that nothing before the first piece is outstanding.
        let patience = waitingSince.map { lastTime &- $0 > options.patience } ?? true
        guard acked >= first.range.lowerBound || patience || queue.cost > options.historyOctets else {
          return
        }
        self.next = first.range.lowerBound
        continue
      }
      if first.range.lowerBound <= next {
        var end = first.range.upperBound
        if options.policy.waitsForAck { end = min(end, acked) }
        guard end > next, let piece = queue.popFirst(upTo: end) else { return }
        givenUpFrom = nil
        deliver(piece, emit)
      } else {
        guard acked >= first.range.lowerBound else { return }
        guard let since = givenUpFrom else {
          givenUpFrom = lastTime
          return
        }
        // A frame that the capture holds in another order than the wire did may still fill it.
        guard lastTime &- since > options.patience else { return }
        skip(to: first.range.lowerBound, .notCaptured, emit)
      }
    }
  }

  /// Hands on what waits, oldest first, until no more than `room` is held.
  mutating func drain(to room: Int, _ emit: (StreamEvent) -> Void) {
    while cost > room || isOverlong {
      guard let first = queue.first else {
        history.removeAll()
        return
      }
      facts.overflowed = true
      if next == nil { next = first.range.lowerBound }
      if let next, first.range.lowerBound > next {
        skip(to: first.range.lowerBound, acked >= first.range.lowerBound ? .notCaptured : .overflow, emit)
      }
      guard let piece = queue.popFirst() else { return }
      deliver(piece, emit)
    }
  }

  private mutating func deliver(_ piece: StreamQueue.Piece, _ emit: (StreamEvent) -> Void) {
    if let bytes = piece.bytes {
      bytes.withUnsafeBytes {
        deliver(piece.range, $0, isCut: piece.isCut, frame: piece.frame, time: piece.time, emit)
      }
    } else {
      deliver(
        piece.range, UnsafeRawBufferPointer(start: nil, count: 0), isCut: piece.isCut, frame: piece.frame,
        time: piece.time, emit)
    }
  }

  private mutating func deliver(
    _ range: Range<Int64>, _ octets: UnsafeRawBufferPointer, isCut: Bool, frame: UInt64, time: Int64,
    _ emit: (StreamEvent) -> Void
  ) {
    next = range.upperBound
    if isCut {
      facts.missing &+= Int64(range.count)
      facts.gaps += 1
      emit(.gap(StreamGap(range: range, reason: .cut, frame: frame, time: time)))
    } else {
      facts.delivered &+= Int64(range.count)
      emit(.data(StreamData(range: range, bytes: octets, frame: frame, time: time)))
    }
    history.append(range, octets, frame: frame)
  }

  private mutating func skip(to offset: Int64, _ reason: StreamGap.Reason, _ emit: (StreamEvent) -> Void) {
    guard let from = next, from < offset else { return }
    facts.missing &+= offset &- from
    facts.gaps += 1
    next = offset
    givenUpFrom = nil
    emit(.gap(StreamGap(range: from..<offset, reason: reason, frame: lastFrame, time: lastTime)))
  }

  /// Hands on everything that is left, marks what is missing before it, and ends the direction.
  mutating func finish(_ emit: (StreamEvent) -> Void) {
    while let piece = queue.popFirst() {
      if next == nil { next = piece.range.lowerBound }
      let start = piece.range.lowerBound
      if let next, start > next { skip(to: start, acked >= start ? .notCaptured : .neverSent, emit) }
      deliver(piece, emit)
    }
    // The end of the stream may be missing as well: its FIN or an acknowledgement tells.
    if let next, next > 1 {
      // One octet that only an acknowledgement tells of is the FIN that was not captured.
      let told = finAt.map { min($0, max(acked, next)) } ?? (acked == next &+ 1 ? next : acked)
      if told > next { skip(to: told, .notCaptured, emit) }
    }
    history.removeAll()
    let reason: StreamEnd.Reason
    if let finAt, next ?? finAt >= finAt {
      reason = .fin
    } else {
      reason = wasReset ? .reset : .open
    }
    emit(.end(StreamEnd(reason: reason, offset: next ?? 1, facts: facts)))
  }

  /// Nothing can come any more that would have to be compared.
  mutating func forgetHistory() { history.removeAll() }

  /// Its FIN was reached.
  var isComplete: Bool { finAt.map { next ?? .min >= $0 } ?? false }
}
