/// A segment as evidence: which frame, and what of it counts.
public struct SegmentRef: Sendable, Hashable {
  public var frame: UInt64
  /// Units: nanoseconds since the epoch.
  public var time: Int64
  /// Byte offset of the record in its file; 0 when live.
  public var recordOffset: UInt64
  /// Who sent it.
  public var sender: Role
  public var flags: TCPFlags
  /// Space: stream offset of the sender, 0 = ISS (or the octet before the first seen, mid-stream).
  public var start: Int64
  /// Space: stream offset, exclusive; SYN and FIN count one each.
  public var end: Int64
  /// Space: stream offset of the peer; nil without the ACK flag.
  public var ack: Int64?
  /// SEG.WND, scaled to octets.
  public var window: UInt32
  public var payload: UInt32
  /// SEG.SEQ as on the wire.
  public var seq: UInt32
  public var tsVal: UInt32?
  public var tsEcr: UInt32?
  /// First SACK block; Space: stream offsets of the peer.
  public var sack: Range<Int64>?

  public init(
    frame: UInt64, time: Int64, recordOffset: UInt64, sender: Role, flags: TCPFlags, start: Int64,
    end: Int64, ack: Int64?, window: UInt32, payload: UInt32, seq: UInt32, tsVal: UInt32? = nil,
    tsEcr: UInt32? = nil, sack: Range<Int64>? = nil
  ) {
    self.frame = frame
    self.time = time
    self.recordOffset = recordOffset
    self.sender = sender
    self.flags = flags
    self.start = start
    self.end = end
    self.ack = ack
    self.window = window
    self.payload = payload
    self.seq = seq
    self.tsVal = tsVal
    self.tsEcr = tsEcr
    self.sack = sack
  }
}
