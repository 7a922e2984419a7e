/// A four-tuple in canonical order, so that both directions give one key.
struct FlowKey: Equatable {
  var low: SocketAddress
  var high: SocketAddress

  /// The key of a segment, and whether its source is the lower end.
  @inline(__always)
  init(_ s: Segment, sourceIsLow: inout Bool) {
    let a = s.source
    let b = s.destination
    sourceIsLow =
      a.high != b.high
      ? a.high < b.high : a.low != b.low ? a.low < b.low : s.sourcePort <= s.destinationPort
    if sourceIsLow {
      low = SocketAddress(address: a, port: s.sourcePort)
      high = SocketAddress(address: b, port: s.destinationPort)
    } else {
      low = SocketAddress(address: b, port: s.destinationPort)
      high = SocketAddress(address: a, port: s.sourcePort)
    }
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

/// Seeded multiply-fold hashing: what a capture's author cannot aim at, and cheap.
enum SeededHash {
  /// 64 x 64 -> 128 bits, the halves xored.
  @inline(__always)
  static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }
}
