/// Eight words at a time: what a flow's memory is packed and unpacked in.
///
/// A word is written as what it differs by from a guess that reader and writer share: of a good guess nothing is
/// left to write, of a fair one the few octets that are not zero.
typealias PackedWords = SIMD8<UInt64>

/// Writes a flow's octets one after the other.
struct PackedWriter {
  private let start: UnsafeMutablePointer<UInt8>
  private(set) var count = 0

  /// Octets that eight words take at most.
  static let most = 1 + 8 * 9
  /// Octets beyond the last one that a writer may write over and a reader may read.
  static let slack = 8

  /// - Parameter start: room for everything that will be written.
  init(_ start: UnsafeMutableRawPointer) { self.start = start.assumingMemoryBound(to: UInt8.self) }

  @inline(__always)
  mutating func put<T: FixedWidthInteger>(_ value: T) {
    UnsafeMutableRawPointer(start + count).storeBytes(of: value, as: T.self)
    count &+= MemoryLayout<T>.size
  }

  /// Writes which of the words are not zero, and of each of these the octets from its lowest to its highest that
  /// is not zero, and which these are.
  mutating func put(_ words: PackedWords) {
    let place = count
    count &+= 1
    var present: UInt8 = 0
    for i in 0..<8 where words[i] != 0 {
      present |= 1 << UInt8(i)
      put(word: words[i])
    }
    start[place] = present
  }

  @inline(__always)
  private mutating func put(word: UInt64) {
    let low = word.trailingZeroBitCount >> 3
    let octets = 8 &- word.leadingZeroBitCount >> 3 &- low
    start[count] = UInt8(truncatingIfNeeded: octets << 4 | low)
    // All eight, of which those beyond are written over.
    UnsafeMutableRawPointer(start + (count &+ 1)).storeBytes(
      of: (word &>> UInt64(low &* 8)).littleEndian, as: UInt64.self)
    count &+= 1 &+ octets
  }
}

/// Reads what a `PackedWriter` wrote, in the same order.
struct PackedReader {
  private let start: UnsafePointer<UInt8>
  private var count = 0

  init(_ start: UnsafeRawPointer) { self.start = start.assumingMemoryBound(to: UInt8.self) }

  @inline(__always)
  mutating func take<T: FixedWidthInteger>(_ type: T.Type) -> T {
    let value = UnsafeRawPointer(start + count).loadUnaligned(as: T.self)
    count &+= MemoryLayout<T>.size
    return value
  }

  mutating func takeWords() -> PackedWords {
    var words = PackedWords(repeating: 0)
    var present = take(UInt8.self)
    while present != 0 {
      words[present.trailingZeroBitCount] = takeWord()
      present &= present &- 1
    }
    return words
  }

  @inline(__always)
  private mutating func takeWord() -> UInt64 {
    let shape = Int(start[count])
    let octets = shape >> 4
    let word = UInt64(
      littleEndian: UnsafeRawPointer(start + (count &+ 1)).loadUnaligned(as: UInt64.self))
    count &+= 1 &+ octets
    return (word & UInt64.max &>> UInt64(64 &- octets &* 8)) &<< UInt64((shape & 7) &* 8)
  }
}
