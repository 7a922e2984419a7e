import ArgumentParser
import TraceReport
import TraceRules

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// `flowlint baseline create|check|prune`: findings that were there before.
struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Accept the findings there are, so that only new ones fail.",
    discussion: """
      A baseline counts in how many flows each rule found something, by capture, rule and service port. It names \
      no frames or times, so it holds when the captures are recorded again; half as many flows more are still \
      the same trouble (its 'tolerance').
      """,
    subcommands: [Create.self, Check.self, Prune.self])

  struct Create: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "create",
      abstract: "Write the baseline of these captures.",
      discussion:
        "Exit status: 0 when it was written, else 2. An existing file is replaced with --force only.")
    @OptionGroup(title: "Reading") var reading: ReadingOptions
    @OptionGroup(title: "Judging") var options: LintOptions
    @Flag(help: "Replace a baseline that is there.") var force = false

    func run() throws {
      let run = try LintRun(reading, options, silent(), usesBaseline: false)
      for path in run.baselinePaths where !force && FilePath.kind(path) != nil {
        Terminal.complain("\(path): is there already; --force replaces it, 'baseline prune' updates it")
        throw ExitCode.usage
      }
      try run.run()
      guard !run.outcome.isUnreadable else { throw ExitCode.usage }
      for path in run.baselinePaths {
        var baseline = Baseline(path: path)
        for (key, flows) in run.outcome.baselineCounts[path] ?? [:] where isKept(key) {
          baseline.entries[key] = Baseline.Entry(flows: flows)
        }
        try write(baseline)
        let count = Format.count(baseline.entries.count, "entry", plural: "entries")
        Terminal.print("\(path): \(count)\n", to: STDOUT_FILENO)
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Say what is new, and which entries are stale.",
      discussion:
        "Exit status: 0 when the baseline says what is; 1 when something is new or stale; else 2 or 3.")
    @OptionGroup(title: "Reading") var reading: ReadingOptions
    @OptionGroup(title: "Judging") var options: LintOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
      let run = try checked(LintRun(reading, options, output))
      try run.run()
      run.reportUnused()
      let code = run.outcome.exitCode
      if code != 0 { throw ExitCode(code) }
      if run.hasStaleEntries { throw ExitCode(1) }
    }
  }

  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune",
      abstract: "Take out of the baseline what is no more, and lower its counts.",
      discussion: "Never adds anything. Exit status: 0, else 2.")
    @OptionGroup(title: "Reading") var reading: ReadingOptions
    @OptionGroup(title: "Judging") var options: LintOptions

    func run() throws {
      let run = try checked(LintRun(reading, options, silent()))
      try run.run()
      guard !run.outcome.isUnreadable else { throw ExitCode.usage }
      for var baseline in run.baselines.values.sorted(by: { $0.path < $1.path }) {
        var removed = 0
        var lowered = 0
        for (key, _) in run.staleEntries(baseline.path) {
          let now = run.outcome.baselineCounts[baseline.path]?[key] ?? 0
          if now == 0 {
            baseline.entries[key] = nil
            removed += 1
          } else {
            baseline.entries[key]?.flows = now
            lowered += 1
          }
        }
        if removed + lowered > 0 { try write(baseline) }
        Terminal.print("\(baseline.path): \(removed) removed, \(lowered) lowered\n", to: STDOUT_FILENO)
      }
    }
  }

  /// A finding about the capture's worth is for this run alone.
  private static func isKept(_ key: Baseline.Key) -> Bool {
    key.code != LintRule.captureTooPoor.code && key.code != LintRule.contractNotJudged.code
  }

  private static func write(_ baseline: Baseline) throws {
    guard let reason = FilePath.replace(baseline.path, with: baseline.text) else { return }
    Terminal.complain("\(baseline.path): cannot be written: \(reason)")
    throw ExitCode.usage
  }

  /// Errors: `ExitCode.usage` where there is no baseline.
  private static func checked(_ run: LintRun) throws -> LintRun {
    guard run.baselines.isEmpty else { return run }
    for path in run.baselinePaths {
      Terminal.complain("\(path): there is no baseline; make one with 'flowlint baseline create'")
    }
    throw ExitCode.usage
  }

  /// No output at all.
  private static func silent() throws -> OutputOptions {
    try OutputOptions.parse(["--quiet", "--severity", "error", "--output", "concise:/dev/null"])
  }
}
