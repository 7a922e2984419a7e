/// Whose segment is it: which incarnation of its four-tuple, or the first of a new one (PROCEDURES P8).
extension Engine {
  /// Takes the segment at hand; `known` is what its flow is looked up by, where that is known.
  mutating func take(_ known: FlowHash? = nil) {
    if flows.count > roomiest { makeRoom() }
    let sought = known ?? FlowHash(segment, seed: desk.options.seed)
    let hash = sought.value
    guard let newest = flows.find(segment, sourceIsLow: sought.sourceIsLow, hash) else {
      let index = open(hash, previous: nil)
      flows[index].pointee.accept(segment, from: founderRole(index), [], in: &desk)
      flows.packEmbryo(index)
      return
    }
    let flow = flows[newest]
    let role = flow.pointee.role(sourceIsLow: sought.sourceIsLow)
    if flow.pointee.takeOrdinary(place, from: role, in: &desk) {
      if !flow.pointee.status.isDisjoint(with: [.closed, .dirty]) { awaitConsequences(newest) }
      return
    }
    takeOther(newest, hash)
  }

  /// Takes the segment at hand, which is no ordinary one of `newest`, the newest incarnation of its four-tuple.
  private mutating func takeOther(_ newest: Int, _ hash: UInt32) {
    let isGood = segment.checksumState != .bad || flows[newest].pointee.sumsAreRewritten
    if segment.flags.contains(.syn), !segment.flags.contains(.ack), isGood {
      takeSyn(newest, hash)
    } else if segment.flags.contains(.syn), isGood, opensByItsAck(newest) {
      if convertLimbo(newest, hash) == nil {
        let index = open(hash, previous: newest)
        flows[index].pointee.accept(segment, from: founderRole(index), [], in: &desk)
      } else {
        take()
      }
    } else if flows[newest].pointee.status.contains(.inLimbo), isGood, goesOnFromLimbo(newest),
      convertLimbo(newest, hash) != nil
    {
      take()
    } else {
      let index = fitting(newest)
      let forNewer = segment.flags.contains(.rst) && index != newest
      if forNewer { flows[newest].pointee.status.insert(.resetForOlder) }
      if index != newest, isGood, segment.payloadLength > 0 {
        flows[newest].pointee.noteOldDuplicate(segment)
      }
      deliver(index, forNewer ? .forNewer : [])
    }
  }

  private mutating func deliver(_ index: Int, _ marks: Marks) {
    let flow = flows[index]
    let role = flow.pointee.role(of: segment)
    if role == .responder || segment.flags.intersection([.syn, .ack]) != .syn { flows.endOpening(index) }
    flow.pointee.accept(segment, from: role, marks, in: &desk)
    awaitConsequences(index)
  }

  /// Sees to it that what the segment at hand has led to, in the flow in place `index`, happens when it is due.
  private mutating func awaitConsequences(_ index: Int) {
    let status = flows[index].pointee.status
    if status.intersection([.closed, .queuedForEnd]) == .closed { queueForEnd(index) }
    if status.intersection([.dirty, .awaitsSettling]) == .dirty { awaitSettling(index) }
    if desk.options.previews { considerPreview(index) }
  }

  /// A SYN without ACK on a known four-tuple.
  private mutating func takeSyn(_ newest: Int, _ hash: UInt32) {
    let flow = flows[newest]
    let role = flow.pointee.role(of: segment)
    let isn = segment.seq
    let own = flow.pointee.pointer(role)
    let peer = flow.pointee.pointer(role.peer)
    if own.pointee.known.contains(.isn), own.pointee.base == isn { return deliver(newest, []) }
    if flow.pointee.status.contains(.beganWithSyn), !own.pointee.known.contains(.isn),
      !flow.pointee.status.contains(.synAckSeen), peer.pointee.known.contains(.isn)
    {
      return deliver(newest, [])
    }
    if !own.pointee.known.contains(.isn), peer.pointee.known.contains(.synAck),
      peer.pointee.synAckAck == isn &+ 1
    {
      return deliver(newest, [])
    }
    var older = Int(flow.pointee.older)
    while older >= 0 {
      let f = flows[older]
      let r = f.pointee.role(of: segment)
      if f.pointee[r].known.contains(.isn), f.pointee[r].base == isn {
        return deliver(older, [])
      }
      older = Int(f.pointee.older)
    }
    if flow.pointee.status.contains(.closed) || !flow.pointee.status.contains(.established) {
      if let dossier = flow.pointee.dossier, let first = dossier.whole.limbo.first, first.seq == isn,
        dossier.whole.limboRole == role, convertLimbo(newest, hash) != nil
      {
        return take()
      }
      let index = open(hash, previous: newest)
      flows[index].pointee.accept(segment, from: founderRole(index), [], in: &desk)
      return
    }
    // On a live connection: an old duplicate, unless a SYN-ACK accepts it.
    let dossier = flow.pointee.openDossier()
    if dossier.whole.limbo.first?.seq != isn || dossier.whole.limboRole != role {
      dossier.whole.limbo = []
      dossier.whole.limboSegments = []
      dossier.whole.limboRole = role
      dossier.whole.limboStart = flow.pointee.log.end
    }
    flow.pointee.status.insert(.inLimbo)
    deliver(newest, .injected)
    if dossier.whole.limboSegments.count < 16, flow.pointee.log.end > flow.pointee.log.first {
      dossier.whole.limboSegments.append(segment)
      dossier.whole.limbo.append(flow.pointee.log[flow.pointee.log.end &- 1])
    }
  }

