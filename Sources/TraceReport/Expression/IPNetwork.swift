import TraceDecode

/// A block of IP addresses: `10.0.0.0/8`, or a single one.
struct IPNetwork: Sendable, Hashable {
  let high: UInt64
  let low: UInt64
  private let maskHigh: UInt64
  private let maskLow: UInt64

  func contains(_ address: IPAddress) -> Bool {
    address.high & maskHigh == high && address.low & maskLow == low
  }

  /// Nil when the text is no address, with or without a prefix length.
  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let address = IPAddress(parsing: parts[0]) else { return nil }
    var length = 128
    if parts.count == 2 {
      guard let written = Int(parts[1]), (0...(address.isV4 ? 32 : 128)).contains(written) else { return nil }
      length = address.isV4 ? 96 + written : written
    }
    maskHigh = length >= 64 ? .max : length == 0 ? 0 : .max << UInt64(64 - length)
    maskLow = length >= 128 ? .max : length <= 64 ? 0 : .max << UInt64(128 - length)
    high = address.high & maskHigh
    low = address.low & maskLow
  }
}

extension IPAddress {
  /// Reads a dotted quad or an IPv6 address (RFC 4291 2.2); nil for anything else.
  init?(parsing text: some StringProtocol) {
    if let v4 = Self.quad(text) {
      self.init(v4: v4)
      return
    }
    guard text.contains(":"), text.utf8.count <= 45 else { return nil }
    let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
    guard halves.count <= 2, let head = Self.groups(halves[0]) else { return nil }
    var groups = head
    if halves.count == 2 {
      guard let tail = Self.groups(halves[1]), head.count + tail.count < 8 else { return nil }
      groups += Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }
    guard groups.count == 8 else { return nil }
    let high = groups[..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    let low = groups[4...].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    self.init(high: high, low: low)
  }

  private static func quad(_ text: some StringProtocol) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard part.count <= 3, part.allSatisfy({ $0.isASCII && $0.isNumber }), let octet = UInt8(part) else {
        return nil
      }
      value = value << 8 | UInt32(octet)
    }
    return value
  }

  private static func groups(_ text: some StringProtocol) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (i, part) in parts.enumerated() {
      if i == parts.count - 1, let v4 = quad(part) {
        groups.append(UInt16(v4 >> 16))
        groups.append(UInt16(truncatingIfNeeded: v4))
        continue
      }
      guard (1...4).contains(part.count), let group = UInt16(part, radix: 16), part.first != "+" else {
        return nil
      }
      groups.append(group)
    }
    return groups
  }
}
