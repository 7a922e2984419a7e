import Foundation

/// The part of JSON Schema 2020-12 that docs/flowlint.schema.json uses, stricter in one thing: a key that the
/// schema does not describe is an error, so that nothing is written that is not documented.
public struct JSONSchema {
  private let root: [String: Any]

  public init(contentsOf url: URL) throws {
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    root = object as? [String: Any] ?? [:]
  }

  /// What is wrong with `text`, as `path: problem`; empty when it conforms.
  ///
  /// - Parameter definition: The name in `$defs` to judge by; nil is the schema's own top.
  public func problems(in text: some StringProtocol, definition: String? = nil) -> [String] {
    guard
      let value = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed])
    else { return ["not JSON: \(text.prefix(200))"] }
    let schema = definition.map { ["$ref": "#/$defs/\($0)"] as [String: Any] } ?? root
    return problems(value, schema, "$")
  }

  private func problems(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    if let reference = schema["$ref"] as? String {
      let name = reference.split(separator: "/").last.map(String.init) ?? ""
      guard let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any] else {
        return ["\(path): schema refers to \(reference), which is not there"]
      }
      return problems(value, target, path)
    }
    for key in ["oneOf", "anyOf"] {
      guard let choices = schema[key] as? [[String: Any]] else { continue }
      let tries = choices.map { problems(value, $0, path) }
      let fitting = tries.filter(\.isEmpty).count
      if fitting == 0 { return tries.min { $0.count < $1.count } ?? [] }
      if key == "oneOf", fitting > 1 { return ["\(path): fits \(fitting) of oneOf"] }
    }
    var found: [String] = []
    if let types = schema["type"] as? [String] ?? (schema["type"] as? String).map({ [$0] }) {
      if !types.contains(where: { Self.isA($0, value) }) { return ["\(path): \(value) is no \(types)"] }
    }
    if let constant = schema["const"], !Self.equal(constant, value) {
      found.append("\(path): is not \(constant)")
    }
    if let choices = schema["enum"] as? [Any], !choices.contains(where: { Self.equal($0, value) }) {
      found.append("\(path): \(value) is none of \(choices)")
    }
    if let minimum = schema["minimum"] as? Int, let number = value as? NSNumber, number.intValue < minimum {
      found.append("\(path): \(number) is below \(minimum)")
    }
    if let items = schema["items"] as? [String: Any], let array = value as? [Any] {
      for (i, item) in array.enumerated() { found += problems(item, items, "\(path)[\(i)]") }
    }
    let describesObject = ["properties", "required", "additionalProperties"].contains { schema[$0] != nil }
    if describesObject, let object = value as? [String: Any] {
      found += problems(object: object, schema, path)
    }
    return found
  }

  private func problems(object: [String: Any], _ schema: [String: Any], _ path: String) -> [String] {
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    let others = schema["additionalProperties"] as? [String: Any]
    var found: [String] = []
    for key in schema["required"] as? [String] ?? [] where object[key] == nil {
      found.append("\(path): has no \(key)")
    }
    for (key, item) in object.sorted(by: { $0.key < $1.key }) {
      if let described = properties[key] ?? others {
        found += problems(item, described, "\(path).\(key)")
      } else {
        found.append("\(path).\(key): is not in the schema")
      }
    }
    return found
  }

  private static func isA(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "null": value is NSNull
    case "string": value is String
    case "boolean": isBoolean(value)
    case "integer":
      !isBoolean(value) && (value as? NSNumber).map { $0.doubleValue.rounded() == $0.doubleValue } == true
    case "number": !isBoolean(value) && value is NSNumber
    case "array": value is [Any]
    case "object": value is [String: Any]
    default: false
    }
  }

  private static func isBoolean(_ value: Any) -> Bool {
    (value as? NSNumber).map { String(cString: $0.objCType) == "c" || String(cString: $0.objCType) == "B" }
      ?? false
  }

  private static func equal(_ a: Any, _ b: Any) -> Bool {
    switch (a, b) {
    case (is NSNull, is NSNull): true
    case (let x as String, let y as String): x == y
    case (let x as NSNumber, let y as NSNumber): isBoolean(x) == isBoolean(y) && x == y
    default: false
    }
  }
}
