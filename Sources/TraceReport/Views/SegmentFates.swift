import TraceDecode

/// What became of a flow's segments on their way: which did not arrive, which were never captured, which were
/// sent again and why.
struct SegmentFates {
  /// A segment that was sent and never passed the capture point.
  struct Missing {
    var sender: Role
    var words: String
    /// The frame before which it would have passed.
    var before: UInt64
  }
  /// A segment that was sent again.
  struct Repeat {
    var words: String
    /// Since it was last sent; nil when that was not captured. Units: nanoseconds.
    var since: Int64?
    /// An earlier copy had arrived.
    var isNeedless: Bool
  }
  /// Frames that passed the capture point and did not arrive.
  private(set) var lost: Set<UInt64> = []
  private(set) var missing: [Missing] = []
  private(set) var repeats: [UInt64: Repeat] = [:]
  /// Frames at which a window closes or opens again, and what to say there.
  private(set) var turns: [UInt64: String] = [:]
  /// Frames of which something else is to be said.
  private(set) var notes: [UInt64: String] = [:]
  private let report: FlowReport
  /// The second SYN of the opening.
  private var nextSyn: UInt64?

  init(_ record: FlowRecord) {
    report = record.report
    var copies = Copies(record.passages)
    for i in record.passages.indices { take(i, record.passages, &copies) }
    for episode in record.episodes {
      switch episode {
      case .loss(let e):
        if let ack = e.lostAck { lost.insert(ack.frame) }
      case .handshake(let e): add(e)
      case .reuse: break
      case .close(let e):
        for role in [Role.originator, .responder] {
          if let ack = e[role].ackPassedBeforeRepeat { lost.insert(ack.frame) }
        }
      case .ack(let e) where e.kind == .lost && e.confidence >= .likely: lost.insert(e.segment.frame)
      default: break
      }
    }
    // After the opening's own story: a refused SYN did arrive.
    for episode in record.episodes {
      if case .reuse(let e) = episode { add(e) }
    }
    noteWindows(record.passages)
  }

  // MARK: - Data and FIN

  private static let sentAgain: FrameVerdict = [
    .timeoutRetransmission, .lossRecoveryRetransmission, .fastRetransmission, .tailLossProbe,
    .pathMTURetransmission, .retransmission,
  ]

  private mutating func take(_ i: Int, _ passages: [FlowRecord.Passage], _ copies: inout Copies) {
    let passage = passages[i]
    let segment = passage.segment
    guard segment.end > segment.start, segment.flags.isDisjoint(with: [.syn, .rst]), passage.standing.isEmpty
    else { return }
    defer { copies.remember(i, segment) }
    guard !passage.verdict.isDisjoint(with: Self.sentAgain) else { return }
    let earlier = copies.latest(of: segment).map { passages[$0].segment }
    let isNeedless = passage.verdict.contains(.spurious)
    repeats[segment.frame] = Repeat(
      words: passage.verdict.causeWords, since: earlier.map { segment.time &- $0.time },
      isNeedless: isNeedless)
    if let earlier {
      if let ack = acknowledgement(of: earlier, between: earlier.frame, and: segment, passages) {
        lost.insert(ack)
      } else if !isNeedless {
        lost.insert(earlier.frame)
      }
    } else if !isNeedless {
      var original = segment
      original.ack = nil
      original.sack = nil
      let before = copies.firstBeyond(segment).map { passages[$0].segment.frame } ?? segment.frame
      missing.append(
        Missing(sender: segment.sender, words: original.words, before: min(before, segment.frame)))
    }
  }

  /// The last acknowledgement of all of `segment` that passed early enough to prevent its repeat, and did not.
  private func acknowledgement(
    of segment: SegmentRef, between first: UInt64, and again: SegmentRef, _ passages: [FlowRecord.Passage]
  ) -> UInt64? {
    // Until it reached the sender, and until what the sender then sent had passed.
    let crossing = 2 &* report.oneWay(segment.sender) &+ 1_000_000
    var k = passages.partitioningIndex { $0.segment.frame >= again.frame }
    while k > 0, passages[k - 1].segment.frame > first {
      k -= 1
      let candidate = passages[k].segment
      if candidate.sender != segment.sender, let ack = candidate.ack, ack >= segment.end,
        !candidate.flags.contains(.rst), passages[k].standing.isEmpty,
        again.time &- candidate.time >= crossing
      {
        return candidate.frame
      }
    }
    return nil
  }

  // MARK: - Opening

