import ArgumentParser
import TraceCapture
import TraceReport
import TraceRules

/// `flowlint [analyze] CAPTURE...`: what happened, in words.
struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Say what happened in captures: their quality, what went wrong, how every flow ended.",
    discussion: """
      Findings come worst first, each with the frames that prove it, how sure it is and what to do about it. \
      Exit status: 0 when every capture could be read, whatever was found in it; 2 on wrong usage or an \
      unreadable capture.
      """)

  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Reading") var sharing: WorkerOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "Run only these rules: codes, names or families, as SEQ; may be repeated.", valueName: "RULE"))
  var select: [String] = []

  @Option(help: ArgumentHelp("Leave these rules out; may be repeated.", valueName: "RULE"))
  var ignore: [String] = []

  func validate() throws {
    let known = RuleRunner.Configuration.named(select: select, ignore: ignore)
    if let word = known.unknown.first { throw ValidationError(unknownRule(word)) }
  }

  func run() throws {
    let started = Clock.now
    var outputs: Outputs?
    var analysis: Analysis?
    var isUnreadable = false
    let recordings = reading.recordings
    let captures = CapturesAhead(recordings, workers: sharing.workers) {
      [reading] paths throws(CaptureError) in
      try reading.open(paths)
    }
    for (i, paths) in recordings.enumerated() {
      do {
        let capture = try captures.take(i)
        // Outputs are opened once there is something to say: an unreadable capture leaves no trace.
        let sinks = try outputs ?? Outputs(output)
        outputs = sinks
        let run = analysis ?? makeAnalysis(sinks.writers)
        analysis = run
        var bar = ProgressBar(isShown: !output.quiet)
        defer { bar.clear() }
        captures.goAhead { source, _ in run.start(source) }
        let info = try run.run(
          capture.source, file: paths[0], workers: capture.workers, started: capture.started
        ) {
          bar.update($0)
          return !sinks.areDeserted
        }
        bar.clear()
        for refusal in info.filterRefusals {
          Terminal.complain(
            "\(paths[0]): frames of link type \(refusal.linkType.name) were left out: the filter means nothing "
              + "there (\(refusal.reason))")
        }
      } catch let error as CaptureError {
        Terminal.complain(error.description)
        isUnreadable = true
      }
    }
    analysis?.finish(elapsed: Clock.now - started)
    try outputs?.close()
    if isUnreadable { throw ExitCode.usage }
  }

  private func makeAnalysis(_ writers: [any ReportWriter]) -> Analysis {
    var rules = RuleRunner.Configuration.named(select: select, ignore: ignore).configuration
    rules.findingsPerFlow = reading.analyzerOptions.limits.findingsPerRule
    rules.findingsPerRule = reading.analyzerOptions.limits.findings
    return Analysis(writers: writers, options: reading.analyzerOptions, rules: rules)
  }
}

extension RuleRunner.Configuration {
  /// The rules that `select` names, all when it is empty, less those of `ignore`; and the words that name none.
  static func named(select: [String], ignore: [String]) -> (configuration: Self, unknown: [String]) {
    var configuration = Self()
    // As it is made it leaves none out.
    if select.isEmpty, ignore.isEmpty { return (configuration, []) }
    let unknown = configuration.select(select.isEmpty ? ["ALL"] : select, ignore: ignore)
    return (configuration, unknown)
  }
}

/// What to say of a word that names no rule, with the nearest that does.
func unknownRule(_ word: String) -> String {
  let hint = Registry.suggestion(for: word).map { " did you mean \($0)?" } ?? ""
  return "There is no rule called '\(word)';\(hint) 'flowlint rules' lists them all."
}
