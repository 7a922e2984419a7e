/// What was judged of one frame; a frame without a verdict is an ordinary first transmission or ACK.
public struct FrameVerdict: OptionSet, Hashable, Sendable {
  public var rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
  public static let synRetransmission = FrameVerdict(rawValue: 1 << 0)
  public static let synAckRetransmission = FrameVerdict(rawValue: 1 << 1)
  public static let timeoutRetransmission = FrameVerdict(rawValue: 1 << 2)
  public static let lossRecoveryRetransmission = FrameVerdict(rawValue: 1 << 3)
  public static let fastRetransmission = FrameVerdict(rawValue: 1 << 4)
  public static let tailLossProbe = FrameVerdict(rawValue: 1 << 5)
  public static let pathMTURetransmission = FrameVerdict(rawValue: 1 << 6)
  public static let retransmission = FrameVerdict(rawValue: 1 << 7)
  public static let spurious = FrameVerdict(rawValue: 1 << 8)
  public static let outOfOrder = FrameVerdict(rawValue: 1 << 9)
  public static let duplicate = FrameVerdict(rawValue: 1 << 10)
  public static let keepAlive = FrameVerdict(rawValue: 1 << 11)
  public static let zeroWindowProbe = FrameVerdict(rawValue: 1 << 12)
  public static let windowFull = FrameVerdict(rawValue: 1 << 13)
  public static let zeroWindow = FrameVerdict(rawValue: 1 << 14)
  public static let duplicateAck = FrameVerdict(rawValue: 1 << 15)
  public static let lateOriginal = FrameVerdict(rawValue: 1 << 16)
  public static let badChecksum = FrameVerdict(rawValue: 1 << 17)
  public static let ambiguous = FrameVerdict(rawValue: 1 << 18)
}
