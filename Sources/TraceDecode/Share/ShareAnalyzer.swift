/// An `Analyzer` for one worker's share of a capture, whose decisions a `ShareMerger` puts in order.
public final class ShareAnalyzer {
  private let analyzer: Analyzer
  private let log: ShareLog
  private var framesSinceCut = 0

  /// Frames after which others are told how far this worker is, whether it has decided anything or not.
  private static let stretch = 2048

  /// - Parameter deliver: Called with each batch, in order; it may wait.
  public init(_ share: AnalysisShare, options: AnalyzerOptions, deliver: @escaping (ShareBatch) -> Void) {
    var options = options
    options.share = share
    log = ShareLog(deliver)
    analyzer = Analyzer(options: options, sink: log)
    analyzer.engine.desk.log = log
  }

  /// Takes the next frames of the capture, all of them.
  public func accept(_ frames: UnsafeBufferPointer<Frame>) {
    analyzer.accept(frames)
    framesSinceCut += frames.count
    if framesSinceCut >= Self.stretch || log.isFilling {
      cut(.before(analyzer.engine.desk.report.packets &+ 1))
    }
  }

  /// Says that there are no more frames.
  public func endFrames() {
    let report = analyzer.engine.desk.report
    cut(
      .before(.max),
      end: ShareBatch.End(
        packets: report.packets, segments: report.tcpPackets, octets: report.octetsCaptured,
        lastTime: report.lastTime))
  }

  /// Settles everything that is still open and reports every flow.
  ///
  /// - Parameter copiesAreCapture: What `ShareMerger.copiesAreCapture` says of all workers' copies.
  public func finish(copiesAreCapture: Bool) -> CaptureReport {
    let report = analyzer.engine.finish(copiesAreCapture: copiesAreCapture)
    cut(Moment(frames: .max, turn: Turn(.finish, due: 0, of: .max)))
    return report
  }

  private func cut(_ through: Moment, end: ShareBatch.End? = nil) {
    framesSinceCut = 0
    log.cut(through, end: end)
    log.counts = ShareBatch.Counts(
      flows: analyzer.engine.flows.count, halfOpen: analyzer.engine.flows.halfOpenCount,
      waiting: analyzer.engine.flows.waitingCount)
  }
}

/// Gathers what one worker decides.
final class ShareLog: AnalysisSink {
  /// When what is told next was decided.
  var moment = Moment.before(0)
  /// At most; counted up by what may add to them, and down only at cuts.
  var counts = ShareBatch.Counts()
  private var events: [SharedEvent] = []
  private let deliver: (ShareBatch) -> Void

  init(_ deliver: @escaping (ShareBatch) -> Void) { self.deliver = deliver }

  var isFilling: Bool { events.count >= ShareBatch.limit / 2 }

  func cut(_ through: Moment, end: ShareBatch.End? = nil) {
    let batch = ShareBatch(events: events, through: through, counts: counts, end: end)
    events = []
    deliver(batch)
  }

  private func add(_ what: SharedEvent.What) {
    if events.capacity == 0 { events.reserveCapacity(ShareBatch.limit) }
    events.append(SharedEvent(moment: moment, what: what))
    if events.count >= ShareBatch.limit { cut(moment) }
  }

  func opened(_ number: Int) {
    counts.flows &+= 1
    counts.halfOpen &+= 1
    add(.opened(number))
  }

  func copied(_ copy: CopyNote) { add(.copy(copy)) }
  func leapt(from before: Int64, to after: Int64, frame: UInt64) {
    add(.leap(from: before, to: after, frame: frame))
  }
  func clocked(_ note: ClockNote) { add(.clock(note)) }
  func episode(_ episode: Episode, of flow: FlowIdentity) { add(.episode(episode, flow)) }
  func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
    add(.verdict(verdict, frame: frame, flow))
  }
  func flowEnded(_ report: FlowReport) { add(.flowEnded(EndedFlow(report))) }
}
