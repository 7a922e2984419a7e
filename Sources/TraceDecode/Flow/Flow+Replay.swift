/// The time line of one sender, made from the log (PROCEDURES P2, "event order").
extension Flow {
  private struct Event {
    var time: Int64
    var isSending: Bool
    var index: Int
  }

  /// Relives what `sender` did and what reached it, up to `horizon` on its own time line, naming causes on the way.
  mutating func replay(_ sender: Role, upTo horizon: Int64, _ view: PathView, in analyzer: inout Desk) {
    guard let dossier else { return }
    let near = view.isNear(sender)
    let half = near ? 0 : view.rtt(sender) / 2
    let slack = near ? 0 : 500_000 &+ view.rtt(sender) &* 3 / 100
    let d = pointer(sender)
    let hasClock = !near && d.pointee.tsHz >= 250
    let first = max(log.first, dossier[sender].replayIndex)

    // What happened after the horizon is another time's; an echo can bring an arrival before it, though.
    var events: [Event] = []
    var echoes: [(time: Int64, tsEcr: UInt32)] = []
    var highestEcho: UInt32?
    for i in first..<log.end where log[i].sender == sender && isReplayable(i) {
      let t = sendTime(log[i], d, half: half, hasClock: hasClock)
      if t &- 1_000 > horizon { continue }
      if hasClock, log[i].marks.contains(.hasTimestamps), log[i].tsEcr != 0 {
        let echo = log[i].tsEcr
        echoes.append((t, echo))
        if highestEcho.map({ SeqNum.difference(echo, $0) > 0 }) ?? true { highestEcho = echo }
      }
      if log[i].marks.isDisjoint(with: [.duplicate, .replayedAsSent]), log[i].segLen > 0, t <= horizon,
        log[i].payload > 0 || !log[i].flags.contains(.syn)
      {
        events.append(Event(time: t, isSending: true, index: i))
      }
    }
    for i in first..<log.end where log[i].sender != sender && isReplayable(i) {
      guard log[i].flags.contains(.ack), !log[i].marks.contains(.replayedAsArrival) else { continue }
      let t = log[i].time &+ half &- slack
      if t > horizon {
        guard let highestEcho, log[i].marks.contains(.hasTimestamps),
          SeqNum.difference(highestEcho, log[i].tsVal) >= 0
        else { continue }
      }
      events.append(Event(time: t, isSending: false, index: i))
    }
    if hasClock {
      applyEchoes(echoes, to: &events)
      events.removeAll { $0.time > horizon }
    }
    events.sort {
      $0.time != $1.time
        ? $0.time < $1.time : $0.isSending != $1.isSending ? !$0.isSending : $0.index < $1.index
    }
    let context = ReplayContext(
      sender: sender, half: half, slack: slack, hasClock: hasClock, near: near, pathRTT: view.total,
      usesSACK: sackPermitted, oneWay: isOneWay)
    for event in events {
      if event.isSending {
        log[event.index].marks.insert(.replayedAsSent)
        replaySending(event.index, at: event.time, context, dossier)
      } else {
        log[event.index].marks.insert(.replayedAsArrival)
        replayArrival(event.index, at: event.time, context, dossier)
      }
    }
    var taken = first
    while taken < log.end, isReplayed(taken, sender) { taken &+= 1 }
    dossier[sender].replayIndex = taken
  }

  private func isReplayable(_ i: Int) -> Bool {
    log[i].marks.isDisjoint(with: [.injected, .badChecksum]) && !log[i].flags.contains(.rst)
  }

  private struct ReplayContext {
    var sender: Role
    var half: Int64
    var slack: Int64
    var hasClock: Bool
    var near: Bool
    var pathRTT: Int64
    var usesSACK: Bool
    var oneWay: Bool
  }

  private func isReplayed(_ i: Int, _ sender: Role) -> Bool {
    let r = log[i]
    if !isReplayable(i) { return true }
    if r.sender == sender {
      return r.marks.contains(.replayedAsSent) || r.segLen == 0 || r.marks.contains(.duplicate)
        || (r.flags.contains(.syn) && r.payload == 0)
    }
    return r.marks.contains(.replayedAsArrival) || !r.flags.contains(.ack)
  }

  /// When a segment left its sender: by its own clock where that is fine enough, else half a round trip before (P0.4).
  func sendTime(_ r: SegmentRecord, _ d: UnsafeMutablePointer<Direction>, half: Int64, hasClock: Bool)
    -> Int64
  {
    let t = r.time &- half
    guard hasClock, r.marks.contains(.hasTimestamps), d.pointee.tsOffset != .max else { return t }
    let tick = 1_000_000_000 / Int64(max(1, d.pointee.tsHz))
    return min(t, d.pointee.ticksToTime(r.tsVal) &+ d.pointee.tsOffset &- half &+ tick)
  }

