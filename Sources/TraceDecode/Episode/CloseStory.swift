/// Tells how an incarnation was closed by FIN (RULES P3 L3, 2.5; PROCEDURES PS.4).
struct CloseStory {
  let view: StoryView
  private var episode = CloseEpisode()

  init(_ view: StoryView) { self.view = view }

  /// The close; nil when no FIN was sent, or nothing in it is worth a word.
  mutating func tell() -> CloseEpisode? {
    let paths = view.paths
    guard paths.originator.finEnd != nil || paths.responder.finEnd != nil else { return nil }
    episode.activeCloser = paths.activeCloser
    episode.simultaneous = paths.simultaneousClose
    let bothWait = paths.originator.state == .timeWait && paths.responder.state == .timeWait
    episode.timeWaitHolder = bothWait ? nil : paths.timeWaitHolder
    episode.timeWaitFrom = paths.timeWaitFrom
    episode.asymmetric = view.evidence.oneWay
    episode.observedAfter = view.observed(after: view.lastTime)
    episode.rto = view.retransmissionTimeout
    tell(.originator)
    tell(.responder)
    findReset()
    findLinger()
    return isWorthTelling ? episode : nil
  }

  private var isWorthTelling: Bool {
    if episode.simultaneous || episode.endedByReset || episode.lingering != nil { return true }
    return isWorthTelling(.originator) || isWorthTelling(.responder)
  }

  private func isWorthTelling(_ role: Role) -> Bool {
    let side = episode[role]
    if side.finCount > 1 || side.dataAfterFin != nil { return true }
    return view.paths[role].finEnd != nil && side.finAck == nil
  }

  private mutating func tell(_ role: Role) {
    guard let finEnd = view.paths[role].finEnd else {
      findMovedFin(role)
      return
    }
    var copies: [Int] = []
    for i in view.segments.indices {
      let segment = view.segments[i]
      if segment.flags.contains(.rst) { continue }
      if segment.sender != role {
        if segment.hasAck, segment.ack >= finEnd, view.isArrival(i), episode[role].finAck == nil {
          episode[role].finAck = segment.ref
        }
        continue
      }
      guard view.isSending(i) else { continue }
      if segment.flags.contains(.fin), segment.end == finEnd {
        copies.append(i)
        episode[role].finCount &+= 1
        StoryView.note(segment, in: &episode[role].fins)
      } else if !copies.isEmpty, segment.payload > 0, segment.end >= finEnd, !segment.isBadChecksum {
        // Even an octet in the FIN's own place is data beyond it.
        episode[role].dataAfterFin = episode[role].dataAfterFin ?? segment.ref
      }
    }
    judgeRepeats(copies, of: role, finEnd: finEnd)
    findMovedFin(role)
  }

  /// Which repeats of the FIN an acknowledgement should have prevented, and which fell into TIME-WAIT.
  private mutating func judgeRepeats(_ copies: [Int], of role: Role, finEnd: Int64) {
    guard copies.count > 1 else { return }
    let waits = view.paths[role.peer].transitions.first { $0.to == .timeWait }?.time
    for i in copies.dropFirst().prefix(16) {
      if let waits, view.arrived(view.segments[i]) > waits { episode[role].reachedTimeWait = true }
      guard episode[role].ackPassedBeforeRepeat == nil,
        let a = view.acknowledgement(contradictedBy: i, of: finEnd), !view.echoes(i, a)
      else { continue }
      episode[role].ackPassedBeforeRepeat = view.segments[a].ref
      episode[role].repeatAfterAck = view.segments[i].ref
    }
  }

  /// A FIN that was the sender's own by its place and its hop count, and that more data followed.
  private mutating func findMovedFin(_ role: Role) {
    guard episode[role].dataAfterFin == nil, !view.paths.injectedFins.isEmpty else { return }
    let end = view.evidence[role]
    for f in view.paths.injectedFins.prefix(16) where view.segments.indices.contains(f) {
      let fin = view.segments[f]
      guard fin.sender == role, !fin.isInjected, !fin.isBadChecksum, fin.ttl != 0,
        (end.smallestTTL...max(end.smallestTTL, end.largestTTL)).contains(fin.ttl)
      else { continue }
      var highest = Int64.min
      var next: EvidenceSegment?
      for i in view.segments.indices where view.segments[i].sender == role && view.isSending(i) {
        let segment = view.segments[i]
        if i < f {
          highest = max(highest, segment.end)
        } else if i > f, next == nil, segment.payload > 0, segment.end >= fin.end,
          !segment.flags.contains(.rst)
        {
          next = segment
        }
      }
      if fin.start == highest, let next {
        episode[role].dataAfterFin = next.ref
        return
      }
    }
  }

  /// A RST that was believed after the first FIN, before both had been acknowledged.
  private mutating func findReset() {
    let first = [episode.originator.fins.first, episode.responder.fins.first].compactMap { $0?.time }.min()
    guard let first else { return }
    for reset in view.paths.resets where reset.verdict == .accepted {
      guard view.segments.indices.contains(reset.segment) else { continue }
      if view.segments[reset.segment].time >= first { episode.endedByReset = true }
    }
  }

  /// One side finished, and the other went on, or fell silent.
  private mutating func findLinger() {
    let ends = (view.paths.originator.finEnd, view.paths.responder.finEnd)
    let finished: Role
    switch ends {
    case (.some, .none): finished = .originator
    case (.none, .some): finished = .responder
    default: return
    }
    guard !episode.endedByReset, !view.evidence.oneWay, let acked = episode[finished].finAck,
      let fin = episode[finished].fins.first
    else { return }
    let other = finished.peer
    episode.lingering = other
    episode.halfClosedFor = view.observed(after: min(fin.time, acked.time))
    var before = Int64.min
    var after = Int64.min
    for segment in view.segments where segment.sender == other && !segment.flags.contains(.rst) {
      if segment.isInjected || segment.isProbe || segment.isBadChecksum { continue }
      if segment.frame < fin.frame {
        before = max(before, segment.end)
      } else {
        after = max(after, segment.end)
      }
    }
    if before != .min, after > before { episode.halfClosedOctets = UInt64(clamping: after &- before) }
  }
}
