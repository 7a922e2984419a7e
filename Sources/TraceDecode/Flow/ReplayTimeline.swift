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
///
/// Made once and filled again and again, for its room is the better part of its cost.
struct ReplayTimeline {
  struct Event {
    var time: Int64
    /// Of its record in the log.
    var index: Int
    var isSending: Bool
  }
  private struct Echo {
    var time: Int64
    var tsEcr: UInt32
  }
  private(set) var events: [Event] = []
  private var sendings: [Event] = []
  private var arrivals: [Event] = []
  private var echoes: [Echo] = []
  /// Indices of arrivals beyond the horizon: an echo can bring one before it.
  private var late: [Int] = []

  /// Reads the log from `first` on.
  ///
  /// - Parameters:
  ///   - first: the log index to begin at; what was taken before is passed over.
  ///   - horizon: what happened later, on the sender's time line, is another time's.
  ///   - slack: how much earlier than by half a round trip an arrival is assumed.
  mutating func fill(
    _ log: borrowing SegmentLog, from first: Int, of sender: Role, upTo horizon: Int64, _ clock: SendClock,
    slack: Int64
  ) {
    empty()
    let away = clock.half &- slack
    let own: Marks = sender == .responder ? .fromResponder : []
    var highestEcho: UInt32?
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
          sendings.append(Event(time: t, index: i, isSending: true))
        }
      } else if r.pointee.flags.contains(.ack), !marks.contains(.replayedAsArrival) {
        let t = r.pointee.time &+ away
        if t <= horizon {
          arrivals.append(Event(time: t, index: i, isSending: false))
        } else if clock.isFine, marks.contains(.hasTimestamps) {
          late.append(i)
        }
      }
    }
    if let highestEcho {
      for i in late where SeqNum.difference(highestEcho, log.place(i).pointee.tsVal) >= 0 {
        arrivals.append(Event(time: log.place(i).pointee.time &+ away, index: i, isSending: false))
      }
      applyEchoes(log)
      arrivals.removeAll { $0.time > horizon }
    }
    merge()
  }

  private mutating func empty() {
    events.removeAll(keepingCapacity: true)
    sendings.removeAll(keepingCapacity: true)
    arrivals.removeAll(keepingCapacity: true)
    echoes.removeAll(keepingCapacity: true)
    late.removeAll(keepingCapacity: true)
  }

  /// Orders the events; what arrives at the moment of a sending was there before it.
  private mutating func merge() {
    // Each kind comes nearly in order.
    sendings.sort { $0.time != $1.time ? $0.time < $1.time : $0.index < $1.index }
    arrivals.sort { $0.time != $1.time ? $0.time < $1.time : $0.index < $1.index }
    var next = 0
    for sending in sendings {
      while next < arrivals.count, arrivals[next].time <= sending.time {
        events.append(arrivals[next])
        next &+= 1
      }
      events.append(sending)
    }
    events.append(contentsOf: arrivals[next...])
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
    for i in arrivals.indices {
      let r = log.place(arrivals[i].index)
      let stamp = r.pointee.tsVal
      guard r.pointee.marks.contains(.hasTimestamps), SeqNum.difference(last, stamp) >= 0 else { continue }
      var low = 0
      var high = echoes.count
      while low < high {
        let middle = (low &+ high) / 2
        if SeqNum.difference(echoes[middle].tsEcr, stamp) < 0 { low = middle &+ 1 } else { high = middle }
      }
      if low < echoes.count, echoes[low].time < arrivals[i].time {
        arrivals[i].time = echoes[low].time &- 1_000
      }
    }
  }
}
