/// Retransmissions from their arrival to their verdict: cause by replay, need by what the receiver says.
extension Flow {
  /// Remembers a retransmission until its cause and need are known.
  mutating func beginRetransmission(
    _ r: SegmentRecord, _ a: Arrival, copies: [PendingRetransmission.Copy], seen: Int64, hole: SegmentRecord?,
    in analyzer: Analyzer
  ) {
    let role = a.role
    markResent(role, a.start, a.end)
    let dossier = openDossier()
    let una = self[role].una
    var p = PendingRetransmission(
      record: r, start: a.start, end: a.end, copies: copies, fillsHole: r.marks.contains(.fillsHole),
      orderUnknown: r.marks.contains(.orderUnknown), againOctets: seen,
      oldOctets: max(0, min(a.end, una) &- a.start), unaAtSending: una, hole: hole)
    if !isOneWay {
      if una >= a.end || dossier[role].sacked.contains(a.start, a.end) {
        p.spurious = .alreadyAcknowledged
      } else if !p.fillsHole, analyzer.pathView(self).isNear(role.peer), isWhole(copies, a) {
        // Seen is not received: until the receiver is established its kernel may drop what arrives (P2.S2).
        if self[role.peer].una > 1 || receiverTookData(role) {
          p.spurious = .alreadyReceived
        } else {
          p.awaitsEstablishment = true
        }
      }
    }
    dossier[role].pending.append(p)
    if dossier[role].pending.count > 512 { tellOldest(role, 256, in: analyzer) }
  }

  private func receiverTookData(_ sender: Role) -> Bool { role(sender).una > 1 }

  /// Whether intact earlier copies hold every octet.
  private func isWhole(_ copies: [PendingRetransmission.Copy], _ a: Arrival) -> Bool {
    var reached = a.start
    for copy in copies.sorted(by: { $0.start < $1.start }) where copy.start <= reached {
      reached = max(reached, copy.end)
    }
    return reached >= a.end
  }

  /// A late original shows that its retransmission was not needed (P2.S1).
  mutating func noteLateOriginal(_ r: SegmentRecord, _ a: Arrival, in analyzer: Analyzer) {
    let role = a.role
    guard let dossier else { return }
    let nearReceiver = analyzer.pathView(self).isNear(role.peer)
    for i in dossier[role].pending.indices {
      let p = dossier[role].pending[i]
      guard p.start < a.end, p.end > a.start, p.record.frame < r.frame else { continue }
      dossier[role].pending[i].lateOriginals.insert(max(a.start, p.start), min(a.end, p.end))
      if nearReceiver, p.fillsHole, dossier[role].pending[i].lateOriginals.contains(p.start, p.end) {
        dossier[role].pending[i].spurious = .lateOriginal
        dossier[role].pending[i].spuriousBy = r
      }
    }
  }

  /// After each segment of a dirty flow: what it tells of pending retransmissions, and which of them are decided.
  mutating func settle(
    _ r: SegmentRecord, _ a: Arrival, _ s: Segment, in analyzer: Analyzer
  ) {
    guard let dossier else { return }
    let view = analyzer.pathView(self)
    if a.hasAck, r.marks.isDisjoint(with: [.injected, .badChecksum]), !r.flags.contains(.rst),
      !dossier[a.role.peer].pending.isEmpty, !isOneWay
    {
      hearReceiver(r, a, s, view, dossier)
    }
    for sender in [Role.originator, .responder] where !dossier[sender].pending.isEmpty {
      if dossier[sender].pending.contains(where: { $0.cause == nil }) {
        let near = view.isNear(sender)
        let hold = near ? 0 : view.rtt(sender) &+ 400_000_000
        let due = dossier[sender].pending.first { $0.cause == nil }.map { $0.record.time &+ hold } ?? .max
        if near {
          replay(sender, upTo: .max, view, in: analyzer)
        } else if r.time >= due {
          replay(sender, upTo: r.time &- view.rtt(sender) / 2 &- 350_000_000, view, in: analyzer)
        }
      }
      tellDecided(sender, now: r.time, view, in: analyzer)
    }
  }

