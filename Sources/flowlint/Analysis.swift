import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

/// Runs captures through the analyzer and the rules, and tells every output what comes of it.
final class Analysis {
  private let writers: [any ReportWriter]
  private let options: AnalyzerOptions
  private let rules: RuleRunner.Configuration
  private var summary = RunSummary()

  init(writers: [any ReportWriter], options: AnalyzerOptions, rules: RuleRunner.Configuration) {
    self.writers = writers
    var options = options
    options.frameVerdicts = writers.contains { $0.wantsFrameVerdicts }
    self.options = options
    self.rules = rules
  }

  /// Reads one capture to its end.
  ///
  /// - Parameter between: Called between batches; false ends the capture early.
  /// Errors: what kept the rest from being read; everything before it has been reported then.
  func run(
    _ source: any CaptureSource, file: String, between: () -> Bool = { true }
  ) throws(CaptureError) {
    let runner = RuleRunner(configuration: rules)
    runner.onFlow = { [writers] report in for writer in writers { writer.flow(report) } }
    if options.frameVerdicts {
      runner.onVerdict = { [writers] verdict, frame, flow in
        for writer in writers { writer.verdict(verdict, frame: frame, flow: flow) }
      }
    }
    let analyzer = Analyzer(options: options, sink: runner)
    for writer in writers { writer.begin(file: file) }
    var failure: CaptureError?
    do throws(CaptureError) {
      while try source.nextBatch({ analyzer.accept($0) }) > 0, between() {}
    } catch {
      failure = error
    }
    let report = analyzer.finish()
    let facts = CaptureFacts(source.info)
    // Findings are numbered through the run, each capture's in order of frames.
    let before = summary.findings.total
    for var finding in runner.finish(report, facts: facts) {
      finding.id += before
      finding.causedBy = finding.causedBy.map { $0 + before }
      summary.findings[finding.severity] += 1
      for writer in writers { writer.finding(finding) }
    }
    var record = CaptureRecord(file: file, info: source.info, report: report)
    record.findingsOmitted = runner.uncollected
    summary.add(record)
    for writer in writers { writer.end(record) }
    if let failure { throw failure }
  }

  /// Ends the run; nothing may follow.
  func finish(elapsed: Int64?) {
    summary.elapsed = elapsed
    for writer in writers { writer.finish(summary) }
  }
}

extension CaptureFacts {
  /// What the rules are told of what the reader learnt.
  init(_ info: CaptureInfo) {
    self.init()
    format = info.format.rawValue
    linkTypes = info.linkTypes
    snapLength = info.snapLengths.filter { $0 > 0 }.min()
    truncatedAt = info.truncatedAt
    damage = info.damage?.reason
    dropsBySystem = info.droppedBySystem ?? info.dropsInRecords
    dropsByInterface = info.droppedByInterface
    filter = info.interfaces.lazy.compactMap(\.filter).first
  }
}

extension CaptureRecord {
  init(file: String, info: CaptureInfo, report: CaptureReport) {
    self.init(file: file, report: report)
    format = info.format.rawValue
    linkTypes = info.linkTypes.map(\.name)
    byteOrder = info.byteOrder.rawValue
    truncatedAt = info.truncatedAt
    self.report.snapLength = info.snapLengths.filter { $0 > 0 }.min() ?? report.snapLength
    self.report.dropsBySystem = info.droppedBySystem ?? info.dropsInRecords ?? report.dropsBySystem
    self.report.dropsByInterface = info.droppedByInterface ?? report.dropsByInterface
  }
}
