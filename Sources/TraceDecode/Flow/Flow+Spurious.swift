/// Proofs that a retransmission was not needed (P2.S1 to S6).
extension Flow {
  /// An acknowledgement of the far receiver: does it show that an earlier copy had arrived (P2.S3 to S6)?
  mutating func hearReceiver(
    _ r: SegmentRecord, _ a: Arrival, _ sack: SACKBlocks, _ view: PathView, _ dossier: Dossier
  ) {
    let sender = a.role.peer
    let receiver = a.role
    // Each answer is one to all that wait, so that those without one are the latest.
    var unanswered = dossier[sender].pending.count
    while unanswered > 0, dossier[sender].pending[unanswered &- 1].answeredBy == nil {
      unanswered &-= 1
      dossier[sender].pending[unanswered].answeredBy = r
      dossier.whole.idle = .none
    }
    guard !view.isNear(receiver) else { return }
    let rtt = view.rtt(receiver)
    let blocks = sack.count > 0 ? sackRanges(a, sack) : nil
    if let dsack = blocks?.dsack {
      let accused = dossier[sender].pending.lastIndex {
        $0.start < dsack.upperBound && $0.end > dsack.lowerBound && r.time &- $0.record.time >= rtt &* 8 / 10
      }
      if let accused, dsack.lowerBound <= dossier[sender].pending[accused].start {
        accuse(accused, .dsack, r, sender, dossier)
      }
    }
    weighRepeatedAck(r, a, blocks != nil, sender, rtt, dossier)
    for i in dossier.firstUncovered(sender)..<dossier[sender].pending.count
    where !dossier[sender].pending[i].covered {
      // Most wait on, and are not looked at any closer.
      if a.ack < dossier[sender].pending[i].end, blocks == nil { continue }
      let p = dossier[sender].pending[i]
      let delay = r.time &- p.record.time
      if a.ack >= p.end {
        dossier[sender].pending[i].covered = true
        guard p.unaAtSending < p.end, p.spurious == .none else { continue }
        if delay < rtt &* 3 / 4 {
          accuse(i, .earlyAck, r, sender, dossier)
        } else if p.record.marks.contains(.hasTimestamps), r.tsEcr != 0,
          p.record.payload > 0 || r.ipID == 0 && self[receiver].ipIDIsCounter || echoesCopy(r, p),
          a.unaBefore >= p.start,
          SeqNum.difference(r.tsEcr, p.record.tsVal) < 0
        {
          accuse(i, .eifel, r, sender, dossier)
        } else if p.record.flags.contains(.fin), isAnsweredFin(p, r, sender, rtt) {
          accuse(i, .finAnswered, r, sender, dossier)
        } else if answerWasLost(p, before: r, a, sender) {
          // How its receiver counts is known better once more of its packets have passed.
          dossier[sender].pending[i].countedBy = r
        }
      } else if delay < rtt &* 3 / 4, let blocks,
        blocks.indices.contains(where: {
          blocks[$0].lowerBound <= p.start && p.end <= blocks[$0].upperBound && blocks[$0].upperBound > a.ack
        })
      {
        accuse(i, .earlyAck, r, sender, dossier)
      }
    }
  }

  /// A bare FIN is answered for by an echo only when the echo is an earlier FIN's own stamp: some stacks leave
  /// TS.Recent where the last data put it.
  private func echoesCopy(_ r: SegmentRecord, _ p: PendingRetransmission) -> Bool {
    guard let copy = p.copies.first(where: { $0.record.tsVal == r.tsEcr }) else { return false }
    for i in log.first..<log.end {
      let g = log[i]
      if g.frame < copy.record.frame, g.sender == copy.record.sender, g.tsVal == r.tsEcr { return false }
    }
    return true
  }

