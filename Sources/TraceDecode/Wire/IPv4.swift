extension PacketWalk {
  /// IPv4 or IPv6, told by the version field.
  mutating func ip() -> WalkStep {
    guard has(1) else { return short(.link, 1) }
    switch u8(0) >> 4 {
    case 4: return .ipv4
    case 6: return .ipv6
    default: return fault(.link, .badVersion)
    }
  }

  /// The Internet Protocol (RFC 791), its fragments included.
  ///
  /// The total length rules, even over a record that says the frame was shorter: converted captures lose the
  /// wire length. A total length of 0 is segmentation offload, and the record's length rules.
  mutating func ipv4() -> WalkStep {
    guard has(20) else { return short(.ipv4, 20) }
    guard u8(0) >> 4 == 4 else { return fault(.ipv4, .badVersion) }
    let header = Int(u8(0) & 0x0f) * 4
    let total = Int(u16(2))
    guard header >= 20, total == 0 || total >= header else { return fault(.ipv4, .badLength, needed: 20) }
    guard isCredible(total) else { return fault(.ipv4, .badLength, needed: total) }
    guard enterNetwork() else { return fault(.ipv4, .tooDeep) }
    if total > 0 { end = position + total }
    guard has(header) else { return short(.ipv4, header) }
    let fragmentField = u16(6)
    let number = u8(9)
    isV6 = false
    network.lengthFromRecord = total == 0
    network.trafficClass = u8(1)
    network.ipID = u16(4)
    network.start = position
    network.dontFragment = fragmentField & 0x4000 != 0
    network.ttl = u8(8)
    network.source = IPAddress(v4: u32(12))
    network.destination = IPAddress(v4: finalDestination(header: header) ?? u32(16))
    let isFragment = fragmentField & 0x3fff != 0
    let key = FragmentKey(
      source: network.source, destination: network.destination, id: UInt32(network.ipID), number: number)
    position += header
    guard isFragment else { return .ipProtocol(number) }
    return fragment(
      key, offset: Int(fragmentField & 0x1fff) * 8, more: fragmentField & 0x2000 != 0, number: number)
  }

  /// Counts an IP header; false when there are too many of them.
  mutating func enterNetwork() -> Bool {
    depth += 1
    return depth <= max(limits.nesting, 0) + 1
  }

  /// The last address of a source route that is not used up: what TCP's pseudo-header counts as destination.
  private func finalDestination(header: Int) -> UInt32? {
    var option = 20
    while option < header {
      let kind = u8(option)
      if kind == 0 { break }
      if kind == 1 {
        option += 1
        continue
      }
      let length = option + 1 < header ? Int(u8(option + 1)) : 0
      guard length >= 2, option + length <= header else { break }
      if kind == 131 || kind == 137, length >= 7, (length - 3) % 4 == 0, Int(u8(option + 2)) <= length {
        return u32(option + length - 4)
      }
      option += length
    }
    return nil
  }

  /// Hands a fragment to reassembly; goes on inside the datagram when it is whole.
  mutating func fragment(_ key: FragmentKey, offset: Int, more: Bool, number: UInt8) -> WalkStep {
    let piece = FragmentPiece(
      offset: offset, length: max(0, end - position), more: more, number: number, isV6: isV6,
      time: frame.time)
    guard piece.length > 0, offset + piece.length <= 65_535 else {
      return fault(isV6 ? .ipv6 : .ipv4, .badLength, needed: piece.length)
    }
    let captured = available
    let bytes = UnsafeRawBufferPointer(rebasing: octets.buffer[position..<(position + captured)])
    guard let whole = reassembly.add(piece, of: key, captured: bytes, limits: limits) else {
      return .stop(.fragment)
    }
    octets = Octets(buffer: whole.known)
    position = 0
    network.start = isV6 ? -40 : -20
    end = whole.length
    network.encapsulation.insert(.fragmented)
    return .ipProtocol(whole.number)
  }
}
