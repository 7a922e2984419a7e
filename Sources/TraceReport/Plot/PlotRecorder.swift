import TraceDecode

/// Draws one flow while its segments pass.
///
/// Limits: `limit` points of a kind and direction; beyond it they stand for stretches of time that double.
struct PlotRecorder: Sendable {
  private(set) var plot = FlowPlot()
  /// How much out of the ordinary there was, to choose flows by.
  private(set) var interest = 0
  private var start: Int64?
  private var sides = Sides()
  var limit: Int

  /// What is remembered of a direction of data while it is drawn.
  private struct Side {
    /// One past the highest octet sent, and the highest acknowledged; nil before the first.
    var maximum: Int64?
    var acknowledged: Int64?
    /// Last window edge drawn.
    var edge: Int64?
    /// The receiver's window is closed.
    var isClosed = false
    /// Segments whose acknowledgement gives a round trip, oldest first.
    var timed: [(end: Int64, time: Int64)] = []
    /// Of those, how many are done with.
    var answered = 0
    /// The latest segments without length below what was sent before: probes, if a verdict says so.
    var empty: [SegmentRef] = []
  }
  private struct Sides {
    var originator = Side()
    var responder = Side()
    subscript(sender: Role) -> Side {
      _read { if sender == .originator { yield originator } else { yield responder } }
      _modify { if sender == .originator { yield &originator } else { yield &responder } }
    }
  }
  /// Segments that are timed at once.
  private static let timedLimit = 256

  init(limit: Int) { self.limit = limit }

  /// Thins what is drawn so far and everything to come.
  mutating func thin(to limit: Int) {
    self.limit = limit
    plot.thin(to: limit)
  }

  /// Verdicts on segments that are still to come, and the last that came.
  private var ahead: [(verdict: FrameVerdict, frame: UInt64)] = []
  private var lastFrame: UInt64 = 0

  /// Draws the next segment.
  mutating func take(_ ref: SegmentRef, standing: StreamSegment.Standing, sack: [Range<Int64>]) {
    draw(ref, standing, sack)
    lastFrame = max(lastFrame, ref.frame)
    guard !ahead.isEmpty else { return }
    let due = ahead.filter { $0.frame <= lastFrame }
    ahead.removeAll { $0.frame <= lastFrame }
    for (verdict, frame) in due { take(verdict, frame: frame) }
  }

  private mutating func draw(
    _ ref: SegmentRef, _ standing: StreamSegment.Standing, _ sack: [Range<Int64>]
  ) {
    let start = start ?? ref.time
    self.start = start
    plot.segments += 1
    // What its receiver would not take is no part of the stream.
    guard standing.isDisjoint(with: [.badChecksum, .injected, .duplicate]) else {
      if ref.end > ref.start { mark(.duplicate, ref) }
      return
    }
    takeSent(ref, isProbe: standing.contains(.keepAlive), start)
    if let ack = ref.ack { takeAck(ref, ack: ack, sack: sack, start) }
  }

  // MARK: - Data

  private mutating func takeSent(_ ref: SegmentRef, isProbe: Bool, _ start: Int64) {
    let sender = ref.sender
    if ref.flags.contains(.rst) {
      interest += 1
      return mark(.reset, ref)
    }
    guard ref.end > ref.start else {
      guard let maximum = sides[sender].maximum, ref.start < maximum else { return }
      if sides[sender].empty.count >= 32 { sides[sender].empty.removeFirst() }
      return sides[sender].empty.append(ref)
    }
    let maximum = sides[sender].maximum
    if isProbe {
      mark(.keepAlive, ref)
      return
    }
    if let maximum, ref.start < maximum {
      // Sent before, or late: which, a verdict tells.
      mark(.again, ref)
      forgetTimes(sender)
    } else if ref.flags.contains(.syn) {
      mark(.syn, ref)
    } else if ref.payload > 0 {
      plot[sender].runs.append(
        PlotRun(
          time: ref.time, until: ref.time, low: ref.start, high: ref.end, frame: ref.frame, count: 1),
        limit: limit)
    }
    if ref.flags.contains(.fin) { mark(.fin, ref) }
    let isNew = ref.start >= maximum ?? ref.start
    sides[sender].maximum = max(maximum ?? ref.end, ref.end)
    if isNew { time(sender, end: ref.end, at: ref.time) }
    let fresh = max(0, min(Int64(ref.payload), ref.end &- max(ref.start, maximum ?? ref.start)))
    let flight = max(0, ref.end &- (sides[sender].acknowledged ?? ref.start))
    plot[sender].column(at: ref.time, from: start) {
      $0.octets &+= Int64(ref.payload)
      $0.fresh &+= fresh
      $0.flight = max($0.flight, flight)
    }
  }

  private mutating func mark(_ kind: PlotMark.Kind, _ ref: SegmentRef) {
    plot[ref.sender].marks.append(
      PlotMark(kind: kind, time: ref.time, low: ref.start, high: ref.end, frame: ref.frame), limit: limit)
  }

  // MARK: - Acknowledgements

