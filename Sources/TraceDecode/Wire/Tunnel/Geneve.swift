extension PacketWalk {
  /// Geneve (RFC 8926): eight octets and options, then whatever its EtherType says.
  mutating func geneve() -> WalkStep {
    guard has(8) else { return short(.tunnel, 8) }
    guard u8(0) >> 6 == 0 else { return fault(.tunnel, .badVersion) }
    let length = 8 + Int(u8(0) & 0x3f) * 4
    let type = u16(2)
    guard has(length) else { return short(.tunnel, length) }
    network.encapsulation.insert(.geneve)
    position += length
    return .etherType(type)
  }
}
