import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

/// Passes what the analyzer decides on to the rules and to every output.
final class Analysis: AnalysisSink {
  private let writers: [any ReportWriter]
  private(set) var summary = RunSummary()
  private var options: AnalyzerOptions

  init(writers: [any ReportWriter], options: AnalyzerOptions) {
    self.writers = writers
    self.options = options
    self.options.frameVerdicts = writers.contains { $0.wantsFrameVerdicts }
  }

  func run(_ source: any CaptureSource, file: String) throws(CaptureError) {
    let analyzer = Analyzer(options: options, sink: self)
    for writer in writers { writer.begin(file: file) }
    while try source.nextBatch({ analyzer.accept($0) }) > 0 {}
    let record = CaptureRecord(file: file, report: analyzer.finish())
    summary.add(record)
    for writer in writers { writer.end(record) }
  }

  func finish() {
    for writer in writers { writer.finish(summary) }
  }

  func episode(_ episode: Episode, of flow: FlowIdentity) {}

  func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
    for writer in writers { writer.verdict(verdict, frame: frame, flow: flow) }
  }

  func flowEnded(_ report: FlowReport) {
    for writer in writers { writer.flow(report) }
  }
}
