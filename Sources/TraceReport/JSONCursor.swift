import TraceDecode

/// JSON values written into room that was reserved for all of them beforehand, so that no value asks for room.
///
/// For the record of a flow, of which large captures make more than of anything else. Whoever makes a cursor
/// vouches for the room: a literal takes its length, a number `numberLimit` octets, a phrase `Phrase.room`.
/// Cost: a literal costs the copying of its octets, a number of one digit five instructions, a time about eighty.
struct JSONCursor {
  var at: UnsafeMutablePointer<UInt8>

  /// Octets of the longest number, its sign included.
  static let numberLimit = 20

  init(at start: UnsafeMutablePointer<UInt8>) { at = start }

  @inline(__always)
  mutating func put(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    UnsafeMutableRawPointer(at).copyMemory(from: text.utf8Start, byteCount: length)
    at += length
  }

  @inline(__always)
  mutating func put(_ phrase: Phrase) {
    phrase.write(to: at)
    at += phrase.length
  }

  @inline(__always)
  mutating func put(_ byte: UInt8) {
    at.pointee = byte
    at += 1
  }

  @inline(__always)
  mutating func put(_ number: UInt64) {
    at += Digits.write(number, to: at)
  }

  @inline(__always)
  mutating func put(_ number: UInt32) { put(UInt64(number)) }
  @inline(__always)
  mutating func put(_ number: Int) { put(Int64(number)) }

  @inline(__always)
  mutating func put(_ number: Int64) {
    if number < 0 { put(UInt8(ascii: "-")) }
    put(number.magnitude)
  }

  @inline(__always)
  mutating func json(_ number: (some FixedWidthInteger)?) {
    if let number { put(Int64(clamping: number)) } else { put("null") }
  }

  @inline(__always)
  mutating func json(_ flag: Bool) { if flag { put("true") } else { put("false") } }

  /// A frame number, or null for 0, which stands for "not seen".
  @inline(__always)
  mutating func jsonFrame(_ frame: UInt64) { if frame == 0 { put("null") } else { put(frame) } }

  /// A count, or the range it lies in when some of its cases are ambiguous.
  mutating func jsonCount(_ count: UInt32, ambiguous: UInt32) {
    guard ambiguous > 0 else { return put(count) }
    put("{\"min\":")
    put(count)
    put(",\"max\":")
    put(UInt64(count) + UInt64(ambiguous))
    put("}")
  }

  mutating func json(role: Role?) {
    switch role {
    case .originator: put("\"originator\"")
    case .responder: put("\"responder\"")
    case nil: put("null")
    }
  }

  /// An address without quotes.
  mutating func put(_ address: IPAddress) {
    if address.isV4 { return put(quad: address.v4) }
    at += address.write(to: UnsafeMutableBufferPointer(start: at, count: IPAddress.textLimit))
  }

  /// An IPv4 address, from a table of what its octets look like.
  private mutating func put(quad: UInt32) {
    for shift in stride(from: UInt32(24), through: 0, by: -8) {
      let octet = Int(truncatingIfNeeded: quad &>> shift & 255)
      UnsafeMutableRawPointer(at).storeBytes(of: Self.dotted[octet], as: UInt32.self)
      at += octet < 10 ? 2 : octet < 100 ? 3 : 4
    }
    // Nothing follows the last dot.
    at -= 1
  }

  /// The octets of an address with the dot behind them, the first digit in the lowest octet.
  private static let dotted: [UInt32] = (UInt32(0)..<256).map { octet in
    let digits: [UInt32] = [octet / 100, octet / 10 % 10, octet % 10]
    var packed = UInt32(UInt8(ascii: "."))
    for digit in digits.suffix(octet < 10 ? 1 : octet < 100 ? 2 : 3).reversed() {
      packed = packed << 8 | (digit + 48)
    }
    return packed.littleEndian
  }

  /// The layers around the TCP segment, or null for none.
  mutating func json(encapsulation: Encapsulation) {
    if encapsulation.isEmpty { return put("null") }
    put("[")
    var first = true
    for (layer, name) in Encapsulation.recordNames where encapsulation.contains(layer) {
      put(first ? "\"" : ",\"")
      first = false
      put(name)
      put("\"")
    }
    put("]")
  }

  @inline(__always)
  mutating func put(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer {
      guard let base = $0.baseAddress else { return }
      UnsafeMutableRawPointer(at).copyMemory(from: base, byteCount: $0.count)
    }
    at += bytes.count
  }
}
