/// A remembered segment with its numbers unwrapped: what the inference of states and episodes reads.
public struct EvidenceSegment: Sendable {
  public var frame: UInt64
  /// Capture time. Units: nanoseconds since the epoch.
  public var time: Int64
  public var recordOffset: UInt64
  public var sender: Role
  public var flags: TCPFlags
  /// Space: stream offset of the sender, 0 = ISS; mid-stream the first octet seen is 1.
  public var start: Int64
  /// Space: stream offset, exclusive; SYN and FIN count one each.
  public var end: Int64
  /// Space: stream offset of the peer; `noAck` without the ACK flag or an unknown peer.
  public var ack: Int64
  /// SEG.WND scaled to octets.
  public var window: UInt32
  public var payload: UInt32
  public var seq: UInt32
  public var tsVal: UInt32
  public var tsEcr: UInt32
  public var hasTimestamps: Bool
  /// IPv4 identification; 0 also for IPv6.
  public var ipID: UInt16
  public var ttl: UInt8
  /// Which options it carries; a repeated SYN with fewer of them is a fallback.
  public var options: TCPOptionSet
  /// The first SACK block, empty when none; Space: stream offsets of the peer.
  public var sackLeft: Int64
  public var sackRight: Int64
  /// A copy made by the network or the capture: an arrival, not a sending (P0.2).
  public var isDuplicate: Bool
  public var isBadChecksum: Bool
  /// A SYN on a live four-tuple that belongs to no opening, or another segment known to be foreign (P8.7).
  public var isInjected: Bool
  /// Judged a retransmission (P1): it repeats octets, or fills a hole.
  public var isRetransmission: Bool
  /// Judged a keep-alive or window probe (P5).
  public var isProbe: Bool
  /// A RST that belongs to the flow's story but was sent by the socket of a newer incarnation (P8).
  public var isForNewerIncarnation: Bool

  /// The absent acknowledgement number.
  public static let noAck = Int64.min

  public init(frame: UInt64, time: Int64, sender: Role, flags: TCPFlags, start: Int64, end: Int64, ack: Int64)
  {
    self.frame = frame
    self.time = time
    recordOffset = 0
    self.sender = sender
    self.flags = flags
    self.start = start
    self.end = end
    self.ack = ack
    window = 0
    payload = 0
    seq = 0
    tsVal = 0
    tsEcr = 0
    hasTimestamps = false
    ipID = 0
    ttl = 0
    options = []
    sackLeft = 0
    sackRight = 0
    isDuplicate = false
    isBadChecksum = false
    isInjected = false
    isRetransmission = false
    isProbe = false
    isForNewerIncarnation = false
  }

  public var hasAck: Bool { ack != Self.noAck }

  /// The segment as evidence of an episode.
  public var ref: SegmentRef {
    SegmentRef(
      frame: frame, time: time, recordOffset: recordOffset, sender: sender, flags: flags, start: start,
      end: end, ack: hasAck ? ack : nil, window: window, payload: payload, seq: seq,
      tsVal: hasTimestamps ? tsVal : nil, tsEcr: hasTimestamps ? tsEcr : nil,
      sack: sackLeft < sackRight ? sackLeft..<sackRight : nil)
  }
}

/// What is known of one endpoint beside its segments.
public struct EndpointEvidence: Sendable {
  /// Capture point to this endpoint and back, the smallest clean sample (P0.6). Units: nanoseconds.
  public var rtt: Int64?
  /// The capture was taken beside this endpoint.
  public var isNear = false
  /// The half-RTT is unknown and the other is too small to tell (P0.6): far, of unknown distance.
  public var isUnknownDistance = false
  /// Ticks a second of its timestamp clock; nil when not affine (P0.4).
  public var tsHz: Int64?
  /// min over its segments of (t - TSval / hz), with the reference TSval it was reckoned from.
  public var tsOffset: Int64 = 0
  public var tsReference: UInt32 = 0
  /// Its IPv4 identifications count up by little (P0.3).
  public var ipIDIsCounter = false
  /// Its window shift is known and in effect.
  public var windowShift: UInt8 = 0
  public var mss: UInt16?
  /// Highest acknowledgement it sent, and highest end of data it sent, over the whole flow.
  public var maxAck: Int64 = 0
  public var maxEnd: Int64 = 0
  /// Contiguous octets toward this endpoint that passed, where the remembered tail begins.
  public var receivedBeforeTail: Int64 = 0
  public var smallestTTL: UInt8 = 0
  public var largestTTL: UInt8 = 0

  public init() {}

  /// One-way delay between the capture point and this endpoint, 0 when near.
  public var oneWay: Int64 { isNear ? 0 : (rtt ?? 0) / 2 }
}

/// Everything remembered of an incarnation, from which its states and stories are inferred.
///
/// `segments` is in capture order: the opening whole, then, where the flow was long, a leap, then the tail,
/// which reaches back at least to the oldest unacknowledged octet before the first FIN or accepted RST.
public struct FlowEvidence: Sendable {
  public var segments: [EvidenceSegment] = []
  /// Index in `segments` of the first one after the leap; nil when nothing was left out.
  public var tailStart: Int?
  public var originator = EndpointEvidence()
  public var responder = EndpointEvidence()
  /// The first captured segment was no SYN.
  public var midStream = false
  /// Both ends are the same address and port.
  public var selfConnection = false
  /// Only one side's segments were captured, more than four of them.
  public var oneWay = false
  public var sackPermitted = false
  /// A SYN carried data (RFC 7413).
  public var fastOpen = false
  /// ICMP errors that quote a segment of this incarnation; at most `Limits.evidence`.
  public var icmp: [ICMPError] = []
  /// The first octets of the first RST's payload, where it had one (RFC 9293 3.5.3).
  public var resetText: [UInt8] = []
  /// Time of the last frame of the whole capture so far; silence is reckoned to here.
  public var captureTime: Int64 = 0

  public init() {}
  @inlinable public subscript(role: Role) -> EndpointEvidence {
    _read { if role == .originator { yield originator } else { yield responder } }
    _modify { if role == .originator { yield &originator } else { yield &responder } }
  }
}
