/// Why a frame, or a layer of it, could not be decoded; data, not an error.
public struct DecodeFault: Hashable, Sendable {
  public enum Layer: UInt8, Sendable { case link, tunnel, ipv4, ipv6, tcp, icmp }
  public enum Cause: UInt8, Sendable {
    /// The captured octets end before the header does.
    case truncated
    /// A length field contradicts itself or what holds it.
    case badLength
    case badVersion
    case unknownLinkType
    case unknownEncapsulation
    /// Wrapped more deeply than `Limits.nesting`.
    case tooDeep
    /// Encrypted or compressed below TCP: by the link layer, ESP or IPComp.
    case opaque
  }
  public var layer: Layer
  public var cause: Cause
  /// Octets needed and available, where a length was at fault.
  public var needed: UInt32
  public var available: UInt32
  /// Offset in the frame.
  public var offset: UInt32

  public init(layer: Layer, cause: Cause, needed: UInt32 = 0, available: UInt32 = 0, offset: UInt32 = 0) {
    self.layer = layer
    self.cause = cause
    self.needed = needed
    self.available = available
    self.offset = offset
  }
}

/// An ICMP or ICMPv6 error and the segment it quotes (RFC 792, RFC 4443, RFC 5927).
public struct ICMPError: Sendable, Hashable {
  public enum Kind: UInt8, Sendable {
    case networkUnreachable, hostUnreachable, protocolUnreachable, portUnreachable
    case administrativelyProhibited, fragmentationNeeded, packetTooBig, timeExceeded
    case sourceQuench, redirect, parameterProblem, otherUnreachable
  }
  public var kind: Kind
  public var type: UInt8
  public var code: UInt8
  public var frame: UInt64
  public var time: Int64
  public var recordOffset: UInt64
  /// Who sent the error.
  public var reporter: IPAddress
  /// Source and destination of the quoted segment.
  public var quotedSource: SocketAddress
  public var quotedDestination: SocketAddress
  public var quotedSeq: UInt32
  /// Next-hop MTU, when the message carries one.
  public var mtu: UInt32?

  public init(
    kind: Kind, type: UInt8, code: UInt8, frame: UInt64, time: Int64, recordOffset: UInt64,
    reporter: IPAddress, quotedSource: SocketAddress, quotedDestination: SocketAddress,
    quotedSeq: UInt32, mtu: UInt32?
  ) {
    self.kind = kind
    self.type = type
    self.code = code
    self.frame = frame
    self.time = time
    self.recordOffset = recordOffset
    self.reporter = reporter
    self.quotedSource = quotedSource
    self.quotedDestination = quotedDestination
    self.quotedSeq = quotedSeq
    self.mtu = mtu
  }
}
