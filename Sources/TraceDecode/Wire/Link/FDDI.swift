extension PacketWalk {
  /// FDDI: frame control, two addresses (which may be bit-swapped; they are not used), LLC.
  mutating func fddi() -> WalkStep {
    guard has(13) else { return short(.link, 13) }
    let control = u8(0) & 0xf0
    position += 13
    return control == 0x50 || control == 0xd0 ? .llc : .notTCP
  }
}
