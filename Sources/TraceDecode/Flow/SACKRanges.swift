/// The SACK blocks of a segment as stream offsets of the peer; the D-SACK block is apart (RFC 2883 4).
///
/// A value without an array, for segments with blocks come by the thousand while a loss is repaired.
struct SACKRanges {
  private(set) var dsack: Range<Int64>?
  private var count = 0
  private var ranges = (Self.none, Self.none, Self.none, Self.none)
  private static let none: Range<Int64> = 0..<0

  /// nil where there is no block that runs forward.
  ///
  /// - Parameters:
  ///   - sack: as they are in the segment.
  ///   - ack: its acknowledgement. Space: offsets of the peer.
  ///   - peer: whose octets are reported.
  init?(_ sack: SACKBlocks, ack: Int64, of peer: UnsafePointer<Direction>) {
    for i in 0..<Int(sack.count) {
      let left = peer.pointee.offset(sack[i].left)
      let right = peer.pointee.offset(sack[i].right)
      if left < right { append(left..<right) }
    }
    if count == 0 { return nil }
    let first = ranges.0
    let isInSecond =
      count > 1 && first.lowerBound >= ranges.1.lowerBound && first.upperBound <= ranges.1.upperBound
    if first.upperBound <= ack || isInSecond { dsack = first }
  }

  private mutating func append(_ range: Range<Int64>) {
    switch count {
    case 0: ranges.0 = range
    case 1: ranges.1 = range
    case 2: ranges.2 = range
    default: ranges.3 = range
    }
    count &+= 1
  }

  /// Of all but the D-SACK block.
  var indices: Range<Int> { (dsack == nil ? 0 : 1)..<count }

  subscript(i: Int) -> Range<Int64> {
    switch i {
    case 0: ranges.0
    case 1: ranges.1
    case 2: ranges.2
    default: ranges.3
    }
  }
}
