extension PacketWalk {
  /// Ethernet II, or IEEE 802.3 where the field after the addresses is a length.
  mutating func ethernet() -> WalkStep {
    guard has(14) else { return short(.link, 14) }
    let type = u16(12)
    position += 14
    if type <= 1500 {
      narrow(to: Int(type))
      return .llc
    }
    return .etherType(type)
  }

  /// What follows an EtherType; types that can hold no IP are simply not TCP.
  ///
  /// Source: IEEE 802 Numbers (IANA).
  mutating func etherType(_ type: UInt16) -> WalkStep {
    switch type {
    case 0x0800: return .ipv4
    case 0x86dd: return .ipv6
    case 0x8100, 0x88a8, 0x9100, 0x9200: return vlanTag()
    case 0x88e7: return providerBackbone()
    case 0x8847, 0x8848: return .mpls
    case 0x8864: return pppoe()
    case 0x880b: return .ppp
    case 0x6558: return .ethernet
    case 0x8870: return .llc  // LLC in a jumbo frame
    case 0x8926: return tag(4)  // Cisco VN-Tag
    case 0x893f: return tag(6)  // IEEE 802.1BR E-Tag
    case 0x8909: return tag(6)  // Cisco MetaData
    case 0x88e5: return macSec()
    default:
      // A tag may also stand before an IEEE 802.3 length.
      if type <= 1500 {
        narrow(to: Int(type))
        return .llc
      }
      return .notTCP
    }
  }

  /// IEEE 802.1Q, 802.1ad and the stacked forms before it: the innermost identifier is kept.
  private mutating func vlanTag() -> WalkStep {
    guard has(4) else { return short(.link, 4) }
    network.vlan = u16(0) & 0xfff
    network.encapsulation.insert(.vlan)
    let type = u16(2)
    position += 4
    return .etherType(type)
  }

  /// A tag of no interest, an EtherType at its end.
  private mutating func tag(_ length: Int) -> WalkStep {
    guard has(length + 2) else { return short(.link, length + 2) }
    let type = u16(length)
    position += length + 2
    return .etherType(type)
  }

  /// IEEE 802.1ah: the I-TAG, then the customer's whole frame.
  private mutating func providerBackbone() -> WalkStep {
    guard has(4) else { return short(.link, 4) }
    position += 4
    return .ethernet
  }

  /// IEEE 802.1AE: readable when it only protects integrity.
  private mutating func macSec() -> WalkStep {
    guard has(6) else { return short(.link, 6) }
    let control = u8(0)
    if control & 0x0c != 0 { return fault(.link, .opaque) }
    // Control and association number, short length, packet number; the channel identifier is optional.
    return tag(control & 0x20 != 0 ? 14 : 6)
  }
}
