/// A word of a script line and where it stands.
struct Token: Hashable {
  enum Kind { case word, text, options }
  var kind = Kind.word
  /// Without its quotes or angle brackets.
  var value: String
  /// From 1.
  var column: Int
}

/// A script line cut into words; `marks` is what follows `#!`.
struct ScriptLine {
  var number: Int
  var tokens: [Token] = []
  var marks: [Token] = []
  /// Where an error about something missing points to.
  var endColumn = 1

  /// Cuts a line: words between blanks, `"texts"`, `<options>`, `# comment`, `#! marks`.
  init(_ text: Substring, number: Int) throws(ScriptError) {
    self.number = number
    let chars = Array(text)
    var i = 0
    while i < chars.count {
      let column = i + 1
      switch chars[i] {
      case " ", "\t", "\r":
        i += 1
        continue
      case "#":
        if i + 1 < chars.count, chars[i + 1] == "!" { readMarks(chars, from: i + 2) }
        endColumn = max(endColumn, column)
        return
      case "\"":
        let end = try ScriptLine.find("\"", in: chars, after: i, "a text", line: number)
        tokens.append(Token(kind: .text, value: String(chars[(i + 1)..<end]), column: column))
        i = end + 1
      case "<" where i + 1 < chars.count && chars[i + 1] != " ":
        let end = try ScriptLine.find(">", in: chars, after: i, "options", line: number)
        tokens.append(Token(kind: .options, value: String(chars[(i + 1)..<end]), column: column))
        i = end + 1
      default:
        let end = chars[i...].firstIndex { $0 == " " || $0 == "\t" || $0 == "\r" } ?? chars.count
        tokens.append(Token(value: String(chars[i..<end]), column: column))
        i = end
      }
      endColumn = i + 1
    }
  }

  private static func find(
    _ close: Character, in chars: [Character], after start: Int, _ what: String, line: Int
  ) throws(ScriptError) -> Int {
    guard let end = chars[(start + 1)...].firstIndex(of: close) else {
      throw ScriptError(
        line: line, column: start + 1, problem: "\(what) without an end", expected: "\(close)",
        remedy: "close it on the same line")
    }
    return end
  }

  /// `CODE`, `CODE name`, several with commas between.
  private mutating func readMarks(_ chars: [Character], from start: Int) {
    var column = start
    for part in String(chars[start...]).split(separator: ",", omittingEmptySubsequences: false) {
      let blanks = part.prefix { $0 == " " || $0 == "\t" }.count
      let word = part.dropFirst(blanks).reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed()
      if !word.isEmpty { marks.append(Token(value: String(word), column: column + blanks + 1)) }
      column += part.count + 1
    }
  }
}
