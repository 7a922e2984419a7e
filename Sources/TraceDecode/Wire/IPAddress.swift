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
    func group(_ i: Int) -> UInt16 {
      UInt16(truncatingIfNeeded: (i < 4 ? high : low) >> UInt64(48 - 16 * (i & 3)))
    }
    // The longest run of two or more zero groups, the first of equals, becomes "::".
    var best = (start: 8, count: 1)
    var run = (start: 0, count: 0)
    for i in 0..<8 {
      if group(i) != 0 {
        run.count = 0
        continue
      }
      if run.count == 0 { run.start = i }
      run.count += 1
      if run.count > best.count { best = run }
    }
    var i = 0
    while i < 8 {
      if i == best.start {
        put(UInt8(ascii: ":"))
        put(UInt8(ascii: ":"))
        i += best.count
        continue
      }
      if i > 0, i != best.start + best.count { put(UInt8(ascii: ":")) }
      let value = group(i)
      for shift in stride(from: UInt16(12), through: 0, by: -4) where shift == 0 || value >> shift != 0 {
        let digit = UInt8(truncatingIfNeeded: value >> shift & 15)
        put(digit < 10 ? 48 &+ digit : 87 &+ digit)
      }
      i += 1
    }
    return at
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
