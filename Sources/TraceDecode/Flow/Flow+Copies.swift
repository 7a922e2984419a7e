/// Segments that are not what they seem: copies, and what the receiver must refuse.
extension Flow {
  /// Keeps a copy of data until the receiver shows whether it got both: then the network made it (P1.1).
  func rememberCopy(_ copy: SegmentRecord, of original: SegmentRecord) {
    guard let dossier else { return }
    let role = copy.sender
    if copy.time &- original.time > 200_000_000 {
      return tellCopied(DataCopy(copy: copy, original: original))
    }
    if dossier[role].copiesOfData.count >= DataCopy.limit { dossier[role].copiesOfData.removeFirst() }
    dossier[role].copiesOfData.append(DataCopy(copy: copy, original: original))
  }

  /// The receiver reports octets that it got twice: of a copy that passed long enough before, by the network.
  func noteDeliveredTwice(_ dsack: Range<Int64>, by r: SegmentRecord, from sender: Role, half: Int64) {
    guard let dossier, !dossier[sender].copiesOfData.isEmpty else { return }
    let d = self[sender]
    guard
      let i = dossier[sender].copiesOfData.firstIndex(where: {
        let start = d.offset($0.copy.seq)
        return start < dsack.upperBound && start &+ Int64($0.copy.payload) > dsack.lowerBound
          && r.time &- $0.copy.time >= half &* 8 / 10
      })
    else { return }
    tellCopied(dossier[sender].copiesOfData.remove(at: i))
  }

  private func tellCopied(_ c: DataCopy) {
    guard let dossier else { return }
    let role = c.copy.sender
    if dossier[role].networkDuplicate == nil {
      dossier[role].networkDuplicate = OrderEpisode(
        kind: .networkDuplicate, sender: role, segment: ref(c.copy), other: ref(c.original))
    } else {
      dossier[role].networkDuplicate?.count &+= 1
    }
  }

  /// The segment that `r` is a copy of, made by the network or the capture (P0.2).
  ///
  /// Only what cannot be new is looked at.
  @inline(__always)
  func original(of r: SegmentRecord, _ a: Arrival, copyLag: Int64) -> SegmentRecord? {
    if a.isCountable, a.start >= pointer(a.role).pointee.maxEnd { return nil }
    return earlier(like: r, a, copyLag: copyLag)
  }

  private func earlier(like r: SegmentRecord, _ a: Arrival, copyLag: Int64) -> SegmentRecord? {
    let d = pointer(a.role)
    if r.flags.contains(.rst), r.ipID == 0 { return nil }
    if r.ipID != 0, d.pointee.ipIDIsCounter, Int16(bitPattern: r.ipID &- d.pointee.lastIPID) > 0 {
      return nil
    }
    var i = log.end
    while i > log.first {
      i &-= 1
      let g = log.place(i)
      let lag = r.time &- g.pointee.time
      if lag > 10_000_000_000 { return nil }
      // Without identification nothing older than 20 ms can be told from a repeat.
      if r.ipID == 0, lag > 20_000_000 { return nil }
      guard g.pointee.ipID == r.ipID, g.pointee.sender == r.sender, g.pointee.sameSegment(as: r) else {
        continue
      }
      let limit: Int64
      if r.ipID != 0 {
        limit = .max
      } else if a.isPureAck(r.flags) {
        // No host takes an acknowledgement back: an equal one below the highest is a copy. At the highest, it
        // may answer a segment that came twice or out of order.
        limit = a.ack < self[a.role.peer].una ? .max : answersCopy(r, a) ? 0 : copyLag
      } else if r.flags.contains(.syn), r.flags.contains(.ack), !r.marks.contains(.ipV6) {
        limit = copyLag
      } else {
        limit = r.marks.contains(.hasTimestamps) ? 1_000_000 : 20_000_000
      }
      return lag <= limit ? g.pointee : nil
    }
    return nil
  }

  /// A segment of the peer came twice just before: its receiver answers each.
  private func answersCopy(_ r: SegmentRecord, _ a: Arrival) -> Bool {
    var i = log.end
    while i > log.first {
      i &-= 1
      let g = log[i]
      if r.time &- g.time > 1_000_000 { return false }
      if g.sender != a.role, g.segLen > 0, !g.marks.isDisjoint(with: [.duplicate, .retransmission]),
        self[a.role.peer].offset(g.seq) &+ Int64(g.segLen) <= a.ack
      {
        return true
      }
    }
    return false
  }

  /// Starts so far beyond the window the peer granted that its receiver must refuse it (RFC 9293 3.10.7.4).
  func isBeyondReach(_ r: SegmentRecord, _ a: Arrival) -> Bool {
    let d = pointer(a.role)
    guard d.pointee.known.contains(.syn), self[a.role.peer].known.contains(.syn), d.pointee.edge > 0,
      a.isCountable,
      r.flags.isDisjoint(with: [.syn, .rst])
    else { return false }
    // A FIN counts no octet of data, so it may stand right at the edge.
    return a.start > d.pointee.edge &+ 1
      && (r.payload == 0 || a.start > max(d.pointee.edge, d.pointee.maxEnd) &+ 1 << 20)
  }
}