  /// Whether a SYN-ACK belongs to an incarnation whose SYN was not captured, or waits in limbo.
  private mutating func opensByItsAck(_ newest: Int) -> Bool {
    let flow = flows[newest]
    let role = flow.pointee.role(of: segment)
    if let dossier = flow.pointee.dossier, let first = dossier.whole.limboSegments.first,
      dossier.whole.limboRole == role.peer
    {
      let acked = segment.ack &- first.seq
      if acked >= 1, acked <= 1 &+ first.payloadLength { return true }
    }
    guard flow.pointee[role].known.contains(.segment),
      flow.pointee.status.contains(.closed) || flow.pointee[role].known.contains(.isn)
    else { return false }
    var index = newest
    while index >= 0 {
      let f = flows[index]
      let r = f.pointee.role(of: segment)
      if f.pointee[r].known.contains(.isn), f.pointee[r].base == segment.seq { return false }
      let peer = f.pointee.pointer(r.peer)
      if peer.pointee.known.contains(.isn) {
        let acked = SeqNum.difference(segment.ack, peer.pointee.base)
        if acked > 0, acked < 4000 { return false }
      }
      index = Int(f.pointee.older)
    }
    return true
  }

  /// Whether a segment follows a SYN in limbo by its number: the SYN-ACK between them was not captured.
  private func goesOnFromLimbo(_ newest: Int) -> Bool {
    guard let dossier = flows[newest].pointee.dossier, let first = dossier.whole.limboSegments.first else {
      return false
    }
    return segment.flags.contains(.ack) && segment.flags.isDisjoint(with: [.syn, .rst])
      && segment.seq == first.seq &+ 1 && flows[newest].pointee.role(of: segment) == dossier.whole.limboRole
  }

  /// Founds a new incarnation on the SYNs in limbo; they leave the older one.
  private mutating func convertLimbo(_ newest: Int, _ hash: UInt32) -> Int? {
    guard let dossier = flows[newest].pointee.dossier, let first = dossier.whole.limboSegments.first else {
      return nil
    }
    let role = flows[newest].pointee.role(of: segment)
    let fromPeer = dossier.whole.limboRole == role.peer
    let fits =
      fromPeer
      ? segment.flags.contains(.ack) && segment.ack &- first.seq >= 1
        && segment.ack &- first.seq <= 1 &+ first.payloadLength
      : first.seq == segment.seq || goesOnFromLimbo(newest)
    guard fits else { return nil }
    let syns = dossier.whole.limboSegments
    let start = dossier.whole.limboStart
    let synRole = dossier.whole.limboRole
    dossier.whole.limbo = []
    dossier.whole.limboSegments = []
    flows[newest].pointee.status.remove(.inLimbo)
    let current = segment
    segment = first
    let index = open(hash, previous: newest)
    for syn in syns {
      segment = syn
      flows[index].pointee.accept(segment, from: founderRole(index), [], in: &desk)
    }
    // A RST that its SYN-SENT socket sent meanwhile is the new incarnation's story.
    let old = flows[newest]
    for i in max(start, old.pointee.log.first)..<old.pointee.log.end
    where old.pointee.log[i].sender == synRole {
      // The SYNs themselves were no foreign ones.
      if old.pointee.log[i].flags.contains(.syn) { old.pointee.log[i].marks.insert(.forNewer) }
      guard old.pointee.log[i].flags.contains(.rst) else { continue }
      old.pointee.log[i].marks.insert(.forNewer)
      flows[index].pointee.status.insert(.resetForOlder)
    }
    segment = current
    return index
  }

  /// The newest incarnation whose numbers a segment fits.
  private mutating func fitting(_ newest: Int) -> Int {
    var index = newest
    while index >= 0 {
      if fits(index) { return index }
      index = Int(flows[index].pointee.older)
    }
    return newest
  }

  private mutating func fits(_ index: Int) -> Bool {
    let flow = flows[index]
    if flow.pointee.older < 0 { return true }
    let role = flow.pointee.role(of: segment)
    let own = flow.pointee.pointer(role)
    let peer = flow.pointee.pointer(role.peer)
    func near(_ x: UInt32, _ d: UnsafeMutablePointer<Direction>) -> Bool {
      abs(Int64(SeqNum.difference(x, d.pointee.base &+ UInt32(truncatingIfNeeded: d.pointee.maxEnd)))) < 1
        << 24
    }
    var ok = !own.pointee.known.contains(.base) || near(segment.seq, own)
    // Nothing of this incarnation lies before its own SYN.
    if own.pointee.known.contains(.isn), SeqNum.difference(segment.seq, own.pointee.base) < 0 { ok = false }
    if segment.flags.contains(.ack), peer.pointee.known.contains(.base), !near(segment.ack, peer),
      !(segment.flags.contains(.rst) && segment.ack == 0)
    {
      ok = false
    }
    guard flow.pointee.status.contains(.beganWithSyn), !flow.pointee.status.contains(.synAckSeen) else {
      return ok
    }
    let isnDistance = SeqNum.difference(segment.ack, peer.pointee.base)
    let acksSyn =
      segment.flags.contains(.ack) && peer.pointee.known.contains(.isn) && isnDistance > 0
      && isnDistance < 4000
    if segment.flags.contains(.syn) { return acksSyn }
    if segment.flags.contains(.rst) {
      return ok && (acksSyn || own.pointee.known.contains(.isn) && segment.seq == own.pointee.base &+ 1)
    }
    // Before the handshake, what is no SYN-ACK is the older incarnation's.
    if !own.pointee.known.contains(.isn) { return false }
    if !peer.pointee.known.contains(.isn) {
      // The handshake's last segment, if the SYN-ACK was not captured; and what follows it.
      if own.pointee.known.contains(.nonSyn) { return ok }
      let advance = SeqNum.difference(segment.seq, own.pointee.base)
      return advance > 0 && advance < 1 << 20 && (advance == 1 || !segment.flags.contains(.ack))
    }
    return ok
  }
}