  /// The log is full: decide on what is there.
  mutating func settleUnderPressure(in analyzer: Analyzer) {
    guard let dossier else { return }
    let view = analyzer.pathView(self)
    for sender in [Role.originator, .responder] where !dossier[sender].pending.isEmpty {
      replay(sender, upTo: log[log.first &+ log.count / 2].time, view, in: analyzer)
    }
  }

  /// The flow is over: everything is decided now.
  mutating func settleAll(in analyzer: Analyzer) {
    guard let dossier else { return }
    let view = analyzer.pathView(self)
    for sender in [Role.originator, .responder] where !dossier[sender].pending.isEmpty {
      replay(sender, upTo: .max, view, in: analyzer)
      tellOldest(sender, dossier[sender].pending.count, in: analyzer)
    }
  }

  /// An acknowledgement of the far receiver: does it show that an earlier copy had arrived (P2.S3 to S6)?
  private mutating func hearReceiver(
    _ r: SegmentRecord, _ a: Arrival, _ s: Segment, _ view: PathView, _ dossier: Dossier
  ) {
    let sender = a.role.peer
    let receiver = a.role
    for i in dossier[sender].pending.indices where dossier[sender].pending[i].answeredBy == nil {
      dossier[sender].pending[i].answeredBy = r
    }
    guard !view.isNear(receiver) else { return }
    let rtt = view.rtt(receiver)
    let blocks = sackRanges(a, s)
    if let dsack = blocks?.dsack {
      let accused = dossier[sender].pending.lastIndex {
        $0.start < dsack.upperBound && $0.end > dsack.lowerBound && r.time &- $0.record.time >= rtt * 8 / 10
      }
      if let accused, dsack.lowerBound <= dossier[sender].pending[accused].start {
        accuse(accused, .dsack, r, sender, dossier)
      }
    }
    for i in dossier[sender].pending.indices where !dossier[sender].pending[i].covered {
      let p = dossier[sender].pending[i]
      let delay = r.time &- p.record.time
      if a.ack >= p.end {
        dossier[sender].pending[i].covered = true
        guard p.unaAtSending < p.end, p.spurious == .none else { continue }
        if delay < rtt * 3 / 4 {
          accuse(i, .earlyAck, r, sender, dossier)
        } else if p.record.marks.contains(.hasTimestamps), r.tsEcr != 0, a.unaBefore >= p.start,
          SeqNum.difference(r.tsEcr, p.record.tsVal) < 0
        {
          accuse(i, .eifel, r, sender, dossier)
        } else if p.record.flags.contains(.fin), isAnsweredFin(p, r, sender, rtt) {
          accuse(i, .finAnswered, r, sender, dossier)
        }
      } else if delay < rtt * 3 / 4, let blocks,
        blocks.ranges.contains(where: {
          $0.lowerBound <= p.start && p.end <= $0.upperBound && $0.upperBound > a.ack
        })
      {
        accuse(i, .earlyAck, r, sender, dossier)
      }
    }
  }

  private func accuse(
    _ i: Int, _ proof: SpuriousProof, _ r: SegmentRecord, _ sender: Role, _ dossier: Dossier
  ) {
    guard dossier[sender].pending[i].spurious == .none else { return }
    dossier[sender].pending[i].spurious = proof
    dossier[sender].pending[i].spuriousBy = r
  }

