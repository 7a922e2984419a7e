extension Segment {
  /// Reads the option area `from..<to`, as far as it was captured.
  ///
  /// An option whose length is not one its kind can have is marked malformed and passed over; a length that
  /// cannot be believed ends the reading, for nothing after it has a known place.
  /// Source: TCP Option Kind Numbers (IANA).
  mutating func readOptions(_ octets: Octets, from: Int, to end: Int) {
    let captured = min(end, octets.count)
    var at = from
    while at < end {
      guard at < captured else {
        options.insert(.truncated)
        return
      }
      let kind = octets.u8(at)
      if kind == 0 { return }
      if kind == 1 {
        at += 1
        continue
      }
      guard at + 1 < end else {
        options.insert(.malformed)
        return
      }
      guard at + 1 < captured else {
        options.insert(.truncated)
        return
      }
      let length = Int(octets.u8(at + 1))
      guard length >= 2, at + length <= end else {
        options.insert(.malformed)
        return
      }
      guard at + length <= captured else {
        options.insert(.truncated)
        return
      }
      readOption(kind, octets, at: at, length: length)
      at += length
    }
  }

  private mutating func readOption(_ kind: UInt8, _ octets: Octets, at: Int, length: Int) {
    switch (kind, length) {
    case (2, 4):
      mss = octets.u16(at + 2)
      options.insert(.mss)
    case (3, 3):
      windowShift = octets.u8(at + 2)
      options.insert(.windowScale)
    case (4, 2): options.insert(.sackPermitted)
    case (5, 10), (5, 18), (5, 26), (5, 34):
      for block in stride(from: at + 2, to: at + length, by: 8) {
        sack.append(SACKBlock(left: octets.u32(block), right: octets.u32(block + 4)))
      }
      options.insert(.sack)
    case (8, 10):
      tsVal = octets.u32(at + 2)
      tsEcr = octets.u32(at + 6)
      options.insert(.timestamps)
    // RFC 7413: no cookie asks for one; a cookie is 4 to 16 octets, an even number of them.
    case (34, 2), (34, 6), (34, 8), (34, 10), (34, 12), (34, 14), (34, 16), (34, 18):
      options.insert(.fastOpen)
    case (30, 3...):
      options.insert(.mptcp)
      mptcp = MPTCPSignal(octets, at: at, length: length)
    case (19, 18): options.insert(.md5)
    case (29, 4...): options.insert(.authentication)
    case (28, 4): options.insert(.userTimeout)
    // RFC 9768: none to three counters of three octets.
    case (172, 2), (172, 5), (172, 8), (172, 11), (174, 2), (174, 5), (174, 8), (174, 11):
      options.insert(.accECN)
    case (253, 4...), (254, 4...):
      options.insert(.experimental)
      // RFC 6994: the first two octets tell whose experiment.
      switch octets.u16(at + 2) {
      case 0xf989: options.insert(.fastOpen)
      case 0xacc0, 0xacc1, 0xacce: options.insert(.accECN)
      default: break
      }
    case (2, _), (3, _), (4, _), (5, _), (8, _), (34, _), (30, _), (19, _), (29, _), (28, _), (172, _),
      (174, _),
      (253, _), (254, _):
      options.insert(.malformed)
    default: options.insert(.unknown)
    }
  }
}
