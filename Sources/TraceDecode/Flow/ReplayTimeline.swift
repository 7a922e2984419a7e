/// When the segments of one sender left it: by its own clock where that is fine enough, else half a round trip
/// before they passed (P0.4).
struct SendClock {
  /// From the sender to the capture point. Units: nanoseconds.
  let half: Int64
  /// Its timestamps tell its time and, echoed, what has reached it.
  let isFine: Bool
  /// One tick of it. Units: nanoseconds.
  private let tick: Int64
  private let reference: UInt32
  /// When it stamped `reference`, at the latest; nil while that is unknown.
  private let start: Int64?

  init(_ d: Direction, half: Int64, isNear: Bool) {
    self.half = half
    isFine = !isNear && d.tsHz >= 250
    tick = 1_000_000_000 / Int64(max(1, d.tsHz))
    reference = d.firstTSVal
    start = isFine && d.tsOffset != .max ? d.tsOffset &- half &+ tick : nil
  }

  @inline(__always)
  func sendTime(of r: borrowing SegmentRecord) -> Int64 {
    let t = r.time &- half
    guard let start, r.marks.contains(.hasTimestamps) else { return t }
    return min(t, Int64(SeqNum.difference(r.tsVal, reference)) &* tick &+ start)
  }
}

/// What a sender did and what reached it, in the order of its own time (PROCEDURES P2, "event order").
struct ReplayTimeline {
  struct Event {
    var time: Int64
    var isSending: Bool
    /// Of its record in the log.
    var index: Int
  }
  private struct Echo {
    var time: Int64
    var tsEcr: UInt32
  }
  private(set) var events: [Event] = []
  private var echoes: [Echo] = []

  /// - Parameters:
  ///   - first: the log index to begin at; what was taken before is passed over.
  ///   - horizon: what happened later, on the sender's time line, is another time's.
  ///   - slack: how much earlier than by half a round trip an arrival is assumed.
  init(
    _ log: borrowing SegmentLog, from first: Int, of sender: Role, upTo horizon: Int64, _ clock: SendClock,
    slack: Int64
  ) {
    let away = clock.half &- slack
    let own: Marks = sender == .responder ? .fromResponder : []
    var highestEcho: UInt32?
    // The first arrival beyond the horizon: an echo can bring it before.
    var late = log.end
    for i in first..<log.end {
      let r = log.place(i)
      let marks = r.pointee.marks
      if !marks.isDisjoint(with: [.injected, .badChecksum]) || r.pointee.flags.contains(.rst) { continue }
      if marks.intersection(.fromResponder) == own {
        let t = clock.sendTime(of: r.pointee)
        if t &- 1_000 > horizon { continue }
        if clock.isFine, marks.contains(.hasTimestamps), r.pointee.tsEcr != 0 {
          let echo = r.pointee.tsEcr
          echoes.append(Echo(time: t, tsEcr: echo))
          if highestEcho.map({ SeqNum.difference(echo, $0) > 0 }) ?? true { highestEcho = echo }
        }
        if marks.isDisjoint(with: [.duplicate, .replayedAsSent]), t <= horizon, r.pointee.segLen > 0,
          r.pointee.payload > 0 || !r.pointee.flags.contains(.syn)
        {
          events.append(Event(time: t, isSending: true, index: i))
        }
      } else if r.pointee.flags.contains(.ack), !marks.contains(.replayedAsArrival) {
        let t = r.pointee.time &+ away
        if t <= horizon {
          events.append(Event(time: t, isSending: false, index: i))
        } else {
          late = min(late, i)
        }
      }
    }
    if let highestEcho {
      for i in late..<log.end {
        let r = log.place(i)
        guard r.pointee.marks.intersection(.fromResponder) != own, r.pointee.flags.contains(.ack),
          r.pointee.marks.isDisjoint(with: [.injected, .badChecksum, .replayedAsArrival]),
          r.pointee.time &+ away > horizon, r.pointee.marks.contains(.hasTimestamps),
          !r.pointee.flags.contains(.rst), SeqNum.difference(highestEcho, r.pointee.tsVal) >= 0
        else { continue }
        events.append(Event(time: r.pointee.time &+ away, isSending: false, index: i))
      }
      applyEchoes(log)
      events.removeAll { $0.time > horizon }
    }
    events.sort {
      $0.time != $1.time
        ? $0.time < $1.time : $0.isSending != $1.isSending ? !$0.isSending : $0.index < $1.index
    }
  }

  /// An echo proves arrival: nothing arrives later than just before the first segment that echoes it.
  private mutating func applyEchoes(_ log: borrowing SegmentLog) {
    // As they were sent, they come nearly in order.
    echoes.sort { $0.time < $1.time }
    // Each the highest so far, so that the first one at or above a stamp can be found by bisection.
    for i in echoes.indices.dropFirst() where SeqNum.difference(echoes[i].tsEcr, echoes[i &- 1].tsEcr) < 0 {
      echoes[i].tsEcr = echoes[i &- 1].tsEcr
    }
    guard let last = echoes.last?.tsEcr else { return }
    for i in events.indices where !events[i].isSending {
      let r = log.place(events[i].index)
      let stamp = r.pointee.tsVal
      guard r.pointee.marks.contains(.hasTimestamps), SeqNum.difference(last, stamp) >= 0 else { continue }
      var low = 0
      var high = echoes.count
      while low < high {
        let middle = (low &+ high) / 2
        if SeqNum.difference(echoes[middle].tsEcr, stamp) < 0 { low = middle &+ 1 } else { high = middle }
      }
      if low < echoes.count, echoes[low].time < events[i].time { events[i].time = echoes[low].time &- 1_000 }
    }
  }
}
