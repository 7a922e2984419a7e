import TraceDecode

/// Community ID version 1, seed 0: `1:` and the Base64 of SHA-1 over the ordered five-tuple.
///
/// An address in IPv4-mapped form counts as IPv4, whichever header carried it.
/// Source: github.com/corelight/community-id-spec.
extension ByteOutput {
  func putCommunityID(_ source: CommunityIDSource) {
    compose(atMost: JSONCursor.communityIDLimit) { $0.putCommunityID(source) }
  }
}

extension JSONCursor {
  /// Octets of a Community ID.
  static let communityIDLimit = 30

  mutating func putCommunityID(_ source: CommunityIDSource) {
    put("1:")
    base64(SHA1.digest(of: source.hashInput))
  }

  /// 160 bits: 26 letters of six, one of the four that are left, and a pad.
  private mutating func base64(_ digest: SHA1.Digest) {
    let middle = UInt64(digest.2) << 32 | UInt64(digest.3)
    letters(10, of: UInt64(digest.0) << 32 | UInt64(digest.1))
    letters(10, of: UInt64(digest.1) << 60 | middle >> 4)
    letters(7, of: middle << 56 | UInt64(digest.4) << 24)
    put(UInt8(ascii: "="))
  }

  /// The first letters of `bits`, from the highest on.
  @inline(__always)
  private mutating func letters(_ count: Int, of bits: UInt64) {
    let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    let letters = alphabet.utf8Start
    var rest = bits
    for _ in 0..<count {
      put(letters[Int(truncatingIfNeeded: rest &>> 58)])
      rest = rest &<< 6
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
    var words = SHA1.Block()
    let ports = UInt32(first.port) << 16 | UInt32(second.port)
    // The seed's two octets, all 0, shift everything by half a word.
    func split(_ x: UInt64) -> (top: UInt32, middle: UInt32, bottom: UInt32) {
      (
        UInt32(truncatingIfNeeded: x >> 48), UInt32(truncatingIfNeeded: x >> 16),
        UInt32(truncatingIfNeeded: x << 16)
      )
    }
    if a.address.isV4, b.address.isV4 {
      let addresses = split(UInt64(first.address.v4) << 32 | UInt64(second.address.v4))
      words[0] = addresses.top
      words[1] = addresses.middle
      words[2] = addresses.bottom | 6 << 8
      words[3] = ports
      words[4] = SHA1.end
      words[15] = 16 * 8
      return words
    }
    let parts = (
      split(first.address.high), split(first.address.low), split(second.address.high),
      split(second.address.low)
    )
    words[0] = parts.0.top
    words[1] = parts.0.middle
    words[2] = parts.0.bottom | parts.1.top
    words[3] = parts.1.middle
    words[4] = parts.1.bottom | parts.2.top
    words[5] = parts.2.middle
    words[6] = parts.2.bottom | parts.3.top
    words[7] = parts.3.middle
    words[8] = parts.3.bottom | 6 << 8
    words[9] = ports
    words[10] = SHA1.end
    words[15] = 40 * 8
    return words
  }
}

/// SHA-1 (RFC 3174) of a message that fits one block, which is all a Community ID or an MPTCP token needs.
///
/// swift-crypto would do it too, and was measured: 2.9 MB more of a static binary of 14.5 MB, and 0.2 ms of start-up.
enum SHA1 {
  typealias Digest = (UInt32, UInt32, UInt32, UInt32, UInt32)
  /// The sixteen words of a block, padding and length included.
  typealias Block = SIMD16<UInt32>
  /// The bit that ends a message, where it ends on a word.
  static let end: UInt32 = 0x8000_0000

  static func digest(of block: Block) -> Digest {
    withUnsafeTemporaryAllocation(byteCount: 80 * 4, alignment: 16) { buffer in
      guard let words = buffer.baseAddress else { return (0, 0, 0, 0, 0) }
      expand(block, to: words)
      var state = State()
      var w = UnsafeRawPointer(words)
      for _ in 0..<4 { state.take(&w, 0x5a82_7999) { ($1 ^ $2) & $0 ^ $2 } }
      for _ in 0..<4 { state.take(&w, 0x6ed9_eba1) { $0 ^ $1 ^ $2 } }
      for _ in 0..<4 { state.take(&w, 0x8f1b_bcdc) { ($0 & $1) &+ (($0 ^ $1) & $2) } }
      for _ in 0..<4 { state.take(&w, 0xca62_c1d6) { $0 ^ $1 ^ $2 } }
      let h = State()
      return (h.a &+ state.a, h.b &+ state.b, h.c &+ state.c, h.d &+ state.d, h.e &+ state.e)
    }
  }

  /// The schedule of eighty words.
  ///
  /// From the 32nd on a word follows from words at least six before it, so that four are made at once.
  @inline(__always)
  private static func expand(_ block: Block, to words: UnsafeMutableRawPointer) {
    words.storeBytes(of: block, as: Block.self)
    let w = words.assumingMemoryBound(to: UInt32.self)
    for t in 16..<32 {
      let mixed = w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16]
      w[t] = mixed << 1 | mixed >> 31
    }
    func four(_ t: Int) -> SIMD4<UInt32> {
      words.loadUnaligned(fromByteOffset: t &* 4, as: SIMD4<UInt32>.self)
    }
    for t in stride(from: 32, to: 80, by: 4) {
      let mixed = four(t - 6) ^ four(t - 16) ^ four(t - 28) ^ four(t - 32)
      words.storeBytes(of: mixed &<< 2 | mixed &>> 30, toByteOffset: t &* 4, as: SIMD4<UInt32>.self)
    }
  }

  private struct State {
    var (a, b, c): (UInt32, UInt32, UInt32) = (0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe)
    var (d, e): (UInt32, UInt32) = (0x1032_5476, 0xc3d2_e1f0)

    /// Five rounds: the roles of the five variables have gone round once, and none had to move.
    @inline(__always)
    mutating func take(
      _ w: inout UnsafeRawPointer, _ k: UInt32, _ f: (UInt32, UInt32, UInt32) -> UInt32
    ) {
      @inline(__always)
      func round(_ a: UInt32, _ b: inout UInt32, _ c: UInt32, _ d: UInt32, _ e: inout UInt32, _ t: Int) {
        e = e &+ (a << 5 | a >> 27) &+ f(b, c, d) &+ k &+ w.load(fromByteOffset: t &* 4, as: UInt32.self)
        b = b << 30 | b >> 2
      }
      round(a, &b, c, d, &e, 0)
      round(e, &a, b, c, &d, 1)
      round(d, &e, a, b, &c, 2)
      round(c, &d, e, a, &b, 3)
      round(b, &c, d, e, &a, 4)
      w += 20
    }
  }
}
