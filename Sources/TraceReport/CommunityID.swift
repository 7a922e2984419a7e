import TraceDecode

/// Community ID version 1, seed 0: `1:` and the Base64 of SHA-1 over the ordered five-tuple.
///
/// Source: github.com/corelight/community-id-spec.
extension ByteOutput {
  func putCommunityID(_ source: CommunityIDSource) {
    put("1:")
    base64(SHA1.digest(of: source.hashInput))
  }

  private func base64(_ digest: SHA1.Digest) {
    let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    let letters = alphabet.utf8Start
    // 20 octets: six groups of three, and two with one pad.
    for i in stride(from: 0, to: 21, by: 3) {
      let group = UInt32(digest[i]) << 16 | UInt32(digest[i + 1]) << 8 | (i < 18 ? UInt32(digest[i + 2]) : 0)
      put(letters[Int(group >> 18)])
      put(letters[Int(group >> 12 & 63)])
      put(letters[Int(group >> 6 & 63)])
      put(i < 18 ? letters[Int(group & 63)] : UInt8(ascii: "="))
    }
  }
}

extension CommunityIDSource {
  /// The Community ID as text.
  public var text: String {
    let out = ByteOutput()
    out.putCommunityID(self)
    return out.text
  }

  /// Seed, addresses, protocol, padding and ports in network order, the smaller endpoint first.
  ///
  /// One block of SHA-1 holds it: 40 octets at most.
  fileprivate var hashInput: SHA1.Block {
    let ordered = a.address != b.address ? a.address < b.address : a.port <= b.port
    let (first, second) = ordered ? (a, b) : (b, a)
    var block = SHA1.Block()
    block.append(UInt16(0))
    for end in [first, second] {
      if a.address.isV4, b.address.isV4 {
        block.append(end.address.v4)
      } else {
        block.append(end.address.high)
        block.append(end.address.low)
      }
    }
    block.append(UInt8(6))
    block.append(UInt8(0))
    block.append(first.port)
    block.append(second.port)
    return block
  }
}

/// SHA-1 (RFC 3174) of a message that fits one block, which is all a Community ID needs.
private enum SHA1 {
  /// Twenty octets.
  struct Digest {
    var words: (UInt32, UInt32, UInt32, UInt32, UInt32)
    subscript(i: Int) -> UInt8 {
      let word =
        switch i >> 2 {
        case 0: words.0
        case 1: words.1
        case 2: words.2
        case 3: words.3
        default: words.4
        }
      return UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * (i & 3)))
    }
  }

  /// A message of at most 55 octets, being built.
  struct Block {
    private var words = SIMD16<UInt32>(repeating: 0)
    private var length = 0

    mutating func append(_ value: some FixedWidthInteger & UnsignedInteger) {
      for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
        let byte = UInt32(truncatingIfNeeded: value >> shift) & 255
        words[length >> 2] |= byte << UInt32(24 - 8 * (length & 3))
        length += 1
      }
    }

    /// The sixteen words of the padded block.
    consuming func padded() -> SIMD16<UInt32> {
      let bits = UInt32(length * 8)
      append(UInt8(0x80))
      words[15] = bits
      return words
    }
  }

  static func digest(of block: consuming Block) -> Digest {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 80) { w in
      let words = block.padded()
      for t in 0..<16 { w[t] = words[t] }
      for t in 16..<80 {
        let mixed = w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16]
        w[t] = mixed << 1 | mixed >> 31
      }
      let h: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
        0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0
      )
      var (a, b, c, d, e) = h
      @inline(__always)
      func step(_ f: UInt32, _ k: UInt32, _ t: Int) {
        let next = (a << 5 | a >> 27) &+ f &+ e &+ k &+ w[t]
        (e, d, c, b, a) = (d, c, b << 30 | b >> 2, a, next)
      }
      for t in 0..<20 { step((b & c) | (~b & d), 0x5a82_7999, t) }
      for t in 20..<40 { step(b ^ c ^ d, 0x6ed9_eba1, t) }
      for t in 40..<60 { step((b & c) | (b & d) | (c & d), 0x8f1b_bcdc, t) }
      for t in 60..<80 { step(b ^ c ^ d, 0xca62_c1d6, t) }
      return Digest(words: (h.0 &+ a, h.1 &+ b, h.2 &+ c, h.3 &+ d, h.4 &+ e))
    }
  }
}
