/// The window that one side grants the other: closed, reopened unheard, drawn back (RFC 9293 3.8.6).
struct WindowMachine {
  /// A window of 0, until it opens or no longer matters.
  private struct Closed {
    var first: SegmentRef
    var last: SegmentRecord
    var announcements = 1
    var probes = 0
    var probeRefs: [SegmentRef] = []
  }
  /// A reopened window until the other side shows that it heard.
  private struct Reopened {
    var ref: SegmentRef
    var closedAt: SegmentRef
  }
  /// An edge that went back, until its order against the segment that had set it is known.
  private struct Retreat {
    var record: SegmentRecord
    var ref: SegmentRef
    var setter: SegmentRecord
    var setterRef: SegmentRef
    var octets: Int64
    var waited = 0
  }
  @Seldom private var closed: Closed?
  @Seldom private var reopened: Reopened?
  @Seldom private var retreat: Retreat?
  /// Where an edge went back last: what was granted before is settled.
  private(set) var shrunkAt: UInt64 = 0

  /// A closed window that lasts longer stops a transfer (RULES zero-window-stall). Units: nanoseconds.
  static let stall: Int64 = 5_000_000_000

  /// Wants to see every segment of the flow.
  var isOpen: Bool { @inline(__always) mutating get { closed != nil || reopened != nil || retreat != nil } }

  /// A segment of the side whose window this is.
  mutating func advertise(
    _ s: Sight, peerFinished: Bool, _ direction: UnsafePointer<Direction>, _ told: inout [Episode]
  ) {
    if retreat != nil { weighRetreat(direction, isOver: false, &told) }
    if s.flags.contains(.rst) { return finish(&told) }
    guard s.hasAck, !s.flags.contains(.syn), s.ack >= s.unaBefore else { return }
    if s.record.window == 0 {
      if closed != nil {
        closed?.announcements &+= 1
        closed?.last = s.record
      } else if !peerFinished {
        closed = Closed(first: s.ref, last: s.record)
        reopened = nil
      }
      return
    }
    if closed == nil { return }
    guard let was = closed, direction.pointee.order(s.record, was.last) != .before else { return }
    closed = nil
    tellClosed(was, until: s.ref, &told)
    reopened = Reopened(ref: s.ref, closedAt: was.first)
  }

  /// The segment's right edge lies below the one that `setter` had granted.
  mutating func retreated(_ s: Sight, setter: SegmentRecord, _ setterRef: SegmentRef, by octets: Int64) {
    guard retreat == nil else { return }
    retreat = Retreat(
      record: s.record, ref: s.ref, setter: setter, setterRef: setterRef, octets: octets)
  }

  private mutating func weighRetreat(
    _ direction: UnsafePointer<Direction>, isOver: Bool, _ told: inout [Episode]
  ) {
    guard var r = retreat else { return }
    let advances = SeqNum.difference(r.record.ack, r.setter.ack) > 0
    switch direction.pointee.order(r.record, r.setter) {
    case .before: retreat = nil
    // Acknowledgements never go back, so a higher one was sent later.
    case .after: tellRetreat(r, .certain, &told)
    case .unknown where advances: tellRetreat(r, .certain, &told)
    case .unknown:
      r.waited &+= 1
      retreat = isOver || r.waited > 8 ? nil : r
    }
  }

  private mutating func tellRetreat(_ r: Retreat, _ confidence: Confidence, _ told: inout [Episode]) {
    retreat = nil
    shrunkAt = r.ref.frame
    var e = WindowEpisode(kind: .shrunk, endpoint: r.ref.sender, segment: r.ref)
    e.octets = UInt64(clamping: r.octets)
    e.evidence = [r.setterRef]
    e.confidence = confidence
    told.append(.window(e))
  }

  /// A segment of the side that the window is granted to.
  mutating func peerSent(_ s: Sight, _ told: inout [Episode]) {
    let probes = s.marks.contains(.windowProbe)
    if closed != nil {
      if probes {
        closed?.probes &+= 1
        if let kept = closed?.probeRefs.count, kept < 4 { closed?.probeRefs.append(s.ref) }
      }
      // It has nothing more to send, or nobody to send to.
      if !s.flags.isDisjoint(with: [.fin, .rst]) { finish(&told) }
      return
    }
    if reopened == nil { return }
    guard let opened = reopened else { return }
    if !probes {
      if s.record.payload > 0 || !s.flags.isDisjoint(with: [.fin, .rst]) { reopened = nil }
      return
    }
    let waited = s.time &- opened.ref.time
    // A probe on its way crossed the update.
    guard waited > s.senderHalf &+ 200_000_000 else { return }
    reopened = nil
    var confidence = Confidence.likely
    if let stamp = opened.ref.tsVal, let echo = s.ref.tsEcr {
      // What it echoes tells whether the update arrived (P3.L5).
      if SeqNum.difference(echo, stamp) >= 0 { return }
      confidence = .certain
    } else if waited > 60_000_000_000 {
      return
    }
    var e = WindowEpisode(kind: .updateLost, endpoint: opened.ref.sender, segment: opened.ref)
    e.evidence = [opened.closedAt, s.ref]
    e.duration = waited
    e.probes = 1
    e.confidence = confidence
    told.append(.window(e))
  }

  /// The flow is over, or its windows matter no more.
  mutating func finish(_ told: inout [Episode]) {
    if let was = closed { tellClosed(was, until: nil, &told) }
    closed = nil
    reopened = nil
  }

  mutating func end(lastTime: Int64, _ direction: UnsafePointer<Direction>, _ told: inout [Episode]) {
    weighRetreat(direction, isOver: true, &told)
    if let was = closed, lastTime &- was.first.time >= Self.stall { tellStall(was, nil, lastTime, &told) }
    finish(&told)
  }

  private func tellClosed(_ c: Closed, until opening: SegmentRef?, _ told: inout [Episode]) {
    var e = WindowEpisode(kind: .zero, endpoint: c.first.sender, segment: c.first, count: 1)
    e.probes = c.probes
    e.reopenedBy = opening
    e.duration = opening.map { $0.time &- c.first.time }
    e.evidence = c.probeRefs
    told.append(.window(e))
    if let opening, opening.time &- c.first.time >= Self.stall { tellStall(c, opening, opening.time, &told) }
  }

  private func tellStall(_ c: Closed, _ opening: SegmentRef?, _ until: Int64, _ told: inout [Episode]) {
    var e = WindowEpisode(kind: .stall, endpoint: c.first.sender, segment: c.first)
    e.duration = until &- c.first.time
    e.probes = c.probes
    e.reopenedBy = opening
    told.append(.window(e))
  }
}
