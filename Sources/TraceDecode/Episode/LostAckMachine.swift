/// Acknowledgements that passed the capture point and did not change what the sender of the data did (P3).
struct LostAckMachine {
  /// A repeat of acknowledged data, until it is known whether the acknowledgement was merely late.
  struct Case {
    var repeated: SegmentRef
    /// The first acknowledgement of all of it.
    var covering: SegmentRef
    /// Acknowledgements that had time to arrive.
    var count: Int
    /// The capture stands on the sender's own link.
    var besideSender: Bool
    /// What the repeat echoes is older than the acknowledgement (L5).
    var echoIsOlder: Bool
    /// What makes the acknowledgement unacceptable to the sender.
    var refusal = AckEpisode.Refusal.none
    /// The receiver's answer to the repeat.
    var answer: SegmentRef?
    var dsack = false
  }
  @Seldom private var open: Case?
  private var lastCovering: UInt64 = 0

  var isOpen: Bool { @inline(__always) mutating get { open != nil } }

  /// The sender repeats what `covering` had acknowledged long enough before.
  mutating func repeated(_ new: Case, _ told: inout [Episode]) {
    guard open == nil, new.covering.frame != lastCovering else { return }
    lastCovering = new.covering.frame
    if new.refusal == .none { open = new } else { tell(new, &told) }
  }

  /// A later segment of the data's sender.
  mutating func sent(_ s: Sight, _ told: inout [Episode]) {
    if open == nil { return }
    guard let c = open, s.ref.frame > c.repeated.frame else { return }
    if s.flags.contains(.rst) {
      open = nil
      return
    }
    let heardAnswer = c.answer.map { s.time &- $0.time >= s.senderHalf &* 8 / 10 } ?? false
    if heardAnswer { return tell(c, &told) }
    if let stamp = c.covering.tsVal, let echo = s.ref.tsEcr {
      // It echoes the acknowledgement before it can have the answer: that was late, not lost.
      if SeqNum.difference(echo, stamp) >= 0, c.answer?.tsVal != echo { open = nil }
    } else if s.isNewData, s.start >= c.repeated.end {
      // It goes on without the answer: it must have heard.
      open = nil
    }
  }

  /// A later segment of the receiver.
  mutating func answered(_ s: Sight, dsack: Range<Int64>?) {
    if open == nil { return }
    guard let c = open, s.hasAck, s.time &- c.repeated.time >= s.senderHalf &* 7 / 10 else { return }
    if let dsack, dsack.lowerBound <= c.repeated.start, dsack.upperBound >= c.repeated.end {
      open?.dsack = true
    }
    if c.answer == nil { open?.answer = s.ref }
  }

  mutating func end(_ told: inout [Episode]) {
    if let c = open, c.answer != nil { tell(c, &told) }
    open = nil
  }

  private mutating func tell(_ c: Case, _ told: inout [Episode]) {
    open = nil
    var e = AckEpisode(
      kind: c.refusal == .none ? .lost : .ignored, sender: c.covering.sender, segment: c.covering,
      count: c.count)
    e.refusal = c.refusal
    e.proof = c.echoIsOlder ? .l5 : c.dsack ? .l4 : .l1
    e.isBesideSender = c.besideSender
    e.confidence = c.refusal == .none && (c.besideSender || e.proof == .l1) ? .likely : .certain
    e.delay = c.repeated.time &- c.covering.time
    e.evidence = [c.repeated] + (c.answer.map { [$0] } ?? [])
    told.append(.ack(e))
  }
}
