import TraceDecode
import TraceRules

/// One line a finding, in the form compilers use, for editors and grep.
public final class Concise: ReportWriter {
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
    out.put(finding.place(in: file))
    out.put(": \(finding.severity.name) \(finding.code) ")
    if let (from, to) = finding.ends { out.put("\(from)>\(to) ") }
    out.put(finding.message)
    if finding.occurrences > 1 { out.put(" (\(finding.occurrences) times)") }
    out.put("\n")
  }

  public func withdraw(_ finding: Finding) {
    guard finding.severity >= minimum else { return }
    out.put(finding.place(in: file) + ": withdrawn \(finding.code) \(finding.message)\n")
  }

  public func finish(_ summary: RunSummary) { out.flush() }
}

extension Finding {
  /// `FILE:FRAME`, or `FILE` for a finding about no frame.
  func place(in file: String) -> String { frame == 0 ? file : "\(file):\(frame)" }

  /// The flow's two ends, the one whose conduct it is first; nil for a finding about the capture.
  var ends: (from: SocketAddress, to: SocketAddress)? {
    guard let flow else { return nil }
    let subject = endpoint ?? .originator
    return (flow[subject], flow[subject.peer])
  }
}
