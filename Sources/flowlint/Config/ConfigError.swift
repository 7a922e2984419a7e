/// What is wrong in a configuration or baseline, where, and what to do about it.
struct ConfigError: Error, Sendable, Equatable, CustomStringConvertible {
  var path: String
  /// Units: lines and characters, from 1; nil where the file as a whole is meant.
  var line: Int?
  var column: Int?
  var problem: String
  var remedy: String

  init(path: String, line: Int? = nil, column: Int? = nil, problem: String, remedy: String = "") {
    self.path = path
    self.line = line
    self.column = column
    self.problem = problem
    self.remedy = remedy
  }

  init(path: String, at node: YAMLNode, problem: String, remedy: String = "") {
    self.init(path: path, line: node.line, column: node.column, problem: problem, remedy: remedy)
  }

  var description: String {
    let place = [path, line.map(String.init), column.map(String.init)].compactMap { $0 }
    return place.joined(separator: ":") + ": " + problem + (remedy.isEmpty ? "" : "; \(remedy)")
  }
}

/// Everything wrong in one file, so that it is mended in one go.
struct ConfigErrors: Error, Sendable, CustomStringConvertible {
  var errors: [ConfigError]
  var description: String { errors.map(\.description).joined(separator: "\n") }
}
