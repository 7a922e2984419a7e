/// XML text (1.0), appended; names and punctuation are the caller's.
extension ByteOutput {
  /// Character data or an attribute's value, escaped; what XML cannot hold becomes U+FFFD.
  ///
  /// - Parameter keepsLines: Line ends as they are, for character data; an attribute's would become blanks.
  func xml(_ text: String, keepsLines: Bool = true) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": put("&amp;")
      case "<": put("&lt;")
      case ">": put("&gt;")
      case "\"": put("&quot;")
      case "\n": put(keepsLines ? "\n" : "&#10;")
      case "\t": put("&#9;")
      case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff: put("\u{fffd}")
      default: put(String(scalar))
      }
    }
  }

  /// ` name="value"`.
  func attribute(_ name: StaticString, _ value: String) {
    put(UInt8(ascii: " "))
    put(name)
    put("=\"")
    xml(value, keepsLines: false)
    put(UInt8(ascii: "\""))
  }
}
