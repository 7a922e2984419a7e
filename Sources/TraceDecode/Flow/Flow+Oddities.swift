/// Odd segments: flags, options, stamps, sizes and sums that call for a look.
extension Flow {
  /// Data that fits an earlier incarnation only comes while this one is open (RFC 1337).
  mutating func noteOldDuplicate(_ s: Segment) {
    guard status.contains(.established), status.contains(.beganWithSyn) else { return }
    let role = role(of: s)
    var r = SegmentRecord()
    r.time = s.time
    r.frame = s.frame
    r.recordOffset = s.recordOffset
    r.seq = s.seq
    r.ack = s.ack
    r.payload = s.payloadLength
    r.flags = s.flags
    if role == .responder { r.marks.insert(.fromResponder) }
    openSignals()[role].odd.note(.oldDuplicateSegment, ref(r))
  }

  func noteOddities(_ s: Sight, _ segment: Segment, _ signals: FlowSignals) {
    let role = s.ref.sender
    let flags = segment.flags
    let shown = flags.intersection([.fin, .syn, .rst, .psh, .ack, .urg])
    if flags.contains(.syn) && !flags.isDisjoint(with: [.fin, .rst])
      || flags.isDisjoint(with: [.ack, .rst, .syn]) && (flags.contains(.fin) || shown.isEmpty)
    {
      signals[role].odd.note(.invalidFlags, s.ref)
    }
    if segment.options.contains(.malformed) { signals[role].odd.note(.optionMalformed, s.ref) }
    if !flags.isDisjoint(with: [.syn, .rst]) {
      if flags.contains(.syn) { noteScale(s, segment, signals) }
    } else {
      if !segment.options.isDisjoint(with: [.mss, .windowScale, .sackPermitted]) {
        signals[role].odd.note(.optionMisplaced, s.ref)
      }
      if status.contains(.timestampsAgreed), segment.options.isDisjoint(with: [.timestamps, .truncated]) {
        signals[role].odd.note(.timestampMissing, s.ref)
      }
    }
    let urgent = flags.contains(.urg)
    if urgent && (flags.contains(.syn) || UInt32(segment.urgentPointer) > segment.payloadLength &+ 1)
      || !urgent && segment.urgentPointer != 0
    {
      signals[role].odd.note(.urgentMisuse, s.ref)
    }
  }

  /// A SYN-ACK of `role` scales its window though the SYN did not (RFC 7323 2.2).
  func isScaleUnasked(_ role: Role, _ s: Segment) -> Bool {
    let peer = pointer(role.peer)
    return s.flags.contains(.ack) && peer.pointee.known.contains(.syn)
      && !peer.pointee.known.contains(.windowScale)
  }

  private func noteScale(_ s: Sight, _ segment: Segment, _ signals: FlowSignals) {
    guard segment.options.contains(.windowScale) else { return }
    let unasked = isScaleUnasked(s.ref.sender, segment)
    guard segment.windowShift > 14 || unasked else { return }
    // A later SYN may offer less; the answer may be to an earlier one.
    let offered = latest(of: s.ref.sender.peer) {
      $0.flags.contains(.syn)
        && TCPOptionSet(rawValue: UInt16(truncatingIfNeeded: $0.sackTop)).contains(.windowScale)
    }
    guard segment.windowShift > 14 || offered == nil else { return }
    let syn = unasked ? latest(of: s.ref.sender.peer, where: { $0.flags.contains(.syn) }) : nil
    signals[s.ref.sender].odd.note(
      .windowScaleInvalid, s.ref, other: syn.map { ref($0) }, limit: Int64(segment.windowShift))
  }

  /// New data, so sent after all before it, with an older timestamp.
  func noteStamp(_ s: Sight, _ signals: FlowSignals) {
    guard s.isNewData, s.flags.isDisjoint(with: [.syn, .rst]) else { return }
    let role = s.ref.sender
    let d = self[role]
    guard let last = latest(of: role, where: { $0.marks.contains(.hasTimestamps) }) else { return }
    let back = SeqNum.difference(last.tsVal, s.record.tsVal)
    let counted = d.ipIDIsCounter && s.record.ipID != 0 && Int16(bitPattern: s.record.ipID &- last.ipID) > 0
    // No network holds a segment back for a thousand ticks and lets its successors pass.
    guard back > 0, counted || back > 1000 else { return }
    signals[role].odd.cameStale(s.ref, after: ref(last))
  }

