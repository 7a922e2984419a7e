extension Segment {
  /// Octets of payload no segment can have: RFC 7323 bounds the window by 2^30.
  static let largestPayload = 1 << 30

  /// Writes what the network header of its packet says.
  mutating func fill(_ network: borrowing NetworkHeader) {
    source = network.source
    destination = network.destination
    ipID = network.ipID
    ttl = network.ttl
    trafficClass = network.trafficClass
    dontFragment = network.dontFragment
    lengthFromRecord = network.lengthFromRecord
    encapsulation = network.encapsulation
    vlan = network.vlan
  }

  /// Writes every other field, so that nothing of an earlier segment stays.
  ///
  /// - Parameters:
  ///   - network: offset of the IP header; negative where it lies before the octets at hand.
  ///   - base: the first captured octet.
  ///   - captured: octets captured from `base` on; at least 20 beyond `tcp`.
  ///   - tcp: offset of the TCP header.
  ///   - header: its length, at least 20 and not beyond `end`.
  ///   - end: offset where the IP packet ends, captured or not.
  @inline(__always)
  mutating func fill(
    frame: UnsafePointer<Frame>, network: Int, base: UnsafeRawPointer, captured: Int, tcp: Int, header: Int,
    end: Int
  ) {
    let payload = tcp &+ header
    let inHand = min(captured, end)
    self.frame = frame.pointee.number
    time = frame.pointee.time
    recordOffset = frame.pointee.recordOffset
    interface = frame.pointee.interface
    sourcePort = base.be16(tcp)
    destinationPort = base.be16(tcp &+ 2)
    seq = base.be32(tcp &+ 4)
    ack = base.be32(tcp &+ 8)
    flags = TCPFlags(rawValue: base.be16(tcp &+ 12) & 0x1ff)
    window = base.be16(tcp &+ 14)
    checksum = base.be16(tcp &+ 16)
    headerLength = UInt8(truncatingIfNeeded: header)
    urgentPointer = base.be16(tcp &+ 18)
    payloadLength = UInt32(truncatingIfNeeded: end &- payload)
    packetLength = UInt32(truncatingIfNeeded: end &- network)
    payloadOffset = UInt32(truncatingIfNeeded: min(payload, inHand))
    capturedPayload = UInt32(truncatingIfNeeded: max(0, inHand &- payload))
    mss = 0
    windowShift = 0
    sack = SACKBlocks()
    truncated = captured < end
    if header == 32, captured >= payload, base.be32(tcp &+ 20) == 0x0101_080a {
      // What nearly every segment of an established connection has: NOP, NOP, timestamps.
      options = .timestamps
      tsVal = base.be32(tcp &+ 24)
      tsEcr = base.be32(tcp &+ 28)
    } else {
      options = []
      tsVal = 0
      tsEcr = 0
      if header > 20 {
        readOptions(
          Octets(buffer: UnsafeRawBufferPointer(start: base, count: captured)), from: tcp &+ 20, to: payload)
      }
    }
    checksumState =
      captured < end
      ? .unknown
      : Checksum.state(
        segment: base + tcp, length: end &- tcp, field: checksum, source: source, destination: destination,
        error: &checksumError)
  }
}

extension PacketWalk {
  /// The TCP header (RFC 9293 3.1), where the walk ends well.
  mutating func tcp(into segment: inout Segment) -> WalkStep {
    guard has(20), let base = octets.buffer.baseAddress else { return short(.tcp, 20) }
    let header = Int(u8(12) >> 4) * 4
    guard header >= 20, position + header <= end, end - position - header <= Segment.largestPayload else {
      return fault(.tcp, .badLength, needed: header)
    }
    segment.fill(network)
    withUnsafePointer(to: frame) {
      segment.fill(
        frame: $0, network: network.start, base: base, captured: octets.count, tcp: position, header: header,
        end: end)
    }
    return .stop(.segment)
  }
}
