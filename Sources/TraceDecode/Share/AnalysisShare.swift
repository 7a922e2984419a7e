/// One worker's share of a capture: it takes every frame, and keeps the flows of some pairs of addresses.
///
/// Pairs of addresses and not four-tuples, for what is learnt of the path between two hosts holds for all their
/// flows.
public struct AnalysisShare: Sendable, Hashable {
  public let index: Int
  public let count: Int
  /// A bit for each class of address pairs that it keeps.
  let classes: UInt64

  /// More workers than this find nothing to do.
  public static let most = AddressPair.classes

  /// The share of worker `index`, from 0, of `count`.
  public init(_ index: Int, of count: Int) {
    self.index = index
    self.count = count
    classes = (0..<AddressPair.classes).reduce(0) { $1 % max(1, count) == index ? $0 | 1 << $1 : $0 }
  }

  @inline(__always)
  static func keeps(_ a: IPAddress, _ b: IPAddress, _ classes: UInt64) -> Bool {
    classes >> UInt64(AddressPair.class(of: a, b)) & 1 != 0
  }
}
