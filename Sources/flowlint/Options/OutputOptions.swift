import ArgumentParser
import TraceReport
import TraceRules

/// Where the results go, in what form: the options every verb that reports has.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "Write FORMAT (\(OutputFormat.list)) to PATH or standard output; may be repeated.",
      valueName: "FORMAT[:PATH]"))
  var outputs: [OutputTarget] = []

  @Option(help: ArgumentHelp("Color the text: auto, always or never.", valueName: "WHEN"))
  var color: ColorChoice = .auto

  @Flag(name: .shortAndLong, help: "Findings only: no summaries, no progress.")
  var quiet = false

  @Option(
    help: ArgumentHelp(
      "The mildest severity the text tells in full: info, note, warning or error.", valueName: "SEVERITY"))
  var severity: Severity = .note

  @Option(
    help: ArgumentHelp(
      "How SARIF places findings: standard (octets of the record) or github (frame number as line).",
      valueName: "PROFILE"))
  var sarifProfile: SARIF.Profile = .standard

  @Flag(help: "Also write a record for each frame that was judged (jsonl).")
  var frames = false

  @Option(
    name: .customLong("flow-metrics"),
    help: ArgumentHelp(
      "Which metrics a flow's record has (json, jsonl): basic, or full, which takes longer.",
      valueName: "WHICH"))
  var metrics: MetricsChoice = .basic

  func validate() throws {
    if outputs.contains(where: { $0.format == .xplot && $0.path == nil }) {
      throw ValidationError("xplot writes a file for each direction of a flow; name a folder: xplot:FOLDER.")
    }
    if outputs.filter({ $0.path == nil }).count > 1 {
      throw ValidationError("Only one output can go to standard output; give the others a path: FORMAT:PATH.")
    }
  }

  /// The targets asked for, or the text that is written when none was.
  var targets: [OutputTarget] { outputs.isEmpty ? [OutputTarget(format: .text, path: nil)] : outputs }
}

enum MetricsChoice: String, CaseIterable, ExpressibleByArgument {
  case basic, full
}

enum OutputFormat: String, CaseIterable {
  case text, concise, json, jsonl, csv, sarif, github, gitlab, junit, checkstyle, html, eve, neutral, xplot

  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// A format and where it goes.
struct OutputTarget: ExpressibleByArgument {
  var format: OutputFormat
  /// nil is standard output.
  var path: String?

  init(format: OutputFormat, path: String?) {
    self.format = format
    self.path = path
  }

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
      String.init)
    guard let format = OutputFormat(rawValue: parts[0]), parts.count == 1 || !parts[1].isEmpty else {
      return nil
    }
    self.format = format
    path = parts.count == 1 || parts[1] == "-" ? nil : parts[1]
  }

  static var allValueStrings: [String] { OutputFormat.allCases.map(\.rawValue) }
}

enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, always, never

  /// Whether to color what goes to `descriptor`: the option, else NO_COLOR, else FORCE_COLOR, else a terminal.
  func applies(to descriptor: Int32) -> Bool {
    switch self {
    case .always: return true
    case .never: return false
    case .auto:
      if Terminal.environment("NO_COLOR") != nil { return false }
      if let forced = Terminal.environment("FORCE_COLOR") { return forced != "0" }
      return Terminal.isTerminal(descriptor) && Terminal.environment("TERM") != "dumb"
    }
  }
}

extension SARIF.Profile: ExpressibleByArgument {}

extension Severity: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }
  public static var allValueStrings: [String] { allCases.map(\.name) }
  public var defaultValueDescription: String { name }
}
