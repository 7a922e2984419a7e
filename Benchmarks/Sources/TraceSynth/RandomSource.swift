/// Random numbers that are the same on every machine: xoshiro256**, seeded by splitmix64.
///
/// Only integer steps and IEEE operations that round exactly are used, so a seed gives the same bytes everywhere.
struct RandomSource {
  private var a: UInt64
  private var b: UInt64
  private var c: UInt64
  private var d: UInt64

  init(seed: UInt64) {
    var state = seed
    func word() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
    a = word()
    b = word()
    c = word()
    d = word()
  }

  mutating func word() -> UInt64 {
    let scrambled = b &* 5
    let result = ((scrambled << 7) | (scrambled >> 57)) &* 9
    let t = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = (d << 45) | (d >> 19)
    return result
  }

  mutating func word32() -> UInt32 { UInt32(truncatingIfNeeded: word() >> 32) }

  mutating func flip() -> Bool { word() >> 63 == 1 }

  /// A number in 0 ..< 1.
  mutating func unit() -> Double { Double(word() >> 11) * 0x1p-53 }

  /// True with the given probability; draws nothing for 0, so that a share that is off changes nothing else.
  mutating func chance(_ probability: Double) -> Bool { probability > 0 && unit() < probability }

  /// A number in 0 ..< `bound`.
  mutating func below(_ bound: Int) -> Int { Int(((word() >> 32) &* UInt64(bound)) >> 32) }

  /// A count of at least 1 from a Pareto distribution of tail index 1.2, cut at a million.
  ///
  /// The index is fixed at 6/5 because u^(-5/6) then needs a square root and a cube root only, and no `pow`, whose
  /// last digit differs between machines.
  mutating func heavyTail(mean: Double) -> Int {
    let least = mean / 6
    let root = Self.cubeRoot((1 - unit()).squareRoot())
    let value = least / (root * root * root * root * root)
    return value < 1 ? 1 : value > 1e6 ? 1_000_000 : Int(value)
  }

  /// Newton's iteration from above for 0 < x <= 1.
  private static func cubeRoot(_ x: Double) -> Double {
    var y = 1.0
    while true {
      let next = (2 * y + x / (y * y)) / 3
      guard next < y else { return y }
      y = next
    }
  }
}
