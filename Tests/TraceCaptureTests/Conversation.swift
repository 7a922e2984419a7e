/// The frames the fixtures are made of: one short TCP conversation, checksums right.
enum Conversation {
  static let client: [UInt8] = [192, 0, 2, 10]
  static let server: [UInt8] = [198, 51, 100, 20]

  /// SYN, SYN-ACK, ACK, a request, its answer, and both FINs: IPv4 packets.
  static let packets: [[UInt8]] = [
    packet(toServer: true, seq: 1000, ack: 0, flags: 0x02, id: 1),
    packet(toServer: false, seq: 5000, ack: 1001, flags: 0x12, id: 1),
    packet(toServer: true, seq: 1001, ack: 5001, flags: 0x10, id: 2),
    packet(
      toServer: true, seq: 1001, ack: 5001, flags: 0x18, id: 3, payload: Array("GET / HTTP/1.0\r\n\r\n".utf8)),
    packet(
      toServer: false, seq: 5001, ack: 1019, flags: 0x18, id: 2, payload: Array("HTTP/1.0 204 \r\n\r\n".utf8)),
    packet(toServer: false, seq: 5018, ack: 1019, flags: 0x11, id: 3),
    packet(toServer: true, seq: 1019, ack: 5019, flags: 0x11, id: 4),
    packet(toServer: false, seq: 5019, ack: 1020, flags: 0x10, id: 4),
  ]

  /// The packets in Ethernet frames.
  static let frames: [[UInt8]] = packets.enumerated().map { index, packet in
    let toServer = [0, 2, 3, 6].contains(index)
    let near: [UInt8] = [2, 0, 0, 0, 0, 1]
    let far: [UInt8] = [2, 0, 0, 0, 0, 2]
    return (toServer ? far + near : near + far) + [8, 0] + packet
  }

  /// The frames as records 10 ms apart; `unit` is the file's fractions in a second.
  static func records(unit: UInt32 = 1_000_000, _ frames: [[UInt8]] = frames) -> [TestRecord] {
    frames.enumerated().map { index, data in
      TestRecord(fraction: UInt32(index) * (unit / 100) + 7, data: data)
    }
  }

  private static func packet(
    toServer: Bool, seq: UInt32, ack: UInt32, flags: UInt8, id: UInt16, payload: [UInt8] = []
  ) -> [UInt8] {
    var tcp = ByteBuilder(big: true)
    tcp.put(UInt16(toServer ? 40_000 : 80))
    tcp.put(UInt16(toServer ? 80 : 40_000))
    tcp.put(seq)
    tcp.put(ack)
    tcp.bytes += [0x50, flags]
    tcp.put(UInt16(65_535))
    tcp.put(UInt32(0))
    tcp.bytes += payload
    let source = toServer ? client : server
    let destination = toServer ? server : client
    let length = UInt16(tcp.bytes.count)
    let pseudo = source + destination + [0, 6, UInt8(length >> 8), UInt8(length & 255)]
    let sum = checksum(pseudo + tcp.bytes)
    tcp.bytes[16] = UInt8(sum >> 8)
    tcp.bytes[17] = UInt8(sum & 255)
    var ip = ByteBuilder(big: true)
    ip.bytes += [0x45, 0]
    ip.put(20 + length)
    ip.put(id)
    ip.put(UInt16(0x4000))
    ip.bytes += [64, 6, 0, 0] + source + destination
    let header = checksum(ip.bytes)
    ip.bytes[10] = UInt8(header >> 8)
    ip.bytes[11] = UInt8(header & 255)
    return ip.bytes + tcp.bytes
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in bytes.indices { sum += UInt32(bytes[index]) << (index % 2 == 0 ? 8 : 0) }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return ~UInt16(sum)
  }
}
