extension PacketWalk {
  /// Frame Relay: a Q.922 address, then RFC 2427 or Cisco's encapsulation.
  mutating func frameRelay() -> WalkStep {
    // The last octet of the address has its lowest bit set; two octets are usual, four the most.
    var length = 0
    repeat {
      guard has(length + 1) else { return short(.link, length + 1) }
      length += 1
    } while length < 4 && u8(length - 1) & 1 == 0
    position += length
    guard has(2) else { return short(.link, 2) }
    guard u8(0) == 0x03 else {
      let type = u16(0)
      position += 2
      return .etherType(type)
    }
    position += 1
    // One octet of padding may stand before the identifier.
    if u8(0) == 0 { position += 1 }
    guard has(1) else { return short(.link, 1) }
    let nlpid = u8(0)
    position += 1
    return networkLayerID(nlpid)
  }
}
