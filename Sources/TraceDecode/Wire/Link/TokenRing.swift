extension PacketWalk {
  /// IEEE 802.5 token ring: access and frame control, two addresses, routing information if the source
  /// address says so, LLC.
  mutating func tokenRing() -> WalkStep {
    guard has(14) else { return short(.link, 14) }
    guard u8(1) & 0xc0 == 0x40 else { return .notTCP }
    let sourceRouted = u8(8) & 0x80 != 0
    position += 14
    guard sourceRouted else { return .llc }
    guard has(2) else { return short(.link, 2) }
    let length = Int(u8(0) & 0x1f)
    guard length >= 2 else { return fault(.link, .badLength, needed: 2) }
    return skip(length, to: .llc)
  }

  /// ARCNET (RFC 1201, RFC 1051); Linux puts two octets before the type.
  mutating func arcnet(linux: Bool) -> WalkStep {
    let head = linux ? 5 : 3
    guard has(head) else { return short(.link, head) }
    let type = u8(head - 1)
    position += head
    switch type {
    case 0xf0: return .ipv4
    case 0xd4, 0xc4:
      // RFC 1201: a split flag and a sequence number; 255 announces an exception packet, which repeats them.
      guard has(3) else { return short(.link, 3) }
      if u8(0) == 0xff {
        guard has(7) else { return short(.link, 7) }
        position += 4
      }
      guard u8(0) == 0 else { return fault(.link, .unknownEncapsulation) }
      position += 3
      return type == 0xd4 ? .ipv4 : .ipv6
    default: return .notTCP
    }
  }
}