  private mutating func add(_ e: HandshakeEpisode) {
    nextSyn = e.syns.dropFirst().first?.frame
    for (earlier, again) in zip(e.syns, e.syns.dropFirst()) { noteRepeat(again, of: earlier) }
    for (earlier, again) in zip(e.synAcks, e.synAcks.dropFirst()) { noteRepeat(again, of: earlier) }
    // The SYN that was answered is the first that arrived.
    if let received = report.responder.transitions.first(where: { $0.to == .synReceived }),
      received.cause != 0
    {
      for syn in e.syns where syn.frame < received.cause { lost.insert(syn.frame) }
      let firstAnswer = e.synAcks.first?.frame ?? .max
      // A SYN sent again after one that arrived, with no SYN-ACK between: the answer was lost before the capture.
      for syn in e.syns where syn.frame > received.cause && syn.frame < firstAnswer && !e.simultaneous {
        missing.append(Missing(sender: .responder, words: "SYN-ACK", before: syn.frame))
      }
    } else if e.outcome == .unanswered {
      for syn in e.syns { lost.insert(syn.frame) }
    }
    if !e.simultaneous,
      let established = report.originator.transitions.first(where: { $0.to == .established }),
      established.cause != 0
    {
      for synAck in e.synAcks where synAck.frame < established.cause { lost.insert(synAck.frame) }
    }
    if let synAck = e.lostSynAck { lost.insert(synAck.frame) }
    if let ack = e.ackPassedBeforeRepeat {
      if e.ackReachedResponder {
        notes[ack.frame] = "ignored: its accept queue is full"
      } else {
        lost.insert(ack.frame)
      }
    }
  }

  private mutating func noteRepeat(_ segment: SegmentRef, of earlier: SegmentRef) {
    repeats[segment.frame] = Repeat(
      words: "time-out", since: segment.time &- earlier.time, isNeedless: false)
  }

  private mutating func add(_ e: ReuseEpisode) {
    switch e.answer {
    case .refusedByAck: notes[e.syn.frame] = "refused by an ACK: TIME-WAIT"
    case .refusedByReset: notes[e.syn.frame] = "refused by a RST"
    case .accepted, .silence, .unknown: return
    }
    lost.remove(e.syn.frame)
    for frame in [e.acceptedLater?.frame, nextSyn].compactMap({ $0 }) {
      repeats[frame]?.words = "after the refusal"
    }
  }

  // MARK: - Windows

  private mutating func noteWindows(_ passages: [FlowRecord.Passage]) {
    var isClosed = [false, false]
    for passage in passages where passage.standing.isEmpty {
      let segment = passage.segment
      guard segment.flags.contains(.ack), segment.flags.isDisjoint(with: [.syn, .rst]) else { continue }
      let side = segment.sender == .originator ? 0 : 1
      if segment.window == 0, !isClosed[side] {
        turns[segment.frame] = "the window is closed"
      } else if segment.window > 0, isClosed[side] {
        turns[segment.frame] = "the window opens: \(segment.window)"
      }
      isClosed[side] = segment.window == 0
    }
  }
}

/// Where in a record the octets of a direction were first and last sent.
private struct Copies {
  private struct Side {
    /// First transmissions, in order of their place in the stream.
    var first: [(start: Int64, end: Int64, index: Int)] = []
    /// The latest segment that starts at an offset, where that was not its first.
    var again: [Int64: Int] = [:]
  }
  private var sides = [Side(), Side()]

  init(_ passages: [FlowRecord.Passage]) {}

  private func side(_ role: Role) -> Int { role == .originator ? 0 : 1 }

  mutating func remember(_ i: Int, _ segment: SegmentRef) {
    let s = side(segment.sender)
    if let last = sides[s].first.last, segment.start < last.end {
      sides[s].again[segment.start] = i
    } else {
      sides[s].first.append((segment.start, segment.end, i))
    }
  }

  /// The latest earlier segment that carried the first octet of `segment`.
  func latest(of segment: SegmentRef) -> Int? {
    let side = sides[side(segment.sender)]
    if let again = side.again[segment.start] { return again }
    let k = side.first.partitioningIndex { $0.end > segment.start }
    guard k < side.first.count, side.first[k].start <= segment.start else { return nil }
    return side.first[k].index
  }

  /// The first segment that carried octets beyond those of `segment`.
  func firstBeyond(_ segment: SegmentRef) -> Int? {
    let side = sides[side(segment.sender)]
    let k = side.first.partitioningIndex { $0.start >= segment.end }
    return k < side.first.count ? side.first[k].index : nil
  }
}

extension RandomAccessCollection {
  /// The first index whose element `isAfter`, where all such elements stand behind the others.
  func partitioningIndex(where isAfter: (Element) -> Bool) -> Index {
    var low = startIndex
    var count = self.count
    while count > 0 {
      let half = count / 2
      let middle = index(low, offsetBy: half)
      if isAfter(self[middle]) {
        count = half
      } else {
        low = index(after: middle)
        count -= half + 1
      }
    }
    return low
  }
}

extension FrameVerdict {
  /// Why a segment was sent again, in a few words.
  var causeWords: String {
    let causes: [(FrameVerdict, String)] = [
      (.timeoutRetransmission, "time-out"), (.fastRetransmission, "fast retransmission"),
      (.lossRecoveryRetransmission, "after the time-out"), (.tailLossProbe, "tail loss probe"),
      (.pathMTURetransmission, "smaller path MTU"),
    ]
    return causes.first { contains($0.0) }?.1 ?? "cause unknown"
  }
}
