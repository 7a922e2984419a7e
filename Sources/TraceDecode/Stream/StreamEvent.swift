/// What happens in one direction of a stream, in the order of its octets; overlaps in the order of frames.
///
/// Space: offsets of the sender's stream; the first octet after the SYN is 1.
public enum StreamEvent {
  /// The next octets.
  case data(StreamData)
  /// The next octets are not to be had.
  case gap(StreamGap)
  /// Octets came again.
  case overlap(StreamOverlap)
  /// Nothing more will come.
  case end(StreamEnd)
}

/// Octets in their order, each once.
public struct StreamData {
  public var range: Range<Int64>
  /// Valid only within the call; empty where only ranges were asked for.
  public var bytes: UnsafeRawBufferPointer
  /// The segment that brought them, and when.
  public var frame: UInt64
  public var time: Int64
}

/// Octets of the stream that cannot be shown.
public struct StreamGap: Sendable, Hashable {
  public enum Reason: UInt8, Sendable {
    /// The receiver acknowledged them, the capture never held them.
    case notCaptured
    /// They passed, but the snapshot length cut them off.
    case cut
    /// They never passed and were never acknowledged.
    case neverSent
    /// Too much waited behind them: `Limits.bufferedOctets` or `Limits.segmentsPerFlow` was reached.
    case overflow

    public var words: String {
      switch self {
      case .notCaptured: "acknowledged, but not in the capture"
      case .cut: "cut off by the snapshot length"
      case .neverSent: "neither captured nor acknowledged"
      case .overflow: "still missing when the buffer was full"
      }
    }
  }
  public var range: Range<Int64>
  public var reason: Reason
  /// The frame at which it was given up, and its time.
  public var frame: UInt64
  public var time: Int64
}

/// Octets that two segments brought.
public struct StreamOverlap: Sendable, Hashable {
  public enum Verdict: UInt8, Sendable {
    case identical
    /// The same place in the stream, other octets.
    case conflicting
    /// The earlier octets are no longer at hand, or were not captured.
    case unjudged
  }
  public var range: Range<Int64>
  public var verdict: Verdict
  /// From the first octet that differs to the last.
  public var differing: Range<Int64>?
  /// nil when no longer known.
  public var earlierFrame: UInt64?
  public var laterFrame: UInt64
  public var time: Int64
  /// The later segment's octets stand in the stream.
  public var keepsLater: Bool
}

/// How one direction ended.
public struct StreamEnd: Sendable, Hashable {
  public enum Reason: UInt8, Sendable {
    case fin
    case reset
    /// The capture ended, or the flow was given up, before the stream did.
    case open
  }
  public var reason: Reason
  /// One past the last octet.
  public var offset: Int64
  public var facts: StreamFacts
}

/// What became of everything one side sent.
public struct StreamFacts: Sendable, Hashable {
  /// Octets handed on, and octets in gaps.
  public var delivered: Int64 = 0
  public var missing: Int64 = 0
  public var gaps = 0
  /// Octets that came again; the first reading of each is not among them.
  public var repeated: Int64 = 0
  public var conflicts = 0
  /// Octets that could no longer be compared with what came first.
  public var unjudged: Int64 = 0
  /// Octets before the first that was handed on, at the start of a stream whose SYN was not captured.
  public var beforeStart: Int64 = 0
  /// Segments farther ahead than any window reaches (RFC 7323 2.3), left out.
  public var outOfReach = 0
  /// A bound made the assembler give up waiting.
  public var overflowed = false
  public init() {}
}