  /// An echo proves arrival: nothing arrives later than just before the first segment that echoes it.
  private func applyEchoes(_ echoes: [(time: Int64, tsEcr: UInt32)], to events: inout [Event]) {
    guard !echoes.isEmpty else { return }
    // As they were sent, they come nearly in order.
    let sorted = echoes.sorted { $0.time < $1.time }
    // Highest echo so far, so that the first one at or above a stamp can be found by bisection.
    var highest: [UInt32] = []
    highest.reserveCapacity(sorted.count)
    for e in sorted {
      if let last = highest.last, SeqNum.difference(e.tsEcr, last) < 0 {
        highest.append(last)
      } else {
        highest.append(e.tsEcr)
      }
    }
    guard let last = highest.last else { return }
    for i in events.indices where !events[i].isSending {
      let stamp = log[events[i].index].tsVal
      guard log[events[i].index].marks.contains(.hasTimestamps), SeqNum.difference(last, stamp) >= 0 else {
        continue
      }
      var low = 0
      var high = highest.count
      while low < high {
        let middle = (low &+ high) / 2
        if SeqNum.difference(highest[middle], stamp) < 0 { low = middle &+ 1 } else { high = middle }
      }
      if low < sorted.count, sorted[low].time < events[i].time { events[i].time = sorted[low].time &- 1_000 }
    }
  }

  private func replayArrival(_ i: Int, at t: Int64, _ c: ReplayContext, _ dossier: Dossier) {
    let r = log[i]
    let d = pointer(c.sender)
    dossier[c.sender].replay.arrive(
      at: t, ack: d.pointee.offset(r.ack), window: r.window, isPure: r.segLen == 0,
      newSACK: r.marks.contains(.newSACK),
      sackTop: r.marks.contains(.hasSACK) && r.sackTop != 0 ? d.pointee.offset(r.sackTop) : nil,
      usesSACK: c.usesSACK)
  }

  private func replaySending(_ i: Int, at t: Int64, _ c: ReplayContext, _ dossier: Dossier) {
    let r = log[i]
    let d = pointer(c.sender)
    let start = d.pointee.offset(r.seq)
    let end = start &+ Int64(r.segLen)
    guard r.marks.contains(.retransmission), !r.flags.contains(.syn) else {
      let counts = !c.near && r.marks.contains(.new) && d.pointee.ipIDIsCounter && r.ipID != 0
      let hidden = counts ? hiddenFrames(before: i, d, c) : nil
      dossier[c.sender].replay.sendNew(
        at: t, start: start, end: end, isNew: r.marks.contains(.new),
        hiddenFrames: counts ? hidden?.frames ?? 0 : nil,
        silentSince: hidden?.since, mss: Int64(max(d.pointee.maxSegment, 1)))
      return
    }
    guard let p = dossier[c.sender].pending.lastIndex(where: { $0.record.frame == r.frame }) else { return }
    let copies = dossier[c.sender].pending[p].copies
    let previous = copies.map { sendTime($0.record, d, half: c.half, hasClock: c.hasClock) }.max()
    let judgement = dossier[c.sender].replay.resend(
      at: t, start: start, end: end, previous: previous, oneWay: c.oneWay,
      isRepeatedAgain: copies.count >= 2, usesSACK: c.usesSACK, pathRTT: c.pathRTT, slack: c.slack)
    dossier[c.sender].pending[p].cause = judgement.cause
    dossier[c.sender].pending[p].backoff = judgement.backoff
    dossier[c.sender].pending[p].quiet = judgement.quiet
    dossier[c.sender].pending[p].sentAt = t
    dossier[c.sender].pending[p].sinceLast = judgement.sinceLast
    if judgement.cause == .timeout, p > 0 { reconsiderProbe(p &- 1, followedBy: p, c.sender, dossier) }
  }

  /// The timer doubles after a time-out and not after a tail loss probe: a "probe" whose next repeat waited much
  /// longer, with no news between, was a time-out itself.
  private func reconsiderProbe(_ i: Int, followedBy j: Int, _ sender: Role, _ dossier: Dossier) {
    let f = dossier[sender].pending[i]
    let g = dossier[sender].pending[j]
    guard f.cause == .tailLossProbe, f.start == g.start, f.end == g.end, f.quiet > SenderReplay.timerFloor,
      (g.sentAt &- f.sentAt) &* 10 > f.quiet &* 16
    else { return }
    for k in log.first..<log.end where log[k].sender != sender {
      if log[k].time > f.record.time, log[k].time < g.record.time, !log[k].flags.contains(.rst) { return }
    }
    dossier[sender].pending[i].cause = .timeout
    dossier[sender].pending[i].backoff = 1
    dossier[sender].pending[j].backoff = 2
  }

  /// Frames that the sender's identifications say it sent just before record `i` and that never passed.
  private func hiddenFrames(
    before i: Int, _ d: UnsafeMutablePointer<Direction>, _ c: ReplayContext
  ) -> (frames: Int, since: Int64)? {
    let r = log[i]
    guard d.pointee.ipIDIsCounter, r.ipID != 0, !r.flags.contains(.fin) else { return nil }
    var j = i
    while j > log.first {
      j &-= 1
      let g = log[j]
      guard g.sender == c.sender, !g.flags.contains(.rst), g.marks.isDisjoint(with: [.duplicate, .injected])
      else { continue }
      guard g.ipID != 0 else { return nil }
      let gap = Int(r.ipID &- g.ipID)
      guard gap > 1, gap < 2000 else { return nil }
      return (gap &- 1, sendTime(g, d, half: c.half, hasClock: c.hasClock))
    }
    return nil
  }
}
