import TraceDecode

/// What a built TCP segment says.
public struct TCPSpec: Sendable {
  /// What the checksum field holds.
  public enum Checksum: Sendable {
    case good, bad, zero
    /// The sum of the pseudo-header alone, with the segment's length or without: checksum offload.
    case pseudoHeader, pseudoHeaderWithoutLength
  }
  public var sourcePort: UInt16 = 40000
  public var destinationPort: UInt16 = 80
  public var seq: UInt32 = 1_000_000
  public var ack: UInt32 = 2_000_000
  public var flags: TCPFlags = [.ack, .psh]
  public var window: UInt16 = 502
  public var urgentPointer: UInt16 = 0
  /// Padded with end-of-list octets to a multiple of four.
  public var options: [UInt8] = []
  public var payload: [UInt8] = Array("GET / HTTP/1.1\r\n\r\n".utf8)
  public var checksum = Checksum.good

  public init() {}

  /// The default with changes.
  public init(_ change: (inout TCPSpec) -> Void) { change(&self) }
}

/// Builds packets octet by octet, layer around layer, with the lengths and checksums that belong there.
public enum PacketBuilder {
  public static let v4Source = IPAddress(v4: 0x0a00_0001)
  public static let v4Destination = IPAddress(v4: 0xc633_6407)
  public static let v6Source = IPAddress(high: 0x2001_0db8_0000_0000, low: 1)
  public static let v6Destination = IPAddress(high: 0x2001_0db8_0000_0000, low: 0xbeef_0000_0002)

