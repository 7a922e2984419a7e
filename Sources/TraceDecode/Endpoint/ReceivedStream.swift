/// The octets that passed toward one endpoint, and up to where they are contiguous.
struct ReceivedStream {
  /// RCV.NXT if everything that passed was received; nil before the first segment.
  private(set) var next: Int64?
  /// What lies beyond `next`.
  private var islands = IntervalSet(limit: 1024)

  /// Takes in a segment; RSTs are not to be given.
  mutating func accept(_ segment: EvidenceSegment, midStream: Bool) {
    if next == nil { next = segment.flags.contains(.syn) || midStream ? segment.start : 0 }
    guard segment.end > segment.start, let edge = next else { return }
    if segment.start > edge {
      islands.insert(segment.start, segment.end)
    } else {
      advance(to: segment.end)
    }
  }

  /// Skips to `offset`, known to have been reached.
  mutating func advance(to offset: Int64) {
    guard offset > next ?? Int64.min else { return }
    var edge = offset
    while let island = islands.popFirst(reaching: edge) { edge = max(edge, island.upperBound) }
    next = edge
  }
}
