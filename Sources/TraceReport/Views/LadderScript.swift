import TraceDecode
import TraceRules

/// What a ladder of a whole flow shows, from top to bottom.
enum LadderEntry {
  /// A segment, and the states that its sending (tail) and its arrival (head) bring.
  case segment(Int, tail: State?, head: State?)
  /// A change of state that no segment's row can carry. Units: nanoseconds since the epoch.
  case state(Role, State, time: Int64)
  /// What an application sees or does.
  case socket(Role, String)
  /// A segment that never passed the capture point.
  case missing(SegmentFates.Missing)
  case finding(Finding)
  /// Nothing passed for so long. Units: nanoseconds.
  case quiet(Int64)
  /// Segments that show nothing the rows around them do not. Space: indices in `FlowRecord.passages`.
  case folded(Range<Int>)
}

/// Puts a flow's segments, states, socket views and findings in the order in which they happened.
struct LadderScript {
  private let record: FlowRecord
  private let fates: SegmentFates
  private var entries: [LadderEntry] = []
  private var steps: [Step]
  private var notes: [SocketNote]
  private var nextStep = 0

  /// Silence from which on it is told. Units: nanoseconds.
  static let quiet: Int64 = 400_000_000
  /// Regular segments in a row that are told one by one at the head and foot of a folded stretch.
  private static let kept = (head: 3, foot: 2)

  private struct Step {
    var role: Role
    var transition: Transition
    var isTold = false
  }

  private init(_ record: FlowRecord, _ fates: SegmentFates) {
    self.record = record
    self.fates = fates
    steps = [Role.originator, .responder].flatMap { role in
      record.report.timeline(role).map { Step(role: role, transition: $0) }
    }
    // A stable order: equal times keep each endpoint's own.
    steps = steps.enumerated().sorted {
      ($0.element.transition.time, $0.offset) < ($1.element.transition.time, $1.offset)
    }.map(\.element)
    notes = SocketNote.all(of: record.report)
  }

  static func entries(
    of record: FlowRecord, _ fates: SegmentFates, minimum: Severity, folds: Bool
  ) -> [LadderEntry] {
    var script = LadderScript(record, fates)
    script.write(minimum)
    return folds ? script.folded() : script.entries
  }

  // MARK: - Order

  private mutating func write(_ minimum: Severity) {
    let passages = record.passages
    let findings = Dictionary(grouping: record.findings.filter { $0.severity >= minimum }) { $0.frame }
    let missing = Dictionary(grouping: fates.missing) { $0.before }
    var told = Set<UInt64>()
    for i in passages.indices {
      let segment = passages[i].segment
      let previous = i > 0 ? passages[i - 1].segment.time : Int64.min
      let next = i + 1 < passages.count ? passages[i + 1].segment.time : Int64.max
      tellSteps(before: segment, after: previous)
      if i > 0, segment.time &- previous >= Self.quiet { entries.append(.quiet(segment.time &- previous)) }
      for gap in missing[segment.frame] ?? [] { entries.append(.missing(gap)) }
      tellNotes(frame: segment.frame, isBefore: true)
      let tail = takeTail(of: segment)
      let head = takeHead(of: segment, before: next)
      entries.append(.segment(i, tail: tail.map { $0.transition.to }, head: head.map { $0.transition.to }))
      for step in [tail, head].compactMap({ $0 }) { tellNotes(of: step) }
      tellNotes(frame: segment.frame, isBefore: false)
      for finding in findings[segment.frame] ?? [] {
        entries.append(.finding(finding))
      }
      told.insert(segment.frame)
    }
    tellSteps(before: nil, after: passages.last?.segment.time ?? .min)
    for note in notes where !note.isTold { entries.append(.socket(note.role, note.words)) }
    for finding in record.findings where finding.severity >= minimum && !told.contains(finding.frame) {
      entries.append(.finding(finding))
    }
  }

