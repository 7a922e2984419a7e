/// Puts the decisions of several workers, each with its share of one capture, in the order of one worker's.
///
/// What rests on the flows of all workers together is found out here: how copies in the capture lag, and whether
/// a limit on the number of flows was reached. Both are rare, and then the workers' later decisions are not those
/// of one; so the merger stops before it passes on any of them, and the rest is one worker's to decide, from the
/// start and without telling again what has been told (`Resumption`).
public struct ShareMerger: ~Copyable {
  /// What must happen before more can be passed on.
  public enum Need: Sendable, Equatable {
    /// The next batch of that worker.
    case batch(of: Int)
    /// All have taken the last frame: `ShareAnalyzer.finish`.
    case finish
    /// One worker, instead of these.
    case oneWorker(Reason)
  }

  /// Why the shares cannot be judged apart.
  public enum Reason: Sendable, Equatable {
    /// A limit on the number of flows was reached.
    case limit
    /// Copies are frequent, so that they tell how long after its original one may come.
    case copies
    /// The workers saw different captures: the file changes while it is read.
    case input
  }

  private struct Worker {
    var events: [SharedEvent] = []
    var position = 0
    var through = Moment.before(0)
    var counts = ShareBatch.Counts()
    var end: ShareBatch.End?
    var numbers = FlowNumbers()
    /// When its next event is; where none is at hand, the earliest that it can be.
    var next = Moment.before(0)

    var isDry: Bool { position == events.count }

    mutating func look() {
      next = isDry ? through : events[position].moment
      // Flows left at the end are told in the order of the capture's numbers.
      if next.turn.stage == .finish, !isDry { next.turn.flow = number(next.turn.flow) }
    }

    func number(_ own: UInt64) -> UInt64 { UInt64(clamping: numbers[Int(clamping: own)] ?? 0) }
  }
  private var workers: [Worker]
  private let limits: Limits
  private let sink: any AnalysisSink
  private var copies = CopyStatistics()
  private let firstLag: Int64
  private var steps = ClockSteps()
  private var flows = 0
  private var reason: Reason?
  private var isFinishing = false
  /// Frames that those saw who have taken the last.
  private var lastFrame = UInt64.max
  /// Calls of the sink so far.
  public private(set) var passedOn: UInt64 = 0

  public init(workers count: Int, options: AnalyzerOptions, sink: any AnalysisSink) {
    workers = Array(repeating: Worker(), count: count)
    limits = options.limits
    firstLag = copies.lag
    self.sink = sink
  }

  /// Frames of which everything has been passed on.
  public var packets: UInt64 {
    let least = workers.map(\.through.frames).min() ?? 0
    return least == .max ? workers.first?.end?.packets ?? 0 : least &- min(least, 1)
  }

  /// Takes the batch that was needed.
  public mutating func take(_ batch: consuming ShareBatch, of index: Int) {
    workers[index].counts = batch.counts
    if let end = batch.end {
      workers[index].end = end
      lastFrame = min(lastFrame, end.packets)
    }
    workers[index].through = batch.through
    // The flow's number is forgotten once its events are passed on.
    if batch.through.turn.stage == .finish, batch.through.turn.flow != .max {
      workers[index].through.turn.flow = workers[index].number(batch.through.turn.flow)
    }
    workers[index].events = batch.events
    workers[index].position = 0
    workers[index].look()
    // Who is alone keeps to the limits itself.
    guard workers.count > 1 else { return }
    let counts = workers.reduce(into: ShareBatch.Counts()) {
      $0.flows += $1.counts.flows
      $0.halfOpen += $1.counts.halfOpen
      $0.waiting += $1.counts.waiting
    }
    if counts.flows > limits.flows || counts.halfOpen > limits.halfOpenFlows
      || counts.waiting > limits.closedFlows
    {
      reason = .limit
    }
  }

  /// Passes on what is certain, and says what is needed for more; nil when all is told.
  public mutating func advance() -> Need? {
    while true {
      if let reason { return .oneWorker(reason) }
      var first = 0
      for i in workers.indices.dropFirst() {
        // Where it is not known what comes next, that goes first.
        if workers[i].next < workers[first].next || workers[i].isDry && workers[i].next == workers[first].next
        {
          first = i
        }
      }
      let moment = workers[first].next
      if moment.frames > lastFrame, moment.frames != .max, moment > .before(lastFrame &+ 1) {
        reason = .input
        continue
      }
      if !workers[first].isDry {
        passOn(first)
        continue
      }
      if moment == Moment.before(.max), !isFinishing {
        isFinishing = true
        guard workers.allSatisfy({ $0.end == workers[0].end }) else {
          reason = .input
          continue
        }
        return .finish
      }
      if moment.turn.stage == .finish, moment.turn.flow == .max { return nil }
      return .batch(of: first)
    }
  }

  private mutating func passOn(_ index: Int) {
    let what = workers[index].events[workers[index].position].what
    workers[index].position += 1
    defer { workers[index].look() }
    switch what {
    case .opened(let own):
      flows += 1
      workers[index].numbers.add(own, flows)
      return
    case .copy(let copy):
      copies.note(copy)
      if copies.lag != firstLag, workers.count > 1 { reason = .copies }
      return
    case .leap(let before, let after, let frame):
      steps.leap(from: before, to: after, frame: frame)
      return
    case .clock(var note):
      note.flow = workers[index].numbers[note.flow] ?? note.flow
      steps.note(note)
      return
    case .episode(let episode, let flow): sink.episode(episode, of: renumbered(flow, index))
    case .verdict(let verdict, let frame, let flow):
      sink.verdict(verdict, frame: frame, flow: renumbered(flow, index))
    case .flowEnded(let ended):
      let own = ended.report.flow.number
      ended.report.flow.number = workers[index].numbers[own] ?? own
      workers[index].numbers.remove(own)
      sink.flowEnded(ended.report)
    }
    passedOn &+= 1
  }

  private func renumbered(_ flow: FlowIdentity, _ index: Int) -> FlowIdentity {
    var flow = flow
    flow.number = workers[index].numbers[flow.number] ?? flow.number
    return flow
  }

  /// Whether the copies in the capture are its own; with `Need.finish`.
  public var copiesAreCapture: Bool { copies.areCapture(packets: workers.first?.end?.segments ?? 0) }

  /// One report of those of all workers.
  public mutating func merge(_ reports: [CaptureReport]) -> CaptureReport {
    guard var all = reports.first else { return CaptureReport() }
    for report in reports.dropFirst() {
      all.flows += report.flows
      all.fourTuples += report.fourTuples
      all.octetsUnique &+= report.octetsUnique
      all.superSegments &+= report.superSegments
      all.asymmetricFlows += report.asymmetricFlows
      all.midStreamFlows += report.midStreamFlows
      all.gapOctets &+= report.gapOctets
      all.acknowledgements &+= report.acknowledgements
      all.gapAcks &+= report.gapAcks
      all.rewrittenChecksums &+= report.rewrittenChecksums
      if report.firstRewrittenFrame != 0 {
        let first = all.firstRewrittenFrame
        all.firstRewrittenFrame =
          first == 0 ? report.firstRewrittenFrame : min(first, report.firstRewrittenFrame)
      }
      all.reorderedPairs &+= report.reorderedPairs
      all.shedFlows &+= report.shedFlows
    }
    all.clockSteps = steps.finish()
    all.note(copies, areCapture: copiesAreCapture)
    return all
  }
}
