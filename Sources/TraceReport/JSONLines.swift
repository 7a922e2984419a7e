import TraceDecode
import TraceRules

/// One JSON record a line, as soon as it is known; a capture's own record follows its flows and findings.
public final class JSONLines: ReportWriter {
  private let out: ByteOutput
  private var file = ""

  public init(to out: ByteOutput) { self.out = out }

  public func begin(file: String) { self.file = file }

  public func flow(_ report: FlowReport) {
    out.record(report, file: file)
    out.put("\n")
  }

  public func finding(_ finding: Finding) {
    out.record(finding, file: file)
    out.put("\n")
  }

  public func end(_ capture: CaptureRecord) {
    out.record(capture)
    out.put("\n")
  }

  public func finish(_ summary: RunSummary) {
    out.record(summary)
    out.put("\n")
    out.flush()
  }
}
