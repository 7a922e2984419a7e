import TraceDecode
import TraceRules

/// A row a finding (RFC 4180), for spreadsheets; unknown values are empty.
public final class FindingsCSV: ReportWriter {
  private let out: ByteOutput
  private let minimum: Severity
  private var file = ""

  /// - Parameter minimum: The mildest severity that is written.
  public init(to out: ByteOutput, minimum: Severity = .note) {
    self.out = out
    self.minimum = minimum
    out.put(
      "file,frame,time,severity,confidence,code,rule,originator,responder,endpoint,occurrences,message\r\n")
  }

  public func begin(file: String) { self.file = file }

  public func finding(_ finding: Finding) {
    guard finding.severity >= minimum else { return }
    cell(file, isFirst: true)
    cell(finding.frame == 0 ? "" : String(finding.frame))
    out.put(UInt8(ascii: ","))
    if let time = finding.time { out.putSeconds(time) }
    cell(finding.severity.name)
    cell(finding.confidence.name)
    cell(finding.code)
    cell(finding.rule)
    cell(finding.flow?.originator.description ?? "")
    cell(finding.flow?.responder.description ?? "")
    cell(finding.endpoint?.name ?? "")
    cell(String(finding.occurrences))
    cell(finding.message)
    out.put("\r\n")
  }

  public func finish(_ summary: RunSummary) { out.flush() }

  private func cell(_ text: String, isFirst: Bool = false) {
    if !isFirst { out.put(UInt8(ascii: ",")) }
    out.put(CSV.quoted(text))
  }
}