  /// Tells the changes of state that came before a segment passed and that its row will not show.
  private mutating func tellSteps(before segment: SegmentRef?, after previous: Int64) {
    for k in steps.indices where !steps[k].isTold {
      let t = steps[k].transition
      if let segment {
        guard t.time <= segment.time else { continue }
        let isLast = !steps.indices.contains { j in
          j > k && !steps[j].isTold && steps[j].role == steps[k].role
            && steps[j].transition.time <= segment.time
        }
        if isTail(steps[k], of: segment), isLast, t.time >= previous { continue }
        if isHead(steps[k], of: segment) { continue }
      }
      tell(k)
    }
  }

  private mutating func tell(_ k: Int) {
    steps[k].isTold = true
    let step = steps[k]
    for n in notes.indices where notes[n].isBefore && notes[n].belongs(to: step.role, step.transition) {
      tellNote(n)
    }
    entries.append(.state(step.role, step.transition.to, time: step.transition.time))
    tellNotes(of: step)
  }

  private func isTail(_ step: Step, of segment: SegmentRef) -> Bool {
    step.role == segment.sender && step.transition.proof == segment.frame
  }

  private func isHead(_ step: Step, of segment: SegmentRef) -> Bool {
    step.role != segment.sender && step.transition.cause == segment.frame
  }

  /// The change of its sender's state that a segment shows.
  private mutating func takeTail(of segment: SegmentRef) -> Step? {
    // Of several changes shown at once the row carries the last; those before it get rows of their own.
    guard let last = steps.indices.last(where: { !steps[$0].isTold && isTail(steps[$0], of: segment) }) else {
      return nil
    }
    for k in steps.indices where k < last && !steps[k].isTold && steps[k].role == segment.sender { tell(k) }
    steps[last].isTold = true
    return steps[last]
  }

  /// The change of its receiver's state that a segment brings, where it happens before the next one passes.
  private mutating func takeHead(of segment: SegmentRef, before next: Int64) -> Step? {
    guard let k = steps.indices.first(where: { !steps[$0].isTold && isHead(steps[$0], of: segment) }),
      steps[k].transition.time < next || next == .max
    else { return nil }
    // An earlier change of the same endpoint comes first, in a row of its own.
    guard !steps.indices.contains(where: { $0 < k && !steps[$0].isTold && steps[$0].role == steps[k].role })
    else { return nil }
    steps[k].isTold = true
    return steps[k]
  }

  // MARK: - Socket view

  private mutating func tellNote(_ n: Int) {
    guard !notes[n].isTold else { return }
    notes[n].isTold = true
    entries.append(.socket(notes[n].role, notes[n].words))
  }

  private mutating func tellNotes(of step: Step) {
    for n in notes.indices where notes[n].belongs(to: step.role, step.transition) { tellNote(n) }
  }

  /// Tells the notes on a frame that go with no change of state still to come.
  private mutating func tellNotes(frame: UInt64, isBefore: Bool) {
    for n in notes.indices where notes[n].frame == frame && notes[n].isBefore == isBefore && !notes[n].isTold
    {
      let note = notes[n]
      let waits = steps.contains {
        !$0.isTold && !note.isBefore && note.belongs(to: $0.role, $0.transition)
      }
      if !waits { tellNote(n) }
    }
  }

  // MARK: - Folding

  /// The entries with long regular stretches made one entry each.
  private func folded() -> [LadderEntry] {
    var result: [LadderEntry] = []
    var run: [Int] = []
    func flush() {
      if run.count >= Self.kept.head + Self.kept.foot + 3 {
        for i in run.prefix(Self.kept.head) { result.append(.segment(i, tail: nil, head: nil)) }
        result.append(.folded(run[Self.kept.head]..<(run[run.count - 1] - Self.kept.foot + 1)))
        for i in run.suffix(Self.kept.foot) { result.append(.segment(i, tail: nil, head: nil)) }
      } else {
        for i in run { result.append(.segment(i, tail: nil, head: nil)) }
      }
      run = []
    }
    for (k, entry) in entries.enumerated() {
      if case .segment(let i, nil, nil) = entry, isRegular(i) {
        run.append(i)
      } else if case .quiet = entry, !run.isEmpty, k + 1 < entries.count,
        case .segment(let i, nil, nil) = entries[k + 1], isRegular(i), isProbing(i)
      {
        // The pauses between probes are part of their regularity.
      } else {
        flush()
        result.append(entry)
      }
    }
    flush()
    return result
  }