  private mutating func takeAck(_ ref: SegmentRef, ack: Int64, sack: [Range<Int64>], _ start: Int64) {
    let sender = ref.sender.peer
    if ref.flags.contains(.rst) { return }
    let edge = ack &+ Int64(ref.window)
    let before = sides[sender].acknowledged
    if ack != before || edge != sides[sender].edge {
      let reached = max(ack, before ?? ack)
      plot[sender].acks.append(
        PlotAck(time: ref.time, ack: reached, edge: edge, lowestEdge: edge, frame: ref.frame), limit: limit)
      sides[sender].edge = edge
    }
    for block in sack where block.upperBound > block.lowerBound {
      // What lies below the acknowledgement was reported twice: no hole is shown by it.
      guard block.lowerBound >= ack else { continue }
      plot[sender].sacks.append(
        PlotSack(time: ref.time, low: block.lowerBound, high: block.upperBound), limit: limit)
    }
    if !ref.flags.contains(.syn) {
      let isClosed = ref.window == 0
      if isClosed, !sides[sender].isClosed {
        interest += 2
        plot[sender].marks.append(
          PlotMark(kind: .zeroWindow, time: ref.time, low: ack, high: ack, frame: ref.frame), limit: limit)
      }
      sides[sender].isClosed = isClosed
    }
    guard let before else {
      sides[sender].acknowledged = ack
      return answer(sender, ack, ref.time, start)
    }
    guard ack > before else { return }
    sides[sender].acknowledged = ack
    answer(sender, ack, ref.time, start)
  }

  // MARK: - Round trips

  private mutating func time(_ sender: Role, end: Int64, at time: Int64) {
    if sides[sender].timed.count &- sides[sender].answered >= Self.timedLimit { return }
    if sides[sender].answered > Self.timedLimit {
      let answered = sides[sender].answered
      sides[sender].timed.removeFirst(answered)
      sides[sender].answered = 0
    }
    sides[sender].timed.append((end, time))
  }

  /// Karn: nothing is timed that may be answered for an earlier or a later copy.
  private mutating func forgetTimes(_ sender: Role) {
    sides[sender].timed.removeAll()
    sides[sender].answered = 0
  }

  private mutating func answer(
    _ sender: Role, _ ack: Int64, _ now: Int64, _ start: Int64
  ) {
    var newest: Int64?
    while sides[sender].answered < sides[sender].timed.count,
      sides[sender].timed[sides[sender].answered].end <= ack
    {
      newest = sides[sender].timed[sides[sender].answered].time
      sides[sender].answered += 1
    }
    guard let newest, now >= newest else { return }
    let sample = now &- newest
    plot[sender].column(at: now, from: start) {
      $0.rttMin = $0.rttCount == 0 ? sample : min($0.rttMin, sample)
      $0.rttMax = max($0.rttMax, sample)
      $0.rttSum &+= sample
      $0.rttCount &+= 1
    }
  }

  // MARK: - What was judged later

  /// Gives a frame's mark its name.
  mutating func take(_ verdict: FrameVerdict, frame: UInt64) {
    guard let kind = verdict.markKind else { return }
    // A segment is judged on its arrival before it is handed on.
    guard frame <= lastFrame else {
      if ahead.count < 16 { ahead.append((verdict, frame)) }
      return
    }
    if kind != .keepAlive { interest += 1 }
    for sender in [Role.originator, .responder] {
      let from = plot[sender].marks.points.partitioningIndex { $0.frame >= frame }
      let isDone = plot[sender].marks.change(
        from: from, where: { $0.frame == frame && $0.kind != .fin && $0.kind != .zeroWindow },
        to: { $0.kind = kind })
      if isDone { return }
      if kind == .keepAlive || kind == .zeroWindowProbe,
        let probe = sides[sender].empty.last(where: { $0.frame == frame })
      {
        return drawLate(kind, probe, at: probe.time)
      }
    }
    // Copies of segments without length have no place either, and need none.
    if kind != .duplicate, kind != .outOfOrder { plot.originator.unplaced += 1 }
  }

  /// Draws what a story shows to have been lost.
  mutating func take(_ loss: LossEpisode) {
    for again in loss.retransmissions where again.spurious == .none {
      if let previous = again.previous {
        guard loss.side != .nowhere, loss.side != .acknowledgements else { continue }
        drawLate(.lost, previous, at: previous.time)
      } else if again.holeOctets > 0 {
        // It would have passed about when what follows it did.
        drawLate(.missing, again.segment, at: loss.hole?.time ?? again.segment.time)
      }
    }
    interest += 1
  }

  /// Draws what was known too late to stand in its place.
  private mutating func drawLate(_ kind: PlotMark.Kind, _ ref: SegmentRef, at time: Int64) {
    plot[ref.sender].losses.append(
      PlotMark(kind: kind, time: time, low: ref.start, high: ref.end, frame: ref.frame), limit: limit)
  }

  /// The drawing, in order.
  mutating func finish() -> FlowPlot {
    plot.originator.losses.sort()
    plot.responder.losses.sort()
    return plot
  }
}

extension FrameVerdict {
  /// How a frame with this verdict is marked; nil when its place among the others says enough.
  var markKind: PlotMark.Kind? {
    let kinds: [(FrameVerdict, PlotMark.Kind)] = [
      (.spurious, .spurious), (.timeoutRetransmission, .timeout), (.fastRetransmission, .fast),
      (.lossRecoveryRetransmission, .recovery), (.tailLossProbe, .tailLossProbe),
      (.pathMTURetransmission, .pathMTU), (.synRetransmission, .timeout), (.synAckRetransmission, .timeout),
      (.lateOriginal, .outOfOrder), (.outOfOrder, .outOfOrder), (.duplicate, .duplicate),
      (.keepAlive, .keepAlive), (.zeroWindowProbe, .zeroWindowProbe), (.retransmission, .again),
    ]
    return kinds.first { contains($0.0) }?.1
  }
}
