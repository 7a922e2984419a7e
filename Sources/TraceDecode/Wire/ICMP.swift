extension PacketWalk {
  /// ICMP errors (RFC 792, RFC 1191, RFC 1812) that quote a TCP segment.
  mutating func icmpV4() -> WalkStep {
    guard has(8) else { return short(.icmp, 8) }
    let type = u8(0)
    let code = u8(1)
    let kind: ICMPError.Kind
    switch (type, code) {
    case (3, 0), (3, 6), (3, 11): kind = .networkUnreachable
    case (3, 1), (3, 7), (3, 8), (3, 12): kind = .hostUnreachable
    case (3, 2): kind = .protocolUnreachable
    case (3, 3): kind = .portUnreachable
    case (3, 4): kind = .fragmentationNeeded
    case (3, 9), (3, 10), (3, 13): kind = .administrativelyProhibited
    case (3, _): kind = .otherUnreachable
    case (4, _): kind = .sourceQuench
    case (5, _): kind = .redirect
    case (11, _): kind = .timeExceeded
    case (12, _): kind = .parameterProblem
    default: return .notTCP
    }
    // Routers before RFC 1191 leave the next-hop MTU 0.
    let mtu = kind == .fragmentationNeeded && u16(6) != 0 ? UInt32(u16(6)) : nil
    position += 8
    return quote(kind, type: type, code: code, mtu: mtu)
  }

  /// ICMPv6 errors (RFC 4443) and redirects (RFC 4861) that quote a TCP segment.
  mutating func icmpV6() -> WalkStep {
    guard has(8) else { return short(.icmp, 8) }
    let type = u8(0)
    let code = u8(1)
    let kind: ICMPError.Kind
    switch (type, code) {
    case (1, 0), (1, 6): kind = .networkUnreachable
    case (1, 1), (1, 5): kind = .administrativelyProhibited
    case (1, 3): kind = .hostUnreachable
    case (1, 4): kind = .portUnreachable
    case (1, _): kind = .otherUnreachable
    case (2, _): kind = .packetTooBig
    case (3, _): kind = .timeExceeded
    case (4, _): kind = .parameterProblem
    case (137, _): kind = .redirect
    default: return .notTCP
    }
    let mtu = kind == .packetTooBig ? u32(4) : nil
    position += 8
    if kind == .redirect {
      guard let offset = redirectedHeader() else { return .notTCP }
      position += offset
    }
    return quote(kind, type: type, code: code, mtu: mtu)
  }

  /// Where the redirected packet begins, behind two addresses and among options.
  private func redirectedHeader() -> Int? {
    var option = 32
    while has(option + 8) {
      let length = Int(u8(option + 1)) * 8
      if u8(option) == 4 { return option + 8 }
      guard length > 0 else { return nil }
      option += length
    }
    return nil
  }

  /// Reads the quoted packet as far as the first eight octets of its TCP header.
  private mutating func quote(_ kind: ICMPError.Kind, type: UInt8, code: UInt8, mtu: UInt32?) -> WalkStep {
    let reporter = network.source
    var source = reporter
    var destination = reporter
    var number: UInt8
    switch u8(0) >> 4 {
    case 4:
      let header = Int(u8(0) & 0x0f) * 4
      guard header >= 20 else { return fault(.icmp, .badLength, needed: 20) }
      guard has(header) else { return short(.icmp, header) }
      // A later fragment has no TCP header to quote.
      guard u16(6) & 0x1fff == 0 else { return .notTCP }
      source = IPAddress(v4: u32(12))
      destination = IPAddress(v4: u32(16))
      number = u8(9)
      position += header
    case 6:
      guard has(40) else { return short(.icmp, 40) }
      source = octets.address(position + 8)
      destination = octets.address(position + 24)
      number = u8(6)
      position += 40
      while number == 0 || number == 43 || number == 44 || number == 60 {
        guard has(8) else { return short(.icmp, 8) }
        if number == 44, u16(2) & 0xfff8 != 0 { return .notTCP }
        let length = number == 44 ? 8 : (Int(u8(1)) + 1) * 8
        guard has(length) else { return short(.icmp, length) }
        number = u8(0)
        position += length
      }
    default:
      return has(1) ? fault(.icmp, .badVersion) : short(.icmp, 1)
    }
    guard number == 6 else { return .notTCP }
    guard has(8) else { return short(.icmp, 8) }
    icmp = ICMPError(
      kind: kind, type: type, code: code, frame: frame.number, time: frame.time,
      recordOffset: frame.recordOffset, reporter: reporter,
      quotedSource: SocketAddress(address: source, port: u16(0)),
      quotedDestination: SocketAddress(address: destination, port: u16(2)), quotedSeq: u32(4), mtu: mtu)
    return .stop(.icmp)
  }
}
