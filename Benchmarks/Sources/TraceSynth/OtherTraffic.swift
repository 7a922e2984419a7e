/// Frames that are no TCP: DNS and QUIC sized UDP, and some ARP.
enum OtherTraffic {
  static func send(at time: UInt64, world: inout World) {
    var bytes = HeaderBytes(in: world.writer.scratch)
    if world.random.below(50) == 0 { return sendARP(at: time, into: &bytes, world: &world) }
    let isDNS = world.random.below(4) == 0
    let count =
      isDNS ? 30 + world.random.below(200) : world.random.flip() ? 1252 : 40 + world.random.below(60)
    let cut = world.random.below(PayloadPool.size / 2) * 2
    for octet: UInt8 in [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2] { bytes.put8(octet) }
    bytes.put16(0x0800)
    bytes.put16(0x4500)
    bytes.put16(28 + count)
    bytes.put16(world.random.below(1 << 16))
    bytes.put16(0x4000)
    bytes.put8(64)
    bytes.put8(17)
    bytes.put16(0)
    bytes.put32(0x0a00_0000 | UInt32(world.random.below(1 << 20)))
    bytes.put32(isDNS ? 0x0101_0101 : 0xc633_6400 | UInt32(world.random.below(256)))
    bytes.set16(HeaderBytes.checksum(bytes.sum(14..<34)), at: 24)
    bytes.put16(49_152 + world.random.below(16_000))
    bytes.put16(isDNS ? 9 : 443)
    bytes.put16(8 + count)
    bytes.put16(0)
    let sum = bytes.sum(26..<42) + 17 + UInt64(8 + count) + world.payload.sum(from: cut, count: count)
    let checksum = HeaderBytes.checksum(sum)
    // Zero says that there is none (RFC 768).
    bytes.set16(checksum == 0 ? 0xffff : checksum, at: 40)
    world.writer.record(
      time: time, headers: bytes, payload: world.payload.octets + cut, payloadCount: count)
  }

  private static func sendARP(at time: UInt64, into bytes: inout HeaderBytes, world: inout World) {
    for octet: UInt8 in [255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 2] { bytes.put8(octet) }
    bytes.put16(0x0806)
    for octet: UInt8 in [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 2] { bytes.put8(octet) }
    bytes.put32(0x0a00_0000 | UInt32(world.random.below(65_536)))
    for _ in 0..<6 { bytes.put8(0) }
    bytes.put32(0x0a00_0001)
    while bytes.count < 60 { bytes.put8(0) }
    world.writer.record(time: time, headers: bytes, payload: world.payload.octets, payloadCount: 0)
  }
}
