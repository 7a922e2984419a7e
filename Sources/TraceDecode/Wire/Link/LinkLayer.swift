extension LinkType {
  /// Whether `WireDecoder` finds its way into packets of this type.
  public var isDecoded: Bool { Self.decoded.contains(rawValue) }

  private static let decoded: Set<UInt16> = [
    0, 1, 6, 7, 9, 10, 12, 14, 50, 51, 100, 101, 104, 105, 107, 108, 109, 113, 117, 119, 123, 127, 129, 138,
    163,
    192, 204, 205, 206, 228, 229, 239, 240, 258, 276,
  ]
}

extension PacketWalk {
  /// Enters a packet by its LINKTYPE_ value.
  ///
  /// Source: tcpdump.org/linktypes.html.
  mutating func link(_ type: LinkType) -> WalkStep {
    switch type.rawValue {
    case 1: return .ethernet
    case 0, 108: return loopback()
    case 6: return tokenRing()
    case 7: return arcnet(linux: false)
    case 129: return arcnet(linux: true)
    case 9, 50: return .ppp
    case 10: return fddi()
    case 51: return pppoe()
    case 12, 14, 101: return .ip
    case 228: return .ipv4
    case 229: return .ipv6
    case 100: return .llc
    case 104: return ciscoHDLC()
    case 105: return .ieee80211(padded: false)
    case 107: return frameRelay()
    case 109: return enc()
    case 113: return linuxSLL()
    case 276: return linuxSLL2()
    case 117: return pflog()
    case 119: return prism()
    case 163: return avs()
    case 127: return radiotap()
    case 123: return skip(4, to: .llc)  // SunATM
    case 138: return appleFireWire()
    case 192: return ppi()
    case 204: return skip(1, to: .ppp)  // direction, then PPP
    case 205: return skip(1, to: .link(.cHDLC))
    case 206: return skip(1, to: .link(.frameRelay))
    case 239: return nflog()
    case 240: return skip(4, to: .ethernet)  // netANALYZER
    case 258: return pktap()
    default: return fault(.link, .unknownLinkType)
    }
  }

  /// Passes a header whose content does not matter.
  mutating func skip(_ length: Int, to next: WalkStep) -> WalkStep {
    guard has(length) else { return short(.link, length) }
    position += length
    return next
  }

  /// Apple IP over IEEE 1394: two 8-octet addresses and an EtherType.
  mutating func appleFireWire() -> WalkStep {
    guard has(18) else { return short(.link, 18) }
    let type = u16(16)
    position += 18
    return .etherType(type)
  }
}
