/// A segment on its way into a stream: whose it is, where its octets stand, and what was judged of it.
///
/// The octets are borrowed: they are valid only within the call that hands them over.
public struct StreamSegment {
  /// What keeps a segment's octets out of its receiver's stream.
  public struct Standing: OptionSet, Sendable {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// A copy made by the network or the capture.
    public static let duplicate = Standing(rawValue: 1 << 0)
    public static let badChecksum = Standing(rawValue: 1 << 1)
    /// Foreign to the connection: its receiver does not take it.
    public static let injected = Standing(rawValue: 1 << 2)
    /// Its octet is garbage that the receiver has already (RFC 9293 3.8.4).
    public static let keepAlive = Standing(rawValue: 1 << 3)
  }

  public var sender: Role
  public var frame: UInt64
  /// Units: nanoseconds since the Unix epoch.
  public var time: Int64
  public var flags: TCPFlags
  public var standing: Standing
  /// Place of its first payload octet. Space: the sender's stream, 0 = ISS.
  public var start: Int64
  /// Octets of payload on the wire.
  public var length: Int64
  /// The payload as far as it was captured.
  public var bytes: UnsafeRawBufferPointer
  /// What it acknowledges. Space: the peer's stream; nil without ACK, and while that is unknown.
  public var ack: Int64?
  /// The sender's SYN was captured, so that its stream is known to begin at 1.
  public var knowsStart: Bool
  /// SEG.WND, scaled to octets.
  public var window: UInt32 = 0
  /// SEG.SEQ as on the wire.
  public var seq: UInt32 = 0
  /// Its SACK blocks in the order of the option. Space: the peer's stream.
  public var sack: [Range<Int64>] = []

  public init(
    sender: Role, frame: UInt64, time: Int64, flags: TCPFlags = .ack, standing: Standing = [], start: Int64,
    length: Int64, bytes: UnsafeRawBufferPointer, ack: Int64? = nil, knowsStart: Bool = true
  ) {
    self.sender = sender
    self.frame = frame
    self.time = time
    self.flags = flags
    self.standing = standing
    self.start = start
    self.length = length
    self.bytes = bytes
    self.ack = ack
    self.knowsStart = knowsStart
  }

  /// One past its last payload octet.
  public var end: Int64 { start &+ length }

  /// The segment as the ladders name it, without the place of its record and its timestamps.
  public var reference: SegmentRef {
    let syn: Int64 = flags.contains(.syn) ? 1 : 0
    return SegmentRef(
      frame: frame, time: time, recordOffset: 0, sender: sender, flags: flags, start: start &- syn,
      end: end &+ (flags.contains(.fin) ? 1 : 0), ack: ack, window: window,
      payload: UInt32(clamping: length), seq: seq, sack: sack.first)
  }
}

extension StreamSegment {
  /// A segment as a flow has just taken it in.
  init(_ s: Segment, _ r: SegmentRecord, _ a: Arrival, knowsStart: Bool, bytes: UnsafeRawBufferPointer) {
    var standing: Standing = []
    if r.marks.contains(.duplicate) { standing.insert(.duplicate) }
    if r.marks.contains(.badChecksum) { standing.insert(.badChecksum) }
    if r.marks.contains(.injected) { standing.insert(.injected) }
    if r.marks.contains(.keepAlive) { standing.insert(.keepAlive) }
    self.init(
      sender: a.role, frame: s.frame, time: s.time, flags: s.flags, standing: standing,
      start: a.start &+ (s.flags.contains(.syn) ? 1 : 0), length: Int64(s.payloadLength), bytes: bytes,
      ack: a.hasAck ? a.ack : nil, knowsStart: knowsStart)
    window = r.window
    seq = s.seq
  }
}
