extension PacketWalk {
  /// VXLAN (RFC 7348): eight octets, then an Ethernet frame.
  mutating func vxlan() -> WalkStep {
    guard has(8) else { return short(.tunnel, 8) }
    guard u8(0) & 0x08 != 0 else { return fault(.tunnel, .badVersion) }
    network.encapsulation.insert(.vxlan)
    position += 8
    return .ethernet
  }

  /// VXLAN with the generic protocol extension: the last octet of the first word names what follows.
  ///
  /// Source: draft-ietf-nvo3-vxlan-gpe.
  mutating func vxlanGPE() -> WalkStep {
    guard has(8) else { return short(.tunnel, 8) }
    guard u8(0) & 0x0c == 0x0c, u8(0) & 0x30 == 0 else { return fault(.tunnel, .badVersion) }
    let next = u8(3)
    network.encapsulation.insert(.vxlan)
    position += 8
    switch next {
    case 1: return .ipv4
    case 2: return .ipv6
    case 3: return .ethernet
    case 5: return .mpls
    default: return .notTCP
    }
  }
}
