/// How many of something happened when: counted in stretches of time that double when there are too many.
///
/// Limits: `limit` stretches; a count within a span of time is exact to one stretch at either end.
struct MomentCounts: Sendable {
  private var counts: [UInt32] = []
  /// Start of the first stretch. Units: nanoseconds since the epoch.
  private var origin: Int64 = 0
  /// Units: nanoseconds.
  private var width: Int64 = 10_000_000
  private(set) var total = 0
  private(set) var first = Int64.max
  private(set) var last = Int64.min

  static let limit = 256

  /// From the first to the last. Units: nanoseconds.
  var span: Int64 { total > 0 ? max(0, last &- first) : 0 }

  mutating func add(_ time: Int64) {
    if total == 0 {
      origin = time
      counts.reserveCapacity(16)
    }
    total &+= 1
    first = min(first, time)
    last = max(last, time)
    while !fits(time) { widen() }
    if time < origin {
      let missing = Int(clamping: (origin &- time &+ width &- 1) / width)
      counts.insert(contentsOf: repeatElement(0, count: missing), at: 0)
      origin = origin &- Int64(missing) &* width
    }
    let place = Int(clamping: (time &- origin) / width)
    // Mostly the next stretch or one of the next few.
    while counts.count <= place { counts.append(0) }
    counts[place] &+= 1
  }

  private func fits(_ time: Int64) -> Bool {
    guard width < Int64.max / 8 else { return true }
    let end = max(time, origin &+ Int64(counts.count) &* width)
    let (span, overflow) = end.subtractingReportingOverflow(min(time, origin))
    return !overflow && span / width < Self.limit - 2
  }

  private mutating func widen() {
    var wider: [UInt32] = []
    for i in stride(from: 0, to: counts.count, by: 2) {
      wider.append(counts[i] &+ (i + 1 < counts.count ? counts[i + 1] : 0))
    }
    counts = wider
    width = width &* 2
  }

  /// The greatest number within `span` of time, and when the last of them came. Units: nanoseconds.
  func most(within span: Int64) -> (count: Int, until: Int64) {
    let reach = max(1, Int(clamping: span / width))
    var best = (count: 0, until: first)
    var sum = 0
    for i in counts.indices {
      sum &+= Int(counts[i])
      if i >= reach { sum &-= Int(counts[i - reach]) }
      if sum > best.count { best = (sum, min(last, origin &+ Int64(i + 1) &* width)) }
    }
    return best
  }

  /// How many from `start` up to and including `end`.
  func count(from start: Int64, to end: Int64) -> Int {
    guard total > 0, start <= end, end >= origin else { return 0 }
    let low = max(0, Int(clamping: (max(start, origin) &- origin) / width))
    let high = Int(clamping: (end &- origin) / width)
    guard low < counts.count, low <= high else { return 0 }
    return counts[low...min(high, counts.count - 1)].reduce(0) { $0 &+ Int($1) }
  }
}
