/// What sets a segment apart from an ordinary one, for the signal machines.
extension Flow {
  func facts(of r: SegmentRecord, _ a: Arrival, _ s: Segment) -> Sight.Facts {
    var facts: Sight.Facts = []
    if isOdd(r, s) { facts.insert(.isOdd) }
    if r.flags.contains(.syn) { return facts }
    let peer = self[a.role.peer]
    if !r.marks.isDisjoint(with: [.keepAlive, .windowProbe]) { facts.insert(.probes) }
    if r.payload > 0, !r.marks.isDisjoint(with: [.retransmission, .lateOriginal]) {
      facts.insert(.repeatsData)
    }
    if r.payload > 0, r.marks.contains(.new), status.contains(.scaleKnown), a.ownEdge > 0 {
      let room = a.ownEdge &- a.start &- Int64(r.payload)
      let full = min(peer.known.contains(.mssOption) ? Int64(peer.mss) : 1460, Int64(self[a.role].maxSegment))
      if room < full { facts.insert(.fillsWindow) }
    }
    if r.marks.contains(.hasTimestamps), a.hadStamp, SeqNum.difference(r.tsVal, a.stampBefore) < 0 {
      facts.insert(.turnsClockBack)
    }
    guard a.hasAck, !r.flags.contains(.rst), status.contains(.established) else { return facts }
    if r.window == 0, a.ack >= a.unaBefore { facts.insert(.closesWindow) }
    if s.sack.count > 0 { facts.insert(.hasSACK) }
    if a.ack < a.unaBefore {
      if a.isPureAck(r.flags) { facts.insert(.takesAckBack) }
      return facts
    }
    if a.isPureAck(r.flags), !r.marks.contains(.advancesAck), peer.maxEnd > a.ack {
      facts.insert(.repeatsAck)
    }
    if a.ack > max(peer.contiguous, peer.ackedAssessed), peer.known.contains(.segment), !isOneWay {
      facts.insert(.acksUnseen)
    }
    if status.contains(.scaleKnown),
      a.ack &+ Int64(r.window) &+ (1 << Int64(self[a.role].windowShift)) <= a.edgeBefore
    {
      facts.insert(.drawsEdgeBack)
    }
    return facts
  }

  private func isOdd(_ r: SegmentRecord, _ s: Segment) -> Bool {
    if s.flags.contains(.syn) {
      if !s.flags.isDisjoint(with: [.fin, .rst, .urg]) || s.options.contains(.malformed)
        || s.urgentPointer != 0
      {
        return true
      }
      return s.options.contains(.windowScale) && (s.windowShift > 14 || isScaleUnasked(r.sender, s))
    }
    if s.flags.isDisjoint(with: [.ack, .rst]), s.flags.contains(.fin) || s.flags.rawValue & 0x3f == 0 {
      return true
    }
    if !s.options.isDisjoint(with: [.malformed, .mss, .windowScale, .sackPermitted]) { return true }
    if s.flags.contains(.urg) || s.urgentPointer != 0 { return true }
    return status.contains(.timestampsAgreed) && !s.flags.contains(.rst)
      && s.options.isDisjoint(with: [.timestamps, .truncated])
  }

  func sight(
    of r: SegmentRecord, _ a: Arrival, _ s: Segment, _ facts: Sight.Facts, in analyzer: inout Desk
  ) -> Sight {
    let view = analyzer.pathView(self)
    return Sight(
      facts: facts, record: r, ref: ref(r), options: s.options, start: a.start, end: a.end, ack: a.ack,
      hasAck: a.hasAck, unaBefore: a.unaBefore, edgeBefore: a.edgeBefore, maxBefore: a.maxBefore,
      room: a.ownEdge, windowBefore: a.windowBefore, peerMax: self[a.role.peer].maxEnd,
      senderHalf: view.rtt(a.role), peerHalf: view.rtt(a.role.peer))
  }
}
