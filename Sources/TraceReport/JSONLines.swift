import TraceDecode
import TraceRules

/// One JSON record a line, as soon as it is known; a capture's own record follows its flows and findings.
public final class JSONLines: ReportWriter {
  private let out: ByteOutput
  private var file = ""
  private var flowHead = FlowRecordHead(file: "")

  public let wantsFrameVerdicts: Bool

  public let wantsLedger: Bool

  /// - Parameters:
  ///   - frames: Whether frames that were judged get records of their own.
  ///   - fullMetrics: Whether flows are told with every metric, and not only with those that cost nothing.
  public init(to out: ByteOutput, frames: Bool = false, fullMetrics: Bool = false) {
    self.out = out
    wantsLedger = fullMetrics
    wantsFrameVerdicts = frames
  }

  public func begin(file: String) {
    self.file = file
    flowHead = FlowRecordHead(file: file)
  }

  public func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
    guard wantsFrameVerdicts else { return }
    out.record(verdict, frame: frame, flow: flow, file: file)
    out.put("\n")
  }

  public func flow(_ report: FlowReport) {
    out.record(report, head: flowHead, full: wantsLedger)
    out.put("\n")
  }

  public func finding(_ finding: Finding) {
    out.record(finding, file: file)
    out.put("\n")
  }

  public func withdraw(_ finding: Finding) {
    out.put("{\"type\":\"withdrawn\",\"id\":\(finding.id)}\n")
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
