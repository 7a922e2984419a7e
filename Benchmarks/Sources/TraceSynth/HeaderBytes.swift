/// The headers of one frame, written front to back.
struct HeaderBytes {
  static let capacity = 192
  let base: UnsafeMutablePointer<UInt8>
  private(set) var count = 0

  init(in buffer: UnsafeMutablePointer<UInt8>) { base = buffer }

  mutating func put8(_ value: UInt8) {
    base[count] = value
    count += 1
  }

  mutating func put16(_ value: Int) {
    set16(value, at: count)
    count += 2
  }

  mutating func put32(_ value: UInt32) {
    put16(Int(value >> 16))
    put16(Int(value & 0xffff))
  }

  mutating func put(_ address: Address, octets: Int) {
    put32(address.words.0)
    guard octets == 16 else { return }
    put32(address.words.1)
    put32(address.words.2)
    put32(address.words.3)
  }

  func set16(_ value: Int, at offset: Int) {
    base[offset] = UInt8(truncatingIfNeeded: value >> 8)
    base[offset + 1] = UInt8(truncatingIfNeeded: value)
  }

  /// The sum of 16-bit words of a range of even length.
  func sum(_ range: Range<Int>) -> UInt64 {
    var total: UInt64 = 0
    var i = range.lowerBound
    while i + 1 < range.upperBound {
      total &+= UInt64(base[i]) << 8 | UInt64(base[i + 1])
      i += 2
    }
    return total
  }

  /// The Internet checksum of a sum.
  /// Source: RFC 1071.
  static func checksum(_ sum: UInt64) -> Int {
    var folded = sum
    while folded >> 16 != 0 { folded = (folded & 0xffff) + (folded >> 16) }
    return Int(~folded & 0xffff)
  }
}

/// An IPv6 address, or an IPv4 address in the first word.
struct Address {
  var words: (UInt32, UInt32, UInt32, UInt32)
}
