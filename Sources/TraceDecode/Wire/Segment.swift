/// The control bits of a TCP header (RFC 9293 3.1, RFC 3168, RFC 9768).
public struct TCPFlags: OptionSet, Hashable, Sendable {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let fin = TCPFlags(rawValue: 0x001)
  public static let syn = TCPFlags(rawValue: 0x002)
  public static let rst = TCPFlags(rawValue: 0x004)
  public static let psh = TCPFlags(rawValue: 0x008)
  public static let ack = TCPFlags(rawValue: 0x010)
  public static let urg = TCPFlags(rawValue: 0x020)
  public static let ece = TCPFlags(rawValue: 0x040)
  public static let cwr = TCPFlags(rawValue: 0x080)
  public static let ae = TCPFlags(rawValue: 0x100)
}

/// What is known of a TCP checksum.
public enum ChecksumState: UInt8, Sendable {
  /// Not all octets were captured, or the field is 0.
  case unknown
  case good
  /// Only the pseudo-header is summed: the sender's interface was to finish it.
  case offload
  case bad
}

/// Which TCP options a segment carries.
public struct TCPOptionSet: OptionSet, Hashable, Sendable {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let mss = TCPOptionSet(rawValue: 1 << 0)
  public static let windowScale = TCPOptionSet(rawValue: 1 << 1)
  public static let sackPermitted = TCPOptionSet(rawValue: 1 << 2)
  public static let sack = TCPOptionSet(rawValue: 1 << 3)
  public static let timestamps = TCPOptionSet(rawValue: 1 << 4)
  public static let fastOpen = TCPOptionSet(rawValue: 1 << 5)
  public static let mptcp = TCPOptionSet(rawValue: 1 << 6)
  public static let md5 = TCPOptionSet(rawValue: 1 << 7)
  public static let authentication = TCPOptionSet(rawValue: 1 << 8)
  public static let userTimeout = TCPOptionSet(rawValue: 1 << 9)
  public static let experimental = TCPOptionSet(rawValue: 1 << 10)
  public static let accECN = TCPOptionSet(rawValue: 1 << 11)
  public static let unknown = TCPOptionSet(rawValue: 1 << 12)
  /// A length below 2, beyond the header, or not the one its kind demands.
  public static let malformed = TCPOptionSet(rawValue: 1 << 13)
  /// The option area was cut by the snapshot length.
  public static let truncated = TCPOptionSet(rawValue: 1 << 14)
}

/// One SACK block. Space: absolute sequence numbers, right edge exclusive (RFC 2018 3).
public struct SACKBlock: Hashable, Sendable {
  public var left: UInt32
  public var right: UInt32
  @inlinable public init(left: UInt32, right: UInt32) {
    self.left = left
    self.right = right
  }
}

/// Up to four SACK blocks, in the order of the option.
public struct SACKBlocks: Sendable {
  public var count: UInt8 = 0
  @usableFromInline var b0 = SACKBlock(left: 0, right: 0)
  @usableFromInline var b1 = SACKBlock(left: 0, right: 0)
  @usableFromInline var b2 = SACKBlock(left: 0, right: 0)
  @usableFromInline var b3 = SACKBlock(left: 0, right: 0)

  @inlinable public init() {}

  /// Block `i`; the empty block when there is none.
  @inlinable public subscript(i: Int) -> SACKBlock {
    switch i {
    case 0: b0
    case 1: b1
    case 2: b2
    case 3: b3
    default: SACKBlock(left: 0, right: 0)
    }
  }

  /// Appends a block; a fifth is dropped (40 octets of options hold four).
  @inlinable public mutating func append(_ block: SACKBlock) {
    switch count {
    case 0: b0 = block
    case 1: b1 = block
    case 2: b2 = block
    case 3: b3 = block
    default: return
    }
    count &+= 1
  }
}

