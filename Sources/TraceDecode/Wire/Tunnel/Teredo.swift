extension PacketWalk {
  /// Teredo (RFC 4380): authentication and origin indications, both optional, then IPv6.
  mutating func teredo() -> WalkStep {
    guard has(4) else { return short(.tunnel, 4) }
    if u16(0) == 0x0001 {
      let length = 13 + Int(u8(2)) + Int(u8(3))
      guard has(length) else { return short(.tunnel, length) }
      position += length
    }
    if has(8), u16(0) == 0x0000 { position += 8 }
    guard has(1) else { return short(.tunnel, 1) }
    guard u8(0) >> 4 == 6 else { return fault(.tunnel, .badVersion) }
    network.encapsulation.insert(.teredo)
    return .ipv6
  }
}
