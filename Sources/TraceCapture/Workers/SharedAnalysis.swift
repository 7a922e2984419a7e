import Synchronization
import TraceDecode

/// Analyzes one capture by several workers at once, with the results of one, in the same order.
///
/// Each worker reads the whole capture on a thread of its own and keeps the flows of its share of the address
/// pairs; what they decide is merged on the thread that asks for it. One worker does it all, ahead of that.
public final class SharedAnalysis {
  /// What one worker alone would have come to.
  public struct Result: Sendable {
    public var report: CaptureReport
    public var info: CaptureInfo
    /// What kept the rest from being read.
    public var failure: CaptureError?

    public init(report: CaptureReport, info: CaptureInfo, failure: CaptureError?) {
      self.report = report
      self.info = info
      self.failure = failure
    }
  }

  public enum Outcome: Sendable {
    case whole(Result)
    /// One worker must do it, from the start; the sink has been told the beginning by so many calls
    /// (`Resumption`).
    case oneWorker(told: UInt64, reason: ShareMerger.Reason)
    /// `between` said so.
    case stopped(CaptureInfo)
  }

  /// Batches that a worker may be ahead of the merger; twice as many, for the merger takes all that are there.
  private static let ahead = 12

  private let workers: [Worker]
  private let options: AnalyzerOptions
  /// The capture as it was when it was opened.
  private let asOpened: CaptureInfo
  private let isUnderWay: Bool

  /// Has the workers start.
  ///
  /// - Parameter sources: The same capture, opened once for each worker; at least one.
  public init(_ sources: [any CaptureSource], options: AnalyzerOptions) {
    let workers = sources.indices.map { _ in Worker() }
    self.workers = workers
    self.options = options
    asOpened = sources[0].info
    isUnderWay = sources.enumerated().allSatisfy { i, source in
      let share = AnalysisShare(i, of: sources.count)
      let handed = HandedOver(source: source)
      return startThread(stack: 8 << 20) { workers[i].run(handed, share, options) }
    }
  }

  deinit { for worker in workers { worker.stop() } }

  /// Passes on what the workers decide; call once.
  ///
  /// - Parameters:
  ///   - sink: Called on this thread.
  ///   - between: Called now and then with what has been read and taken; false ends it.
  public func merge(
    into sink: any AnalysisSink, between: (CaptureProgress, UInt64) -> Bool = { _, _ in true }
  ) -> Outcome {
    guard isUnderWay else { return .oneWorker(told: 0, reason: .input) }
    var merger = ShareMerger(workers: workers.count, options: options, sink: sink)
    var progress = CaptureProgress(octetsRead: 0)
    while let need = merger.advance() {
      switch need {
      case .batch(let index):
        guard case .batch(let batch, let read)? = workers[index].messages.take() else {
          return .oneWorker(told: merger.passedOn, reason: .input)
        }
        merger.take(batch, of: index)
        if read.octetsRead > progress.octetsRead { progress = read }
        if !between(progress, merger.packets) { return .stopped(asOpened) }
      case .finish:
        for worker in workers { worker.verdict.put(merger.copiesAreCapture) }
      case .oneWorker(let reason): return .oneWorker(told: merger.passedOn, reason: reason)
      }
    }
    var ends: [Worker.End] = []
    for worker in workers {
      guard case .end(let end)? = worker.messages.take() else { break }
      ends.append(end)
    }
    guard ends.count == workers.count, let first = ends.first,
      ends.allSatisfy({ $0.failure == first.failure && $0.info.damage == first.info.damage })
    else { return .oneWorker(told: merger.passedOn, reason: .input) }
    return .whole(
      Result(report: merger.merge(ends.map(\.report)), info: first.info, failure: first.failure))
  }

  /// A source on its way to the thread that uses it from then on.
  private struct HandedOver: @unchecked Sendable {
    let source: any CaptureSource
  }

  /// One worker's thread, and what goes to and from it.
  private final class Worker: Sendable {
    struct End: Sendable {
      var report: CaptureReport
      var info: CaptureInfo
      var failure: CaptureError?
    }
    enum Message: Sendable {
      case batch(ShareBatch, CaptureProgress)
      case end(End)
    }
    let messages = Handover<Message>(limit: SharedAnalysis.ahead)
    /// Whether the copies in the capture are its own, once all have counted theirs.
    let verdict = Handover<Bool>(limit: 1)
    private let isStopped = Atomic<Bool>(false)

    func stop() {
      isStopped.store(true, ordering: .relaxed)
      messages.stop()
      verdict.stop()
    }

    /// The thread's whole life.
    func run(_ handed: HandedOver, _ share: AnalysisShare, _ options: AnalyzerOptions) {
      let source = handed.source
      let analyzer = ShareAnalyzer(share, options: options) { [messages] batch in
        messages.put(.batch(batch, source.progress))
      }
      var failure: CaptureError?
      do throws(CaptureError) {
        while try source.nextBatch({ analyzer.accept($0) }) > 0, !isStopped.load(ordering: .relaxed) {}
      } catch {
        failure = error
      }
      analyzer.endFrames()
      guard let verdict = verdict.take() else { return }
      let report = analyzer.finish(copiesAreCapture: verdict)
      messages.put(.end(End(report: report, info: source.info, failure: failure)))
    }
  }
}
