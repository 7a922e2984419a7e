/// Disjoint ranges of stream offsets, ascending; bounded, the oldest merge when it is full.
struct IntervalSet {
  private(set) var ranges: [Range<Int64>] = []
  let limit: Int
  /// It has been full: its ranges may hold what was never put in.
  private(set) var isCoarse = false

  init(limit: Int) { self.limit = limit }

  var isEmpty: Bool { ranges.isEmpty }
  var top: Int64? { ranges.last?.upperBound }

  /// Index of the first range that ends at or after `offset`.
  private func firstReaching(_ offset: Int64) -> Int {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low &+ high) / 2
      if ranges[middle].upperBound < offset { low = middle &+ 1 } else { high = middle }
    }
    return low
  }

  /// Adds `start ..< end`, joining what it touches.
  mutating func insert(_ start: Int64, _ end: Int64) {
    guard start < end else { return }
    let i = firstReaching(start)
    var from = start
    var to = end
    var j = i
    while j < ranges.count, ranges[j].lowerBound <= end {
      from = min(from, ranges[j].lowerBound)
      to = max(to, ranges[j].upperBound)
      j &+= 1
    }
    ranges.replaceSubrange(i..<j, with: CollectionOfOne(from..<to))
    if ranges.count > limit {
      isCoarse = true
      ranges[1] = ranges[0].lowerBound..<ranges[1].upperBound
      ranges.removeFirst()
    }
  }

  /// Octets of `start ..< end` that are in the set.
  func coverage(_ start: Int64, _ end: Int64) -> Int64 {
    var sum: Int64 = 0
    var i = firstReaching(start)
    while i < ranges.count, ranges[i].lowerBound < end {
      sum &+= max(0, min(end, ranges[i].upperBound) &- max(start, ranges[i].lowerBound))
      i &+= 1
    }
    return sum
  }

  func contains(_ start: Int64, _ end: Int64) -> Bool { coverage(start, end) == end &- start }

  /// The range that holds the octet at `offset`.
  func range(at offset: Int64) -> Range<Int64>? {
    let i = firstReaching(offset &+ 1)
    guard i < ranges.count, ranges[i].contains(offset) else { return nil }
    return ranges[i]
  }

  /// Removes one of its ranges.
  mutating func remove(_ range: Range<Int64>) { ranges.removeAll { $0 == range } }

  /// Removes everything below `offset`.
  mutating func removeBelow(_ offset: Int64) {
    guard let first = ranges.first, first.lowerBound < offset else { return }
    var i = 0
    while i < ranges.count, ranges[i].upperBound <= offset { i &+= 1 }
    ranges.removeSubrange(..<i)
    if let first = ranges.first, first.lowerBound < offset { ranges[0] = offset..<first.upperBound }
  }

  /// Removes and returns the first range when it starts at or below `offset`.
  mutating func popFirst(reaching offset: Int64) -> Range<Int64>? {
    guard let first = ranges.first, first.lowerBound <= offset else { return nil }
    return ranges.removeFirst()
  }
}
