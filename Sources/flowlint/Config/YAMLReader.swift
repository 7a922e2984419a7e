import CYaml

/// Reads one YAML document with libyaml, keeping where every value stands.
///
/// Limits: 1 MiB, 32 levels, 50,000 values, what aliases stand for included.
final class YAMLReader {
  private let path: String
  private var parser = yaml_parser_t()
  private var anchors: [String: YAMLNode] = [:]
  private var nodes = 0

  static let largestFile = 1 << 20
  private static let deepest = 32
  private static let mostNodes = 50_000

  /// The document in `bytes`; nil when there is none.
  static func read(_ bytes: [UInt8], path: String) throws(ConfigError) -> YAMLNode? {
    guard bytes.count <= largestFile else {
      throw ConfigError(
        path: path, problem: "larger than 1 MiB, no configuration of ours",
        remedy: "check that it is the right file")
    }
    let reader = YAMLReader(path: path)
    return try reader.document(bytes)
  }

  private init(path: String) { self.path = path }

  private func document(_ bytes: [UInt8]) throws(ConfigError) -> YAMLNode? {
    guard yaml_parser_initialize(&parser) == 1 else {
      throw ConfigError(path: path, problem: "out of memory")
    }
    defer { yaml_parser_delete(&parser) }
    // The parser keeps the address until it is deleted, beyond any closure that lends it.
    let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, bytes.count))
    defer { input.deallocate() }
    _ = input.initialize(from: bytes)
    yaml_parser_set_input_string(&parser, input.baseAddress, bytes.count)

    var root: YAMLNode?
    while true {
      let event = try next()
      switch event.kind {
      case YAML_STREAM_END_EVENT: return root
      case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT, YAML_DOCUMENT_END_EVENT: continue
      default:
        guard root == nil else {
          throw ConfigError(
            path: path, line: event.line, column: event.column, problem: "a second document",
            remedy: "keep one document in the file; remove the '---'")
        }
        root = try node(event, depth: 0)
      }
    }
  }

  /// An event, copied out of libyaml's memory.
  private struct Event {
    var kind: yaml_event_type_t
    var line: Int
    var column: Int
    var text = ""
    var anchor: String?
    var isPlain = false
    var textOffset: Int?
  }

  private func next() throws(ConfigError) -> Event {
    var raw = yaml_event_t()
    guard yaml_parser_parse(&parser, &raw) == 1 else { throw failure() }
    defer { yaml_event_delete(&raw) }
    var event = Event(
      kind: raw.type, line: Int(clamping: raw.start_mark.line) + 1,
      column: Int(clamping: raw.start_mark.column) + 1)
    switch raw.type {
    case YAML_SCALAR_EVENT:
      let scalar = raw.data.scalar
      if let value = scalar.value {
        event.text = String(decoding: UnsafeBufferPointer(start: value, count: scalar.length), as: UTF8.self)
      }
      event.anchor = Self.string(scalar.anchor)
      event.isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
      let isFlow =
        event.isPlain || scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE
        || scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE
      if isFlow, raw.start_mark.line == raw.end_mark.line { event.textOffset = event.isPlain ? 0 : 1 }
    case YAML_ALIAS_EVENT: event.anchor = Self.string(raw.data.alias.anchor)
    case YAML_SEQUENCE_START_EVENT: event.anchor = Self.string(raw.data.sequence_start.anchor)
    case YAML_MAPPING_START_EVENT: event.anchor = Self.string(raw.data.mapping_start.anchor)
    default: break
    }
    return event
  }

  private static func string(_ text: UnsafeMutablePointer<UInt8>?) -> String? {
    text.map { String(cString: $0) }
  }

  private func failure() -> ConfigError {
    let problem = parser.problem.map { String(cString: $0) } ?? "no YAML"
    let context = parser.context.map { " \(String(cString: $0))" } ?? ""
    if parser.error == YAML_READER_ERROR {
      return ConfigError(
        path: path, problem: "no YAML: \(problem) at byte \(parser.problem_offset)",
        remedy: "the file must be UTF-8 text")
    }
    return ConfigError(
      path: path, line: Int(clamping: parser.problem_mark.line) + 1,
      column: Int(clamping: parser.problem_mark.column) + 1, problem: "no valid YAML: \(problem)\(context)",
      remedy: "check indentation, quotes and brackets up to here")
  }

  private func node(_ event: Event, depth: Int) throws(ConfigError) -> YAMLNode {
    guard depth <= Self.deepest else {
      throw ConfigError(
        path: path, line: event.line, column: event.column,
        problem: "nested more than \(Self.deepest) levels deep", remedy: "a configuration needs six")
    }
    try count(1, event)
    var node = YAMLNode(
      content: .scalar(event.text, isPlain: event.isPlain), line: event.line, column: event.column,
      textOffset: event.textOffset)
    switch event.kind {
    case YAML_SCALAR_EVENT: break
    case YAML_ALIAS_EVENT:
      guard let name = event.anchor, let target = anchors[name] else {
        throw ConfigError(
          path: path, line: event.line, column: event.column,
          problem: "the alias '*\(event.anchor ?? "")' stands for nothing",
          remedy: "an anchor '&\(event.anchor ?? "")' must come before it, and not around it")
      }
      try count(target.size, event)
      node = target
    case YAML_SEQUENCE_START_EVENT:
      var items: [YAMLNode] = []
      while true {
        let item = try next()
        if item.kind == YAML_SEQUENCE_END_EVENT { break }
        items.append(try self.node(item, depth: depth + 1))
      }
      node.content = .sequence(items)
    case YAML_MAPPING_START_EVENT: node.content = .mapping(try pairs(depth))
    default:
      throw ConfigError(path: path, line: event.line, column: event.column, problem: "no YAML value")
    }
    if let name = event.anchor, event.kind != YAML_ALIAS_EVENT { anchors[name] = node }
    return node
  }

  private func pairs(_ depth: Int) throws(ConfigError) -> [(key: YAMLNode, value: YAMLNode)] {
    var pairs: [(key: YAMLNode, value: YAMLNode)] = []
    var seen: [String: YAMLNode] = [:]
    while true {
      let event = try next()
      if event.kind == YAML_MAPPING_END_EVENT { return pairs }
      let key = try node(event, depth: depth + 1)
      guard let name = key.text else {
        throw ConfigError(path: path, at: key, problem: "\(key.kind) as a key, expected a word")
      }
      if let first = seen.updateValue(key, forKey: name) {
        throw ConfigError(
          path: path, at: key, problem: "'\(name)' a second time",
          remedy: "it stands already at line \(first.line); remove one of them")
      }
      pairs.append((key, try node(try next(), depth: depth + 1)))
    }
  }

  private func count(_ more: Int, _ event: Event) throws(ConfigError) {
    nodes += more
    guard nodes <= Self.mostNodes else {
      throw ConfigError(
        path: path, line: event.line, column: event.column,
        problem: "more than \(Self.mostNodes) values, those that aliases stand for included",
        remedy: "write out what the aliases are meant to repeat")
    }
  }
}
