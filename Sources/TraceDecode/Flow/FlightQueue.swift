/// Segments of one sender that wait for their acknowledgement, in order of their octets.
///
/// Limits: 1,024 segments; of more, the oldest go without a sample.
struct FlightQueue {
  struct Entry {
    var end: Int64
    var time: Int64
    var payload: UInt32
    var tsVal: UInt32
    var hasStamp: Bool
    var isResent = false
  }
  /// What an acknowledgement covered.
  struct Acknowledged {
    var count = 0
    var first: Entry?
    var last: Entry?
    /// One of them was sent again.
    var hasResent = false
    /// One but the last was.
    var hasResentBefore = false
  }
  private var entries: [Entry] = []
  private var head = 0
  private static let limit = 1024

  mutating func sent(_ entry: Entry) {
    if entries.count &- head >= Self.limit { head &+= 1 }
    compact()
    entries.append(entry)
  }

  /// Octets were sent again: no sample may rest on them.
  mutating func resent(_ start: Int64, _ end: Int64) {
    var i = entries.count
    while i > head {
      i &-= 1
      let from = entries[i].end &- Int64(entries[i].payload)
      if entries[i].end <= start { return }
      if from < end { entries[i].isResent = true }
    }
  }

  mutating func acknowledged(_ ack: Int64) -> Acknowledged {
    var result = Acknowledged()
    while head < entries.count, entries[head].end <= ack {
      let entry = entries[head]
      if result.first == nil { result.first = entry }
      result.hasResentBefore = result.hasResent
      if entry.isResent { result.hasResent = true }
      result.last = entry
      result.count &+= 1
      head &+= 1
    }
    compact()
    return result
  }

  /// When the first segment with this timestamp passed; nil when none waits.
  func time(of tsVal: UInt32) -> Int64? {
    var i = head
    while i < entries.count, entries[i].hasStamp {
      let step = SeqNum.difference(entries[i].tsVal, tsVal)
      if step == 0 { return entries[i].time }
      if step > 0 { return nil }
      i &+= 1
    }
    return nil
  }

  private mutating func compact() {
    guard head >= 256, head &* 2 >= entries.count else { return }
    entries.removeFirst(head)
    head = 0
  }
}

/// What the peer had acknowledged by then, as far back as half a round trip reaches.
///
/// Limits: 256 steps; of more, the oldest are forgotten and count as the oldest that is left.
struct AcknowledgedPast {
  private var steps: [(time: Int64, ack: Int64)] = []
  private var head = 0

  mutating func add(_ ack: Int64, at time: Int64) {
    if steps.count &- head >= 256 { head &+= 1 }
    if head >= 256 {
      steps.removeFirst(head)
      head = 0
    }
    steps.append((time, ack))
  }

  /// The highest acknowledgement at `time`, which never goes back from call to call; nil before the first.
  mutating func latest(at time: Int64) -> Int64? {
    while head &+ 1 < steps.count, steps[head &+ 1].time <= time { head &+= 1 }
    return head < steps.count && steps[head].time <= time ? steps[head].ack : nil
  }
}

/// Octets in equal stretches of time, and the fullest of them.
struct RatePeak {
  /// Units: nanoseconds; 0 while it is not known.
  var length: Int64
  private var start = Int64.min
  private var octets: UInt64 = 0
  private var peak: UInt64 = 0

  init(length: Int64) { self.length = length }

  mutating func add(_ more: UInt32, at time: Int64) {
    guard length > 0 else { return }
    if start == .min { start = time }
    if time &- start >= length {
      peak = max(peak, octets)
      octets = 0
      start = start &+ (time &- start) / length &* length
    }
    octets &+= UInt64(more)
  }

  /// Units: octets a second.
  var rate: Int64? {
    let most = max(peak, octets)
    guard most > 0, length > 0 else { return nil }
    return Int64(min(Double(most) * 1e9 / Double(length), 1e18))
  }
}

/// Count, mean, least and greatest of values, and their spread (Welford).
struct Tally {
  private(set) var count: UInt32 = 0
  private var smallest = Int64.max
  private var largest = Int64.min
  private var mean = 0.0
  private var squares = 0.0

  mutating func add(_ value: Int64) {
    guard count < .max else { return }
    count &+= 1
    smallest = min(smallest, value)
    largest = max(largest, value)
    let step = Double(value) - mean
    mean += step / Double(count)
    squares += step * (Double(value) - mean)
  }

  var least: Int64? { count > 0 ? smallest : nil }
  var greatest: Int64? { count > 0 ? largest : nil }
  var average: Int64? { count > 0 ? Self.whole(mean) : nil }
  /// Of the population the values are a sample of.
  var deviation: Int64? { count > 1 ? Self.whole((squares / Double(count &- 1)).squareRoot()) : nil }

  static func whole(_ value: Double) -> Int64 { Int64(max(-9e18, min(9e18, value.rounded()))) }
}