  private func isProbing(_ i: Int) -> Bool {
    let near = max(0, i - 1)...min(record.passages.count - 1, i + 1)
    return near.contains { !record.passages[$0].verdict.isDisjoint(with: [.keepAlive, .zeroWindowProbe]) }
  }

  /// Whether a segment's row would tell nothing that its neighbours do not.
  private func isRegular(_ i: Int) -> Bool {
    let passage = record.passages[i]
    if fates.turns[passage.segment.frame] != nil { return false }
    let ordinary: FrameVerdict = [.windowFull, .duplicateAck, .keepAlive, .zeroWindowProbe, .zeroWindow]
    return passage.verdict.isSubset(of: ordinary) && passage.standing.isSubset(of: .keepAlive)
      && passage.segment.flags.isDisjoint(with: [.syn, .fin, .rst])
      && !fates.lost.contains(passage.segment.frame) && fates.repeats[passage.segment.frame] == nil
      && fates.notes[passage.segment.frame] == nil
  }
}

/// What an application sees or calls, and the frame at which it does.
struct SocketNote {
  var role: Role
  var frame: UInt64
  var words: String
  /// The application acts, and the frame follows from it.
  var isBefore: Bool
  var isTold = false

  /// Whether the note goes with that change of the endpoint's state.
  func belongs(to role: Role, _ transition: Transition) -> Bool {
    guard role == self.role else { return false }
    return isBefore
      ? transition.proof == frame
      : transition.cause == frame || transition.cause == 0 && transition.proof == frame
  }

  static func all(of report: FlowReport) -> [SocketNote] {
    [Role.originator, .responder].flatMap { role -> [SocketNote] in
      let socket = report[role].socket
      let doubt = socket.confidence == .certain ? "" : " (\(socket.confidence.name))"
      var notes: [SocketNote] = []
      func add(_ frame: UInt64, _ words: String?, isBefore: Bool = false) {
        guard frame != 0, let words else { return }
        notes.append(SocketNote(role: role, frame: frame, words: words + doubt, isBefore: isBefore))
      }
      add(socket.connectFrame, socket.connect.ladderWords)
      add(socket.acceptFrame, "accept() can return here")
      add(socket.eofFrame, "read() returns 0: end of file")
      add(socket.closeFrame, socket.closeCall.ladderWords, isBefore: true)
      if socket.connect == .none || socket.connect == .ok {
        add(socket.failureFrame, socket.failure.errno.map { "the next call fails: \($0)" })
      }
      return notes
    }
  }
}

extension SocketView.Connect {
  fileprivate var ladderWords: String? {
    switch self {
    case .none, .pending: nil
    case .ok: "connect() returns here"
    case .refused: "connect() fails: ECONNREFUSED"
    case .timedOut: "connect() fails: ETIMEDOUT"
    case .unreachable: "connect() fails: EHOSTUNREACH"
    case .aborted: "connect() given up"
    }
  }
}

extension SocketView.CloseCall {
  fileprivate var ladderWords: String? {
    switch self {
    case .none: nil
    case .closeOrShutdown: "close() or shutdown() called"
    case .shutdownWrite: "shutdown(SHUT_WR) called"
    case .close: "close() called"
    case .abort: "close() called, SO_LINGER 0"
    case .closeWithUnreadData: "close() called, data unread"
    }
  }
}
