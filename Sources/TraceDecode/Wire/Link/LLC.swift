extension PacketWalk {
  /// IEEE 802.2 LLC with or without SNAP (RFC 1042).
  mutating func llc() -> WalkStep {
    guard has(3) else { return short(.link, 3) }
    switch (u8(0), u8(1), u8(2)) {
    case (0xaa, 0xaa, 0x03):
      position += 3
      return snap()
    case (0x06, 0x06, 0x03):
      position += 3
      return .ipv4
    case (0xfe, 0xfe, 0x03):
      guard has(4) else { return short(.link, 4) }
      let nlpid = u8(3)
      position += 4
      return networkLayerID(nlpid)
    default: return .notTCP
    }
  }

  /// Organization code and protocol: an EtherType, or a bridged frame (RFC 2427, RFC 2684).
  mutating func snap() -> WalkStep {
    guard has(5) else { return short(.link, 5) }
    let organization = u32(0) >> 8
    let type = u16(3)
    position += 5
    switch (organization, type) {
    case (0x000000, _), (0x0000f8, _): return .etherType(type)
    case (0x0080c2, 1), (0x0080c2, 7):
      // Over ATM the frame is padded to an even offset, over Frame Relay it is not.
      return frame.linkType.rawValue == 100 || frame.linkType.rawValue == 123
        ? skip(2, to: .ethernet) : .ethernet
    default: return .notTCP
    }
  }

  /// ISO network layer protocol identifiers (RFC 2427 appendix A).
  mutating func networkLayerID(_ nlpid: UInt8) -> WalkStep {
    switch nlpid {
    case 0xcc: return .ipv4
    case 0x8e: return .ipv6
    case 0x80: return snap()
    case 0xcf: return .ppp
    default: return .notTCP
    }
  }
}
