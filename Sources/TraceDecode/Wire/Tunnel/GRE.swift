extension PacketWalk {
  /// GRE (RFC 2784, RFC 2890), NVGRE (RFC 7637), and version 1 as PPTP has it (RFC 2637).
  mutating func gre() -> WalkStep {
    guard has(4) else { return short(.tunnel, 4) }
    let flags = u16(0)
    let type = u16(2)
    let version = flags & 7
    guard version <= 1 else { return fault(.tunnel, .badVersion) }
    // Source routing (RFC 1701) has not been seen since; its length is not in the flags.
    guard flags & 0x4000 == 0 else { return fault(.tunnel, .unknownEncapsulation) }
    var length = 4
    if flags & 0x8000 != 0 { length += 4 }
    if flags & 0x2000 != 0 { length += 4 }
    if flags & 0x1000 != 0 { length += 4 }
    if version == 1, flags & 0x0080 != 0 { length += 4 }
    guard has(length) else { return short(.tunnel, length) }
    position += length
    network.encapsulation.insert(.gre)
    if version == 1 {
      switch type {
      case 0x880b: return has(1) ? .ppp : .notTCP  // a bare acknowledgement of the tunnel has no payload
      case 0x6400: return .ethernet  // MikroTik EoIP
      default: return .notTCP
      }
    }
    switch type {
    case 0x88be: return flags & 0x1000 == 0 ? erspanI() : erspanII()
    case 0x22eb: return erspanIII()
    case 0x883e:
      // WCCP: version 2 puts a redirect header of four octets before the packet.
      return has(1) && u8(0) >> 4 == 4 ? .ipv4 : skip(4, to: .ipv4)
    default: return .etherType(type)
    }
  }
}
