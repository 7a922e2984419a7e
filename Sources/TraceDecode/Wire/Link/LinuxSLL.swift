extension PacketWalk {
  /// Linux cooked capture, version 1: 16 octets, the protocol last.
  mutating func linuxSLL() -> WalkStep {
    guard has(16) else { return short(.link, 16) }
    let protocolNumber = u16(14)
    let hardware = u16(2)
    position += 16
    return cooked(protocolNumber, hardware: hardware)
  }

  /// Linux cooked capture, version 2: 20 octets, the protocol first.
  mutating func linuxSLL2() -> WalkStep {
    guard has(20) else { return short(.link, 20) }
    let protocolNumber = u16(0)
    let hardware = u16(8)
    position += 20
    return cooked(protocolNumber, hardware: hardware)
  }

  private mutating func cooked(_ protocolNumber: UInt16, hardware: UInt16) -> WalkStep {
    if hardware == 824 { return .notTCP }  // ARPHRD_NETLINK: the protocol is a netlink family
    switch protocolNumber {
    case 0x0004: return .llc
    case 0x0000...0x05ff: return .notTCP
    default: return .etherType(protocolNumber)
    }
  }
}
