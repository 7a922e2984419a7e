/// Pairs of addresses sorted into classes: what flows of one pair may share, flows of two classes never do.
///
/// A class is what one of several workers answers for (`AnalysisShare`), so every bound that is met within it
/// is met alike however many workers there are.
enum AddressPair {
  static let classes = 64

  /// The class of two addresses, in either order.
  @inline(__always)
  static func `class`(of a: IPAddress, _ b: IPAddress) -> Int {
    let low = SeededHash.fold(
      (a.low &+ b.low) ^ 0x9e6c_63d0_876a_3f6b, (a.low ^ b.low) ^ 0xc8b4_7d1f_02c9_5ae5)
    let high = SeededHash.fold((a.high &+ b.high) ^ low, (a.high ^ b.high) ^ 0xa076_1d64_78bd_642f)
    return Int(truncatingIfNeeded: high) & (classes &- 1)
  }
}
