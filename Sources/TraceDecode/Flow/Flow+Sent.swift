/// Finding what one side sent by its place in the stream.
///
/// New data starts at or above everything before it (`Marks.new`), so that a bisection finds it among thousands of
/// records; everything else that was sent is listed (`Repeats`), and seldom much.
extension Flow {
  /// The first remembered transmission that starts at or beyond `offset`: its arrival showed the hole below it.
  func firstBeyond(_ role: Role, _ offset: Int64) -> SegmentRecord? {
    let d = pointer(role)
    let firstNew = firstNew(role, from: offset)
    var found = firstNew < log.end ? firstNew : nil
    if let dossier {
      // What came before the new data below `offset` reached no further than that.
      let below = lastNew(role, before: firstNew)
      for i in dossier[role].repeats.indices.reversed() {
        if i < max(log.first, below ?? log.first) { break }
        guard i < firstNew, isRepeat(i, role), d.pointee.offset(log[i].seq) >= offset else { continue }
        found = i
      }
    }
    return found.map { log[$0] }
  }

  /// Earlier transmissions of octets of `start ..< end`, oldest first; at most eight, the latest.
  func transmissions(_ role: Role, _ start: Int64, _ end: Int64) -> [PendingRetransmission.Copy] {
    let d = pointer(role)
    let limit = 8
    var found: [Int] = []
    var oldest = log.first
    var next = lastNew(role, before: firstNew(role, from: end))
    while let i = next, found.count < limit {
      let from = d.pointee.offset(log[i].seq)
      if from &+ Int64(log[i].segLen) > start, isTransmission(log[i]) { found.append(i) }
      if from <= start {
        oldest = i
        break
      }
      next = lastNew(role, before: i)
    }
    if let dossier {
      let news = found.count
      for i in dossier[role].repeats.indices.reversed() {
        if i < oldest || found.count &- news == limit { break }
        guard isRepeat(i, role) else { continue }
        let from = d.pointee.offset(log[i].seq)
        if from < end, from &+ Int64(log[i].segLen) > start { found.append(i) }
      }
      found.sort()
    } else {
      found.reverse()
    }
    return found.suffix(limit).map {
      let from = d.pointee.offset(log[$0].seq)
      return .init(record: log[$0], start: from, end: from &+ Int64(log[$0].segLen))
    }
  }

  /// Karn: no sample may rest on octets that were sent again.
  mutating func markResent(_ role: Role, _ start: Int64, _ end: Int64) {
    let oldest = max(self[role].unackedIndex, log.first)
    var i = firstNew(role, from: end)
    while i > oldest {
      i &-= 1
      guard log[i].marks.intersection([.fromResponder, .new]) == Marks.new(of: role) else { continue }
      let from = self[role].offset(log[i].seq)
      if from &+ Int64(log[i].segLen) <= start {
        if log[i].flags.contains(.syn) { continue }
        return
      }
      if from < end { log[i].marks.insert(.resent) }
    }
  }

  func isTransmission(_ g: SegmentRecord) -> Bool {
    g.segLen > 0 && (g.payload > 0 || !g.flags.contains(.syn)) && !g.flags.contains(.rst)
      && g.marks.isDisjoint(with: [.duplicate, .injected, .badChecksum, .windowProbe, .keepAlive])
  }

  /// Index of the first new data of `role` that starts at or beyond `offset`; the log's end when there is none.
  private func firstNew(_ role: Role, from offset: Int64) -> Int {
    let d = pointer(role)
    var low = log.first
    var high = log.end
    while low < high {
      let middle = (low &+ high) / 2
      var i = middle
      while i < high, !isNew(i, role) { i &+= 1 }
      if i < high, d.pointee.offset(log[i].seq) < offset { low = i &+ 1 } else { high = middle }
    }
    while low < log.end, !isNew(low, role) { low &+= 1 }
    return low
  }

  private func lastNew(_ role: Role, before index: Int) -> Int? {
    var i = index
    while i > log.first {
      i &-= 1
      if isNew(i, role) { return i }
    }
    return nil
  }

  /// A SYN that is sent again has been new as well.
  @inline(__always)
  private func isNew(_ i: Int, _ role: Role) -> Bool {
    log[i].marks.intersection([.fromResponder, .new]) == Marks.new(of: role) && !log[i].flags.contains(.syn)
  }

  /// The index was noted before its segment was remembered: it counts if that is what is there.
  private func isRepeat(_ i: Int, _ role: Role) -> Bool {
    i >= log.first && i < log.end && log[i].sender == role && !isNew(i, role) && isTransmission(log[i])
  }
}

extension Marks {
  @inline(__always)
  fileprivate static func new(of role: Role) -> Marks { role == .responder ? [.fromResponder, .new] : .new }
}

/// Log indices of what one side sent that was not new data: repeats, late segments, SYNs with data; ascending.
///
/// Limits: as many as the log holds records.
struct Repeats {
  private(set) var indices: [Int] = []

  /// Adds the segment that is about to become record `index`, and forgets those before `oldest`.
  mutating func note(_ index: Int, oldest: Int) {
    if indices.count >= 32, indices[indices.count / 2] < oldest {
      indices.removeFirst(indices.count / 2)
    }
    if indices.last != index { indices.append(index) }
  }
}
