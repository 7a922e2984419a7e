import ArgumentParser
import TraceCapture
import TraceReport
import TraceRules

/// Lints captures, one after the other, and keeps what decides the exit status.
final class LintRun {
  /// What came of it all.
  struct Outcome {
    var failures = 0
    /// Failures that say something of the network or the recording as such, not of the capture's quality.
    var networkFailures = 0
    var isTooPoor = false
    var isUnreadable = false
    var counts: [String: Int] = [:]
    var usedSuppressions: Set<String> = []
    /// In how many flows each kind of finding was, suppressed ones aside; by the baseline's path.
    var baselineCounts: [String: [Baseline.Key: Int]] = [:]
    /// The captures that could be read, as each baseline names them.
    var files: [String: Set<String>] = [:]

    /// 2 unreadable, 1 findings, 3 too poor a capture to judge, 0 clean.
    ///
    /// A capture whose only faults are its own says nothing of the network: 3 goes before 1 then.
    var exitCode: Int32 {
      if isUnreadable { return 2 }
      if networkFailures > 0 { return 1 }
      if isTooPoor { return 3 }
      return failures > 0 ? 1 : 0
    }
  }

  private let reading: ReadingOptions
  private let options: LintOptions
  private let wantedWorkers: Int?
  private let output: OutputOptions
  let store: ConfigStore
  /// Those that are there, by path.
  private(set) var baselines: [String: Baseline] = [:]
  /// Where the baseline of each recording is, or would be.
  private var baselinePathOf: [String] = []
  private(set) var outcome = Outcome()
  private let recordings: [[String]]
  private var settings: [LintSettings] = []
  private var outputs: Outputs?
  private var concerned: [String: Configuration.Suppression] = [:]

  /// Finds the captures and reads every configuration and the baseline before any capture.
  ///
  /// - Parameter recordings: Captures that are yet to be made; nil finds what `reading` names.
  /// Errors: `ExitCode.usage`, after saying everything that is wrong.
  init(
    _ reading: ReadingOptions, _ options: LintOptions, _ output: OutputOptions, workers: Int? = nil,
    usesBaseline: Bool = true, recordings: [[String]]? = nil
  ) throws {
    self.reading = reading
    wantedWorkers = workers
    self.options = options
    self.output = output
    store = options.store(reading.analyzerOptions.limits)
    if let recordings {
      self.recordings = recordings
    } else {
      let files: [String]
      do throws(CaptureFiles.Missing) {
        files = try CaptureFiles.find(reading.captures)
      } catch {
        Terminal.complain("\(error.path): \(error.problem); \(error.remedy)")
        throw ExitCode.usage
      }
      self.recordings = reading.join ? [files] : files.map { [$0] }
    }
    try readSettings()
    for recording in self.recordings {
      let configuration = (try? store.configuration(for: FilePath.absolute(recording[0]))) ?? nil
      baselinePathOf.append(options.baselinePath(configuration))
    }
    if usesBaseline { try readBaselines() }
  }

  private func readSettings() throws {
    var complained: Set<String> = []
    for recording in recordings {
      do throws(ConfigErrors) {
        let found = try store.settings(for: recording[0])
        settings.append(found)
        for suppression in found.suppressions { concerned[found.place(of: suppression)] = suppression }
      } catch {
        for one in error.errors.prefix(20) where complained.insert(one.description).inserted {
          Terminal.complain(one.description)
        }
      }
    }
    if !complained.isEmpty { throw ExitCode.usage }
  }

  /// Where the baselines of these captures are, or would be; one for each configuration.
  var baselinePaths: [String] { Set(baselinePathOf).sorted() }

  private func readBaselines() throws {
    guard !options.noBaseline, !options.isolated || options.baseline != nil else { return }
    for path in baselinePaths where options.baseline != nil || FilePath.kind(path) != nil {
      do throws(ConfigError) {
        baselines[path] = try Baseline.read(path)
      } catch {
        Terminal.complain(error.description)
        throw ExitCode.usage
      }
    }
  }

  /// Each capture and the configuration it is judged by.
  var plan: [(capture: String, configuration: String?)] {
    zip(recordings, settings).map { ($0[0], $1.path) }
  }

  // MARK: - The run

  /// Opens what the results go to, ahead of `run`.
  ///
  /// Errors: `ExitCode.usage`, after saying which file cannot be written.
  func openOutputs() throws {
    outputs = try Outputs(output, lint: Outputs.Lint(failOn: settings.first?.failOn ?? .warning))
  }