  /// A FIN that its receiver had taken before: the TIME-WAIT socket answered, or every copy was (P2.S6).
  private func isAnsweredFin(_ p: PendingRetransmission, _ reply: SegmentRecord, _ sender: Role, _ rtt: Int64)
    -> Bool
  {
    let receiver = sender.peer
    let d = role(receiver)
    guard d.ipIDIsCounter else { return false }
    if reply.ipID == 0, d.known.contains(.fin) {
      var acknowledged: SegmentRecord?
      for i in log.first..<log.end {
        let g = log[i]
        if g.sender == sender, g.flags.contains(.ack), d.offset(g.ack) >= d.finEnd {
          acknowledged = g
          break
        }
      }
      if let acknowledged, acknowledged.marks.contains(.hasTimestamps) {
        for i in log.first..<log.end {
          let g = log[i]
          if g.sender == receiver, g.frame < p.record.frame, g.ipID != 0, !g.flags.contains(.fin),
            g.time > acknowledged.time &+ rtt * 8 / 10, g.tsEcr != 0,
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
    let d = role(sender)
    var copies = 0
    var firstCopy: UInt64 = .max
    for i in log.first..<log.end {
      let g = log[i]
      if g.sender == sender, g.flags.contains(.fin), !g.marks.contains(.duplicate),
        d.offset(g.seq) &+ Int64(g.segLen) == p.end, g.frame < reply.frame
      {
        copies += 1
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
        between += 1
      }
    }
    guard let base else { return false }
    let missing = Int(reply.ipID &- base.ipID) - 1 - between
    return missing > 0 && missing < 1000 && missing >= copies - 1
  }

  // MARK: - Verdicts

  /// Tells what can change no more.
  private mutating func tellDecided(_ sender: Role, now: Int64, _ view: PathView, in analyzer: Analyzer) {
    guard let dossier else { return }
    let patience = 3_000_000_000 &+ 4 &* view.rtt(sender.peer)
    var decided = 0
    for p in dossier[sender].pending {
      guard p.cause != nil, !p.awaitsEstablishment || now &- p.record.time > patience else { break }
      let age = now &- p.record.time
      if age <= patience, p.spurious == .none || age <= 1_000_000_000 { break }
      if p.cause == .tailLossProbe, p.answeredBy == nil, age < 120_000_000_000 { break }
      decided += 1
    }
    if decided > 0 { tellOldest(sender, decided, in: analyzer) }
  }

  /// Tells the oldest `count` pending retransmissions and forgets them.
  private mutating func tellOldest(_ sender: Role, _ count: Int, in analyzer: Analyzer) {
    guard let dossier else { return }
    let told = Array(dossier[sender].pending.prefix(count))
    dossier[sender].pending.removeFirst(min(count, dossier[sender].pending.count))
    for var p in told {
      if p.awaitsEstablishment, p.spurious == .none, wasReceived(p, sender, in: analyzer) {
        p.spurious = .alreadyReceived
      }
      if isOneWay { p.spurious = .none }
      tellRetransmission(p, sender, in: analyzer)
    }
  }

  /// Whether the receiver was established when the last earlier copy came (P2.S2).
  private func wasReceived(_ p: PendingRetransmission, _ sender: Role, in analyzer: Analyzer) -> Bool {
    let view = analyzer.pathView(self)
    let paths = PathInference.infer(collectEvidence(view, captureTime: lastTime))
    guard let established = paths[sender.peer].established else { return true }
    let last = p.copies.map(\.record.time).max() ?? p.record.time
    return established.time <= last &+ 100_000
  }

  private mutating func tellRetransmission(_ p: PendingRetransmission, _ sender: Role, in analyzer: Analyzer) {
    guard let dossier else { return }
    var verdict: FrameVerdict
    dossier[sender].retransmissions &+= 1
    dossier[sender].retransmittedOctets &+= UInt64(clamping: p.record.payload)
    switch p.cause {
    case .fast, .recovery:
      verdict = .fastRetransmission
      dossier[sender].fast &+= 1
    case .timeout:
      verdict = .timeoutRetransmission
      dossier[sender].timeouts &+= 1
    case .tailLossProbe:
      verdict = .tailLossProbe
      dossier[sender].probesOfTail &+= 1
    case .lossRecovery:
      verdict = .lossRecoveryRetransmission
      dossier[sender].lossRecovery &+= 1
    case .pathMTU: verdict = .pathMTURetransmission
    default: verdict = .retransmission
    }
    if p.spurious != .none {
      verdict.insert(.spurious)
      dossier[sender].spurious &+= 1
    }
    analyzer.tell(verdict, p.record, self)
  }

  func tellReordered(
    _ r: SegmentRecord, _ a: Arrival, opener: SegmentRecord?, certain: Bool, in analyzer: Analyzer
  ) {
  }
}

/// Groups told retransmissions into episodes, one a loss.
struct LossMachine {
}
