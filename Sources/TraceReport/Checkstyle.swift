import TraceDecode
import TraceRules

/// Checkstyle's XML, which many CI systems read; the line is the frame's number.
public final class Checkstyle: ReportWriter {
  private let out: ByteOutput
  private let minimum: Severity

  /// - Parameter minimum: The mildest severity that is written.
  public init(to out: ByteOutput, minimum: Severity = .note) {
    self.out = out
    self.minimum = minimum
    out.put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n")
  }

  public func begin(file: String) {
    out.put("<file")
    out.attribute("name", file)
    out.put(">\n")
  }

  public func finding(_ finding: Finding) {
    guard finding.severity >= minimum else { return }
    error(
      line: max(1, finding.frame), finding.severity >= .warning ? finding.severity.name : "info",
      "\(finding.sentence). \(finding.why)", "flowlint.\(finding.code)")
  }

  public func end(_ capture: CaptureRecord) { out.put("</file>\n") }

  public func failed(file: String, reason: String) {
    begin(file: file)
    error(line: 1, "error", reason, "flowlint.unreadable")
    out.put("</file>\n")
  }

  private func error(line: UInt64, _ severity: String, _ message: String, _ source: String) {
    out.put("<error")
    out.attribute("line", String(line))
    out.attribute("severity", severity)
    out.attribute("message", message)
    out.attribute("source", source)
    out.put("/>\n")
  }

  public func finish(_ summary: RunSummary) {
    out.put("</checkstyle>\n")
    out.flush()
  }
}
