/// Segments under a wrong checksum: damaged on the wire, or only in the capture.
///
/// A receiver drops what is damaged, so that its sender must send it again. What is acknowledged and was never sent
/// again had a right checksum on the wire. And changing addresses or ports, as an anonymiser does, makes every
/// checksum between two hosts wrong by one and the same amount, both ways (RFC 1071), where damage is wrong by
/// another each time and what is wrong on the wire is never answered.
extension Flow {
  /// The checksums say nothing: the addresses were changed after they were made.
  var sumsAreRewritten: Bool { dossier?.whole.sums.areRewritten ?? false }

  /// Whether the wrong checksum of `s` is the capture's and not the wire's.
  ///
  /// The flow's first SYN is given the benefit of the doubt: what comes back will tell.
  mutating func forgives(_ s: Segment, from role: Role, in analyzer: inout Desk) -> Bool {
    let isFirst = self[role].packets == 0 && !self[role.peer].known.contains(.segment)
    let dossier = openDossier()
    if !dossier.whole.sums.areRewritten {
      let other = role == .originator ? dossier.whole.sums.responder : dossier.whole.sums.originator
      if role == .originator {
        dossier.whole.sums.originator = s.checksumError
      } else {
        dossier.whole.sums.responder = s.checksumError
      }
      // The network flips single bits, and the same one twice by chance.
      let flipped = s.checksumError.nonzeroBitCount
      dossier.whole.sums.areRewritten = s.checksumError == other && flipped != 1 && flipped != 15
    }
    if dossier.whole.sums.areRewritten {
      analyzer.report.rewrittenChecksums &+= 1
      if analyzer.report.firstRewrittenFrame == 0 { analyzer.report.firstRewrittenFrame = s.frame }
      return true
    }
    return isFirst && s.flags.intersection([.syn, .ack]) == .syn || isTakenAnyway(role)
  }

  /// A segment under a wrong checksum has passed.
  mutating func doubt(_ r: SegmentRecord, _ a: Arrival) {
    guard r.marks.isDisjoint(with: [.duplicate, .injected]) else { return }
    let dossier = openDossier()
    dossier[a.role].badChecksums &+= 1
    // A SYN of another connection has no place in this one's numbers.
    guard a.isCountable, r.flags.isDisjoint(with: [.syn, .rst]), a.end > self[a.role].una,
      coverage(a.role, a.start, a.end) == 0
    else { return }
    if dossier[a.role].doubtful.count >= DoubtfulOctets.limit { dossier[a.role].doubtful.removeFirst() }
    dossier[a.role].doubtful.append(DoubtfulOctets(start: a.start, end: a.end))
  }

  /// The peer acknowledges more: of what passed under a wrong checksum, that counts as received which was never
  /// sent again.
  mutating func weighDoubtful(_ a: Arrival) {
    guard let dossier else { return }
    let sender = a.role.peer
    let settled = dossier[sender].doubtful.filter { $0.end <= a.ack }
    if settled.isEmpty { return }
    dossier[sender].doubtful.removeAll { $0.end <= a.ack }
    for octets in settled {
      // Any of them sent again is enough: who repeats a segment may cut it otherwise.
      if coverage(sender, octets.start, octets.end) > 0 {
        dossier[sender].takenAgain &+= 1
        continue
      }
      dossier[sender].takenAnyway &+= 1
      see(sender, octets.start, octets.end)
      if octets.end > self[sender].maxEnd { self[sender].maxEnd = octets.end }
    }
  }

  /// The receiver of `role` took what looked damaged, time and again, and had nothing of it sent again.
  func isTakenAnyway(_ role: Role) -> Bool {
    guard let dossier else { return false }
    return dossier[role].takenAnyway >= 2 && dossier[role].takenAgain == 0
  }

  /// Sorts out, once the flow is over, whose fault its wrong checksums are.
  func judgeChecksums(_ role: Role, _ signals: FlowSignals) {
    guard let dossier else { return }
    let side = dossier[role]
    if sumsAreRewritten {
      signals[role].odd.forget(.badChecksum)
    } else if side.takenAnyway > 0, side.takenAgain == 0 {
      signals[role].odd.rename(.badChecksum, .falseChecksum)
    }
  }
}
