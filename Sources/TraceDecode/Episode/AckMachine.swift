/// What one side acknowledges, and how: again, backwards, in blocks that fit or do not (P9).
struct AckMachine {
  /// Real duplicate acknowledgements of one number.
  private struct Burst {
    var ack: Int64
    var first: SegmentRef
    var evidence: [SegmentRef] = []
    var count = 1
  }
  private var burst: Burst?

  /// An acknowledgement below a higher one, until the order of the two is known.
  private struct Regress {
    var record: SegmentRecord
    var ref: SegmentRef
    var higher: SegmentRecord
    var higherRef: SegmentRef
    var waited = 0
  }
  @Seldom private var regress: Regress?

  @Seldom private var sackFault: SegmentRef?
  private var sackFaults = 0
  @Seldom private var late: (ref: SegmentRef, data: SegmentRef, delay: Int64)?
  private var lateCount = 0
  private(set) var duplicates: UInt32 = 0
  @Seldom private var stretch: (ref: SegmentRef, octets: Int64)?
  @Seldom private var reneged: (ref: SegmentRef, reported: SegmentRef?)?
  private var reneges = 0

  /// So many acknowledgements of more than four segments are a habit.
  static let stretchHabit: UInt16 = 10

  var isOpen: Bool { @inline(__always) mutating get { burst != nil || regress != nil } }

  mutating func sent(_ s: Sight, dsack: Range<Int64>?, copies: [SegmentRef], _ told: inout [Episode]) {
    guard s.hasAck, !s.flags.contains(.rst) else { return }
    if burst != nil, let b = burst, s.ack > b.ack { finishBurst(&told) }
    if let dsack {
      var e = AckEpisode(kind: .dsack, sender: s.ref.sender, segment: s.ref)
      e.segment.sack = dsack
      e.octets = UInt64(clamping: dsack.upperBound &- dsack.lowerBound)
      e.evidence = copies
      told.append(.ack(e))
    }
    if s.facts.contains(.repeatsAck), isDuplicate(s, dsack) { noteDuplicate(s) }
  }

  /// RFC 5681 2; with SACK, one that reports octets not reported before.
  private func isDuplicate(_ s: Sight, _ dsack: Range<Int64>?) -> Bool {
    guard s.isPureAck, s.marks.isDisjoint(with: [.keepAlive, .windowProbe]) else { return false }
    if s.marks.contains(.newSACK) { return true }
    return dsack == nil && !s.marks.contains(.hasSACK) && s.record.window == s.windowBefore
      && s.record.window > 0
  }

  private mutating func noteDuplicate(_ s: Sight) {
    duplicates &+= 1
    if burst?.ack == s.ack {
      burst?.count &+= 1
      if let shown = burst?.evidence.count, shown < 4 { burst?.evidence.append(s.ref) }
    } else {
      burst = Burst(ack: s.ack, first: s.ref)
    }
  }

  private mutating func finishBurst(_ told: inout [Episode]) {
    guard let b = burst else { return }
    burst = nil
    guard b.count >= 3 else { return }
    var e = AckEpisode(kind: .duplicateBurst, sender: b.first.sender, segment: b.first, count: b.count)
    e.evidence = b.evidence
    told.append(.ack(e))
  }

  // MARK: - Backwards

  mutating func tookBack(_ s: Sight, below higher: SegmentRecord, _ higherRef: SegmentRef) {
    guard regress == nil else { return }
    regress = Regress(record: s.record, ref: s.ref, higher: higher, higherRef: higherRef)
  }

  /// Tells a lower acknowledgement by its order against the higher one, once that is known.
  mutating func weighRegress(
    _ direction: UnsafePointer<Direction>, isOver: Bool, _ told: inout [Episode]
  ) {
    if regress == nil { return }
    guard var r = regress else { return }
    r.waited &+= 1
    switch direction.pointee.order(r.record, r.higher) {
    case .unknown:
      regress = isOver || r.waited > 16 ? nil : r
    case .before:
      regress = nil
      tellRegress(r, .reordered, &told)
    case .after:
      // An identification alone must be this flow's own counter to prove that much.
      let stamped =
        r.record.marks.contains(.hasTimestamps) && SeqNum.difference(r.record.tsVal, r.higher.tsVal) > 0
      let counts = Int(direction.pointee.idOnes) &* 4 >= Int(direction.pointee.idSteps) &* 3
      if stamped || counts {
        regress = nil
        tellRegress(r, .regressed, &told)
      } else {
        regress = isOver || r.waited > 16 ? nil : r
      }
    }
  }

  private func tellRegress(_ r: Regress, _ kind: AckEpisode.Kind, _ told: inout [Episode]) {
    var e = AckEpisode(kind: kind, sender: r.ref.sender, segment: r.ref)
    e.evidence = [r.higherRef]
    told.append(.ack(e))
  }

  // MARK: - Faults that are counted

  mutating func sackMisfits(_ s: Sight, _ block: Range<Int64>) {
    sackFaults &+= 1
    guard sackFault == nil else { return }
    var ref = s.ref
    ref.sack = block
    sackFault = ref
  }

  /// The receiver beside the capture point held an acknowledgement back.
  mutating func heldBack(_ s: SegmentRef, data: SegmentRef, by delay: Int64) {
    lateCount &+= 1
    if let late, late.delay >= delay { return }
    late = (s, data, delay)
  }

  mutating func stretches(_ ref: SegmentRef, octets: Int64) { stretch = (ref, octets) }

  /// An acknowledgement that stops inside, or at the foot of, octets that had been reported by SACK (RFC 2018 8).
  mutating func tookBackSACK(_ ref: SegmentRef, _ block: Range<Int64>, reportedBy: SegmentRef?) {
    reneges &+= 1
    guard reneged == nil else { return }
    var ref = ref
    ref.sack = block
    reneged = (ref, reportedBy)
  }

  mutating func end(_ direction: UnsafePointer<Direction>, _ told: inout [Episode]) {
    finishBurst(&told)
    weighRegress(direction, isOver: true, &told)
    if let stretch, Int(direction.pointee.stretchAcks) &* 5 >= Int(direction.pointee.pureAcks) {
      var e = AckEpisode(
        kind: .stretch, sender: stretch.ref.sender, segment: stretch.ref,
        count: Int(direction.pointee.stretchAcks))
      e.octets = UInt64(clamping: stretch.octets)
      told.append(.ack(e))
    }
    if let reneged {
      var e = AckEpisode(
        kind: .sackReneged, sender: reneged.ref.sender, segment: reneged.ref, count: reneges)
      e.evidence = reneged.reported.map { [$0] } ?? []
      told.append(.ack(e))
    }
    if let sackFault {
      told.append(
        .ack(
          AckEpisode(kind: .sackInconsistent, sender: sackFault.sender, segment: sackFault, count: sackFaults)
        ))
    }
    if let late {
      var e = AckEpisode(kind: .delayed, sender: late.ref.sender, segment: late.ref, count: lateCount)
      e.delay = late.delay
      e.evidence = [late.data]
      told.append(.ack(e))
    }
  }
}
