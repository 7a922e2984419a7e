extension PacketWalk {
  /// PPP (RFC 1661) with or without the HDLC address and control fields (RFC 1662) and with or without
  /// protocol field compression; or Cisco HDLC, which LINKTYPE_PPP_HDLC also stands for.
  mutating func ppp() -> WalkStep {
    guard has(1) else { return short(.link, 1) }
    if has(2) {
      switch (u8(0), u8(1)) {
      case (0xff, 0x03): position += 2
      case (0x0f, 0x00), (0x8f, 0x00): return ciscoHDLC()
      default: break
      }
    }
    guard has(1) else { return short(.link, 1) }
    // An odd first octet is the whole, compressed, protocol field.
    if u8(0) & 1 == 1 {
      let number = UInt16(u8(0))
      position += 1
      return .pppProtocol(number)
    }
    guard has(2) else { return short(.link, 2) }
    let number = u16(0)
    position += 2
    return .pppProtocol(number)
  }

  /// Source: PPP Numbers (IANA).
  mutating func pppProtocol(_ number: UInt16) -> WalkStep {
    switch number {
    case 0x0021: return .ipv4
    case 0x0057: return .ipv6
    case 0x0281, 0x0283: return .mpls
    case 0x003d: return multilink()
    // Van Jacobson compression, header compression, encryption, compression of the whole link.
    case 0x002d, 0x002f, 0x0003, 0x0005, 0x0053, 0x0055, 0x0061, 0x0065, 0x0067, 0x0069, 0x00fb, 0x00fd:
      return fault(.link, .opaque)
    default: return .notTCP
    }
  }

  /// Multilink (RFC 1990) with the long header; only a packet in one piece can be read.
  private mutating func multilink() -> WalkStep {
    guard has(4) else { return short(.link, 4) }
    guard u8(0) & 0xc0 == 0xc0 else { return fault(.link, .unknownEncapsulation) }
    position += 4
    return .ppp
  }

  /// PPPoE session stage (RFC 2516).
  mutating func pppoe() -> WalkStep {
    guard has(6) else { return short(.link, 6) }
    guard u8(0) == 0x11 else { return fault(.link, .badVersion) }
    guard u8(1) == 0 else { return .notTCP }  // discovery
    let length = Int(u16(4))
    position += 6
    network.encapsulation.insert(.pppoe)
    if length > 0 { narrow(to: length) }
    return .ppp
  }

  /// Cisco HDLC: address, control, EtherType.
  mutating func ciscoHDLC() -> WalkStep {
    guard has(4) else { return short(.link, 4) }
    let type = u16(2)
    position += 4
    return .etherType(type)
  }
}
