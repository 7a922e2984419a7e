/// Keep-alives or window probes of one side, in a row (PROCEDURES P5).
struct ProbeMachine {
  private struct Run {
    var kind: ProbeEpisode.Kind
    var probes: [SegmentRef]
    var count = 1
    var answered = 0
    /// Probes since the peer was heard last.
    var unanswered = 1
    var lastTime: Int64
    var spacings: [Int64] = []
    var median: Int64? { spacings.isEmpty ? nil : spacings.sorted()[spacings.count / 2] }
  }
  private var run: Run?
  static let shown = 16
  /// So many in a row without an answer are no accident.
  static let givesUpAfter = 3

  var isOpen: Bool { @inline(__always) mutating get { run != nil } }

  mutating func sent(_ s: Sight, _ told: inout [Episode]) {
    let kind: ProbeEpisode.Kind? =
      s.marks.contains(.windowProbe) ? .zeroWindowProbe : s.marks.contains(.keepAlive) ? .keepAlive : nil
    if let kind {
      if run?.kind == kind {
        add(s)
      } else {
        finish(failed: false, &told)
        run = Run(kind: kind, probes: [s.ref], lastTime: s.time)
      }
    } else if s.flags.contains(.rst) {
      finish(failed: (run?.unanswered ?? 0) >= Self.givesUpAfter, &told)
    } else if s.end > s.start {
      finish(failed: false, &told)
    }
  }

  private mutating func add(_ s: Sight) {
    guard var r = run else { return }
    run = nil
    r.count &+= 1
    r.unanswered &+= 1
    if r.probes.count < Self.shown { r.probes.append(s.ref) }
    if r.spacings.count < Self.shown { r.spacings.append(s.time &- r.lastTime) }
    r.lastTime = s.time
    run = r
  }

  mutating func peerSent(_ s: Sight, _ told: inout [Episode]) {
    if run == nil { return }
    guard let r = run else { return }
    if r.unanswered > 0, s.time &- r.lastTime >= s.senderHalf &* 8 / 10 {
      run?.answered &+= 1
      run?.unanswered = 0
    }
    if s.end > s.start || s.flags.contains(.rst) { finish(failed: false, &told) }
  }

  /// The flow is over; `silence` is how long the capture goes on without it.
  mutating func end(silence: Int64, hearsBoth: Bool, _ told: inout [Episode]) {
    guard let r = run else { return }
    let patience = max(10_000_000_000, 2 &* (r.median ?? 0))
    finish(
      failed: hearsBoth && r.unanswered >= Self.givesUpAfter && silence >= patience, &told)
  }

  private mutating func finish(failed: Bool, _ told: inout [Episode]) {
    guard let r = run else { return }
    run = nil
    told.append(
      .probe(
        ProbeEpisode(
          kind: r.kind, sender: r.probes[0].sender, probes: r.probes, count: r.count, answered: r.answered,
          interval: r.median, failed: failed)))
  }
}