/// How a packet was wrapped on its way to the TCP header.
public struct Encapsulation: OptionSet, Hashable, Sendable {
  public var rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let vlan = Encapsulation(rawValue: 1 << 0)
  public static let mpls = Encapsulation(rawValue: 1 << 1)
  public static let pppoe = Encapsulation(rawValue: 1 << 2)
  public static let gre = Encapsulation(rawValue: 1 << 3)
  public static let erspan = Encapsulation(rawValue: 1 << 4)
  public static let vxlan = Encapsulation(rawValue: 1 << 5)
  public static let geneve = Encapsulation(rawValue: 1 << 6)
  public static let gtpU = Encapsulation(rawValue: 1 << 7)
  public static let ipInIP = Encapsulation(rawValue: 1 << 8)
  public static let sixIn4 = Encapsulation(rawValue: 1 << 9)
  public static let l2tp = Encapsulation(rawValue: 1 << 10)
  public static let teredo = Encapsulation(rawValue: 1 << 11)
  public static let ah = Encapsulation(rawValue: 1 << 12)
  public static let fragmented = Encapsulation(rawValue: 1 << 13)
}

/// A decoded TCP segment: what the bytes say, with no opinion.
public struct Segment: Sendable {
  public var frame: UInt64 = 0
  /// Units: nanoseconds since the Unix epoch.
  public var time: Int64 = 0
  public var recordOffset: UInt64 = 0

  public var source = IPAddress(high: 0, low: 0)
  public var destination = IPAddress(high: 0, low: 0)
  public var sourcePort: UInt16 = 0
  public var destinationPort: UInt16 = 0

  public var seq: UInt32 = 0
  /// Meaningful only with the ACK flag.
  public var ack: UInt32 = 0
  public var flags: TCPFlags = []
  /// SEG.WND as in the header, not scaled.
  public var window: UInt16 = 0
  public var urgentPointer: UInt16 = 0
  public var checksum: UInt16 = 0

  /// Octets of payload by the IP length, captured or not.
  public var payloadLength: UInt32 = 0
  /// Octets of the IP packet, its header included; of a reassembled datagram with one header.
  public var packetLength: UInt32 = 0
  /// Where the captured payload starts in the frame's bytes (or in the reassembled datagram).
  public var payloadOffset: UInt32 = 0
  /// Octets of payload that were captured.
  public var capturedPayload: UInt32 = 0
  /// Octets of TCP header, options included.
  public var headerLength: UInt8 = 0

  public var options: TCPOptionSet = []
  public var mss: UInt16 = 0
  /// As in the option; above 14 means 14 (RFC 7323 2.3).
  public var windowShift: UInt8 = 0
  public var tsVal: UInt32 = 0
  public var tsEcr: UInt32 = 0
  public var sack = SACKBlocks()
  /// Meaningful only with the option.
  public var mptcp = MPTCPSignal.other

  /// IPv4 identification; 0 for IPv6.
  public var ipID: UInt16 = 0
  public var ttl: UInt8 = 0
  /// The TOS or traffic-class octet: DSCP and ECN.
  public var trafficClass: UInt8 = 0
  public var dontFragment = false
  public var checksumState = ChecksumState.unknown
  /// What the octets and the pseudo-header sum up to, ffff being right; only where the checksum is bad.
  public var checksumError: UInt16 = 0
  /// The IP length field was 0, so the record's length was used: segmentation offload.
  public var lengthFromRecord = false
  /// Fewer octets were captured than the packet had.
  public var truncated = false
  public var encapsulation: Encapsulation = []
  /// The innermost VLAN identifier; 0 for none.
  public var vlan: UInt16 = 0
  public var interface: UInt32 = 0

  @inlinable public init() {}

  @inlinable public var isV4: Bool { source.isV4 }

  /// Octets of sequence space: payload, and one each for SYN and FIN (SEG.LEN, RFC 9293 3.4).
  @inlinable public var segLen: UInt32 {
    payloadLength &+ (flags.contains(.syn) ? 1 : 0) &+ (flags.contains(.fin) ? 1 : 0)
  }
}
