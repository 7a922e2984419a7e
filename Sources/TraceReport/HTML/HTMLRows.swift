import TraceDecode

/// The flows of a capture that the page lists, the most remarkable when there are too many.
struct HTMLRows {
  private(set) var kept: [FlowReport] = []
  /// Flows that were let go.
  private(set) var released = 0
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  mutating func add(_ report: FlowReport) {
    guard limit > 0 else { return }
    var report = report
    // Not shown, and not to be held for thousands of flows.
    report.originator.metrics.rttSpread = nil
    report.responder.metrics.rttSpread = nil
    kept.append(report)
    if kept.count >= limit * 2 { cut() }
  }

  /// The flows in order of their numbers.
  mutating func finish() -> [FlowReport] {
    cut()
    return kept.sorted { $0.flow.number < $1.flow.number }
  }

  private mutating func cut() {
    guard kept.count > limit else { return }
    let ranked = kept.map { (report: $0, interest: $0.interest) }.sorted {
      $0.interest != $1.interest
        ? $0.interest > $1.interest : $0.report.flow.number < $1.report.flow.number
    }
    released += kept.count - limit
    kept = ranked.prefix(limit).map(\.report)
  }
}

extension FlowReport {
  /// How much there is to see in it, to choose rows by: what went wrong first, then how much passed.
  fileprivate var interest: UInt64 {
    func trouble(_ m: DirectionMetrics) -> UInt64 {
      UInt64(m.retransmittedSegments) &+ UInt64(m.zeroWindows) &+ UInt64(m.badChecksums)
    }
    var points = min(1000, trouble(originator.metrics) &+ trouble(responder.metrics))
    switch outcome {
    case .fin, .finSimultaneous, .open, .unknown: break
    case .resetByOriginator, .resetByResponder: points += 5
    case .refused, .unanswered, .unreachable, .timedOut, .halfOpen: points += 20
    }
    return points << 40 | min(1 << 39, originator.metrics.packets &+ responder.metrics.packets)
  }
}