  public static func be16(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  public static func be32(_ value: UInt32) -> [UInt8] { be16(Int(value >> 16)) + be16(Int(value & 0xffff)) }

  /// Four octets, or sixteen.
  public static func octets(_ address: IPAddress, v6: Bool) -> [UInt8] {
    guard v6 else { return be32(address.v4) }
    return [address.high, address.low].flatMap {
      be32(UInt32(truncatingIfNeeded: $0 >> 32)) + be32(UInt32(truncatingIfNeeded: $0))
    }
  }

  /// The folded ones' complement sum (RFC 1071), not complemented.
  public static func onesComplementSum(_ octets: [UInt8]) -> UInt16 {
    var sum = 0
    for (index, octet) in octets.enumerated() { sum += index % 2 == 0 ? Int(octet) << 8 : Int(octet) }
    while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
    return UInt16(sum)
  }

  /// A TCP segment; the addresses are those of its pseudo-header.
  public static func tcp(_ spec: TCPSpec = TCPSpec(), from source: IPAddress, to destination: IPAddress)
    -> [UInt8]
  {
    var options = spec.options
    while options.count % 4 != 0 { options.append(0) }
    let words = 5 + options.count / 4
    var segment =
      be16(Int(spec.sourcePort)) + be16(Int(spec.destinationPort)) + be32(spec.seq) + be32(spec.ack)
    segment += be16(words << 12 | Int(spec.flags.rawValue)) + be16(Int(spec.window)) + [0, 0]
    segment += be16(Int(spec.urgentPointer)) + options + spec.payload
    let addresses = octets(source, v6: !source.isV4) + octets(destination, v6: !destination.isV4)
    let pseudo = addresses + [0, 6] + be32(UInt32(segment.count))
    let field: UInt16 =
      switch spec.checksum {
      case .good: ~onesComplementSum(pseudo + segment)
      case .bad: ~onesComplementSum(pseudo + segment) ^ 0x0101
      case .zero: 0
      case .pseudoHeader: onesComplementSum(pseudo)
      case .pseudoHeaderWithoutLength: onesComplementSum(addresses + [0, 6])
      }
    segment.replaceSubrange(16..<18, with: be16(Int(field)))
    return segment
  }

  /// An IPv4 packet. `fragment` is the offset in octets; `length` overrides the total length.
  public static func ipv4(
    _ payload: [UInt8], protocolNumber: UInt8 = 6, from source: IPAddress = v4Source,
    to destination: IPAddress = v4Destination, id: UInt16 = 0x1234, ttl: UInt8 = 64, trafficClass: UInt8 = 0,
    dontFragment: Bool = true, fragment: Int = 0, more: Bool = false, options: [UInt8] = [],
    length: Int? = nil
  ) -> [UInt8] {
    var options = options
    while options.count % 4 != 0 { options.append(0) }
    let header = 20 + options.count
    let isFragment = fragment > 0 || more
    let field = fragment / 8 | (more ? 0x2000 : 0) | (dontFragment && !isFragment ? 0x4000 : 0)
    var packet = [0x40 | UInt8(header / 4), trafficClass] + be16(length ?? header + payload.count)
    packet += be16(Int(id)) + be16(field) + [ttl, protocolNumber, 0, 0]
    packet += octets(source, v6: false) + octets(destination, v6: false) + options
    packet.replaceSubrange(10..<12, with: be16(Int(~onesComplementSum(packet))))
    return packet + payload
  }

  /// An IPv6 packet; `next` names what `payload` begins with, extension headers included.
  public static func ipv6(
    _ payload: [UInt8], next: UInt8 = 6, from source: IPAddress = v6Source,
    to destination: IPAddress = v6Destination,
    hopLimit: UInt8 = 64, trafficClass: UInt8 = 0, length: Int? = nil
  ) -> [UInt8] {
    be32(6 << 28 | UInt32(trafficClass) << 20) + be16(length ?? payload.count) + [next, hopLimit]
      + octets(source, v6: true) + octets(destination, v6: true) + payload
  }

  /// The header and data of a fragment of IPv6.
  public static func ipv6Fragment(
    _ payload: [UInt8], next: UInt8 = 6, offset: Int, more: Bool, id: UInt32 = 0x55aa
  ) -> [UInt8] {
    [next, 0] + be16(offset | (more ? 1 : 0)) + be32(id) + payload
  }

  public static func udp(_ payload: [UInt8], from source: UInt16 = 50000, to destination: UInt16) -> [UInt8] {
    be16(Int(source)) + be16(Int(destination)) + be16(8 + payload.count) + [0, 0] + payload
  }

  /// An Ethernet frame; each VLAN is a tag of type `tagType`, outermost first.
  public static func ethernet(
    _ payload: [UInt8], type: UInt16 = 0x0800, vlans: [UInt16] = [], tagType: UInt16 = 0x8100
  )
    -> [UInt8]
  {
    [0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1] + vlans.flatMap { be16(Int(tagType)) + be16(Int($0)) }
      + be16(Int(type)) + payload
  }

  /// TCP in IPv4, ready to be wrapped.
  public static func tcpInIPv4(_ spec: TCPSpec = TCPSpec()) -> [UInt8] {
    ipv4(tcp(spec, from: v4Source, to: v4Destination))
  }

  /// TCP in IPv6, ready to be wrapped.
  public static func tcpInIPv6(_ spec: TCPSpec = TCPSpec()) -> [UInt8] {
    ipv6(tcp(spec, from: v6Source, to: v6Destination))
  }
}

/// One frame's octets with what a capture says of them, for tests that decode it.
public struct BuiltFrame: Sendable {
  public var bytes: [UInt8]
  public var linkType: LinkType
  public var number: UInt64
  public var time: Int64
  /// The captured length when nil.
  public var wireLength: Int?

  public init(
    _ bytes: [UInt8], linkType: LinkType = .ethernet, number: UInt64 = 1, time: Int64 = 0,
    wireLength: Int? = nil
  ) {
    self.bytes = bytes
    self.linkType = linkType
    self.number = number
    self.time = time
    self.wireLength = wireLength
  }

  /// The same frame, cut by a snapshot length.
  public func truncated(to length: Int) -> BuiltFrame {
    var cut = self
    cut.wireLength = wireLength ?? bytes.count
    cut.bytes = Array(bytes.prefix(length))
    return cut
  }

  /// Lends the frame to `body`.
  public func withFrame<Result>(_ body: (Frame) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes { raw in
      try body(
        Frame(
          number: number, time: time, recordOffset: number * 1000, bytes: raw,
          wireLength: UInt32(clamping: wireLength ?? bytes.count), linkType: linkType, interface: 3))
    }
  }
}