  private func accuse(
    _ i: Int, _ proof: SpuriousProof, _ r: SegmentRecord, _ sender: Role, _ dossier: Dossier
  ) {
    guard dossier[sender].pending[i].spurious == .none else { return }
    dossier[sender].pending[i].spurious = proof
    dossier.whole.idle = .none
    dossier[sender].pending[i].spuriousBy = r
  }

  /// A FIN that its receiver had taken before: the TIME-WAIT socket answered, or every copy was (P2.S6).
  private func isAnsweredFin(_ p: PendingRetransmission, _ reply: SegmentRecord, _ sender: Role, _ rtt: Int64)
    -> Bool
  {
    let receiver = sender.peer
    let d = pointer(receiver)
    guard d.pointee.ipIDIsCounter else { return false }
    if reply.ipID == 0, d.pointee.known.contains(.fin) {
      var acknowledged: SegmentRecord?
      for i in log.first..<log.end {
        let g = log[i]
        if g.sender == sender, g.flags.contains(.ack), d.pointee.offset(g.ack) >= d.pointee.finEnd {
          acknowledged = g
          break
        }
      }
      if let acknowledged, acknowledged.marks.contains(.hasTimestamps) {
        for i in log.first..<log.end {
          let g = log[i]
          if g.sender == receiver, g.frame < p.record.frame, g.ipID != 0, !g.flags.contains(.fin),
            g.time > acknowledged.time &+ rtt &* 8 / 10, g.tsEcr != 0,
            SeqNum.difference(g.tsEcr, acknowledged.tsVal) >= 0
          {
            return true
          }
        }
      }
      return false
    }
    guard reply.ipID != 0, reply.marks.contains(.hasSACK) else { return false }
    return answeredEveryCopy(p, reply, sender)
  }

  private func answeredEveryCopy(_ p: PendingRetransmission, _ reply: SegmentRecord, _ sender: Role) -> Bool {
    let d = pointer(sender)
    var copies = 0
    var firstCopy: UInt64 = .max
    for i in log.first..<log.end {
      let g = log[i]
      if g.sender == sender, g.flags.contains(.fin), !g.marks.contains(.duplicate),
        d.pointee.offset(g.seq) &+ Int64(g.segLen) == p.end, g.frame < reply.frame
      {
        copies &+= 1
        firstCopy = min(firstCopy, g.frame)
      }
    }
    var base: SegmentRecord?
    var between = 0
    for i in log.first..<log.end {
      let g = log[i]
      guard g.sender != sender, !g.marks.contains(.duplicate) else { continue }
      if g.frame < firstCopy, g.ipID != 0 {
        base = g
        between = 0
      } else if g.frame < reply.frame {
        between &+= 1
      }
    }
    guard let base else { return false }
    let missing = Int(reply.ipID &- base.ipID) &- 1 &- between
    return missing > 0 && missing < 1000 && missing >= copies &- 1
  }

  // MARK: - Proofs that any stack gives

  /// The receiver counts its packets, and some are missing just before its answer: it had answered an earlier
  /// copy (P3.L6).
  private func answerWasLost(
    _ p: PendingRetransmission, before reply: SegmentRecord, _ a: Arrival, _ sender: Role
  )
    -> Bool
  {
    let receiver = self[sender.peer]
    guard receiver.ipIDIsCounter, reply.ipID != 0, !p.copies.isEmpty,
      a.start == receiver.maxEnd &- Int64(reply.segLen), let missing = missingBefore(reply, sender.peer),
      missing >= 1
    else { return false }
    if let echo = p.copies.first(where: { $0.record.tsVal == reply.tsEcr }),
      p.record.marks.contains(.hasTimestamps), SeqNum.difference(reply.tsEcr, p.record.tsVal) < 0,
      echo.start == p.start
    {
      // It had spoken since, so what it echoes is no acknowledgement it was holding back.
      return true
    }
    if someCopyWasAnswered(p, before: reply, missing: missing, sender) { return true }
    guard p.unaAtSending == p.start else { return false }
    // Had the first copy been lost, each segment beyond it would have drawn an ACK of its own.
    let beyond = segmentsBeyond(p, sender)
    if beyond == 0 { return a.ack == p.end && missing <= p.copies.count }
    let asked = timesAskedFor(p, before: reply)
    return !sackPermitted && a.ack == self[sender].maxEnd && asked < 2 && missing &+ asked < beyond
  }

