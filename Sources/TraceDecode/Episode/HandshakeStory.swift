/// Tells how an incarnation was opened (RULES P3 L2, P8; PROCEDURES PS.1 - PS.3).
struct HandshakeStory {
  let view: StoryView
  private var episode = HandshakeEpisode(outcome: .unanswered)
  /// Indices of the repeated SYNs and SYN-ACKs, the first ones included.
  private var syns: [Int] = []
  private var synAcks: [Int] = []
  /// Where the originator's SYN ends: what an acknowledgement of it may at most say.
  private var synEnd: Int64 = 1
  private var lastTime = Int64.min
  private var finalAck: Int?

  init(_ view: StoryView) { self.view = view }

  /// The opening; nil when no SYN of it was captured.
  mutating func tell() -> HandshakeEpisode? {
    gather()
    guard !syns.isEmpty || !synAcks.isEmpty || !episode.peerSyns.isEmpty || !episode.badAckSynAcks.isEmpty
    else { return nil }
    findFinalAck()
    findLosses()
    findRefusal()
    measure()
    episode.outcome = outcome()
    episode.gaveUp = gaveUp()
    return episode
  }

  // MARK: gathering

  private mutating func gather() {
    let evidence = view.evidence
    episode.selfConnection = evidence.selfConnection
    episode.fastOpen = evidence.fastOpen
    episode.nearOriginator = evidence.originator.isNear
    episode.nearResponder = evidence.responder.isNear
    episode.icmp = evidence.icmp.filter { $0.quotedSource == view.identity.originator }
    var options: TCPOptionSet?
    for i in evidence.segments.indices {
      let segment = evidence.segments[i]
      guard segment.flags.contains(.syn), !segment.flags.contains(.rst), view.isSending(i) else { continue }
      lastTime = max(lastTime, segment.time)
      if segment.flags.contains(.ack) {
        if segment.sender == .originator {
          if !evidence.selfConnection { StoryView.note(segment, in: &episode.originatorSynAcks) }
        } else {
          takeSynAck(i)
        }
      } else if segment.sender == .responder {
        StoryView.note(segment, in: &episode.peerSyns)
      } else {
        if syns.isEmpty {
          synEnd = max(1, segment.end)
          episode.synData = segment.payload
        }
        if let offered = options, !segment.options.isSuperset(of: offered) { episode.optionFallback = true }
        options = options ?? segment.options
        syns.append(i)
        episode.synCount &+= 1
        StoryView.note(segment, in: &episode.syns)
      }
    }
    let bothOpened = !syns.isEmpty && !episode.peerSyns.isEmpty
    episode.simultaneous = view.paths.simultaneousOpen || bothOpened && !episode.originatorSynAcks.isEmpty
    episode.asymmetric = isAsymmetric()
  }

  private mutating func takeSynAck(_ i: Int) {
    let segment = view.segments[i]
    // Both its numbers are judged against the SYN; without one (not captured) they are what they are.
    if !syns.isEmpty, segment.hasAck, segment.ack < 1 || segment.ack > synEnd {
      StoryView.note(segment, in: &episode.badAckSynAcks)
      return
    }
    if let first = synAcks.first, segment.start != view.segments[first].start {
      episode.changedIsn = episode.changedIsn ?? segment.ref
      return
    }
    if synAcks.isEmpty {
      let acked = segment.hasAck ? segment.ack &- 1 : 0
      episode.synDataAcked = UInt32(clamping: min(max(0, acked), Int64(episode.synData)))
    } else if mayBeCopy(i) {
      episode.undecidableRepeats &+= 1
    }
    synAcks.append(i)
    episode.synAckCount &+= 1
    StoryView.note(segment, in: &episode.synAcks)
  }

  /// A SYN-ACK equal to its predecessor within a tick, without an identification to tell them apart (P0.2c);
  /// a second SYN between the two proves that it was answered twice.
  private func mayBeCopy(_ i: Int) -> Bool {
    guard let p = synAcks.last else { return false }
    let segment = view.segments[i]
    let previous = view.segments[p]
    guard segment.ipID == 0, previous.ipID == 0, segment.ack == previous.ack,
      segment.window == previous.window, segment.hasTimestamps == previous.hasTimestamps,
      segment.tsVal == previous.tsVal, segment.tsEcr == previous.tsEcr,
      segment.time &- previous.time < 20_000_000
    else { return false }
    return !(p..<i).contains { view.segments[$0].sender == .originator && view.segments[$0].flags == .syn }
  }

