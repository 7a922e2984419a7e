/// A word or sign of a flow expression.
struct ExpressionToken: Equatable {
  enum Kind: Equatable {
    case word
    case open, close, comma, not
    case and, or
    case comparison(Comparison)
    case end
  }
  var kind: Kind
  var text: String
  /// Units: characters, from 1.
  var column: Int

  /// Splits an expression; what is no sign is part of a word.
  static func all(in text: String) throws(FlowExpressionError) -> [ExpressionToken] {
    let characters = Array(text)
    var tokens: [ExpressionToken] = []
    var i = 0
    while i < characters.count {
      let character = characters[i]
      let next = i + 1 < characters.count ? characters[i + 1] : " "
      let column = i + 1
      func sign(_ kind: Kind, _ length: Int) {
        tokens.append(ExpressionToken(kind: kind, text: String(characters[i..<i + length]), column: column))
        i += length
      }
      switch (character, next) {
      case (" ", _), ("\t", _), ("\n", _), ("\r", _), ("\r\n", _): i += 1
      case ("(", _): sign(.open, 1)
      case (")", _): sign(.close, 1)
      case (",", _): sign(.comma, 1)
      case ("<", "="): sign(.comparison(.atMost), 2)
      case (">", "="): sign(.comparison(.atLeast), 2)
      case ("!", "="): sign(.comparison(.notEqual), 2)
      case ("=", "="): sign(.comparison(.equal), 2)
      case ("<", _): sign(.comparison(.below), 1)
      case (">", _): sign(.comparison(.above), 1)
      case ("=", _): sign(.comparison(.equal), 1)
      case ("!", _): sign(.not, 1)
      case ("&", "&"): sign(.and, 2)
      case ("|", "|"): sign(.or, 2)
      case ("&", _), ("|", _):
        throw FlowExpressionError(
          column: column, problem: "a single '\(character)'",
          remedy: "write 'and' or 'or'")
      default:
        let start = i
        while i < characters.count, !Self.ends(characters[i]) { i += 1 }
        let word = String(characters[start..<i])
        let kind: Kind =
          switch word {
          case "and": .and
          case "or": .or
          case "not": .not
          default: .word
          }
        tokens.append(ExpressionToken(kind: kind, text: word, column: start + 1))
      }
    }
    tokens.append(ExpressionToken(kind: .end, text: "", column: characters.count + 1))
    return tokens
  }

  private static func ends(_ character: Character) -> Bool {
    " \t\n\r\r\n(),<>=!&|".contains(character)
  }
}

/// How two values are compared.
enum Comparison: Sendable, Equatable {
  case below, atMost, above, atLeast, equal, notEqual

  func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool {
    switch self {
    case .below: a < b
    case .atMost: a <= b
    case .above: a > b
    case .atLeast: a >= b
    case .equal: a == b
    case .notEqual: a != b
    }
  }
}
