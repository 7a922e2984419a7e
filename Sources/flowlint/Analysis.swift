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
  ///   - workers: Several of them, which changes nothing but the time it takes; where they cannot do it, one does.
  ///   - started: What `start` gave for it.
  ///   - between: Called between batches with how far it has come; false ends the capture early.
  /// Returns what was learnt of the capture.
  /// Errors: what kept the rest from being read; everything before it has been reported then.
  @discardableResult
  func run(
    _ source: any CaptureSource, file: String, rules: RuleRunner.Configuration? = nil,
    judge: (any CaptureJudge)? = nil, workers: Workers? = nil,
    started: SharedAnalysis? = nil, between: Between = { _ in true }
  ) throws(CaptureError) -> CaptureInfo {
    let runner = RuleRunner(configuration: rules ?? self.rules)
    runner.onFlow = { [writers, unowned runner] report in
      judge?.flow(report, findings: runner.findings)
      for writer in writers { writer.flow(report) }
    }
    let options = options(for: judge)
    if options.frameVerdicts {
      runner.onVerdict = { [writers] verdict, frame, flow in
        for writer in writers { writer.verdict(verdict, frame: frame, flow: flow) }
      }
    }
    let sink: any AnalysisSink = options.segments ? SegmentTap(runner, writers) : runner
    for writer in writers { writer.begin(file: file) }
    let read: SharedAnalysis.Result
    var shared = started
    if shared == nil, let workers { shared = try share(source, workers, options) }
    if let workers, let shared {
      read = try merge(shared, workers, options, sink, between)
    } else {
      read = Self.read(source, options, sink, between)
    }
    let (report, info) = (read.report, read.info)
    let facts = CaptureFacts(info)
    var record = CaptureRecord(file: file, info: info, report: report)
    // Findings are numbered through the run, each capture's in order of frames.
    let found = runner.finish(report, facts: facts)
    record.findingsOmitted = runner.uncollected
    let judged =
      judge?.judge(found, record: record, info: info)
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
    if let failure = read.failure { throw failure }
    return info
  }

  /// Called between batches with what tells how far it has come; false ends the capture early.
  typealias Between = (() -> (progress: CaptureProgress, frames: UInt64)) -> Bool

  private static func read(
    _ source: any CaptureSource, _ options: AnalyzerOptions, _ sink: any AnalysisSink, _ between: Between
  ) -> SharedAnalysis.Result {
    let analyzer = Analyzer(options: options, sink: sink)
    var failure: CaptureError?
    do throws(CaptureError) {
      while try source.nextBatch({ analyzer.accept($0) }) > 0,
        between({ (source.progress, source.info.frames) })
      {}
    } catch {
      failure = error
    }
    return SharedAnalysis.Result(report: analyzer.finish(), info: source.info, failure: failure)
  }

  /// Has one worker start on a capture ahead of its turn, for `run`; nil where that cannot be.
  func start(_ source: any CaptureSource, judge: (any CaptureJudge)? = nil) -> SharedAnalysis? {
    // Segments are shown with their octets, which last no longer than the batch they are read in.
    options.segments ? nil : SharedAnalysis([source], options: options(for: judge))
  }

  private func options(for judge: (any CaptureJudge)?) -> AnalyzerOptions {
    var options = options
    options.ledger = judge?.needsLedger ?? false || writers.contains { $0.wantsLedger }
    return options
  }

  /// Has several workers start on a capture; nil where one is to do it.
  ///
  /// Errors: what kept the capture from being opened again.
  private func share(
    _ source: any CaptureSource, _ workers: Workers, _ options: AnalyzerOptions
  ) throws(CaptureError) -> SharedAnalysis? {
    guard workers.count > 1, !options.segments else { return nil }
    var sources = [source]
    while sources.count < workers.count { sources.append(try workers.open()) }
    return SharedAnalysis(sources, options: options)
  }

  /// Errors: what kept the capture from being opened again.
  private func merge(
    _ shared: SharedAnalysis, _ workers: Workers, _ options: AnalyzerOptions, _ sink: any AnalysisSink,
    _ between: Between
  ) throws(CaptureError) -> SharedAnalysis.Result {
    switch shared.merge(into: sink, between: { progress, frames in between { (progress, frames) } }) {
    case .whole(let result): return result
    case .oneWorker(let told, _):
      let rest = Resumption(sink, after: told)
      return Self.read(try workers.open(), options, rest, between)
    case .stopped(let info):
      return SharedAnalysis.Result(report: CaptureReport(), info: info, failure: nil)
    }
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
    summary.unreadable += 1
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
