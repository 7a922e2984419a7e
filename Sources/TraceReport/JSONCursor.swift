import TraceDecode

/// JSON values written into room that was reserved for all of them beforehand, so that no value asks for room.
///
/// For the record of a flow, of which large captures make more than of anything else. Whoever makes a cursor
/// vouches for the room: a literal takes its length, a number `numberLimit` octets.
/// Cost: a literal costs the copying of its octets, a number of one digit five instructions.
struct JSONCursor {
  private(set) var at: UnsafeMutablePointer<UInt8>

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
  mutating func put(_ byte: UInt8) {
    at.pointee = byte
    at += 1
  }

  @inline(__always)
  mutating func put(_ number: UInt64) {
    if number < 10 {
      put(48 &+ UInt8(truncatingIfNeeded: number))
    } else {
      at += Digits.write(number, to: at)
    }
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
    at += address.write(to: UnsafeMutableBufferPointer(start: at, count: IPAddress.textLimit))
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

  mutating func put(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer {
      guard let base = $0.baseAddress else { return }
      UnsafeMutableRawPointer(at).copyMemory(from: base, byteCount: $0.count)
    }
    at += bytes.count
  }
}

/// Decimal digits.
enum Digits {
  private static let pairs: StaticString = """
    0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
    5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
    """

  /// Writes `number` and returns how many octets that took: at most twenty.
  static func write(_ number: UInt64, to start: UnsafeMutablePointer<UInt8>) -> Int {
    let length = count(number | 1)
    let pairs = Self.pairs.utf8Start
    var end = length
    var rest = number
    while rest >= 100 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      rest = quotient
      end &-= 2
      start[end] = pairs[Int(truncatingIfNeeded: pair) &* 2]
      start[end &+ 1] = pairs[Int(truncatingIfNeeded: pair) &* 2 &+ 1]
    }
    if rest >= 10 {
      start[0] = pairs[Int(truncatingIfNeeded: rest) &* 2]
      start[1] = pairs[Int(truncatingIfNeeded: rest) &* 2 &+ 1]
    } else {
      start[0] = 48 &+ UInt8(truncatingIfNeeded: rest)
    }
    return length
  }

  /// How many digits `number` has, which is not 0.
  @inline(__always)
  private static func count(_ number: UInt64) -> Int {
    // 1233 / 4096 is the logarithm of 2 to the base of 10, near enough for 64 bits.
    let digits = ((64 &- number.leadingZeroBitCount) &* 1233) &>> 12
    return digits &+ (number >= power(digits) ? 1 : 0)
  }

  /// 10 to the power of `exponent`; a table once compiled.
  @inline(__always)
  private static func power(_ exponent: Int) -> UInt64 {
    switch exponent {
    case 0: 1
    case 1: 10
    case 2: 100
    case 3: 1_000
    case 4: 10_000
    case 5: 100_000
    case 6: 1_000_000
    case 7: 10_000_000
    case 8: 100_000_000
    case 9: 1_000_000_000
    case 10: 10_000_000_000
    case 11: 100_000_000_000
    case 12: 1_000_000_000_000
    case 13: 10_000_000_000_000
    case 14: 100_000_000_000_000
    case 15: 1_000_000_000_000_000
    case 16: 10_000_000_000_000_000
    case 17: 100_000_000_000_000_000
    case 18: 1_000_000_000_000_000_000
    default: 10_000_000_000_000_000_000
    }
  }
}
