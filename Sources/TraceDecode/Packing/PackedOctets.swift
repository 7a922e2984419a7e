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

  /// - Parameter start: room for everything that will be written.
  init(_ start: UnsafeMutableRawPointer) { self.start = start.assumingMemoryBound(to: UInt8.self) }

  @inline(__always)
  mutating func put<T: FixedWidthInteger>(_ value: T) {
    UnsafeMutableRawPointer(start + count).storeBytes(of: value, as: T.self)
    count &+= MemoryLayout<T>.size
  }

  /// Writes which of the words are not zero, and of each of these which octets, and them.
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
    let place = count
    count &+= 1
    var present: UInt8 = 0
    var rest = word
    while rest != 0 {
      let octet = rest.trailingZeroBitCount >> 3
      present |= 1 << UInt8(octet)
      start[count] = UInt8(truncatingIfNeeded: word >> UInt64(octet &* 8))
      count &+= 1
      rest &= ~(0xff << UInt64(octet &* 8))
    }
    start[place] = present
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
    var word: UInt64 = 0
    var present = take(UInt8.self)
    while present != 0 {
      word |= UInt64(take(UInt8.self)) << UInt64(present.trailingZeroBitCount &* 8)
      present &= present &- 1
    }
    return word
  }
}
