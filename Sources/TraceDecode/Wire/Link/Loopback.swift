extension PacketWalk {
  /// BSD loopback: a protocol family, in the byte order of the capturing host (LINKTYPE_NULL) or the network's
  /// (LINKTYPE_LOOP); families are small, so the order shows.
  mutating func loopback() -> WalkStep {
    guard has(4) else { return short(.link, 4) }
    let raw = u32(0)
    position += 4
    return family(raw > 0xffff ? raw.byteSwapped : raw)
  }

  /// An address family of any system: AF_INET is 2 everywhere, AF_INET6 is 10, 23, 24, 28 or 30.
  mutating func family(_ value: UInt32) -> WalkStep {
    switch value {
    case 2: return .ipv4
    case 10, 23, 24, 28, 30: return .ipv6
    // Some writers put an EtherType there.
    case 0x0600...0xffff: return .etherType(UInt16(value))
    default: return .notTCP
    }
  }

  /// OpenBSD encapsulating interface: family, SPI and flags, in host order.
  mutating func enc() -> WalkStep {
    guard has(12) else { return short(.link, 12) }
    let raw = u32(0)
    position += 12
    return family(raw > 0xffff ? raw.byteSwapped : raw)
  }

  /// OpenBSD packet filter log: a header that tells its length and the family, padded to four octets.
  mutating func pflog() -> WalkStep {
    guard has(4) else { return short(.link, 4) }
    let length = (Int(u8(0)) + 3) & ~3
    let family = u8(1)
    guard length >= 4 else { return fault(.link, .badLength, needed: 4) }
    guard has(length) else { return short(.link, length) }
    position += length
    return self.family(UInt32(family))
  }

  /// Linux netfilter log: address family, then attributes of which one is the packet.
  mutating func nflog() -> WalkStep {
    guard has(4) else { return short(.link, 4) }
    let family = u8(0)
    position += 4
    while has(4) {
      // Attributes are in the byte order of the capturing host; nearly always little-endian.
      let length = Int(le16(0))
      let type = le16(2) & 0x7fff
      guard length >= 4 else { return fault(.link, .badLength, needed: 4) }
      if type == 9 {
        narrow(to: length)
        position += 4
        return self.family(UInt32(family))
      }
      position += (length + 3) & ~3
    }
    return .notTCP
  }

  /// Apple PKTAP: a header that tells its length and the link type of what follows.
  mutating func pktap() -> WalkStep {
    guard has(12) else { return short(.link, 12) }
    let length = Int(le32(0))
    let type = le32(8)
    guard length >= 12 else { return fault(.link, .badLength, needed: 12) }
    guard has(length) else { return short(.link, length) }
    position += length
    guard let type = UInt16(exactly: type) else { return fault(.link, .unknownLinkType) }
    return .link(LinkType(rawValue: type))
  }
}
