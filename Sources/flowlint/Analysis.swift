import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

/// Decides what becomes of the findings of one capture; `lint` has one for each.
protocol CaptureJudge: AnyObject {
  /// Whether it will ask for what only ledgers hold.
  var needsLedger: Bool { get }
  /// Called with each flow and what the rules found in it so far.
  func flow(_ report: FlowReport, findings: @autoclosure () -> [Finding])
  /// Called at the end; may add findings, and say which are not to be reported.
  func judge(_ findings: [Finding], record: CaptureRecord, info: CaptureInfo) -> [Judged]
}

/// A finding, and why it is not reported if it is not.
struct Judged {
  var finding: Finding
  var silence: Silence?
}

/// Runs captures through the analyzer and the rules, and tells every output what comes of it.
final class Analysis {
  private let writers: [any ReportWriter]
  private let options: AnalyzerOptions
  private let rules: RuleRunner.Configuration
  private var summary = RunSummary()
  private var numbered = 0

  init(writers: [any ReportWriter], options: AnalyzerOptions, rules: RuleRunner.Configuration) {
    self.writers = writers
    var options = options
    options.frameVerdicts = writers.contains { $0.wantsFrameVerdicts }
    options.segments = writers.contains { $0.wantsSegments }
    self.options = options
    self.rules = rules
  }

  /// Reads one capture to its end.
  ///
  /// - Parameters:
  ///   - rules: Instead of the run's own.
  ///   - judge: Decides what becomes of the findings; without one all are reported.
  ///   - between: Called between batches; false ends the capture early.
  /// Errors: what kept the rest from being read; everything before it has been reported then.
  func run(
    _ source: any CaptureSource, file: String, rules: RuleRunner.Configuration? = nil,
    judge: (any CaptureJudge)? = nil, between: () -> Bool = { true }
  ) throws(CaptureError) {
    let runner = RuleRunner(configuration: rules ?? self.rules)
    runner.onFlow = { [writers, unowned runner] report in
      judge?.flow(report, findings: runner.findings)
      for writer in writers { writer.flow(report) }
    }
    var options = options
    options.ledger = judge?.needsLedger ?? false || writers.contains { $0.wantsLedger }
    if options.frameVerdicts {
      runner.onVerdict = { [writers] verdict, frame, flow in
        for writer in writers { writer.verdict(verdict, frame: frame, flow: flow) }
      }
    }
    let sink: any AnalysisSink = options.segments ? SegmentTap(runner, writers) : runner
    let analyzer = Analyzer(options: options, sink: sink)
    for writer in writers { writer.begin(file: file) }
    var failure: CaptureError?
    do throws(CaptureError) {
      while try source.nextBatch({ analyzer.accept($0) }) > 0, between() {}
    } catch {
      failure = error
    }
    let report = analyzer.finish()
    let facts = CaptureFacts(source.info)
    var record = CaptureRecord(file: file, info: source.info, report: report)
    // Findings are numbered through the run, each capture's in order of frames.
    let found = runner.finish(report, facts: facts)
    record.findingsOmitted = runner.uncollected
    let judged =
      judge?.judge(found, record: record, info: source.info)
      ?? found.map { Judged(finding: $0, silence: nil) }
    let before = numbered
    for one in judged {
      var finding = one.finding
      finding.id += before
      finding.causedBy = finding.causedBy.map { $0 + before }
      tell(finding, one.silence)
    }
    // A judge may leave some out; their numbers are not given again.
    numbered += judged.map(\.finding.id).max() ?? 0
    summary.add(record)
    for writer in writers { writer.end(record) }
    if let failure { throw failure }
  }

  private func tell(_ finding: Finding, _ silence: Silence?) {
    guard let silence else {
      summary.findings[finding.severity] += 1
      for writer in writers { writer.finding(finding) }
      return
    }
    if silence == .baseline { summary.known += 1 } else { summary.suppressed += 1 }
    for writer in writers { writer.silenced(finding, by: silence) }
  }

  /// Tells the outputs of a capture that could not be read, or not to its end.
  func fail(file: String, reason: String) {
    for writer in writers { writer.failed(file: file, reason: reason) }
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
    self.report.acceptedByFilter = info.acceptedByFilter ?? report.acceptedByFilter
  }
}

/// Shows segments and stories to the outputs that draw them, on their way to the rules.
private final class SegmentTap: AnalysisSink {
  private let runner: RuleRunner
  private let writers: [any ReportWriter]

  init(_ runner: RuleRunner, _ writers: [any ReportWriter]) {
    self.runner = runner
    self.writers = writers.filter { $0.wantsSegments }
  }

  func segment(_ segment: StreamSegment, of flow: FlowIdentity) {
    for writer in writers { writer.segment(segment, of: flow) }
  }

  func episode(_ episode: Episode, of flow: FlowIdentity) {
    for writer in writers { writer.episode(episode, of: flow) }
    runner.episode(episode, of: flow)
  }

  func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
    runner.verdict(verdict, frame: frame, flow: flow)
  }

  func flowEnded(_ report: FlowReport) { runner.flowEnded(report) }
}