  /// Each segment that arrives draws one packet at most: so many are missing that not all copies sent before `p`
  /// can have been lost.
  private func someCopyWasAnswered(
    _ p: PendingRetransmission, before reply: SegmentRecord, missing: Int, _ sender: Role
  ) -> Bool {
    guard let last = lastCounted(before: reply, sender.peer), self[sender.peer].rttMin != .max else {
      return false
    }
    let d = pointer(sender)
    let acked = d.pointee.offset(last.ack)
    // What had not reached it when it sent the packet before the missing ones.
    let horizon = last.time &- self[sender.peer].rttMin &* 11 / 10
    var sent = 0
    var copies = 0
    for i in log.first..<log.end {
      let g = log[i]
      guard g.sender == sender, g.frame < reply.frame, g.time > horizon, g.segLen > 0,
        g.flags.isDisjoint(with: [.syn, .rst]), g.marks.isDisjoint(with: [.duplicate, .injected])
      else { continue }
      let start = d.pointee.offset(g.seq)
      let end = start &+ Int64(g.segLen)
      // What it had acknowledged by then had arrived.
      if end <= acked, g.time < last.time { continue }
      sent &+= 1
      if g.frame < p.record.frame, start < p.end, end > p.start { copies &+= 1 }
    }
    // The last of them draws the answer itself.
    let before = sent &- 1
    return copies > 0 && missing <= before && missing > before &- copies
  }

  private func lastCounted(before reply: SegmentRecord, _ role: Role) -> SegmentRecord? {
    var i = log.end
    while i > log.first {
      i &-= 1
      let g = log[i]
      if g.sender == role, g.frame < reply.frame, !g.flags.contains(.rst),
        g.marks.isDisjoint(with: [.duplicate, .injected]), g.ipID != 0
      {
        return g
      }
    }
    return nil
  }

  /// How often the receiver repeated that it lacks `p` after it could have had the first copy.
  private func timesAskedFor(_ p: PendingRetransmission, before reply: SegmentRecord) -> Int {
    guard let first = p.copies.first?.record else { return 0 }
    let d = pointer(first.sender)
    let half = self[first.sender.peer].rttMin
    var count = 0
    for i in log.first..<log.end {
      let g = log[i]
      if g.sender != first.sender, g.frame > first.frame, g.frame < reply.frame, g.segLen == 0,
        half == .max || g.time &- first.time >= half &* 8 / 10, d.pointee.offset(g.ack) == p.start,
        g.marks.isDisjoint(with: [.duplicate, .injected])
      {
        count &+= 1
      }
    }
    return count
  }

  /// How many packets `role` sent unseen just before `reply`, by its identifications.
  private func missingBefore(_ reply: SegmentRecord, _ role: Role) -> Int? {
    lastCounted(before: reply, role).map { Int(reply.ipID &- $0.ipID) &- 1 }
  }

  /// Transmissions beyond `p` that were outstanding when it was sent.
  private func segmentsBeyond(_ p: PendingRetransmission, _ sender: Role) -> Int {
    let d = pointer(sender)
    var count = 0
    for i in log.first..<log.end {
      let f = log[i]
      if f.sender == sender, f.frame < p.record.frame, f.segLen > 0, !f.flags.contains(.rst),
        f.marks.isDisjoint(with: [.duplicate, .injected]), d.pointee.offset(f.seq) >= p.end
      {
        count &+= 1
      }
    }
    return count
  }

