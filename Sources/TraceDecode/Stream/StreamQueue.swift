/// Segments that wait behind a hole: disjoint pieces in the order of the stream.
struct StreamQueue {
  /// Octets of one segment, as far as no other has taken their place.
  struct Piece {
    var range: Range<Int64>
    /// Everything its segment carried, by which policies judge.
    var segment: Range<Int64>
    var frame: UInt64
    var time: Int64
    /// nil where the snapshot length cut them off, or where only ranges are kept.
    var bytes: ArraySlice<UInt8>?
    var isCut: Bool

    /// What it costs to keep. Units: octets.
    var cost: Int { Self.overhead + (bytes?.count ?? 0) }
    static let overhead = 96

    /// The part of it within `part`, which must lie within its range.
    func narrowed(to part: Range<Int64>) -> Piece {
      var piece = self
      piece.range = part
      if let bytes {
        let from = bytes.startIndex + Int(part.lowerBound - range.lowerBound)
        let slice = bytes[from..<(from + part.count)]
        // A small slice must not keep a large array.
        piece.bytes = part.count * 2 < range.count ? ArraySlice(Array(slice)) : slice
      }
      return piece
    }
  }

  /// Ascending and disjoint; those before `head` have been taken.
  private var storage: [Piece] = []
  private var head = 0
  private(set) var cost = 0

  var isEmpty: Bool { head == storage.count }
  var count: Int { storage.count - head }
  var first: Piece? { isEmpty ? nil : storage[head] }
  var end: Int64? { isEmpty ? nil : storage.last?.range.upperBound }

  /// Index of the first piece that ends after `offset`.
  private func firstEnding(after offset: Int64) -> Int {
    var low = head
    var high = storage.count
    while low < high {
      let middle = (low + high) / 2
      if storage[middle].range.upperBound <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Puts `new` where it belongs; `judge` is told of every piece it meets and which of the two is kept.
  mutating func insert(
    _ new: Piece, _ policy: OverlapPolicy,
    judge: (_ old: Piece, _ overlap: Range<Int64>, _ keepsNew: Bool) -> Void
  ) {
    let from = firstEnding(after: new.range.lowerBound)
    var to = from
    var pieces: [Piece] = []
    /// Where the part of `new` that is not yet placed begins.
    var cursor = new.range.lowerBound
    while to < storage.count, storage[to].range.lowerBound < new.range.upperBound {
      let old = storage[to]
      to += 1
      let overlap = old.range.clamped(to: new.range)
      let keepsNew =
        old.isCut != new.isCut ? old.isCut : policy.prefersNew(new.segment, over: old.segment)
      judge(old, overlap, keepsNew)
      if keepsNew {
        if old.range.lowerBound < overlap.lowerBound {
          pieces.append(old.narrowed(to: old.range.lowerBound..<overlap.lowerBound))
        }
        if old.range.upperBound > overlap.upperBound {
          // Only the last piece it meets can reach beyond it.
          pieces.append(new.narrowed(to: cursor..<new.range.upperBound))
          pieces.append(old.narrowed(to: overlap.upperBound..<old.range.upperBound))
          cursor = new.range.upperBound
        }
      } else {
        if cursor < overlap.lowerBound { pieces.append(new.narrowed(to: cursor..<overlap.lowerBound)) }
        pieces.append(old)
        cursor = overlap.upperBound
      }
    }
    if cursor < new.range.upperBound { pieces.append(new.narrowed(to: cursor..<new.range.upperBound)) }
    for piece in storage[from..<to] { cost -= piece.cost }
    for piece in pieces { cost += piece.cost }
    storage.replaceSubrange(from..<to, with: pieces)
  }

  /// Takes the first piece.
  mutating func popFirst() -> Piece? {
    guard let piece = first else { return nil }
    cost -= piece.cost
    storage[head].bytes = nil
    head += 1
    if head == storage.count {
      storage.removeAll(keepingCapacity: storage.capacity <= 64)
      head = 0
    } else if head > 64, head * 2 > storage.count {
      storage.removeFirst(head)
      head = 0
    }
    return piece
  }

  /// Takes the first piece as far as `offset`, which lies beyond its beginning; the rest stays.
  mutating func popFirst(upTo offset: Int64) -> Piece? {
    guard let piece = first else { return nil }
    guard piece.range.upperBound > offset else { return popFirst() }
    let taken = piece.narrowed(to: piece.range.lowerBound..<offset)
    storage[head] = piece.narrowed(to: offset..<piece.range.upperBound)
    cost += storage[head].cost - piece.cost
    return taken
  }
}
