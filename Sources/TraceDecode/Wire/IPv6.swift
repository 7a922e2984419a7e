extension PacketWalk {
  /// IPv6 (RFC 8200) with jumbograms (RFC 2675); its extension headers follow as protocols.
  mutating func ipv6() -> WalkStep {
    guard has(40) else { return short(.ipv6, 40) }
    guard u8(0) >> 4 == 6 else { return fault(.ipv6, .badVersion) }
    guard enterNetwork() else { return fault(.ipv6, .tooDeep) }
    let length = Int(u16(4))
    guard isCredible(40 + length) else { return fault(.ipv6, .badLength, needed: 40 + length) }
    let next = u8(6)
    isV6 = true
    network.lengthFromRecord = false
    network.trafficClass = UInt8(truncatingIfNeeded: u16(0) >> 4)
    network.ipID = 0
    network.start = position
    network.dontFragment = false
    network.ttl = u8(7)
    network.source = octets.address(position + 8)
    network.destination = octets.address(position + 24)
    position += 40
    if length > 0 {
      end = position + length
    } else if let jumbo = next == 0 ? jumboLength() : nil {
      // Beyond the record there is nothing to trust: no converter of old captures knew jumbograms.
      guard position + jumbo <= end else { return fault(.ipv6, .badLength, needed: jumbo) }
      end = position + jumbo
    } else {
      network.lengthFromRecord = true
    }
    return .ipProtocol(next)
  }

  /// The length in the jumbo payload option of the hop-by-hop header at the position.
  private func jumboLength() -> Int? {
    guard let at = option(0xc2, length: 4) else { return nil }
    return Int(u32(at))
  }

  /// Where the value of an option lies in the extension header at the position.
  private func option(_ kind: UInt8, length wanted: Int) -> Int? {
    let header = (Int(u8(1)) + 1) * 8
    guard has(header) else { return nil }
    var option = 2
    while option < header {
      if u8(option) == 0 {
        option += 1
        continue
      }
      let length = Int(u8(option + 1))
      guard option + 2 + length <= header else { return nil }
      if u8(option) == kind, length == wanted { return option + 2 }
      option += 2 + length
    }
    return nil
  }

  /// Destination options: the home address (RFC 6275 6.3) is the source that TCP knows.
  mutating func destinationOptions() -> WalkStep {
    if let at = option(0xc9, length: 16) { network.source = octets.address(position + at) }
    return extensionHeader()
  }

  /// An extension header of the common form: next header, length in units of eight octets less one.
  mutating func extensionHeader() -> WalkStep {
    guard has(8) else { return short(.ipv6, 8) }
    let next = u8(0)
    let length = (Int(u8(1)) + 1) * 8
    guard has(length) else { return short(.ipv6, length) }
    position += length
    return .ipProtocol(next)
  }

  /// Routing header: with segments left, the final destination is in it, and TCP's pseudo-header names that.
  mutating func routingHeader() -> WalkStep {
    guard has(8) else { return short(.ipv6, 8) }
    let length = (Int(u8(1)) + 1) * 8
    guard has(length) else { return short(.ipv6, length) }
    if u8(3) > 0, length >= 24 {
      switch u8(2) {
      case 0, 2: network.destination = octets.address(position + (length - 8) / 16 * 16 + 8 - 16)
      case 4: network.destination = octets.address(position + 8)  // segment list is in reverse (RFC 8754)
      default: break
      }
    }
    return extensionHeader()
  }

  /// Fragment header; an atomic fragment (RFC 6946) is a whole packet.
  mutating func fragmentHeader() -> WalkStep {
    guard has(8) else { return short(.ipv6, 8) }
    let next = u8(0)
    let field = u16(2)
    let id = u32(4)
    position += 8
    guard field & 0xfff9 != 0 else { return .ipProtocol(next) }
    // The next header of the first fragment counts, so it is no part of the key.
    let key = FragmentKey(source: network.source, destination: network.destination, id: id, number: 44)
    return fragment(key, offset: Int(field & 0xfff8), more: field & 1 != 0, number: next)
  }

  /// Authentication Header (RFC 4302), in IPv4 and IPv6: integrity only, so what follows is readable.
  mutating func authenticationHeader() -> WalkStep {
    guard has(12) else { return short(isV6 ? .ipv6 : .ipv4, 12) }
    let next = u8(0)
    let length = (Int(u8(1)) + 2) * 4
    guard length >= 12 else { return fault(isV6 ? .ipv6 : .ipv4, .badLength, needed: 12) }
    guard has(length) else { return short(isV6 ? .ipv6 : .ipv4, length) }
    network.encapsulation.insert(.ah)
    position += length
    return .ipProtocol(next)
  }
}
