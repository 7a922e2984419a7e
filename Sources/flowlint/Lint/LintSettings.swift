import TraceDecode
import TraceReport
import TraceRules

/// What is asked of one capture: its configuration and the command line, resolved.
struct LintSettings: Sendable {
  /// nil when no configuration was found.
  var path: String?
  var rules = RuleRunner.Configuration()
  var failOn = Severity.warning
  var suppressions: [Configuration.Suppression] = []
  var contracts: [Contract] = []

  /// What the command line says; it goes before the configuration.
  struct Overrides: Sendable {
    var select: [String] = []
    var ignore: [String] = []
    var failOn: Severity?
    var limits: Limits?
  }

  /// - Parameter sections: The weakest first.
  init(_ configuration: Configuration?, sections: [Configuration.Section], _ overrides: Overrides) {
    path = configuration?.path
    failOn = overrides.failOn ?? configuration?.failOn?.value ?? .warning
    if let limits = overrides.limits {
      rules.findingsPerFlow = limits.findingsPerRule
      rules.findingsPerRule = limits.findings
    }
    let selected =
      overrides.select.isEmpty
      ? sections.last { $0.select != nil }?.select?.value ?? ["ALL"] : overrides.select
    var chosen = Self.codes(selected)
    // Lint's own findings stay unless something names them: an empty recording must not pass unseen.
    chosen.formUnion(LintRule.infos.map(\.code))
    chosen.subtract(Self.codes(sections.flatMap { $0.ignore.map(\.value) } + overrides.ignore))
    for setting in sections.flatMap(\.rules) {
      if let severity = setting.severity {
        if let severity = severity.value {
          rules.severities[setting.code] = severity
        } else {
          chosen.remove(setting.code)
        }
      }
      for (name, value) in setting.options { rules.settings[setting.code, default: [:]][name] = value.value }
    }
    rules.disabled = Set(LintRule.all.map(\.code)).subtracting(chosen)
    suppressions = sections.flatMap(\.suppressions)
    contracts = sections.flatMap(\.contracts)
  }

  func place(of suppression: Configuration.Suppression) -> String {
    "\(path ?? ""):\(suppression.line):\(suppression.column)"
  }

  private static func codes(_ words: [String]) -> Set<String> {
    words.reduce(into: []) { $0.formUnion(LintRule.codes(for: $1) ?? []) }
  }
}

/// Finds and reads the configuration that concerns a capture, each only once.
final class ConfigStore {
  static let names = [".flowlint.yml", ".flowlint.yaml"]

  private let explicit: String?
  private let isIsolated: Bool
  private let today: Day
  private let overrides: LintSettings.Overrides
  private var pathByDirectory: [String: String?] = [:]
  private var configurations: [String: Configuration] = [:]
  private var settings: [Key: LintSettings] = [:]

  private struct Key: Hashable {
    var path: String?
    /// Which patterns of `per-file` match.
    var matching: [Int]
  }

  /// - Parameters:
  ///   - explicit: The file to use for every capture.
  ///   - isIsolated: Look for none.
  init(explicit: String?, isIsolated: Bool, today: Day, overrides: LintSettings.Overrides) {
    self.explicit = explicit
    self.isIsolated = isIsolated
    self.today = today
    self.overrides = overrides
  }

  /// Every configuration read so far.
  var read: [Configuration] { configurations.values.sorted { $0.path < $1.path } }

  func settings(for capture: String) throws(ConfigErrors) -> LintSettings {
    let absolute = FilePath.absolute(capture)
    let configuration = try configuration(for: absolute)
    var matching: [Int] = []
    if let configuration {
      let path = FilePath.relative(absolute, to: configuration.directory)
      matching = configuration.perFile.indices.filter {
        configuration.perFile[$0].pattern.value.matches(path)
      }
    }
    let key = Key(path: configuration?.path, matching: matching)
    if let known = settings[key] { return known }
    let resolved = LintSettings(
      configuration, sections: configuration?.sections(for: absolute) ?? [], overrides)
    settings[key] = resolved
    return resolved
  }

  /// The configuration for what lies at an absolute path; nil when there is none.
  func configuration(for capture: String) throws(ConfigErrors) -> Configuration? {
    guard let path = path(for: capture) else { return nil }
    if let known = configurations[path] { return known }
    let read = try ConfigReader.read(path, today: today)
    configurations[path] = read
    return read
  }

  private func path(for capture: String) -> String? {
    if let explicit { return explicit }
    guard !isIsolated, let directory = FilePath.parent(capture) else { return nil }
    if let known = pathByDirectory[directory] { return known }
    let found = Self.search(from: directory)
    pathByDirectory[directory] = .some(found)
    return found
  }

  /// The nearest one in `directory` and above, up to and including the first that holds `.git`.
  static func search(from directory: String) -> String? {
    var place: String? = directory
    while let here = place {
      for name in names where FilePath.kind(FilePath.join(here, name)) == .file {
        let relative = FilePath.relative(FilePath.join(here, name), to: FilePath.workingDirectory)
        return relative.hasPrefix("../../..") ? FilePath.join(here, name) : relative
      }
      if FilePath.kind(FilePath.join(here, ".git")) != nil { return nil }
      place = FilePath.parent(here)
    }
    return nil
  }
}