  /// One side is missing, and what the other sends shows that it was there.
  private func isAsymmetric() -> Bool {
    if view.evidence.selfConnection { return false }
    var spoke: (originator: Bool, responder: Bool) = (false, false)
    var heard: (originator: Bool, responder: Bool) = (false, false)
    for segment in view.segments where !segment.isBadChecksum && !segment.isInjected {
      let answers = segment.flags.contains(.ack) && !segment.flags.contains(.rst)
      if segment.sender == .originator {
        spoke.originator = true
        heard.originator = heard.originator || answers
      } else {
        spoke.responder = true
        heard.responder = heard.responder || answers
      }
    }
    if spoke.originator && spoke.responder { return false }
    return heard.originator || heard.responder
  }

  // MARK: the third segment

  private mutating func findFinalAck() {
    let first = synAcks.first ?? syns.first ?? 0
    let highest = view.evidence.responder.maxEnd
    var isThird = true
    for i in view.segments.indices where i > first && view.isArrival(i) {
      let segment = view.segments[i]
      guard segment.sender == .originator, segment.hasAck, !segment.flags.contains(.rst) else { continue }
      if segment.flags.contains(.syn) && !episode.simultaneous { continue }
      let fits = segment.ack >= 1 && segment.start >= (segment.flags.contains(.syn) ? 0 : 1)
      if isThird, !synAcks.isEmpty, !segment.isProbe, !segment.isDuplicate {
        isThird = false
        let selectsOther = episode.changedIsn.map { segment.ack == $0.end } ?? false
        let beyond = segment.ack > max(highest, 1) && !view.evidence.midStream
        if (!fits || beyond) && !selectsOther { episode.wrongThird = segment.ref }
        if beyond && !selectsOther { continue }
      }
      if fits {
        finalAck = i
        episode.finalAck = segment.ref
        lastTime = max(lastTime, segment.time)
        return
      }
    }
  }

  // MARK: what was lost

  private mutating func findLosses() {
    // A SYN again although the SYN-ACK had passed early enough: the SYN-ACK never reached the originator.
    if !episode.simultaneous {
      for i in syns.dropFirst().prefix(Self.judged) where episode.lostSynAck == nil {
        let due = view.sent(view.segments[i]) &- view.slack(.originator)
        if let s = synAcks.first(where: { $0 < i && view.arrived(view.segments[$0]) < due }) {
          episode.lostSynAck = view.segments[s].ref
        }
      }
    }
    // A SYN-ACK again although its acknowledgement had passed early enough (L2).
    guard finalAck != nil, !episode.simultaneous, !episode.selfConnection else { return }
    for i in synAcks.dropFirst().prefix(Self.judged) {
      guard let a = view.acknowledgement(contradictedBy: i, of: 1) else { continue }
      episode.ackPassedBeforeRepeat = view.segments[a].ref
      episode.synAckAfterAck = view.segments[i].ref
      // Beside the responder nothing is lost any more between the capture point and its stack.
      episode.ackReachedResponder = view.evidence.responder.isNear || view.echoes(i, a)
      findIgnoredData(before: i)
      return
    }
  }

  /// Originator's data that reached the responder before its repeated SYN-ACK and had to come again.
  private mutating func findIgnoredData(before repeated: Int) {
    let due = view.sent(view.segments[repeated]) &- view.slack(.responder)
    var answered: Int64 = 1
    var first: Int?
    for i in view.segments.indices where view.isArrival(i) && !view.segments[i].isDuplicate {
      let segment = view.segments[i]
      if segment.sender == .responder {
        if !segment.flags.contains(.rst), segment.hasAck { answered = max(answered, segment.ack) }
        continue
      }
      guard segment.payload > 0, segment.start >= synEnd, !segment.flags.contains(.syn) else { continue }
      if let f = first {
        let ignored = view.segments[f]
        guard answered <= ignored.start else { return }
        if segment.start <= ignored.start, segment.end > ignored.start {
          episode.ignoredData = ignored.ref
          return
        }
      } else if i < repeated, view.arrived(segment) < due {
        first = i
      }
    }
  }

