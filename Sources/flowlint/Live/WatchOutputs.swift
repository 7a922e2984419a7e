import TraceDecode
import TraceReport
import TraceRules

/// Hands findings to the outputs as they are told, and counts them.
///
/// Limits: outputs that are written at the end keep `kept` findings of a rule; `omitted` counts the others.
final class WatchOutputs {
  private let outputs: Outputs
  /// Written line by line, and at the end.
  private let streaming: [any ReportWriter]
  private let gathering: [any ReportWriter]
  private var given: [String: Int] = [:]
  private(set) var omitted: [String: Int] = [:]
  private(set) var counts = SeverityCounts()
  private var isDirty = false
  private static let kept = 10_000

  init(_ outputs: Outputs) {
    self.outputs = outputs
    func streams(_ writer: any ReportWriter) -> Bool {
      writer is Concise || writer is JSONLines || writer is Eve || writer is GitHub || writer is CSV
    }
    streaming = outputs.writers.filter(streams)
    gathering = outputs.writers.filter { !streams($0) }
  }

  func begin(file: String) { for writer in outputs.writers { writer.begin(file: file) } }

  func finding(_ finding: Finding, before: Finding?) {
    isDirty = true
    if let before { counts[before.severity] -= 1 } else { given[finding.code, default: 0] += 1 }
    counts[finding.severity] += 1
    for writer in streaming { writer.finding(finding) }
    // What was not given the first time is not known to them.
    if given[finding.code, default: 0] <= Self.kept {
      for writer in gathering { writer.finding(finding) }
    } else if before == nil {
      omitted[finding.code, default: 0] += 1
    }
  }

  func withdraw(_ finding: Finding) {
    isDirty = true
    counts[finding.severity] -= 1
    for writer in outputs.writers { writer.withdraw(finding) }
  }

  func flow(_ report: FlowReport) {
    isDirty = true
    for writer in outputs.writers { writer.flow(report) }
  }

  func verdict(_ verdict: FrameVerdict, _ frame: UInt64, _ flow: FlowIdentity) {
    for writer in outputs.writers where writer.wantsFrameVerdicts {
      writer.verdict(verdict, frame: frame, flow: flow)
    }
  }

  /// Hands over what has been told since the last call.
  func flush() {
    guard isDirty else { return }
    isDirty = false
    outputs.flush()
  }

  var areDeserted: Bool { outputs.areDeserted }

  /// Ends every output.
  func finish(_ record: CaptureRecord, elapsed: Int64?) throws {
    var record = record
    record.findingsOmitted = omitted
    for writer in outputs.writers { writer.end(record) }
    let summary = summary(record, elapsed)
    for writer in outputs.writers { writer.finish(summary) }
    try outputs.close()
  }

  /// The totals, for people who read none of the outputs.
  func tellSummary(_ record: CaptureRecord, elapsed: Int64?, to descriptor: Int32) {
    var options = Text.Options()
    options.width = Terminal.width(of: descriptor) ?? 100
    Text(to: ByteOutput(descriptor: descriptor), options: options).finish(summary(record, elapsed))
  }

  private func summary(_ record: CaptureRecord, _ elapsed: Int64?) -> RunSummary {
    var summary = RunSummary()
    summary.add(record)
    summary.findings = counts
    summary.elapsed = elapsed
    return summary
  }
}