  func run() throws {
    let started = Clock.now
    if outputs == nil { try openOutputs() }
    guard let outputs else { return }
    let analysis = Analysis(
      writers: outputs.writers, options: reading.analyzerOptions, rules: RuleRunner.Configuration())
    var bar = ProgressBar(isShown: !output.quiet)
    let captures = CapturesAhead(recordings, workers: wantedWorkers) { [reading] paths throws(CaptureError) in
      try reading.open(paths)
    }
    for i in recordings.indices {
      lint(i, captures, analysis, outputs, &bar)
      bar.update(done: i + 1, of: recordings.count)
      if outputs.areDeserted { break }
    }
    bar.clear()
    analysis.finish(elapsed: Clock.now - started)
    try outputs.close()
  }

  private func lint(
    _ index: Int, _ captures: CapturesAhead, _ analysis: Analysis, _ outputs: Outputs,
    _ bar: inout ProgressBar
  ) {
    let file = recordings[index][0]
    do throws(CaptureError) {
      let capture = try captures.take(index)
      captures.goAhead { analysis.start($0, judge: self.judge($1)) }
      let judge = self.judge(index)
      defer { take(judge.verdict, file, baselinePathOf[index]) }
      try analysis.run(
        capture.source, file: file, rules: settings[index].rules, judge: judge, workers: capture.workers,
        started: capture.started
      ) {
        if recordings.count == 1 { bar.update($0) }
        return !outputs.areDeserted
      }
    } catch {
      bar.clear()
      Terminal.complain(error.description)
      analysis.fail(file: file, reason: error.description)
      outcome.isUnreadable = true
    }
  }

  private func judge(_ index: Int) -> LintJudge {
    let path = baselinePathOf[index]
    return LintJudge(
      file: recordings[index][0], settings: settings[index],
      baseline: baselines[path] ?? Baseline(path: path),
      requiredFlows: options.requireFlows)
  }

  private func take(_ verdict: LintJudge.Verdict, _ file: String, _ baselinePath: String) {
    outcome.failures += verdict.failures
    outcome.networkFailures += verdict.networkFailures
    outcome.isTooPoor = outcome.isTooPoor || verdict.isTooPoor
    outcome.counts.merge(verdict.counts, uniquingKeysWith: +)
    outcome.usedSuppressions.formUnion(verdict.usedSuppressions)
    outcome.baselineCounts[baselinePath, default: [:]].merge(verdict.baselineCounts, uniquingKeysWith: +)
    outcome.files[baselinePath, default: []].insert(
      (baselines[baselinePath] ?? Baseline(path: baselinePath)).name(of: file))
    for complaint in verdict.complaints { Terminal.complain(complaint) }
  }

  // MARK: - What is left over

  /// Says which suppressions and baseline entries met nothing in the captures of this run.
  func reportUnused() {
    for (place, suppression) in concerned.sorted(by: { $0.key < $1.key })
    where !outcome.usedSuppressions.contains(place) {
      let flow = suppression.flow.map { " in '\($0.text)'" } ?? ""
      Terminal.complain(
        "\(place): the suppression of \(suppression.rule)\(flow) met no finding in this run; remove it if it "
          + "never will")
    }
    for path in baselines.keys.sorted() {
      for (key, entry) in staleEntries(path) {
        let now = outcome.baselineCounts[path]?[key] ?? 0
        Terminal.complain(
          "\(path):\(entry.line):\(entry.column): \(key.code) in \(key.file) is "
            + (now == 0 ? "gone" : "down from \(entry.flows) to \(Format.count(now, "flow"))")
            + "; 'flowlint baseline prune' updates it")
      }
    }
  }

  var hasStaleEntries: Bool { baselines.keys.contains { !staleEntries($0).isEmpty } }

  /// Entries about captures of this run, or about files that are no more, that cover more than there is.
  func staleEntries(_ path: String) -> [(key: Baseline.Key, entry: Baseline.Entry)] {
    guard let baseline = baselines[path] else { return [] }
    return baseline.entries.filter { key, entry in
      if outcome.files[path]?.contains(key.file) == true {
        // As many flows more are tolerated, as many fewer are: other runs lose other segments.
        let now = outcome.baselineCounts[path]?[key] ?? 0
        return now == 0 || now < entry.flows - (entry.flows * baseline.tolerance + 99) / 100
      }
      return key.file != "-" && FilePath.kind(FilePath.join(baseline.directory, key.file)) == nil
    }.map { ($0.key, $0.value) }.sorted { $0.key < $1.key }
  }

  /// A line a rule: how often, most often first.
  var statistics: String {
    let ordered = outcome.counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let width = ordered.map { Format.grouped($0.value).count }.max() ?? 0
    return ordered.map { code, count in
      let digits = Format.grouped(count)
      let padding = String(repeating: " ", count: width - digits.count)
      return "\(padding)\(digits)  \(code)  \(LintRule.info(code)?.name ?? "")\n"
    }.joined()
  }
}
