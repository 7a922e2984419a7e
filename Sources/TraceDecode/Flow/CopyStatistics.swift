/// A copy of a segment, as it is counted.
struct CopyNote: Sendable {
  var frame: UInt64
  /// It bears an identification, which proves it a copy.
  var isIdentified: Bool
  var lag: Int64
  var hasOtherTTL: Bool
  /// Segments of the capture until then.
  var packets: UInt64
}

/// What the copies in a capture have in common (P0.2e): their lag and how many there are.
struct CopyStatistics {
  private var lags: [Int64] = []
  private(set) var count: UInt64 = 0
  private(set) var withIdentification: UInt64 = 0
  private(set) var firstFrame: UInt64 = 0
  private(set) var withOtherTTL: UInt64 = 0
  /// A SYN-ACK without identification is a copy when it follows its like within this. Units: nanoseconds.
  private(set) var lag: Int64 = 2_000
  static let sampleLimit = 4096

  /// Notes a copy proved by its identification.
  mutating func note(_ copy: CopyNote) {
    if count == 0 { firstFrame = copy.frame }
    count &+= 1
    if copy.hasOtherTTL { withOtherTTL &+= 1 }
    if copy.isIdentified { withIdentification &+= 1 }
    if lags.count < Self.sampleLimit { lags.append(copy.lag) }
    if copy.isIdentified, withIdentification >= 3, withIdentification &* 100 >= 3 &* copy.packets,
      withIdentification.nonzeroBitCount == 1 || lags.count < 32
    {
      let sorted = lags.sorted()
      lag = max(2_000, 2 &* sorted[sorted.count &* 9 / 10])
    }
  }

  var medianLag: Int64 {
    let sorted = lags.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }

  /// The copies are the capture's: many, and alike in when they follow.
  func areCapture(packets: UInt64) -> Bool {
    guard count > 0, count &* 100 >= 3 &* packets || count >= 20 else { return false }
    let sorted = lags.sorted()
    guard !sorted.isEmpty else { return false }
    let median = sorted[sorted.count / 2]
    // One or two may be the network's, unless they follow faster than any path repeats.
    if count < 3 { return median <= 50_000 }
    return count &* 100 >= 20 &* packets || sorted[sorted.count &* 9 / 10] <= max(3 &* median, 50_000)
  }
}
