/// The octets that passed toward one endpoint, and up to where they are contiguous.
struct ReceivedStream {
  /// RCV.NXT if everything that passed was received; nil before the first segment.
  private(set) var next: Int64?
  /// Ranges beyond `next`, ascending, apart from each other.
  private var islands: [Range<Int64>] = []

  /// More islands than this are no stream any more; the newest are forgotten.
  private static let islandLimit = 1024

  /// Takes in a segment; RSTs are not to be given.
  mutating func accept(_ segment: EvidenceSegment, midStream: Bool) {
    if next == nil { next = segment.flags.contains(.syn) || midStream ? segment.start : 0 }
    guard segment.end > segment.start, let edge = next else { return }
    if segment.start > edge {
      insert(segment.start..<segment.end)
    } else if segment.end > edge {
      advance(to: segment.end)
    }
  }

  /// Skips to `offset`, known to have been reached.
  mutating func advance(to offset: Int64) {
    guard offset > next ?? Int64.min else { return }
    var edge = offset
    var merged = 0
    while merged < islands.count, islands[merged].lowerBound <= edge {
      edge = max(edge, islands[merged].upperBound)
      merged += 1
    }
    islands.removeFirst(merged)
    next = edge
  }

  private mutating func insert(_ range: Range<Int64>) {
    // Arrivals are mostly ascending: look from the end.
    var after = islands.count
    while after > 0, islands[after - 1].lowerBound > range.lowerBound { after -= 1 }
    var merged = range
    var first = after
    if first > 0, islands[first - 1].upperBound >= range.lowerBound {
      first -= 1
      merged = islands[first].lowerBound..<max(islands[first].upperBound, range.upperBound)
    }
    var last = after
    while last < islands.count, islands[last].lowerBound <= merged.upperBound {
      merged = merged.lowerBound..<max(merged.upperBound, islands[last].upperBound)
      last += 1
    }
    if first == last, islands.count >= Self.islandLimit { return }
    islands.replaceSubrange(first..<last, with: CollectionOfOne(merged))
  }
}
