import TraceDecode

/// JSON values written into room that was reserved for all of them beforehand, so that no value asks for room.
///
/// For the record of a flow, of which large captures make more than of anything else. Whoever makes a cursor
/// vouches for the room: a literal takes its length, a number `Digits.room` octets, a phrase `Phrase.room`.
/// Cost: a literal costs the copying of its octets, a number below a thousand seven instructions, a time about thirty.
struct JSONCursor {
  var at: UnsafeMutablePointer<UInt8>
  /// The tables, held so that nobody asks at every value whether they are made.
  private let digits = Digits.table
  let phrases = FlowPhrases.table
  /// The full second that the last time began with, and where its digits were written. Units: nanoseconds.
  private var second = Int64.min
  private var secondDigits: UnsafeMutablePointer<UInt8>

  init(at start: UnsafeMutablePointer<UInt8>) {
    at = start
    secondDigits = start
  }

  @inline(__always)
  mutating func put(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    UnsafeMutableRawPointer(at).copyMemory(from: text.utf8Start, byteCount: length)
    at += length
  }

  @inline(__always)
  mutating func put(_ phrase: UnsafePointer<Phrase>) {
    phrase.pointee.write(to: at)
    at += phrase.pointee.length
  }

  @inline(__always)
  mutating func put(_ byte: UInt8) {
    at.pointee = byte
    at += 1
  }

  @inline(__always)
  mutating func put(_ number: UInt64) {
    digits.write(number, to: &at)
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

  /// A time, whose full second is copied from the time before, as a record's times share it mostly.
  ///
  /// Units: nanoseconds since the epoch.
  mutating func put(time: Int64) {
    let nanoseconds = UInt64(bitPattern: time &- second)
    if nanoseconds < 1_000_000_000, time > 0 {
      UnsafeMutableRawPointer(at).copyMemory(from: secondDigits, byteCount: 10)
      at += 10
      return digits.writeNine(nanoseconds, to: &at)
    }
    // From 2001 to 2286 the seconds since the epoch have ten digits.
    if time >= 1_000_000_000_000_000_000 {
      second = time - time % 1_000_000_000
      secondDigits = at
    }
    put(time)
  }

  mutating func json(time: Int64?) {
    if let time { put(time: time) } else { put("null") }
  }

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

  /// An IPv4 address.
  private mutating func put(quad: UInt32) {
    put(UInt64(quad &>> 24))
    put(UInt8(ascii: "."))
    put(UInt64(quad &>> 16 & 255))
    put(UInt8(ascii: "."))
    put(UInt64(quad &>> 8 & 255))
    put(UInt8(ascii: "."))
    put(UInt64(quad & 255))
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
