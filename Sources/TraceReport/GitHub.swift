import TraceDecode
import TraceRules

/// GitHub's workflow commands: an annotation a finding, at the line that is the frame's number.
public final class GitHub: ReportWriter {
  private let out: ByteOutput
  private let minimum: Severity
  private var file = ""

  /// - Parameter minimum: The mildest severity that is written.
  public init(to out: ByteOutput, minimum: Severity = .note) {
    self.out = out
    self.minimum = minimum
  }

  public func begin(file: String) { self.file = file }

  public func finding(_ finding: Finding) {
    guard finding.severity >= minimum else { return }
    let level = finding.severity >= .warning ? finding.severity.name : "notice"
    let text = "\(finding.sentence)\nwhy: \(finding.why)\ndo: \(finding.remedy)"
    annotate(level, line: max(1, finding.frame), title: "\(finding.code) \(finding.rule)", text)
  }

  public func failed(file: String, reason: String) {
    self.file = file
    annotate("error", line: 1, title: "unreadable capture", reason)
  }

  private func annotate(_ level: String, line: UInt64, title: String, _ text: String) {
    out.put("::\(level) file=\(Self.property(file)),line=\(line),title=\(Self.property(title))::")
    out.put(Self.data(text) + "\n")
  }

  public func finish(_ summary: RunSummary) { out.flush() }

  private static func data(_ text: String) -> String { escape(text, []) }
  private static func property(_ text: String) -> String { escape(text, [":", ","]) }

  /// Percent signs, line ends and the signs that end a property, as the runner undoes them.
  private static func escape(_ text: String, _ others: [Unicode.Scalar]) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      if scalar == "%" || scalar == "\n" || scalar == "\r" || others.contains(scalar) {
        let hex = String(scalar.value, radix: 16, uppercase: true)
        escaped += "%" + (hex.count < 2 ? "0" : "") + hex
      } else {
        escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
