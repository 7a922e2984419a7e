/// A SACK block: stream offsets relative to the sender's ISS.
typealias Block = (start: UInt32, end: UInt32)

/// What a host writes into a segment at the moment it sends it, however late the capture sees it.
struct Stamp {
  var sent: UInt64
  var ipIdentification: Int
  var echoedTimestamp: UInt32
}

extension SimulatedFlow {
  private static let originatorMAC: [UInt8] = [2, 0, 0, 0, 0, 1]
  private static let responderMAC: [UInt8] = [2, 0, 0, 0, 0, 2]

  /// Takes what the next segment of `side` is stamped with.
  mutating func stamp(from side: Side, at time: UInt64) -> Stamp {
    hosts[side].ipIdentification += 1
    return Stamp(
      sent: time, ipIdentification: hosts[side].ipIdentification,
      echoedTimestamp: hosts[side].recentTimestamp)
  }

  /// Puts one segment of `side` into the trace; `sequence` and `acknowledging` are relative to the ISS, and without
  /// a stamp it was sent just now.
  mutating func sendSegment(
    _ flags: Flags, from side: Side, sequence: UInt32, acknowledging: UInt32, payload: Int, blocks: [Block],
    at time: UInt64, stamp: Stamp? = nil, world: inout World
  ) {
    let stamp = stamp ?? self.stamp(from: side, at: time)
    let sender = hosts[side]
    let receiver = hosts[side.other]
    var bytes = HeaderBytes(in: world.writer.scratch)
    for octet in side == .originator ? Self.responderMAC : Self.originatorMAC { bytes.put8(octet) }
    for octet in side == .originator ? Self.originatorMAC : Self.responderMAC { bytes.put8(octet) }
    if let vlan = traits.vlan {
      bytes.put16(0x8100)
      bytes.put16(vlan)
    }
    bytes.put16(traits.isIPv6 ? 0x86dd : 0x0800)

    let ip = bytes.count
    let addressOctets = traits.isIPv6 ? 16 : 4
    if traits.isIPv6 {
      bytes.put32(0x6000_0000)
      bytes.put16(0)
      bytes.put8(6)
      bytes.put8(sender.hopLimit)
    } else {
      bytes.put16(0x4500)
      bytes.put16(0)
      bytes.put16(stamp.ipIdentification)
      bytes.put16(0x4000)
      bytes.put8(sender.hopLimit)
      bytes.put8(6)
      bytes.put16(0)
    }
    bytes.put(sender.address, octets: addressOctets)
    bytes.put(receiver.address, octets: addressOctets)

    let tcp = bytes.count
    bytes.put16(sender.port)
    bytes.put16(receiver.port)
    bytes.put32(sender.iss &+ sequence)
    bytes.put32(flags.contains(.ack) ? receiver.iss &+ acknowledging : 0)
    bytes.put8(0)
    bytes.put8(flags.rawValue)
    bytes.put16(flags.contains(.syn) ? 64_240 : flags.contains(.rst) ? 0 : sender.window)
    bytes.put32(0)
    putOptions(flags, from: side, blocks: blocks, stamp: stamp, into: &bytes)
    let tcpLength = bytes.count - tcp
    bytes.base[tcp + 12] = UInt8(tcpLength / 4) << 4

    let total = tcpLength + payload
    if traits.isIPv6 {
      bytes.set16(total, at: ip + 4)
    } else {
      bytes.set16(20 + total, at: ip + 2)
      bytes.set16(HeaderBytes.checksum(bytes.sum(ip..<ip + 20)), at: ip + 10)
    }
    let cut = PayloadPool.offset(of: sender.iss &+ sequence)
    let pseudoHeader = bytes.sum(tcp - 2 * addressOctets..<tcp) + 6 + UInt64(total)
    let sum = pseudoHeader + bytes.sum(tcp..<bytes.count) + world.payload.sum(from: cut, count: payload)
    bytes.set16(HeaderBytes.checksum(sum), at: tcp + 16)

    world.writer.record(
      time: time, headers: bytes, payload: world.payload.octets + cut, payloadCount: payload)
    if world.random.chance(world.recipe.duplication) {
      world.tally.copies += 1
      world.writer.record(
        time: time + 3000, headers: bytes, payload: world.payload.octets + cut, payloadCount: payload)
    }
  }

  private func putOptions(
    _ flags: Flags, from side: Side, blocks: [Block], stamp: Stamp, into bytes: inout HeaderBytes
  ) {
    let isSYN = flags.contains(.syn)
    if isSYN {
      bytes.put16(0x0204)
      bytes.put16(traits.announcedSize)
      bytes.put16(traits.sack ? 0x0402 : 0x0101)
    }
    if traits.timestamps {
      if !isSYN { bytes.put16(0x0101) }
      bytes.put16(0x080a)
      bytes.put32(World.clock(at: stamp.sent) &+ hosts[side].clockOffset)
      bytes.put32(flags.contains(.ack) ? stamp.echoedTimestamp : 0)
    } else if isSYN {
      bytes.put16(0x0101)
    }
    if isSYN {
      // No-operation and window scale, to a multiple of four.
      bytes.put16(0x0103)
      bytes.put8(3)
      bytes.put8(hosts[side].windowShift)
    }
    guard !blocks.isEmpty else { return }
    bytes.put16(0x0101)
    bytes.put8(5)
    bytes.put8(UInt8(2 + 8 * blocks.count))
    for block in blocks {
      bytes.put32(hosts[side.other].iss &+ block.start)
      bytes.put32(hosts[side.other].iss &+ block.end)
    }
  }
}
