/// A YAML value and where it stands.
struct YAMLNode: Sendable {
  enum Content: Sendable {
    /// Plain scalars are those without quotes, the only ones that can be numbers, booleans or null.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([(key: YAMLNode, value: YAMLNode)])
  }
  var content: Content
  /// Units: lines and characters, from 1.
  var line: Int
  var column: Int
  /// How many characters stand before the text of a scalar that lies on one line; nil where it does not.
  var textOffset: Int?

  /// The text of a scalar.
  var text: String? {
    guard case .scalar(let text, _) = content else { return nil }
    return text
  }

  var isNull: Bool {
    guard case .scalar(let text, true) = content else { return false }
    return text.isEmpty || text == "~" || text == "null"
  }

  /// What it is, for messages.
  var kind: String {
    switch content {
    case .scalar(let text, _): isNull ? "nothing" : "'\(text)'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  /// Itself and everything in it.
  var size: Int {
    switch content {
    case .scalar: 1
    case .sequence(let items): items.reduce(1) { $0 + $1.size }
    case .mapping(let pairs): pairs.reduce(1) { $0 + $1.key.size + $1.value.size }
    }
  }
}
