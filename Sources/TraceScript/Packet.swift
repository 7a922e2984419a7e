import TraceDecode

/// A packet to be written as the octets of an Ethernet frame.
struct Packet {
  enum Checksum {
    case right, wrong, offloaded
    /// Too high by so much, as ones' complement has it.
    case off(UInt16)
  }

  var source: SocketAddress
  var destination: SocketAddress
  /// Ends of the Ethernet header: the sending and the receiving host's last octet.
  var stations: (source: UInt8, destination: UInt8) = (1, 2)
  var vlan: UInt16 = 0
  var ttl: UInt8 = 64
  var trafficClass: UInt8 = 0
  /// IPv4 only.
  var identification: UInt16 = 0
  /// IP protocol number: 6 TCP, 1 and 58 ICMP, 17 UDP.
  var proto: UInt8 = 6
  var checksum = Checksum.right
  /// From the transport header on, its checksum field 0; `checksumOffset` says where that is.
  var transport: [UInt8] = []
  var checksumOffset = 16

  /// The whole frame.
  func bytes() -> [UInt8] {
    var frame: [UInt8] = [2, 0, 0, 0, 0, stations.destination, 2, 0, 0, 0, 0, stations.source]
    if vlan != 0 { frame.append16(0x8100, vlan) }
    frame.append16(source.address.isV4 ? 0x0800 : 0x86dd)
    return frame + network()
  }

  /// From the IP header on: what an ICMP error quotes.
  func network() -> [UInt8] {
    var payload = transport
    let usesPseudoHeader = proto != 1
    let pseudo = usesPseudoHeader ? pseudoSum(length: transport.count) : 0
    var sum: UInt16
    switch checksum {
    case .right: sum = ~Self.sum(payload, start: pseudo)
    case .wrong: sum = ~Self.sum(payload, start: pseudo) ^ 0x0101
    case .offloaded: sum = Self.fold(pseudo)
    case .off(let amount): sum = Self.fold(UInt32(~Self.sum(payload, start: pseudo)) + UInt32(amount))
    }
    if proto == 17, sum == 0 { sum = 0xffff }
    payload[checksumOffset] = UInt8(sum >> 8)
    payload[checksumOffset + 1] = UInt8(sum & 255)

    var header: [UInt8] = []
    if source.address.isV4 {
      header += [0x45, trafficClass]
      header.append16(UInt16(truncatingIfNeeded: 20 + payload.count), identification, 0x4000)
      header += [ttl, proto, 0, 0]
      header.append32(source.address.v4, destination.address.v4)
      let own = ~Self.sum(header, start: 0)
      header[10] = UInt8(own >> 8)
      header[11] = UInt8(own & 255)
    } else {
      header += [0x60 | trafficClass >> 4, trafficClass << 4, 0, 0]
      header.append16(UInt16(truncatingIfNeeded: payload.count))
      header += [proto, ttl]
      header += source.address.octets + destination.address.octets
    }
    return header + payload
  }

  /// The sum over the pseudo-header (RFC 9293 3.1, RFC 8200 8.1), not folded.
  private func pseudoSum(length: Int) -> UInt32 {
    var header: [UInt8] = []
    if source.address.isV4 {
      header.append32(source.address.v4, destination.address.v4)
    } else {
      header += source.address.octets + destination.address.octets
    }
    header += [0, proto]
    header.append16(UInt16(truncatingIfNeeded: length))
    return UInt32(Self.sum(header, start: 0))
  }

  /// The Internet checksum's one's-complement sum (RFC 1071), not inverted.
  static func sum(_ bytes: [UInt8], start: UInt32) -> UInt16 {
    var total = UInt64(start)
    for i in stride(from: 0, to: bytes.count, by: 2) {
      total += UInt64(bytes[i]) << 8 | (i + 1 < bytes.count ? UInt64(bytes[i + 1]) : 0)
    }
    while total >> 16 != 0 { total = total & 0xffff + total >> 16 }
    return UInt16(total)
  }

  static func fold(_ sum: UInt32) -> UInt16 { Self.sum([], start: sum) }
}

extension IPAddress {
  /// The sixteen octets of an IPv6 address.
  var octets: [UInt8] {
    var bytes: [UInt8] = []
    for word in [high, low] {
      bytes.append32(UInt32(truncatingIfNeeded: word >> 32), UInt32(truncatingIfNeeded: word))
    }
    return bytes
  }
}

extension [UInt8] {
  /// Appends numbers in network order.
  mutating func append16(_ values: UInt16...) {
    for value in values {
      append(UInt8(value >> 8))
      append(UInt8(value & 255))
    }
  }

  mutating func append32(_ values: UInt32...) {
    for value in values { append16(UInt16(value >> 16), UInt16(value & 0xffff)) }
  }
}
