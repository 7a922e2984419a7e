/// An IPv4 or IPv6 address; IPv4 is held in its IPv4-mapped IPv6 form (RFC 4291 2.5.5.2).
public struct IPAddress: Hashable, Sendable, Comparable {
  /// The first eight octets, in network order as a number.
  public var high: UInt64
  /// The last eight octets, in network order as a number.
  public var low: UInt64

  @inlinable public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  @inlinable public init(v4: UInt32) {
    high = 0
    low = 0x0000_ffff_0000_0000 | UInt64(v4)
  }

  @inlinable public var isV4: Bool { high == 0 && low >> 32 == 0xffff }
  @inlinable public var v4: UInt32 { UInt32(truncatingIfNeeded: low) }

  @inlinable public static func < (a: IPAddress, b: IPAddress) -> Bool {
    a.high != b.high ? a.high < b.high : a.low < b.low
  }
}

extension IPAddress: CustomStringConvertible {
  /// Dotted quad, or the canonical text of RFC 5952.
  public var description: String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.textLimit) { buffer in
      String(decoding: buffer[..<write(to: buffer)], as: UTF8.self)
    }
  }

  /// Octets the longest text has: eight groups of four digits.
  public static let textLimit = 39

  /// Writes the text of `description` and returns its length.
  ///
  /// - Parameter buffer: At least `textLimit` octets.
  public func write(to buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var at = 0
    func put(_ byte: UInt8) {
      buffer[at] = byte
      at += 1
    }
    func decimal(_ n: UInt32) {
      if n >= 100 { put(48 &+ UInt8(truncatingIfNeeded: n / 100)) }
      if n >= 10 { put(48 &+ UInt8(truncatingIfNeeded: n / 10 % 10)) }
      put(48 &+ UInt8(truncatingIfNeeded: n % 10))
    }
    if isV4 {
      for shift in stride(from: UInt32(24), through: 0, by: -8) {
        decimal(v4 >> shift & 255)
        if shift > 0 { put(UInt8(ascii: ".")) }
      }
      return at
    }
    // The gap becomes "::".
    let gap = longestGap
    for i in 0..<8 {
      if i == gap.lowerBound {
        put(UInt8(ascii: ":"))
        if gap.upperBound == 8 { put(UInt8(ascii: ":")) }
      }
      if gap.contains(i) { continue }
      if i > 0 { put(UInt8(ascii: ":")) }
      putHex(group(i))
    }
    return at

    func putHex(_ group: UInt16) {
      // The four digits, the first in the lowest octet; of leading zeros only the last is written.
      let halves = UInt32(group.byteSwapped)
      let spread = (halves | halves &<< 8) & 0x00ff_00ff
      let digits = spread &>> 4 & 0x000f_000f | (spread & 0x000f_000f) &<< 8
      let letters = (digits &+ 0x0606_0606) &>> 4 & 0x0101_0101
      var text = digits &+ 0x3030_3030 &+ letters &* 39
      let zeros = min(3, digits.trailingZeroBitCount / 8)
      text &>>= UInt32(zeros * 8)
      // The longest text ends with four digits, so that there is room for four behind any group.
      UnsafeMutableRawBufferPointer(buffer).storeBytes(
        of: text.littleEndian, toByteOffset: at, as: UInt32.self)
      at += 4 - zeros
    }
  }

  /// The sixteen bits that stand at place `i` of eight.
  private func group(_ i: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: (i < 4 ? high : low) &>> UInt64(48 - 16 * (i & 3)))
  }

  /// The longest run of two or more zero groups, the first of equals; beyond the groups if there is none.
  private var longestGap: Range<Int> {
    var best = 8..<8
    var start = 0
    for i in 0..<8 {
      if group(i) != 0 {
        start = i + 1
      } else if i - start >= max(1, best.count) {
        best = start..<i + 1
      }
    }
    return best
  }
}

/// An address and a port.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
  public var address: IPAddress
  public var port: UInt16

  @inlinable public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// `10.0.0.1:80`, `[2001:db8::1]:80`.
  public var description: String { address.isV4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}
