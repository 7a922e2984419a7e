import TraceReport

/// Lines of a screen: colored by SGR sequences, of a given number of columns.
enum ScreenText {
  /// At most `width` columns of a line; its colors are kept and take none, other control characters become `?`.
  static func clip(_ line: String, _ width: Int) -> String {
    var text = ""
    var columns = 0
    var isColored = false
    var rest = line.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "\u{1b}", rest.first == "[" {
        guard let end = rest.firstIndex(where: { $0.properties.isAlphabetic }), rest[end] == "m" else {
          continue
        }
        text += "\u{1b}" + String(rest[...end])
        rest = rest[rest.index(after: end)...]
        isColored = true
        continue
      }
      guard columns < width else { continue }
      text.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7f ? "?" : scalar)
      columns += 1
    }
    return isColored ? text + "\u{1b}[0m" : text
  }

  /// `text` in exactly `width` columns, the middle left out where it is longer.
  static func fit(_ text: String, _ width: Int) -> String {
    guard text.count > width else { return text.padded(width) }
    guard width > 4 else { return String(text.prefix(max(0, width))) }
    let left = (width - 2) / 2
    return text.prefix(left) + ".." + text.suffix(width - 2 - left)
  }

  /// White on black turned round, over the whole width.
  static func bar(_ text: String, _ width: Int) -> String {
    "\u{1b}[7m" + clip(text, width).padded(width) + "\u{1b}[0m"
  }
}