  /// The same octets again with another sum over them: other octets.
  func noteConflict(_ s: Sight, _ segment: Segment, _ signals: FlowSignals) {
    let role = s.ref.sender
    guard let sum = payloadSum(s.record, role) else { return }
    for copy in transmissions(role, s.start, s.end).reversed()
    where copy.start == s.start && copy.record.payload == s.record.payload {
      guard let other = payloadSum(copy.record, role) else { continue }
      if other != sum {
        signals[role].odd.note(
          .overlapConflict, s.ref, other: ref(copy.record), octets: UInt64(s.record.payload))
      }
      return
    }
  }

  /// What the payload sums up to, where the checksum is known to be right and the header is kept whole.
  private func payloadSum(_ r: SegmentRecord, _ role: Role) -> PayloadSum? {
    guard r.spare & SegmentRecord.sumKnown != 0 else { return nil }
    let scaled =
      originator.known.contains(.windowScale) && responder.known.contains(.windowScale)
    let window = scaled ? r.window >> UInt32(self[role].windowShift) : r.window
    let hasTimestamps = r.marks.contains(.hasTimestamps)
    let header = PayloadSum.Header(
      source: role == .originator ? originatorAddress : responderAddress,
      destination: role == .originator ? responderAddress : originatorAddress, seq: r.seq, ack: r.ack,
      flags: r.flags, window: UInt16(truncatingIfNeeded: window), words: hasTimestamps ? 8 : 5,
      hasTimestamps: hasTimestamps, tsVal: r.tsVal, tsEcr: r.tsEcr, payload: r.payload)
    return PayloadSum(checksum: r.checksum, of: header)
  }

  // MARK: - Sizes

  /// A segment larger than its receiver's MSS: taken before segmentation offload, or too large on the wire.
  mutating func noteSize(_ r: SegmentRecord, _ a: Arrival, _ s: Segment, in analyzer: inout Desk) {
    guard r.marks.isDisjoint(with: [.duplicate, .injected, .badChecksum]) else { return }
    let mss = UInt32(self[a.role.peer].mss)
    let stamped: UInt32 = r.marks.contains(.hasTimestamps) ? 12 : 0
    let segment = mss > stamped ? mss &- stamped : mss
    let header: UInt32 = (s.isV4 ? 40 : 60) &+ stamped
    // On a host that offloads, the checksum is not finished, or the size is that of no link.
    if s.checksumState != .good || s.lengthFromRecord || r.payload &+ header > 1500 || segment < 2
      || r.payload % mss == 0 || r.payload % segment == 0 || self[a.role].known.contains(.offloads)
    {
      self[a.role].known.insert(.offloads)
      analyzer.noteSuperSegment()
      return
    }
    let announces = latest(of: a.role.peer, where: { $0.flags.contains(.syn) })
    openSignals()[a.role].odd.note(
      .mssViolation, ref(r), other: announces.map { ref($0) }, limit: Int64(mss), confidence: .likely)
  }

  /// An acknowledgement after more than half a second (RFC 9293 3.8.6.3), beside the host that held it back.
  mutating func noteHeldAck(_ r: SegmentRecord, _ a: Arrival, by delay: Int64, in analyzer: inout Desk) {
    let view = analyzer.pathView(self)
    let d = self[a.role]
    // The host is on this link; nothing is lost between it and the capture point, or came again meanwhile.
    guard view.isNear(a.role), view.rtt(a.role) < 10_000_000, delay &- view.rtt(a.role) > 500_000_000,
      [32, 64, 128, 255].contains(d.ttlMax), dossier.map({ $0[a.role].badChecksums == 0 }) ?? true,
      a.unaBefore >= 1, !status.contains(.midStream),
      latest(
        of: a.role.peer, where: { $0.marks.contains(.retransmission) && r.time &- $0.time < delay }) == nil,
      let data = latest(
        of: a.role.peer, where: { self[a.role.peer].offset($0.seq) &+ Int64($0.segLen) == a.ack })
    else { return }
    openSignals()[a.role].ack.heldBack(ref(r), data: ref(data), by: delay)
  }
}
