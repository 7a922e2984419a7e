/// Which of two segments gives the octets that both carry.
///
/// A receiver takes what stands next in its stream at once and for good; only what waits behind a hole can be
/// replaced, and stacks differ in when they do. `last` also lets a repeat replace octets that are not yet
/// acknowledged.
/// Source: Novak and Sturges, "Target-Based TCP Stream Reassembly" (2007).
public enum OverlapPolicy: String, Sendable, CaseIterable {
  /// The one that came first.
  case first
  /// The one that came last, until its octets are acknowledged.
  case last
  /// The first, unless the later one begins before it or begins with it and ends beyond it.
  case linux
  /// The first, unless the later one begins before it.
  case windows
  /// The first, unless the later one begins before it.
  case bsd

  /// Whether the later segment, `new`, replaces what `old` has brought.
  func prefersNew(_ new: Range<Int64>, over old: Range<Int64>) -> Bool {
    switch self {
    case .first: false
    case .last: true
    case .windows, .bsd: new.lowerBound < old.lowerBound
    case .linux:
      new.lowerBound < old.lowerBound
        || new.lowerBound == old.lowerBound && new.upperBound > old.upperBound
    }
  }

  /// Octets wait for their acknowledgement before they are handed on.
  var waitsForAck: Bool { self == .last }
}
