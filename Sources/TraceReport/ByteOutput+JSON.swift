import TraceDecode

/// JSON values (RFC 8259), appended one after the other; the punctuation between them is the caller's.
extension ByteOutput {
  /// A string, quoted and escaped.
  public func json(_ text: String) {
    var text = text
    text.withUTF8 { json($0) }
  }

  func json(_ text: UnsafeBufferPointer<UInt8>) {
    put(UInt8(ascii: "\""))
    var plain = 0
    while true {
      let i = Self.escaped(in: text, from: plain)
      put(UnsafeBufferPointer(rebasing: text[plain..<i]))
      if i == text.count { break }
      plain = i + 1
      let byte = text[i]
      switch byte {
      case UInt8(ascii: "\""): put("\\\"")
      case UInt8(ascii: "\\"): put("\\\\")
      case UInt8(ascii: "\n"): put("\\n")
      case UInt8(ascii: "\r"): put("\\r")
      case UInt8(ascii: "\t"): put("\\t")
      default:
        put("\\u00")
        putHex(byte)
      }
    }
    put(UInt8(ascii: "\""))
  }

  /// Where the first octet from `start` on is that a string cannot hold as it is; the end when there is none.
  private static func escaped(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var i = start
    // Eight octets at a time: an octet is 0 where its high bit is set after 1 was taken away, and was not before.
    while i &+ 8 <= text.count {
      let word = UnsafeRawBufferPointer(text).loadUnaligned(fromByteOffset: i, as: UInt64.self).littleEndian
      let ones: UInt64 = 0x0101_0101_0101_0101
      let quote = word ^ ones &* UInt64(UInt8(ascii: "\""))
      let backslash = word ^ ones &* UInt64(UInt8(ascii: "\\"))
      let found = (word &- ones &* 0x20) & ~word | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash
      let marks = found & 0x8080_8080_8080_8080
      if marks != 0 { return i &+ marks.trailingZeroBitCount / 8 }
      i &+= 8
    }
    while i < text.count {
      if text[i] < 0x20 || text[i] == UInt8(ascii: "\"") || text[i] == UInt8(ascii: "\\") { return i }
      i &+= 1
    }
    return i
  }

  /// A string, or null.
  func json(_ text: String?) {
    guard let text else { return put("null") }
    json(text)
  }

  func json(_ flag: Bool) { if flag { put("true") } else { put("false") } }

  @inline(__always)
  func json(_ number: (some FixedWidthInteger)?) {
    guard let number else { return put("null") }
    put(Int64(clamping: number))
  }

  /// A frame number, or null for 0, which stands for "not seen".
  func jsonFrame(_ frame: UInt64) {
    if frame == 0 { put("null") } else { put(frame) }
  }

  /// A count, or the range it lies in when some of its cases are ambiguous.
  func jsonCount(_ count: UInt32, ambiguous: UInt32) {
    guard ambiguous > 0 else { return put(UInt64(count)) }
    put("{\"min\":")
    put(UInt64(count))
    put(",\"max\":")
    put(UInt64(count) + UInt64(ambiguous))
    put(UInt8(ascii: "}"))
  }

  /// An address without quotes.
  func put(_ address: IPAddress) {
    append(atMost: IPAddress.textLimit) { address.write(to: $0) }
  }

  /// `"10.0.0.1:80"`, or null.
  func json(_ socket: SocketAddress?) {
    guard let socket else { return put("null") }
    put(UInt8(ascii: "\""))
    put(socket)
    put(UInt8(ascii: "\""))
  }

  /// `10.0.0.1:80`, `[2001:db8::1]:80`, without quotes.
  func put(_ socket: SocketAddress) {
    if socket.address.isV4 {
      put(socket.address)
    } else {
      put(UInt8(ascii: "["))
      put(socket.address)
      put(UInt8(ascii: "]"))
    }
    put(UInt8(ascii: ":"))
    put(UInt64(socket.port))
  }
}
