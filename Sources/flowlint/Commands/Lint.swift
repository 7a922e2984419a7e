import ArgumentParser
import TraceReport

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// `flowlint lint PATH...`: judges recorded traces by `.flowlint.yml`.
struct Lint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Judge recorded traces by a configuration; for CI.",
    discussion: """
      Paths are captures, directories with captures below them, or quoted patterns such as 'traces/**/*.pcap'. \
      The configuration is the nearest .flowlint.yml above each capture, up to the one beside .git. \
      Exit status: 0 clean; 1 findings at or above --fail-on; 2 wrong usage, configuration or baseline, or an \
      unreadable capture; 3 a capture too poor to judge what was asked.
      """)

  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Reading") var sharing: WorkerOptions
  @OptionGroup(title: "Judging") var options: LintOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Flag(help: "Exit 0 whatever is found; wrong usage and unreadable input still exit 2.")
  var exitZero = false

  @Flag(help: "Also say how often each rule found something.")
  var statistics = false

  @Flag(help: "Only list the captures and the configuration each would be judged by.")
  var showFiles = false

  func run() throws {
    let run = try LintRun(reading, options, output, workers: sharing.workers)
    if showFiles {
      for (capture, configuration) in run.plan {
        Terminal.print("\(capture)\t\(configuration ?? "(no configuration)")\n", to: STDOUT_FILENO)
      }
      return
    }
    try run.run()
    if statistics {
      // Beside a format that machines read, on standard error.
      let isText = output.targets.allSatisfy { $0.path != nil || $0.format == .text || $0.format == .concise }
      Terminal.print(run.statistics, to: isText ? STDOUT_FILENO : STDERR_FILENO)
    }
    if !output.quiet { run.reportUnused() }
    let code = run.outcome.exitCode
    if code == 2 || code != 0 && !exitZero { throw ExitCode(code) }
  }
}
