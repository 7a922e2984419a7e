import TraceDecode
import TraceReport
import TraceRules

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Findings that were there before and are not to fail the run: how many flows have them, by file, rule and
/// service port.
///
/// Flows and not frames are counted, so that a baseline survives recording again: another run of the same test
/// loses other segments, in about as many flows. `tolerance` says how many flows more are still the same trouble.
struct Baseline: Sendable {
  struct Key: Hashable, Comparable, Sendable {
    /// Relative to the baseline's directory.
    var file: String
    var code: String
    /// Of the responder; nil for a finding about no flow.
    var port: UInt16?

    static func < (a: Key, b: Key) -> Bool {
      (a.file, a.code, a.port.map(Int.init) ?? -1) < (b.file, b.code, b.port.map(Int.init) ?? -1)
    }
  }
  struct Entry: Sendable {
    var flows: Int
    /// In the file; 0 for an entry that is new.
    var line = 0
    var column = 0
  }

  static let defaultName = ".flowlint-baseline.yml"
  var path: String
  var entries: [Key: Entry] = [:]
  /// Of a hundred flows, how many more are still the same trouble, rounded up.
  var tolerance = 50

  init(path: String) { self.path = path }

  var directory: String { FilePath.parent(FilePath.absolute(path)) ?? "/" }

  /// A capture as entries call it.
  func name(of capture: String) -> String {
    capture == "-" ? "-" : FilePath.relative(FilePath.absolute(capture), to: directory)
  }

  /// - Parameter name: The capture's, by `name(of:)`.
  static func key(_ finding: Finding, in name: String) -> Key {
    Key(file: name, code: finding.code, port: finding.flow.map { $0.servicePort })
  }

  /// How many flows of a kind it covers.
  func allowance(_ key: Key) -> Int {
    guard let flows = entries[key]?.flows else { return 0 }
    return flows + (flows * tolerance + 99) / 100
  }

  /// The findings of one capture by kind, and in how many flows each kind is.
  ///
  /// - Parameter name: The capture's, by `name(of:)`.
  static func count(_ findings: [Finding], in name: String) -> [Key: Int] {
    var flows: [Key: Set<Int>] = [:]
    for finding in findings {
      flows[key(finding, in: name), default: []].insert(finding.flow?.number ?? 0)
    }
    return flows.mapValues(\.count)
  }

  // MARK: - The file

  private static let keys = [
    ConfigKey.Info("version", ""), ConfigKey.Info("tolerance", ""), ConfigKey.Info("findings", ""),
  ]

  /// Reads a baseline.
  ///
  /// Errors: with file, line and column, also for a rule that is no more.
  static func read(_ path: String) throws(ConfigError) -> Baseline {
    guard let bytes = FilePath.contents(path, limit: YAMLReader.largestFile) else {
      throw ConfigError(
        path: path, problem: "the baseline cannot be read: \(String(cString: strerror(errno)))",
        remedy: "make one with 'flowlint baseline create'")
    }
    return try read(bytes, path: path)
  }

  static func read(_ bytes: [UInt8], path: String) throws(ConfigError) -> Baseline {
    var baseline = Baseline(path: path)
    let remedy = "make it again with 'flowlint baseline create'"
    guard let root = try YAMLReader.read(bytes, path: path), case .mapping(let pairs) = root.content else {
      throw ConfigError(path: path, line: 1, column: 1, problem: "no baseline in this file", remedy: remedy)
    }
    for (key, value) in pairs {
      switch key.text {
      case "version":
        guard value.text == "1" else {
          throw ConfigError(
            path: path, at: value, problem: "version \(value.kind), expected 1", remedy: remedy)
        }
      case "tolerance":
        let digits = value.text.map { $0.hasSuffix("%") ? String($0.dropLast()) : $0 }
        guard let percent = digits.flatMap({ Int($0) }), (0...1000).contains(percent) else {
          throw ConfigError(path: path, at: value, problem: "\(value.kind), expected a percentage, as 50%")
        }
        baseline.tolerance = percent
      case "findings":
        guard case .sequence(let items) = value.content else {
          if value.isNull { continue }
          throw ConfigError(path: path, at: value, problem: "\(value.kind), expected a list", remedy: remedy)
        }
        for item in items {
          let (key, flows) = try entry(item, path)
          let entry = Entry(flows: flows, line: item.line, column: item.column)
          guard baseline.entries.updateValue(entry, forKey: key) == nil else {
            throw ConfigError(
              path: path, at: item, problem: "an entry a second time", remedy: "remove one of them")
          }
        }
      default:
        let known = ["version", "tolerance", "findings"]
        let hint = Registry.nearest(to: key.text ?? "", among: known).map { "did you mean \($0)?" }
        throw ConfigError(
          path: path, at: key, problem: "unknown key \(key.kind), expected \(Format.list(known, "or"))",
          remedy: hint ?? remedy)
      }
    }
    guard pairs.contains(where: { $0.key.text == "version" }) else {
      throw ConfigError(path: path, at: root, problem: "no version, expected 'version: 1'", remedy: remedy)
    }
    return baseline
  }

  private static func entry(_ node: YAMLNode, _ path: String) throws(ConfigError) -> (Key, Int) {
    guard case .mapping(let pairs) = node.content else {
      throw ConfigError(
        path: path, at: node, problem: "\(node.kind), expected { file, rule, port, flows }",
        remedy: "make the baseline again with 'flowlint baseline create'")
    }
    var key = Key(file: "", code: "", port: nil)
    var flows: Int?
    for (name, value) in pairs {
      switch name.text {
      case "file": key.file = value.text ?? ""
      case "rule":
        guard let codes = LintRule.codes(for: value.text ?? ""), codes.count <= 1 else {
          let hint = LintRule.suggestion(for: value.text ?? "").map { "did you mean \($0)?" }
          throw ConfigError(
            path: path, at: value, problem: "there is no rule called \(value.kind)",
            remedy: hint ?? "'flowlint rules' lists them; 'flowlint baseline prune' drops what is no more")
        }
        key.code = codes.first ?? value.text ?? ""
      case "port":
        guard let port = value.text.flatMap({ UInt16($0) }) else {
          throw ConfigError(path: path, at: value, problem: "\(value.kind), expected a port")
        }
        key.port = port
      case "flows":
        guard let count = value.text.flatMap({ Int($0) }), (1...1_000_000_000).contains(count) else {
          throw ConfigError(
            path: path, at: value, problem: "\(value.kind), expected a number of flows from 1")
        }
        flows = count
      default:
        throw ConfigError(
          path: path, at: name, problem: "unknown key \(name.kind), expected file, rule, port or flows")
      }
    }
    guard let flows, !key.file.isEmpty, !key.code.isEmpty else {
      throw ConfigError(path: path, at: node, problem: "an entry without file, rule or flows")
    }
    return (key, flows)
  }

  /// The file's text: an entry a line, sorted, so that changes are read easily.
  var text: String {
    var text = """
      # Findings that were there before; made by 'flowlint baseline create', see 'flowlint baseline --help'.
      version: 1
      tolerance: \(tolerance)%
      findings:

      """
    for (key, entry) in entries.sorted(by: { $0.key < $1.key }) {
      let port = key.port.map { "port: \($0), " } ?? ""
      text += "  - { file: \(Self.quoted(key.file)), rule: \(key.code), \(port)flows: \(entry.flows) }\n"
    }
    if entries.isEmpty { text += "  []\n" }
    return text
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\" + String(scalar)
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        quoted += "\\x" + (hex.count < 2 ? "0" : "") + hex
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
