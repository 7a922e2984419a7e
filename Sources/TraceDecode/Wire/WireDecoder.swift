/// Turns frames into segments; owns what spans frames (fragments being reassembled).
public struct WireDecoder {
  public enum Outcome: Sendable {
    case segment
    /// An ICMP or ICMPv6 error that quotes a TCP segment; in `icmp`.
    case icmp
    /// A fragment, kept until its datagram is whole.
    case fragment
    case notTCP
    case fault(DecodeFault)
  }

  /// The error that the last `.icmp` outcome is about.
  public private(set) var icmp: ICMPError?
  let limits: Limits

  public init(limits: Limits = Limits()) { self.limits = limits }

  /// Decodes `frame` into `segment`, whose earlier contents are overwritten.
  ///
  /// Cost: no allocation, but for fragments.
  public mutating func decode(_ frame: Frame, into segment: inout Segment) -> Outcome {
    // Stand-in: Ethernet, one VLAN tag, IPv4 and IPv6 without extension headers.
    let b = frame.bytes
    func u16(_ o: Int) -> UInt16 { UInt16(b[o]) << 8 | UInt16(b[o + 1]) }
    func u32(_ o: Int) -> UInt32 { UInt32(u16(o)) << 16 | UInt32(u16(o + 2)) }
    func u64(_ o: Int) -> UInt64 { UInt64(u32(o)) << 32 | UInt64(u32(o + 4)) }
    var p = 14
    guard b.count >= 34 else { return .notTCP }
    var type = u16(12)
    if type == 0x8100 {
      type = u16(16)
      p = 18
    }
    segment = Segment()
    segment.frame = frame.number
    segment.time = frame.time
    segment.recordOffset = frame.recordOffset
    var ipPayload = 0
    if type == 0x800 {
      guard b.count >= p + 20, b[p + 9] == 6, u16(p + 6) & 0x3fff == 0 else { return .notTCP }
      let ihl = Int(b[p] & 15) * 4
      let total = Int(u16(p + 2))
      segment.lengthFromRecord = total == 0
      ipPayload = (total == 0 ? Int(frame.wireLength) - p : total) - ihl
      segment.ipID = u16(p + 4)
      segment.ttl = b[p + 8]
      segment.source = IPAddress(v4: u32(p + 12))
      segment.destination = IPAddress(v4: u32(p + 16))
      p += ihl
    } else if type == 0x86dd {
      guard b.count >= p + 40, b[p + 6] == 6 else { return .notTCP }
      let total = Int(u16(p + 4))
      ipPayload = total == 0 ? Int(frame.wireLength) - p - 40 : total
      segment.ttl = b[p + 7]
      segment.source = IPAddress(high: u64(p + 8), low: u64(p + 16))
      segment.destination = IPAddress(high: u64(p + 24), low: u64(p + 32))
      p += 40
    } else {
      return .notTCP
    }
    guard b.count >= p + 20 else { return .fault(DecodeFault(layer: .tcp, cause: .truncated)) }
    segment.sourcePort = u16(p)
    segment.destinationPort = u16(p + 2)
    segment.seq = u32(p + 4)
    segment.ack = u32(p + 8)
    let header = Int(b[p + 12] >> 4) * 4
    segment.flags = TCPFlags(rawValue: u16(p + 12) & 0x1ff)
    segment.window = u16(p + 14)
    segment.checksum = u16(p + 16)
    guard ipPayload >= header, header >= 20 else { return .fault(DecodeFault(layer: .tcp, cause: .badLength)) }
    segment.payloadLength = UInt32(ipPayload - header)
    var o = p + 20
    let end = min(p + header, b.count)
    while o < end {
      let kind = b[o]
      if kind == 0 { break }
      if kind == 1 {
        o += 1
        continue
      }
      guard o + 1 < end, b[o + 1] >= 2, o + Int(b[o + 1]) <= end else { break }
      let length = Int(b[o + 1])
      switch (kind, length) {
      case (2, 4):
        segment.mss = u16(o + 2)
        segment.options.insert(.mss)
      case (3, 3):
        segment.windowShift = b[o + 2]
        segment.options.insert(.windowScale)
      case (4, 2): segment.options.insert(.sackPermitted)
      case (8, 10):
        segment.tsVal = u32(o + 2)
        segment.tsEcr = u32(o + 6)
        segment.options.insert(.timestamps)
      case (5, _):
        for i in 0..<((length - 2) / 8) {
          segment.sack.append(SACKBlock(left: u32(o + 2 + 8 * i), right: u32(o + 6 + 8 * i)))
        }
        segment.options.insert(.sack)
      default: break
      }
      o += length
    }
    return .segment
  }
}
