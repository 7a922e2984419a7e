extension PacketWalk {
  /// L2TP version 2 data messages (RFC 2661), which carry PPP.
  mutating func l2tp() -> WalkStep {
    guard has(6) else { return short(.tunnel, 6) }
    let flags = u16(0)
    guard flags & 0x0f == 2 else { return fault(.tunnel, .badVersion) }
    guard flags & 0x8000 == 0 else { return .notTCP }  // control
    var length = 6
    if flags & 0x4000 != 0 { length += 2 }
    if flags & 0x0800 != 0 { length += 4 }
    if flags & 0x0200 != 0 {
      guard has(length + 2) else { return short(.tunnel, length + 2) }
      length += 2 + Int(u16(length))
    }
    guard has(length) else { return short(.tunnel, length) }
    network.encapsulation.insert(.l2tp)
    position += length
    return has(1) ? .ppp : .notTCP
  }
}
