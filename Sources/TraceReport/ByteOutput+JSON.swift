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
    for i in 0..<text.count {
      let byte = text[i]
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
      put(UnsafeBufferPointer(rebasing: text[plain..<i]))
      plain = i + 1
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
    put(UnsafeBufferPointer(rebasing: text[plain...]))
    put(UInt8(ascii: "\""))
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
