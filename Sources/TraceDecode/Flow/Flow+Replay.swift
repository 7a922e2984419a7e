/// Senders relived, to name the causes of what they sent again (PROCEDURES P2).
extension Flow {
  /// Relives what `sender` did and what reached it, up to `horizon` on its own time line, naming causes on the way.
  mutating func replay(_ sender: Role, upTo horizon: Int64, _ view: PathView, in analyzer: inout Desk) {
    guard let dossier else { return }
    let near = view.isNear(sender)
    let half = near ? 0 : view.rtt(sender) / 2
    let slack = near ? 0 : 500_000 &+ view.rtt(sender) &* 3 / 100
    let first = max(log.first, dossier[sender].replayIndex)
    let clock = SendClock(self[sender], half: half, isNear: near)
    analyzer.timeline.fill(log, from: first, of: sender, upTo: horizon, clock, slack: slack)
    let context = ReplayContext(
      sender: sender, clock: clock, slack: slack, near: near, pathRTT: view.total, usesSACK: sackPermitted,
      oneWay: isOneWay)
    for event in analyzer.timeline.events {
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

  private struct ReplayContext {
    var sender: Role
    var clock: SendClock
    var slack: Int64
    var near: Bool
    var pathRTT: Int64
    var usesSACK: Bool
    var oneWay: Bool
  }

  private func isReplayed(_ i: Int, _ sender: Role) -> Bool {
    let r = log.place(i)
    let marks = r.pointee.marks
    if !marks.isDisjoint(with: [.injected, .badChecksum]) || r.pointee.flags.contains(.rst) { return true }
    if r.pointee.sender == sender {
      return marks.contains(.replayedAsSent) || r.pointee.segLen == 0 || marks.contains(.duplicate)
        || (r.pointee.flags.contains(.syn) && r.pointee.payload == 0)
    }
    return marks.contains(.replayedAsArrival) || !r.pointee.flags.contains(.ack)
  }

  private func replayArrival(_ i: Int, at t: Int64, _ c: ReplayContext, _ dossier: Dossier) {
    let r = log.place(i)
    let d = pointer(c.sender)
    let marks = r.pointee.marks
    dossier[c.sender].replay.arrive(
      at: t, ack: d.pointee.offset(r.pointee.ack), window: r.pointee.window, isPure: r.pointee.segLen == 0,
      newSACK: marks.contains(.newSACK),
      sackTop: marks.contains(.hasSACK) && r.pointee.sackTop != 0 ? d.pointee.offset(r.pointee.sackTop) : nil,
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
    let previous = copies.map { c.clock.sendTime(of: $0.record) }.max()
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
    let r = log.place(i)
    guard d.pointee.ipIDIsCounter, r.pointee.ipID != 0, !r.pointee.flags.contains(.fin) else { return nil }
    var j = i
    while j > log.first {
      j &-= 1
      let g = log.place(j)
      guard g.pointee.sender == c.sender, !g.pointee.flags.contains(.rst),
        g.pointee.marks.isDisjoint(with: [.duplicate, .injected])
      else { continue }
      guard g.pointee.ipID != 0 else { return nil }
      let gap = Int(r.pointee.ipID &- g.pointee.ipID)
      guard gap > 1, gap < 2000 else { return nil }
      return (gap &- 1, c.clock.sendTime(of: g.pointee))
    }
    return nil
  }
}
