import TraceDecode
import TraceRules

/// One flow in full: every segment, what was judged of it, and what became of both endpoints.
public struct FlowRecord: Sendable {
  /// A segment as it passed the capture point.
  public struct Passage: Sendable {
    public var segment: SegmentRef
    public var standing: StreamSegment.Standing
    /// All its SACK blocks. Space: the peer's stream.
    public var sack: [Range<Int64>]
    public var verdict: FrameVerdict = []

    public init(_ segment: StreamSegment) {
      self.segment = segment.reference
      standing = segment.standing
      sack = segment.sack
    }
  }
  public var report: FlowReport
  /// In the order of the capture.
  public var passages: [Passage] = []
  public var episodes: [Episode] = []
  /// In order of frames.
  public var findings: [Finding] = []
  /// Segments beyond the recorder's limit.
  public var unrecorded = 0
  /// When the capture began. Units: nanoseconds since the epoch.
  public var captureStart: Int64 = 0

  public init(report: FlowReport) { self.report = report }
}

/// Records one flow while the rules judge the whole capture.
///
/// Needs `AnalyzerOptions.segments` and `frameVerdicts`.
/// Limits: `limit` segments; those beyond are counted.
public final class FlowRecorder: AnalysisSink {
  private let flow: Int
  private let limit: Int
  private let runner: RuleRunner
  private var passages: [FlowRecord.Passage] = []
  private var verdicts: [UInt64: FrameVerdict] = [:]
  private var episodes: [Episode] = []
  private var unrecorded = 0
  private var report: FlowReport?

  /// - Parameter flow: The number of the flow.
  public init(flow: Int, runner: RuleRunner, limit: Int = 1 << 20) {
    self.flow = flow
    self.runner = runner
    self.limit = limit
  }

  /// Whether everything about the flow has been told.
  public var isComplete: Bool { report != nil }

  public func segment(_ segment: StreamSegment, of flow: FlowIdentity) {
    guard flow.number == self.flow else { return }
    guard passages.count < limit else {
      unrecorded += 1
      return
    }
    passages.append(FlowRecord.Passage(segment))
  }

  public func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
    if flow.number == self.flow, verdicts.count <= limit { verdicts[frame, default: []].formUnion(verdict) }
    runner.verdict(verdict, frame: frame, flow: flow)
  }

  public func episode(_ episode: Episode, of flow: FlowIdentity) {
    if flow.number == self.flow { episodes.append(episode) }
    runner.episode(episode, of: flow)
  }

  public func flowEnded(_ report: FlowReport) {
    if report.flow.number == flow { self.report = report }
    runner.flowEnded(report)
  }

  /// What was recorded; nil when the capture has no such flow. Call once, after `Analyzer.finish`.
  public func finish(_ capture: CaptureReport, facts: CaptureFacts) -> FlowRecord? {
    guard let report else { return nil }
    var record = FlowRecord(report: report)
    record.passages = passages
    for i in record.passages.indices {
      record.passages[i].verdict = verdicts[record.passages[i].segment.frame] ?? []
    }
    record.episodes = episodes
    record.findings = runner.finish(capture, facts: facts).filter { $0.flow?.number == flow }
    record.unrecorded = unrecorded
    record.captureStart = capture.firstTime ?? report.firstTime
    return record
  }
}
