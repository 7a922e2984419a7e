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
    if isV4 {
      let a = v4
      return "\(a >> 24).\(a >> 16 & 255).\(a >> 8 & 255).\(a & 255)"
    }
    var groups: [UInt16] = []
    groups.reserveCapacity(8)
    for word in [high, low] {
      for shift in stride(from: 48, through: 0, by: -16) {
        groups.append(UInt16(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    // The longest run of two or more zero groups, the first of equals, becomes "::".
    var best = (start: 0, count: 0)
    var run = (start: 0, count: 0)
    for (i, group) in groups.enumerated() {
      if group != 0 {
        run.count = 0
        continue
      }
      if run.count == 0 { run.start = i }
      run.count += 1
      if run.count > best.count { best = run }
    }
    guard best.count >= 2 else { return groups.map { String($0, radix: 16) }.joined(separator: ":") }
    let head = groups[..<best.start].map { String($0, radix: 16) }.joined(separator: ":")
    let tail = groups[(best.start + best.count)...].map { String($0, radix: 16) }.joined(separator: ":")
    return head + "::" + tail
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
