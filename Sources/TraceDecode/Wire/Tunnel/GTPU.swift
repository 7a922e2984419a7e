extension PacketWalk {
  /// GTP-U version 1 with extension headers; only G-PDUs carry a packet.
  ///
  /// Source: 3GPP TS 29.281.
  mutating func gtpU() -> WalkStep {
    guard has(8) else { return short(.tunnel, 8) }
    let flags = u8(0)
    guard flags >> 5 == 1, flags & 0x10 != 0 else { return fault(.tunnel, .badVersion) }
    guard u8(1) == 0xff else { return .notTCP }
    position += 8
    if flags & 0x07 != 0 {
      guard has(4) else { return short(.tunnel, 4) }
      var next = flags & 0x04 != 0 ? u8(3) : 0
      position += 4
      while next != 0 {
        guard has(1) else { return short(.tunnel, 1) }
        let length = Int(u8(0)) * 4
        guard length > 0 else { return fault(.tunnel, .badLength, needed: 4) }
        guard has(length) else { return short(.tunnel, length) }
        next = u8(length - 1)
        position += length
      }
    }
    network.encapsulation.insert(.gtpU)
    guard has(1) else { return short(.tunnel, 1) }
    switch u8(0) >> 4 {
    case 4: return .ipv4
    case 6: return .ipv6
    default: return .notTCP
    }
  }
}
