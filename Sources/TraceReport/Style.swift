/// Terminal colours (ECMA-48 SGR), or none of them.
public struct Style: Sendable {
  public var isColored: Bool
  public init(isColored: Bool) { self.isColored = isColored }

  public enum Tint: String, Sendable {
    case bold = "1"
    case dim = "2"
    case red = "1;31"
    case yellow = "1;33"
    case cyan = "1;36"
    case green = "32"
  }

  public func callAsFunction(_ text: String, _ tint: Tint) -> String {
    isColored && !text.isEmpty ? "\u{1b}[\(tint.rawValue)m\(text)\u{1b}[0m" : text
  }
}

/// Filling of paragraphs to the width of the terminal.
enum Paragraph {
  /// Puts `text` after `head`, further lines under its first word.
  ///
  /// - Parameter width: Columns of a line; words longer than that stand alone.
  static func fill(_ text: String, head: String, width: Int) -> String {
    let indent = head.count
    var lines = head
    var column = indent
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if column > indent {
        if column + 1 + word.count > max(width, indent + 20) {
          lines += "\n" + String(repeating: " ", count: indent)
          column = indent
        } else {
          lines += " "
          column += 1
        }
      }
      lines += word
      column += word.count
    }
    return lines + "\n"
  }
}

extension String {
  /// Spaces after the text up to `width` columns.
  public func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
  /// Spaces before the text up to `width` columns.
  public func leftPadded(_ width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
}
