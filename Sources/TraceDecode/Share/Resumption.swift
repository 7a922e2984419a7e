/// Passes on what an analysis decides from some point on: the rest, after an attempt that told the beginning.
public final class Resumption: AnalysisSink {
  private let sink: any AnalysisSink
  private var toPass: UInt64

  /// - Parameter told: How many calls the sink has had already; equal captures give equal calls.
  public init(_ sink: any AnalysisSink, after told: UInt64) {
    self.sink = sink
    toPass = told
  }

  private var isNew: Bool {
    if toPass == 0 { return true }
    toPass -= 1
    return false
  }

  public func episode(_ episode: Episode, of flow: FlowIdentity) {
    if isNew { sink.episode(episode, of: flow) }
  }

  public func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
    if isNew { sink.verdict(verdict, frame: frame, flow: flow) }
  }

  public func flowEnded(_ report: FlowReport) { if isNew { sink.flowEnded(report) } }
}
