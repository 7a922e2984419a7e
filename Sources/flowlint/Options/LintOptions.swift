import ArgumentParser
import TraceDecode
import TraceReport
import TraceRules

/// What to judge by: the options of `lint`, `record` and `baseline`.
struct LintOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Use this configuration for every capture.", valueName: "FILE"))
  var config: String?

  @Flag(help: "Look for no configuration and no baseline.")
  var isolated = false

  @Option(
    help: ArgumentHelp(
      "Run only these rules: codes, names or families, as SEQ; instead of the configuration's 'select'.",
      valueName: "RULE"))
  var select: [String] = []

  @Option(
    help: ArgumentHelp("Leave these rules out; beside the configuration's 'ignore'.", valueName: "RULE"))
  var ignore: [String] = []

  @Option(
    help: ArgumentHelp(
      "The mildest severity that fails the run: info, note, warning or error (default: the configuration's, "
        + "else warning).", valueName: "SEVERITY"))
  var failOn: Severity?

  @Option(help: ArgumentHelp("How many TCP flows a capture must hold.", valueName: "N"))
  var requireFlows = 1

  @Option(
    help: ArgumentHelp(
      "Findings of this file are known (default: \(Baseline.defaultName) beside the configuration).",
      valueName: "FILE"))
  var baseline: String?

  @Flag(help: "Use no baseline.")
  var noBaseline = false

  func validate() throws {
    for word in select + ignore where LintRule.codes(for: word) == nil {
      let hint = LintRule.suggestion(for: word).map { " did you mean \($0)?" } ?? ""
      throw ValidationError("There is no rule called '\(word)';\(hint) 'flowlint rules' lists them all.")
    }
    if requireFlows < 0 { throw ValidationError("--require-flows takes a number from 0.") }
    if config != nil, isolated { throw ValidationError("--config and --isolated exclude each other.") }
    if baseline != nil, noBaseline {
      throw ValidationError("--baseline and --no-baseline exclude each other.")
    }
  }

  func store(_ limits: Limits?) -> ConfigStore {
    var overrides = LintSettings.Overrides()
    overrides.select = select
    overrides.ignore = ignore
    overrides.failOn = failOn
    overrides.limits = limits
    return ConfigStore(explicit: config, isIsolated: isolated, today: Clock.today, overrides: overrides)
  }

  /// Where the baseline is, or would be, for captures judged by that configuration.
  func baselinePath(_ configuration: Configuration?) -> String {
    if let baseline { return baseline }
    guard let configuration, let directory = FilePath.parent(FilePath.absolute(configuration.path)) else {
      return Baseline.defaultName
    }
    return FilePath.relative(
      FilePath.join(directory, Baseline.defaultName), to: FilePath.workingDirectory)
  }
}
