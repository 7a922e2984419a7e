import TraceDecode
import TraceRules

/// GitLab's code quality report: a JSON array, a violation a finding, at the line that is the frame's number.
public final class GitLab: ReportWriter {
  private let out: ByteOutput
  private let minimum: Severity
  private var file = ""
  private var fingerprints = Fingerprints()
  private var isFirst = true

  /// - Parameter minimum: The mildest severity that is written.
  public init(to out: ByteOutput, minimum: Severity = .note) {
    self.out = out
    self.minimum = minimum
    out.put("[")
  }

  public func begin(file: String) { self.file = file }

  public func finding(_ finding: Finding) {
    // Every finding takes its number, written or not, so that names do not depend on the minimum.
    let fingerprint = fingerprints.next(finding, file: file)
    guard finding.severity >= minimum else { return }
    violation(
      "\(finding.sentence). \(finding.why)", finding.rule, fingerprint, finding.severity.gitLabName,
      line: max(1, finding.frame))
  }

  public func failed(file: String, reason: String) {
    self.file = file
    violation(reason, "unreadable-capture", "unreadable:\(file)", "blocker", line: 1)
  }

  private func violation(
    _ description: String, _ check: String, _ fingerprint: String, _ severity: StaticString, line: UInt64
  ) {
    out.put(isFirst ? "\n" : ",\n")
    isFirst = false
    out.put("{\"description\":")
    out.json(description)
    out.put(",\"check_name\":")
    out.json(check)
    out.put(",\"fingerprint\":")
    out.json(fingerprint)
    out.put(",\"severity\":\"")
    out.put(severity)
    out.put("\",\"location\":{\"path\":")
    out.json(file.hasPrefix("./") ? String(file.dropFirst(2)) : file)
    out.put(",\"lines\":{\"begin\":")
    out.put(line)
    out.put("}}}")
  }

  public func finish(_ summary: RunSummary) {
    out.put(isFirst ? "]\n" : "\n]\n")
    out.flush()
  }
}

extension Severity {
  fileprivate var gitLabName: StaticString {
    switch self {
    case .error: "critical"
    case .warning: "major"
    case .note: "minor"
    case .info: "info"
    }
  }
}
