extension PacketWalk {
  /// ERSPAN type I: the mirrored frame with no header of its own.
  ///
  /// Source: draft-foschiano-erspan.
  mutating func erspanI() -> WalkStep {
    network.encapsulation.insert(.erspan)
    return .ethernet
  }

  /// ERSPAN type II: eight octets.
  mutating func erspanII() -> WalkStep {
    guard has(8) else { return short(.tunnel, 8) }
    guard u8(0) >> 4 == 1 else { return fault(.tunnel, .badVersion) }
    network.encapsulation.insert(.erspan)
    position += 8
    return .ethernet
  }

  /// ERSPAN type III: twelve octets, eight more when the O bit announces a platform header, and either an
  /// Ethernet frame or a bare IP packet.
  mutating func erspanIII() -> WalkStep {
    guard has(12) else { return short(.tunnel, 12) }
    guard u8(0) >> 4 == 2 else { return fault(.tunnel, .badVersion) }
    let flags = u16(10)
    let length = flags & 1 != 0 ? 20 : 12
    guard has(length) else { return short(.tunnel, length) }
    network.encapsulation.insert(.erspan)
    position += length
    switch flags >> 10 & 0x1f {
    case 0: return .ethernet
    case 2: return .ip
    default: return fault(.tunnel, .unknownEncapsulation)
    }
  }
}
