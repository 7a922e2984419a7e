import CSystem
import TraceCapture

/// Opens the captures of a run, and has some of them analyzed ahead of their turn.
///
/// What a capture's turn brings is the same either way, its errors included.
final class CapturesAhead {
  /// A capture whose turn has come.
  struct Capture {
    var source: any CaptureSource
    var workers: Workers
    /// It is being analyzed already.
    var started: SharedAnalysis?
  }

  private let recordings: [[String]]
  private let wanted: Int?
  private let open: ([String]) throws(CaptureError) -> any CaptureSource
  private var opened: [Int: Result<Capture, CaptureError>] = [:]
  private var next = 0

  /// - Parameters:
  ///   - wanted: How many workers, if somebody said.
  ///   - open: Opens a recording.
  init(
    _ recordings: [[String]], workers wanted: Int?,
    open: @escaping ([String]) throws(CaptureError) -> any CaptureSource
  ) {
    self.recordings = recordings
    self.wanted = wanted
    self.open = open
  }

  /// The capture whose turn it is; call for each, in order.
  func take(_ index: Int) throws(CaptureError) -> Capture {
    next = max(next, index + 1)
    if let ahead = opened.removeValue(forKey: index) { return try ahead.get() }
    return try capture(index)
  }

  private func capture(_ index: Int) throws(CaptureError) -> Capture {
    let (open, paths) = (open, recordings[index])
    let source = try open(paths)
    let workers = Workers(wanted, for: source, paths) { () throws(CaptureError) in try open(paths) }
    return Capture(source: source, workers: workers)
  }

  /// Has those that come next be started by `start`, given their source and place.
  func goAhead(_ start: (any CaptureSource, Int) -> SharedAnalysis?) {
    let window = wanted ?? min(Int(flowlint_processors()), Workers.most)
    guard window > 1 else { return }
    while next < recordings.count, opened.count < window {
      // What is no file may keep whoever opens it waiting.
      guard recordings[next].allSatisfy({ $0 != "-" && FilePath.kind($0) == .file }) else { return }
      do throws(CaptureError) {
        var capture = try capture(next)
        // Several workers start on it when its turn comes.
        if capture.workers.count == 1 { capture.started = start(capture.source, next) }
        opened[next] = .success(capture)
      } catch {
        opened[next] = .failure(error)
      }
      next += 1
    }
  }
}
