/// Tells what became of a SYN on a four-tuple that an earlier incarnation had used (RULES P4).
struct ReuseStory {
  let view: StoryView
  let previous: PreviousIncarnation
  /// 2 MSL. Units: nanoseconds.
  let timeWait: Int64

  /// The reuse; nil where nothing stood in its way.
  func tell() -> ReuseEpisode? {
    guard let s = view.segments.indices.first(where: { isOpening($0) }) else { return nil }
    let syn = view.segments[s]
    guard let side = previous.side(of: view.identity.originator) else { return nil }
    let holder: Role? =
      previous.holder.map { $0 == view.identity.originator ? .originator : .responder }
      ?? (previous.bothHold ? .responder : nil)
    let byHolder = holder == .originator
    let gap = max(0, syn.time &- (previous.timeWaitFrom ?? previous.lastTime))
    let answer = findAnswer(s)
    let isRefused = answer.kind == .refusedByAck || answer.kind == .refusedByReset
    let isWaiting = holder != nil && previous.assassin == nil && gap < timeWait
    // An earlier connection that was reset, or long over, leaves nothing to say unless the SYN is refused.
    guard isWaiting || previous.assassin != nil && gap < timeWait || isRefused && previous.end != .unopened
    else {
      return nil
    }
    let isnAdvance = side.next.map { SeqNum.difference(syn.seq, $0 &- 1) } ?? 0
    var tsAdvance: Int32?
    if syn.hasTimestamps, let last = side.tsVal { tsAdvance = SeqNum.difference(syn.tsVal, last) }
    let permitted =
      !isWaiting
      || Self.isPermitted(
        isnAdvance: isnAdvance, tsAdvance: tsAdvance, hadStamps: side.tsVal != nil,
        hasStamps: syn.hasTimestamps, byHolder: byHolder, gap: gap)
    var episode = ReuseEpisode(
      syn: syn.ref, holder: holder, gap: gap, isnAdvance: isnAdvance, tsAdvance: tsAdvance,
      answer: answer.kind, permitted: permitted, byHolder: byHolder, previousClosed: previous.end != .timeWait
    )
    // One clock advances by at most a tick a microsecond, and never goes back.
    if let tsAdvance {
      let ticks = Int64(tsAdvance)
      episode.timestampsComparable = ticks >= 0 && ticks / 2 <= gap / 1_000 &+ 1_000
    }
    episode.answeredBy = answer.segment
    episode.resetAfterRefusal = answer.reset
    episode.assassinatedBy = previous.assassin
    episode.acceptedLater = answer.accepted
    // A single lost SYN looks like a refusal in silence; where the reuse is lawful, loss is the likelier reading.
    if episode.answer == .silence, answer.accepted != nil, permitted {
      episode.answer = .accepted
      episode.answeredBy = answer.accepted
      episode.acceptedLater = nil
    }
    return episode
  }

  private func isOpening(_ i: Int) -> Bool {
    let segment = view.segments[i]
    return segment.sender == .originator && segment.flags.contains(.syn)
      && segment.flags.isDisjoint(with: [.ack, .rst]) && view.isSending(i)
  }

  /// RFC 6191 2 and RFC 9293 3.6.1, for a SYN from the holder's peer. No RFC lets the holder itself reuse its
  /// TIME-WAIT; after a second, with timestamps and a higher ISN, it is common practice and harmless.
  static func isPermitted(
    isnAdvance: Int32, tsAdvance: Int32?, hadStamps: Bool, hasStamps: Bool, byHolder: Bool, gap: Int64
  ) -> Bool {
    if byHolder { return hadStamps && hasStamps && gap >= 1_000_000_000 && isnAdvance > 0 }
    switch (hadStamps, hasStamps) {
    case (true, true):
      guard let tsAdvance else { return false }
      return tsAdvance > 0 || tsAdvance == 0 && isnAdvance > 0
    case (false, true): return true
    case (true, false), (false, false): return isnAdvance > 0
    }
  }

  private struct Answered {
    var kind = ReuseEpisode.Answer.unknown
    var segment: SegmentRef?
    var reset: SegmentRef?
    var accepted: SegmentRef?
  }

  /// How the SYN was answered: by its SYN-ACK, by an ACK with the old numbers, by a RST, or not.
  private func findAnswer(_ s: Int) -> Answered {
    var answered = Answered()
    let syn = view.segments[s]
    var repeats = 0
    var others = false
    for i in view.segments.indices where i > s && view.isArrival(i) {
      let segment = view.segments[i]
      others = others || segment.sender == .responder
      if isOpening(i) { repeats &+= 1 }
      guard segment.sender == .responder, segment.hasAck || segment.flags.contains(.rst) else { continue }
      if segment.flags.isSuperset(of: [.syn, .ack]) {
        if segment.ack >= 1, segment.ack <= max(1, syn.end) {
          answered.accepted = segment.ref
          break
        }
      } else if segment.flags.contains(.rst) {
        note(segment.ref, .refusedByReset, in: &answered)
      } else if !segment.flags.contains(.syn), segment.ack < 1 || segment.ack > max(syn.end, 1) {
        note(segment.ref, .refusedByAck, in: &answered)
      }
    }
    let until = answered.accepted?.time ?? Int64.max
    for late in previous.late where late.segment.time >= syn.time && late.segment.time <= until {
      let segment = late.segment
      var ref = segment.ref
      let isOriginator = late.sender == view.identity.originator
      ref.sender = isOriginator ? .originator : .responder
      if segment.flags.contains(.rst) {
        if isOriginator {
          answered.reset = answered.reset ?? ref
        } else {
          note(ref, .refusedByReset, in: &answered)
        }
      } else if !isOriginator, segment.flags.contains(.ack), !segment.flags.contains(.syn) {
        note(ref, .refusedByAck, in: &answered)
      }
    }
    if answered.reset == nil { answered.reset = resetAfter(answered.segment, from: s) }
    if answered.segment == nil {
      if let accepted = answered.accepted {
        answered.kind = repeats == 0 ? .accepted : .silence
        answered.segment = repeats == 0 ? accepted : nil
        if repeats == 0 { answered.accepted = nil }
      } else if !others, !view.evidence.oneWay, repeats > 0 || view.observed(after: syn.time) > 3_000_000_000
      {
        answered.kind = .silence
      }
    }
    return answered
  }

  private func note(_ ref: SegmentRef, _ kind: ReuseEpisode.Answer, in answered: inout Answered) {
    if let earlier = answered.segment, earlier.time <= ref.time { return }
    answered.segment = ref
    answered.kind = kind
  }

  /// The RST by which the originator answers a refusing ACK, where it stands among the new numbers.
  private func resetAfter(_ refusal: SegmentRef?, from s: Int) -> SegmentRef? {
    guard let refusal, !refusal.flags.contains(.rst) else { return nil }
    for i in view.segments.indices where i > s {
      let segment = view.segments[i]
      guard segment.sender == .originator, segment.flags.contains(.rst), segment.time >= refusal.time else {
        continue
      }
      return segment.ref
    }
    return nil
  }
}
