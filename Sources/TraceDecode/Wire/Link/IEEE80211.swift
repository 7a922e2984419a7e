extension PacketWalk {
  /// IEEE 802.11 data frames that are not encrypted, with QoS, four addresses and the first A-MSDU subframe.
  ///
  /// - Parameter padded: the header was padded to four octets, as some drivers do.
  mutating func ieee80211(padded: Bool) -> WalkStep {
    guard has(24) else { return has(2) && u8(0) & 0x0c != 0x08 ? .notTCP : short(.link, 24) }
    let kind = u8(0)
    let flags = u8(1)
    // Data frames only; the null subtypes carry nothing.
    guard kind & 0x0c == 0x08, kind & 0x40 == 0 else { return .notTCP }
    if flags & 0x40 != 0 { return fault(.link, .opaque) }
    // A later fragment of a MSDU begins in the middle of its packet.
    if u8(22) & 0x0f != 0 { return fault(.link, .unknownEncapsulation) }
    var length = 24
    if flags & 0x03 == 0x03 { length += 6 }
    var aggregated = false
    if kind & 0x80 != 0 {
      guard has(length + 2) else { return short(.link, length + 2) }
      aggregated = u8(length) & 0x80 != 0
      length += 2
      if flags & 0x80 != 0 { length += 4 }
    }
    if padded { length = (length + 3) & ~3 }
    guard has(length) else { return short(.link, length) }
    position += length
    guard aggregated else { return .llc }
    guard has(14) else { return short(.link, 14) }
    let subframe = Int(u16(12))
    position += 14
    narrow(to: subframe)
    return .llc
  }

  /// Radiotap: a length, and the flag that tells whether the 802.11 header is padded.
  ///
  /// Source: radiotap.org.
  mutating func radiotap() -> WalkStep {
    guard has(8) else { return short(.link, 8) }
    guard u8(0) == 0 else { return fault(.link, .badVersion) }
    let length = Int(le16(2))
    guard length >= 8 else { return fault(.link, .badLength, needed: 8) }
    guard has(length) else { return short(.link, length) }
    let present = le32(4)
    var field = 8
    var word = present
    while word & 0x8000_0000 != 0, field + 4 <= length {
      word = le32(field)
      field += 4
    }
    // TSFT, if there, is aligned to eight and comes before the flags.
    if present & 1 != 0 { field = ((field + 7) & ~7) + 8 }
    let padded = present & 2 != 0 && field < length && u8(field) & 0x20 != 0
    position += length
    return .ieee80211(padded: padded)
  }

  /// Per-Packet Information: a length and the link type of what follows.
  mutating func ppi() -> WalkStep {
    guard has(8) else { return short(.link, 8) }
    guard u8(0) == 0 else { return fault(.link, .badVersion) }
    let length = Int(le16(2))
    let type = le32(4)
    guard length >= 8 else { return fault(.link, .badLength, needed: 8) }
    guard has(length) else { return short(.link, length) }
    position += length
    guard let type = UInt16(exactly: type) else { return fault(.link, .unknownLinkType) }
    return .link(LinkType(rawValue: type))
  }

  /// Prism monitor header: 144 octets, unless it is the AVS header under the same link type.
  mutating func prism() -> WalkStep {
    guard has(8) else { return short(.link, 8) }
    return u32(0) & 0xffff_f000 == 0x8021_1000 ? avs() : skip(144, to: .ieee80211(padded: false))
  }

  /// AVS monitor header, which tells its length.
  mutating func avs() -> WalkStep {
    guard has(8) else { return short(.link, 8) }
    let length = Int(u32(4))
    guard length >= 8 else { return fault(.link, .badLength, needed: 8) }
    return skip(length, to: .ieee80211(padded: false))
  }
}