  /// A repeated acknowledgement answers a segment out of order or one that came twice (RFC 9293 3.10.7.4); when
  /// nothing can have come out of order, it tells of a copy too many.
  private func weighRepeatedAck(
    _ r: SegmentRecord, _ a: Arrival, _ hasBlocks: Bool, _ sender: Role, _ rtt: Int64, _ dossier: Dossier
  ) {
    if let held = dossier[sender].uncalledAck, a.ack > held.ack {
      dossier[sender].uncalledAck = nil
      // Had a later segment waited behind the first, this ACK would have taken it along.
      if a.ack == endOfSegment(startingAt: held.ack, sender) {
        blameCopy(held.record, held.ack, sender, rtt, dossier)
      }
    }
    guard r.segLen == 0, !hasBlocks, a.ack == a.unaBefore,
      r.marks.isDisjoint(with: [.duplicate, .windowProbe, .keepAlive]),
      let previous = lastAcknowledgement(before: r, a.role), previous.pointee.ack == r.ack,
      previous.pointee.window == r.window
        || updatesOnlyWhenNarrow(a.role) && previous.pointee.window < r.window
          && previous.pointee.window >= self[a.role].windowMax / 2
    else { return }
    let d = pointer(sender)
    var mayWait = false
    var isStale = false
    let latest = r.time &- rtt &* 8 / 10
    let recent = r.time &- 3 &* rtt
    let reportsWaiting = sackPermitted
    for i in log.first..<log.end {
      let g = log.place(i)
      let isRecent = g.pointee.time > recent
      // Who reports what waits needs no guess about what is older.
      guard isRecent || !reportsWaiting, g.pointee.time <= latest, g.pointee.sender == sender else {
        continue
      }
      if isRecent, !g.pointee.marks.isDisjoint(with: [.keepAlive, .windowProbe, .duplicate]) { return }
      guard !reportsWaiting, g.pointee.segLen > 0, !mayWait || !isRecent else { continue }
      let start = d.pointee.offset(g.pointee.seq)
      if start > a.ack { mayWait = true }
      if start == a.ack, g.pointee.time < recent { isStale = true }
    }
    if mayWait {
      // What is next may be long lost, and then the ACK after this one shows nothing.
      if !isStale { dossier[sender].uncalledAck = (r, a.ack) }
    } else {
      blameCopy(r, a.ack, sender, rtt, dossier)
    }
  }

  /// It has acknowledged a good deal, and never only to widen a window that was half open: then it does so in
  /// answer to a segment.
  private func updatesOnlyWhenNarrow(_ role: Role) -> Bool {
    self[role].idleUpdates == 0 && self[role].pureAcks >= 16
  }

  /// Accuses the last retransmission that the repeated acknowledgement may have answered.
  private func blameCopy(_ r: SegmentRecord, _ ack: Int64, _ sender: Role, _ rtt: Int64, _ dossier: Dossier) {
    guard
      let i = dossier[sender].pending.lastIndex(where: {
        $0.end <= ack && r.time &- $0.record.time >= rtt &* 8 / 10 && r.time &- $0.record.time <= 3 &* rtt
      })
    else { return }
    accuse(i, .repeatedAck, r, sender, dossier)
  }

  private func endOfSegment(startingAt start: Int64, _ sender: Role) -> Int64? {
    let d = pointer(sender)
    for i in log.first..<log.end {
      let g = log.place(i)
      guard g.pointee.sender == sender, g.pointee.segLen > 0 else { continue }
      if d.pointee.offset(g.pointee.seq) == start { return start &+ Int64(g.pointee.segLen) }
    }
    return nil
  }

  private func lastAcknowledgement(before r: SegmentRecord, _ role: Role) -> UnsafePointer<SegmentRecord>? {
    var i = log.end
    while i > log.first {
      i &-= 1
      let g = log.place(i)
      if g.pointee.sender == role, g.pointee.frame < r.frame,
        g.pointee.flags.intersection([.ack, .rst, .syn]) == .ack, !g.pointee.marks.contains(.duplicate)
      {
        return g
      }
    }
    return nil
  }
}
