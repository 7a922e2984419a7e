import TraceDecode
import TraceRules

/// One JSON document a run: the records of `JSONLines`, gathered by type.
///
/// Limits: flows are written as they end; findings and captures are held, and findings are bounded by
/// `Limits.findingsPerRule` a flow.
public final class JSON: ReportWriter {
  private let out: ByteOutput
  private let findings = ByteOutput()
  private let captures = ByteOutput()
  private var file = ""
  private var isFirstFlow = true

  public let wantsLedger: Bool

  /// - Parameter fullMetrics: Whether flows are told with every metric, and not only with those that cost nothing.
  public init(to out: ByteOutput, fullMetrics: Bool = false) {
    self.out = out
    wantsLedger = fullMetrics
    out.put("{\"schema_version\":")
    out.put(schemaVersion)
    out.put(",\n\"flows\":[")
  }

  public func begin(file: String) { self.file = file }

  public func flow(_ report: FlowReport) {
    out.put(isFirstFlow ? "\n" : ",\n")
    isFirstFlow = false
    out.record(report, file: file, full: wantsLedger)
  }

  public func finding(_ finding: Finding) {
    findings.put(findings.isEmpty ? "\n" : ",\n")
    findings.record(finding, file: file)
  }

  public func end(_ capture: CaptureRecord) {
    captures.put(captures.isEmpty ? "\n" : ",\n")
    captures.record(capture)
  }

  public func finish(_ summary: RunSummary) {
    out.put("],\n\"findings\":[")
    out.put(findings)
    out.put("],\n\"captures\":[")
    out.put(captures)
    out.put("],\n\"summary\":")
    out.record(summary)
    out.put("}\n")
    out.flush()
  }
}
