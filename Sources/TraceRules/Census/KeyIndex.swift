import TraceDecode

/// Numbers keys in the order in which they first came.
///
/// Open addressing over places of two octets: a look-up costs some thirty instructions, where a `Dictionary`
/// takes some three hundred to hash an address.
/// Limits: 65,534 keys.
struct KeyIndex<Key: Scattered>: Sendable {
  private(set) var keys: [Key] = []
  /// One more than a place in `keys`; 0 is free. A power of two of them, at most half taken.
  private var slots: [UInt16] = []
  private let seed = Scatter.seedOfRun

  var count: Int { keys.count }

  /// The key's number, a new one's included; nil when it is new and there are `limit` already.
  @discardableResult
  mutating func place(of key: Key, limit: Int) -> Int? {
    if keys.count &* 2 >= slots.count { grow() }
    var i = start(of: key)
    while slots[i] != 0 {
      let place = Int(slots[i]) &- 1
      if keys[place] == key { return place }
      i = (i &+ 1) & (slots.count &- 1)
    }
    guard keys.count < min(limit, Int(UInt16.max) - 1) else { return nil }
    keys.append(key)
    slots[i] = UInt16(truncatingIfNeeded: keys.count)
    return keys.count &- 1
  }

  /// Where the search for a key begins.
  @inline(__always)
  private func start(of key: Key) -> Int {
    var scatter = Scatter(seed: seed)
    key.scatter(into: &scatter)
    return Int(truncatingIfNeeded: scatter.value) & (slots.count &- 1)
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: max(16, slots.count &* 2))
    for (place, key) in keys.enumerated() {
      var i = start(of: key)
      while slots[i] != 0 { i = (i &+ 1) & (slots.count &- 1) }
      slots[i] = UInt16(truncatingIfNeeded: place &+ 1)
    }
  }
}

/// What a `KeyIndex` can number.
protocol Scattered: Equatable, Sendable {
  func scatter(into scatter: inout Scatter)
}

/// A hash of a few words, with a seed of the run: nobody can send addresses that fall together.
struct Scatter {
  private let seed: UInt64
  private(set) var value: UInt64
  static let seedOfRun = UInt64.random(in: .min ... .max)

  @inline(__always)
  init(seed: UInt64) {
    self.seed = seed
    value = seed
  }

  @inline(__always)
  mutating func take(_ word: UInt64) {
    // Both halves of the product, so that every bit of the word reaches the low ones.
    let product = (value ^ word).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
    value = product.high ^ product.low &+ seed
  }
}

extension IPAddress: Scattered {
  @inline(__always)
  func scatter(into scatter: inout Scatter) {
    scatter.take(high)
    scatter.take(low)
  }
}

extension SocketAddress: Scattered {
  @inline(__always)
  func scatter(into scatter: inout Scatter) {
    address.scatter(into: &scatter)
    scatter.take(UInt64(port))
  }
}