  // MARK: the answer that is no SYN-ACK

  private mutating func findRefusal() {
    guard !episode.selfConnection else { return }
    for reset in view.paths.resets where reset.sender == .responder && reset.verdict == .accepted {
      guard reset.receiverState == .synSent, view.segments.indices.contains(reset.segment) else { continue }
      let segment = view.segments[reset.segment]
      episode.refusal = segment.ref
      episode.refusalTTLForeign = isForeignTTL(segment)
      lastTime = max(lastTime, segment.time)
      return
    }
  }

  private func isForeignTTL(_ reset: EvidenceSegment) -> Bool {
    for segment in view.segments
    where segment.sender == reset.sender && !segment.flags.contains(.rst) && segment.ttl != 0 {
      return abs(Int(segment.ttl) &- Int(reset.ttl)) > 1
    }
    return false
  }

  private func outcome() -> HandshakeEpisode.Outcome {
    if episode.refusal != nil, synAcks.isEmpty { return .refused }
    let isThere = finalAck != nil || view.paths.responder.established != nil
    if isThere || episode.selfConnection && view.paths.originator.established != nil { return .established }
    if let reset = firstReset(after: synAcks.first ?? Int.max) {
      if view.segments[reset].sender == .responder { return .resetInSynReceived }
      if view.segments[reset].start <= synEnd { return .abortedByOriginator }
    }
    if !synAcks.isEmpty { return .halfOpen }
    if !episode.peerSyns.isEmpty && !syns.isEmpty { return .halfOpen }
    if episode.icmp.contains(where: { $0.kind.isUnreachable }) { return .unreachable }
    return .unanswered
  }

  private func firstReset(after start: Int) -> Int? {
    for reset in view.paths.resets
    where reset.segment > start && view.segments.indices.contains(reset.segment) {
      switch reset.verdict {
      case .outOfWindow, .inWindow, .notReceived, .receiverContinues, .invalidInSynSent: continue
      case .accepted, .afterClose: return reset.segment
      }
    }
    return nil
  }

  // MARK: times

  private mutating func measure() {
    if let s = synAcks.first {
      let answer = view.segments[s]
      if let y = syns.last(where: { $0 < s }) {
        episode.responderHalf = max(0, answer.time &- view.segments[y].time)
      }
      if let f = finalAck, let a = synAcks.last(where: { $0 < f }) {
        episode.originatorHalf = max(0, view.segments[f].time &- view.segments[a].time)
      }
    }
    episode.observedAfter = lastTime == .min ? 0 : view.observed(after: lastTime)
  }

  /// The next SYN is overdue: stacks repeat after the last interval or twice that, and first after at most 6 s.
  private func gaveUp() -> Bool {
    guard synAcks.isEmpty, episode.refusal == nil, let last = syns.last else { return false }
    var due = Self.firstRepeatDue
    if syns.count > 1 {
      due = 2 &* max(0, view.segments[last].time &- view.segments[syns[syns.count &- 2]].time)
    }
    return view.observed(after: view.segments[last].time) > due &+ due / 8
  }

  /// By when every stack has repeated an unanswered SYN. Units: nanoseconds.
  static let firstRepeatDue: Int64 = 6_000_000_000

  /// Repeats looked at for a contradiction; the rest only counts.
  private static let judged = 16
}

extension ICMPError.Kind {
  /// Whether it says that the destination cannot be reached, rather than how to reach it better.
  var isUnreachable: Bool {
    switch self {
    case .networkUnreachable, .hostUnreachable, .protocolUnreachable, .portUnreachable,
      .administrativelyProhibited, .otherUnreachable:
      true
    case .fragmentationNeeded, .packetTooBig, .timeExceeded, .sourceQuench, .redirect, .parameterProblem:
      false
    }
  }
}
