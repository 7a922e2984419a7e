import TraceDecode

/// What the reader of a capture knows that no frame tells.
public struct CaptureFacts: Sendable {
  /// `pcap`, `pcapng`, `live`; nil when not known.
  public var format: String?
  public var linkTypes: [LinkType] = []
  /// The snapshot length the capture was taken with; nil when unlimited or unknown.
  public var snapLength: UInt32?
  /// Where the file ends in the middle of a record, or is damaged. Units: byte offset in the file.
  public var truncatedAt: UInt64?
  /// What was wrong there, in the reader's words.
  public var damage: String?
  /// Frames the kernel dropped for want of buffer, and the interface before it; nil when not counted.
  public var dropsBySystem: UInt64?
  public var dropsByInterface: UInt64?
  /// The filter expression the capture was taken with, when the file says so.
  public var filter: String?

  public init() {}

  /// Frames the capture is known to lack; 0 when nothing was counted.
  public var drops: UInt64 { (dropsBySystem ?? 0) &+ (dropsByInterface ?? 0) }
}
