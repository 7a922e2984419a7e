/// A four-tuple in canonical order, so that both directions give one key.
struct FlowKey: Equatable {
  var low: SocketAddress
  var high: SocketAddress

  /// Whether the source of `s`, a segment of this four-tuple, is its lower end.
  @inline(__always)
  func isLow(sourceOf s: borrowing Segment) -> Bool {
    guard s.sourcePort == low.port else { return false }
    return s.source == low.address
  }

  /// Whether the source of `s` is the lower end of its four-tuple.
  @inline(__always)
  static func sourceIsLow(_ s: borrowing Segment) -> Bool {
    let (a, b) = (s.source, s.destination)
    if a.high != b.high { return a.high < b.high }
    if a.low != b.low { return a.low < b.low }
    return s.sourcePort <= s.destinationPort
  }

  /// Whether this is the four-tuple of `s`.
  @inline(__always)
  func matches(_ s: borrowing Segment, sourceIsLow: Bool) -> Bool {
    let ports = UInt32(s.sourcePort) << 16 | UInt32(s.destinationPort)
    let (a, b) = (s.source, s.destination)
    return sourceIsLow
      ? ports == UInt32(low.port) << 16 | UInt32(high.port) && a == low.address && b == high.address
      : ports == UInt32(high.port) << 16 | UInt32(low.port) && a == high.address && b == low.address
  }

  /// The key of a segment, and whether its source is the lower end.
  @inline(__always)
  init(_ s: borrowing Segment, sourceIsLow: inout Bool) {
    let a = s.source
    let b = s.destination
    sourceIsLow = Self.sourceIsLow(s)
    if sourceIsLow {
      low = SocketAddress(address: a, port: s.sourcePort)
      high = SocketAddress(address: b, port: s.destinationPort)
    } else {
      low = SocketAddress(address: b, port: s.destinationPort)
      high = SocketAddress(address: a, port: s.sourcePort)
    }
  }

  /// The key of two ends that are known to be in order.
  @inline(__always)
  init(inOrder low: SocketAddress, _ high: SocketAddress) {
    self.low = low
    self.high = high
  }

  init(_ x: SocketAddress, _ y: SocketAddress) {
    let xFirst = x.address != y.address ? x.address < y.address : x.port <= y.port
    low = xFirst ? x : y
    high = xFirst ? y : x
  }

  @inline(__always)
  func hash(seed: UInt64) -> UInt32 {
    let ports = UInt64(low.port) << 16 | UInt64(high.port)
    var h = SeededHash.fold(low.address.low ^ seed, high.address.low ^ 0xa076_1d64_78bd_642f)
    if low.address.high | high.address.high != 0 {
      h ^= SeededHash.fold(low.address.high ^ 0xe703_7ed1_a0b4_28db, high.address.high ^ seed)
    }
    h = SeededHash.fold(h ^ 0x8ebc_6af0_9c88_c6e3, ports ^ seed)
    return UInt32(truncatingIfNeeded: h ^ h >> 32)
  }
}

/// What the flow of a segment is looked up by: the hash of its four-tuple, and whether its source is the lower end.
struct FlowHash {
  var value: UInt32
  var sourceIsLow: Bool

  init() {
    value = 0
    sourceIsLow = false
  }

  @inline(__always)
  init(_ s: borrowing Segment, seed: UInt64) {
    sourceIsLow = false
    value = FlowKey(s, sourceIsLow: &sourceIsLow).hash(seed: seed)
  }
}

/// Seeded multiply-fold hashing: what a capture's author cannot aim at, and cheap.
enum SeededHash {
  /// 64 x 64 -> 128 bits, the halves xored.
  @inline(__always)
  static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }
}
