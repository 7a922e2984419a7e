import TraceDecode

/// Draws the flows of a capture within a bound, and keeps the drawings that are worth most.
///
/// Limits: `liveLimit` points for flows in progress, beyond which every one of them is thinned; `keptLimit` for
/// those that are over, beyond which the least remarkable are let go and counted.
final class PlotKeeper {
  struct Kept {
    var flow: Int
    var interest: Int
    var plot: FlowPlot
  }
  private var live: [Int: PlotRecorder] = [:]
  private var liveElements = 0
  private(set) var kept: [Kept] = []
  private var keptElements = 0
  /// Flows whose drawing was let go.
  private(set) var released = 0
  private var limit: Int
  private let liveLimit: Int
  private let keptLimit: Int

  /// Points of a kind that a direction keeps when there is room.
  static let usual = 1500
  private static let least = 32

  init(limit: Int = PlotKeeper.usual, liveLimit: Int = 1_500_000, keptLimit: Int = 400_000) {
    self.limit = limit
    self.liveLimit = liveLimit
    self.keptLimit = keptLimit
  }

  func segment(_ segment: StreamSegment, of flow: Int) {
    update(flow, isNew: true) { $0.take(segment.reference, standing: segment.standing, sack: segment.sack) }
    if liveElements > liveLimit { thin() }
  }

  func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: Int) {
    update(flow, isNew: false) { $0.take(verdict, frame: frame) }
  }

  func episode(_ episode: Episode, of flow: Int) {
    guard case .loss(let loss) = episode else { return }
    update(flow, isNew: false) { $0.take(loss) }
  }

  private func update(_ flow: Int, isNew: Bool, _ change: (inout PlotRecorder) -> Void) {
    guard isNew || live[flow] != nil else { return }
    var before = 0
    var after = 0
    { (recorder: inout PlotRecorder) in
      before = recorder.plot.elements
      change(&recorder)
      after = recorder.plot.elements
    }(&live[flow, default: PlotRecorder(limit: limit)])
    liveElements &+= after &- before
  }

  /// Halves what every flow in progress may keep, until there is room.
  private func thin() {
    while liveElements > liveLimit / 2, limit > Self.least {
      limit /= 2
      liveElements = 0
      for flow in live.keys {
        live[flow]?.thin(to: limit)
        liveElements &+= live[flow]?.plot.elements ?? 0
      }
    }
    // So many flows at once that even a little of each is too much: the plainest go.
    guard liveElements > liveLimit else { return }
    for flow in live.keys where (live[flow]?.interest ?? 0) == 0 {
      liveElements &-= live[flow]?.plot.elements ?? 0
      live[flow] = nil
      released += 1
    }
  }

  /// Ends a flow's drawing and gives it away; nil when nothing was drawn.
  func take(_ flow: Int) -> FlowPlot? { remove(flow)?.plot }

  private func remove(_ flow: Int) -> (plot: FlowPlot, interest: Int)? {
    guard var recorder = live.removeValue(forKey: flow) else { return nil }
    liveElements &-= recorder.plot.elements
    return (recorder.finish(), recorder.interest)
  }

  /// Ends a flow's drawing and keeps it.
  func end(_ flow: Int) {
    guard let (plot, interest) = remove(flow) else { return }
    kept.append(Kept(flow: flow, interest: interest, plot: plot))
    keptElements &+= plot.elements
    if keptElements > keptLimit * 2 { release() }
  }

  /// Everything that is kept, in order of flows; call once, after the last flow.
  func finish() -> [Int: FlowPlot] {
    for flow in live.keys.sorted() { end(flow) }
    release()
    return Dictionary(kept.map { ($0.flow, $0.plot) }, uniquingKeysWith: { a, _ in a })
  }

  private func release() {
    guard keptElements > keptLimit else { return }
    kept.sort {
      ($0.interest, $0.plot.segments, $1.flow) > ($1.interest, $1.plot.segments, $0.flow)
    }
    var count = 0
    var total = 0
    while count < kept.count, total + kept[count].plot.elements <= keptLimit {
      total += kept[count].plot.elements
      count += 1
    }
    released += kept.count - count
    kept.removeLast(kept.count - count)
    keptElements = total
  }
}
