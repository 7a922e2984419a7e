/// Octets of one side that were acknowledged before, or without, being captured (P6).
struct GapMachine {
  /// Acknowledged and unseen, until the data comes or its absence is certain.
  struct Gap {
    var start: Int64
    var end: Int64
    var ack: SegmentRef
    /// Lies far beyond any window the capture has seen: its sender cannot have sent this much.
    var isBeyondWindow: Bool
    /// A later segment of the sender whose number shows that it had not sent this much.
    var contradiction: SegmentRef?
  }
  @Seldom private(set) var open: Gap?
  @Seldom private var first: SegmentRef?
  /// Acknowledgements of octets that never came.
  private(set) var confirmed: UInt64 = 0
  @Seldom private var beyond: Gap?
  private var beyondCount = 0
  @Seldom private var swapped: (data: SegmentRef, ack: SegmentRef)?
  private var swaps = 0

  var isOpen: Bool { @inline(__always) mutating get { open != nil } }

  /// Whether it is doubtful, or known to be wrong, that this much was sent.
  func doubts(_ ack: Int64) -> Bool {
    [open, beyond].contains { gap in gap.map { $0.start < ack && $0.end >= ack } ?? false }
  }

  mutating func acknowledged(_ gap: Gap) {
    if let o = open {
      open?.end = max(o.end, gap.end)
      if gap.isBeyondWindow { open?.isBeyondWindow = true }
    } else {
      open = gap
    }
  }

  /// A segment of the side whose octets are missing.
  ///
  /// - Returns: whether the capture holds it behind its own acknowledgement.
  mutating func sent(_ s: Sight) -> Bool {
    if open == nil { return false }
    // A reset takes its number from what it answers.
    guard let gap = open, !s.flags.contains(.rst) else { return false }
    if s.start >= gap.end {
      // It goes on from there: it had sent what is missing.
      open = nil
      confirmed &+= 1
      if first == nil { first = gap.ack }
    } else if s.record.payload > 0 {
      guard s.start < gap.end, s.payloadEnd > gap.start else { return false }
      let isSwap = cameJustAfter(s, gap)
      if isSwap {
        swaps &+= 1
        if swapped == nil { swapped = (s.ref, gap.ack) }
      }
      if s.start <= gap.start { open?.start = s.payloadEnd }
      if s.payloadEnd >= gap.end { open = nil }
      return isSwap
    } else if s.isPureAck, gap.end > s.maxBefore, s.start == s.maxBefore,
      s.marks.isDisjoint(with: [.keepAlive, .windowProbe]), gap.contradiction == nil
    {
      // Its SND.NXT stands below what was acknowledged.
      open?.contradiction = s.ref
    }
    return false
  }

  /// The data whose acknowledgement was recorded a moment before it.
  private func cameJustAfter(_ s: Sight, _ gap: Gap) -> Bool {
    guard !gap.isBeyondWindow, s.start <= gap.start, s.marks.isDisjoint(with: .retransmission),
      s.time &- gap.ack.time <= min(5_000_000, max(s.pathTime / 5, 500_000))
    else { return false }
    guard let stamp = s.ref.tsVal, let echo = gap.ack.tsEcr else { return true }
    return SeqNum.difference(stamp, echo) <= 0
  }

  /// A later acknowledgement of the other side: what waited long enough is settled.
  ///
  /// - Returns: whether nothing supports what had been acknowledged.
  mutating func acknowledgedAgain(_ s: Sight) -> Bool {
    if open == nil { return false }
    guard let gap = open, s.time &- gap.ack.time > max(50_000_000, 2 &* s.pathTime) else { return false }
    return settle(gap)
  }

  private mutating func settle(_ gap: Gap) -> Bool {
    open = nil
    if gap.contradiction != nil || gap.isBeyondWindow {
      if beyond == nil { beyond = gap }
      beyondCount &+= 1
      return true
    }
    confirmed &+= 1
    if first == nil { first = gap.ack }
    return false
  }

  /// - Parameters:
  ///   - sender: Whose octets these are.
  ///   - missing: Octets acknowledged and never captured.
  /// - Returns: whether an acknowledgement went beyond all that was sent.
  mutating func end(sender: Role, missing: Int64, _ told: inout [Episode]) -> Bool {
    if let gap = open { _ = settle(gap) }
    if let beyond {
      var e = AckEpisode(kind: .beyondSent, sender: sender.peer, segment: beyond.ack, count: beyondCount)
      e.octets = UInt64(clamping: beyond.end &- beyond.start)
      e.evidence = beyond.contradiction.map { [$0] } ?? []
      e.confidence = beyond.contradiction == nil ? .likely : .certain
      told.append(.ack(e))
    }
    if missing > 0, beyond == nil, let first {
      var e = OddityEpisode(kind: .captureGap, sender: sender, segment: first)
      e.octets = UInt64(clamping: missing)
      told.append(.oddity(e))
    }
    if let swapped {
      told.append(
        .oddity(
          OddityEpisode(
            kind: .captureReordered, sender: sender, segment: swapped.data, other: swapped.ack, count: swaps))
      )
    }
    return beyond != nil
  }
}
