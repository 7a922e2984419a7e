extension PacketWalk {
  /// MPLS labels (RFC 3032), then IP or an Ethernet pseudowire (RFC 4448).
  ///
  /// Nothing names what follows the bottom label, so it is judged by its looks.
  mutating func mpls() -> WalkStep {
    network.encapsulation.insert(.mpls)
    var isBottom = false
    while !isBottom {
      guard has(4) else { return short(.tunnel, 4) }
      isBottom = u8(2) & 1 == 1
      position += 4
    }
    guard has(1) else { return short(.tunnel, 1) }
    switch u8(0) >> 4 {
    case 4 where looksLikeIPv4(), 6 where looksLikeIPv6(): return .ip
    case 1: return .notTCP  // associated channel (RFC 4385)
    case 0 where isEthernet(at: 4):
      position += 4  // control word
      return .ethernet
    default:
      if isEthernet(at: 0) { return .ethernet }
      return fault(.tunnel, has(18) ? .unknownEncapsulation : .truncated, needed: has(18) ? 0 : 18)
    }
  }

  private func looksLikeIPv4() -> Bool {
    // An address that begins with 4 can only be told by a header that contradicts itself.
    let header = Int(u8(0) & 0x0f) * 4
    let total = Int(u16(2))
    return header >= 20 && (!has(4) || total == 0 || total >= header) && !(has(14) && isEthernet(at: 0))
  }

  private func looksLikeIPv6() -> Bool { !(has(14) && isEthernet(at: 0)) }

  /// Whether an Ethernet header stands there whose type is one that a pseudowire carries.
  private func isEthernet(at offset: Int) -> Bool {
    guard has(offset + 15) else { return false }
    let next = u8(offset + 14) >> 4
    switch u16(offset + 12) {
    case 0x0800: return next == 4
    case 0x86dd: return next == 6
    case 0x0806, 0x8100, 0x88a8, 0x8847, 0x8864, 0x88cc, 0x9000: return true
    // IEEE 802.3 with an LLC header of spanning tree or SNAP.
    case 3...1500: return u16(offset + 14) == 0xaaaa || u16(offset + 14) == 0x4242
    default: return false
    }
  }
}
