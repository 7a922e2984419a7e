extension Flow {
  /// Settles what is open, tells the flow's stories and reports it.
  ///
  /// - Parameter nextSyn: when a newer incarnation's first SYN passed, if one did.
  /// - Returns: what that incarnation must know of this one.
  mutating func end(in analyzer: inout Desk, nextSyn: Int64?) -> PreviousIncarnation? {
    resolveUndecided(in: &analyzer)
    settleAll(in: &analyzer)
    endSignals(in: &analyzer)
    if nextSyn == nil, analyzer.options.readsPlainly {
      var report = counted(in: analyzer, nextSyn: nil)
      let view = analyzer.pathView(self)
      if let handshake = fillLoneSyn(&report, view, now: analyzer.now) {
        analyzer.tell(.handshake(handshake), self)
        analyzer.noteEnd(report)
        return nil
      }
      if fillPlainly(&report, view, now: analyzer.now) {
        analyzer.noteEnd(report)
        return nil
      }
    }
    let (report, episodes, evidence) = account(in: analyzer, nextSyn: nextSyn)
    for episode in episodes { analyzer.tell(episode, self) }
    analyzer.noteEnd(report)
    return nextSyn.map { .standing(at: $0, evidence, identity) }
  }

  /// The flow's report and stories as they stand; changes nothing.
  func account(
    in analyzer: borrowing Desk, nextSyn: Int64?
  ) -> (report: FlowReport, episodes: [Episode], evidence: FlowEvidence) {
    let view = analyzer.pathView(self)
    var evidence = collectEvidence(view, captureTime: analyzer.now)
    if let dossier {
      evidence.icmp = dossier.icmp
      evidence.resetText = dossier.resetText
    }
    let paths = PathInference.infer(evidence)
    let episodes = FlowStories.tell(
      evidence, paths, identity, previous: dossier?.previous, timeWait: analyzer.options.timeWait)
    var report = counted(in: analyzer, nextSyn: nextSyn)
    FlowStories.fill(
      &report, evidence, paths, previous: dossier?.previous, episodes: episodes,
      timeWait: analyzer.options.timeWait)
    return (report, episodes, evidence)
  }

  /// The report with what was counted and measured, and nothing that is inferred.
  private func counted(in analyzer: borrowing Desk, nextSyn: Int64?) -> FlowReport {
    var report = FlowReport(flow: identity)
    report.firstTime = firstTime
    report.lastTime = lastTime
    report.lastFrame = lastFrame
    report.observedAfter = max(0, analyzer.now &- lastTime)
    report.nextSyn = nextSyn
    measure(&report.originator.metrics, .originator)
    measure(&report.responder.metrics, .responder)
    // A RST that this incarnation's socket sent may have been shown to the older one.
    report.sawReset = status.contains(.resetForOlder)
    return report
  }

  /// SYN-ACKs without identification that were equal in every octet: copies, if the capture makes copies (P0.2c).
  private mutating func resolveUndecided(in analyzer: inout Desk) {
    guard let dossier else { return }
    for role in [Role.originator, .responder] {
      for r in dossier[role].undecidedSynAcks {
        let original = (log.first..<log.end).last { i in
          log[i].frame < r.frame && log[i].sender == role && log[i].sameSegment(as: r)
        }
        let isCopy =
          original.map { r.time &- log[$0].time <= analyzer.copies.lag } ?? false
        analyzer.tell(isCopy ? .duplicate : .synAckRetransmission, r, self)
        if isCopy {
          for i in log.first..<log.end where log[i].frame == r.frame { log[i].marks.insert(.duplicate) }
        }
      }
      dossier[role].undecidedSynAcks = []
    }
  }

  private func measure(_ m: inout DirectionMetrics, _ role: Role) {
    let d = pointer(role)
    let peer = pointer(role.peer)
    m.packets = UInt64(d.pointee.packets)
    m.dataPackets = UInt64(d.pointee.dataPackets)
    m.octetsPayload = d.pointee.octetsPayload
    m.octetsUnique = d.pointee.octetsUnique
    m.octetsAcked = peer.pointee.known.contains(.segment) && d.pointee.una > 0 ? UInt64(d.pointee.una) : nil
    m.pureAcks = UInt64(d.pointee.pureAcks)
    m.synCount = UInt32(d.pointee.synCount)
    m.finCount = UInt32(d.pointee.finCount)
    m.rstCount = UInt32(d.pointee.rstCount)
    m.mssAdvertised = d.pointee.known.contains(.mssOption) ? d.pointee.mss : nil
    m.maxSegment = d.pointee.maxSegment
    m.windowShift = d.pointee.known.contains(.windowScale) ? d.pointee.windowShift : nil
    m.windowMin = d.pointee.windowMin == .max ? nil : d.pointee.windowMin
    m.windowMax = d.pointee.windowMin == .max ? nil : d.pointee.windowMax
    m.zeroWindows = UInt32(d.pointee.zeroWindows)
    m.ttlMin = d.pointee.ttlMin
    m.ttlMax = d.pointee.ttlMax
    if peer.pointee.rttMin != .max {
      m.rttMin = peer.pointee.rttMin
      m.rttMax = peer.pointee.rttMax
      m.rttSum = peer.pointee.rttSum
      m.rttSamples = peer.pointee.rttSamples
      m.rttSpread = rttSpreads?[role.peer]
    }
    m.tsHz = d.pointee.tsHz > 0 ? UInt32(d.pointee.tsHz) : nil
    if let side = dossier?[role] {
      m.retransmittedSegments = side.retransmissions
      m.retransmittedOctets = side.retransmittedOctets
      m.retransmittedFast = side.fast
      m.retransmittedTimeout = side.timeouts
      m.retransmittedProbe = side.probesOfTail
      m.retransmittedLossRecovery = side.lossRecovery
      m.retransmittedSpurious = side.spurious
      m.reorderedSegments = side.reordered
      m.networkDuplicates = UInt32(clamping: side.networkDuplicate?.count ?? 0)
      m.captureDuplicates = side.duplicates &- min(side.duplicates, m.networkDuplicates)
      m.ambiguous = side.ambiguous
      m.dsacks = side.dsacks
      m.keepAlives = side.keepAlives
      m.windowProbes = side.windowProbes
      m.duplicateAcks = side.duplicateAcks
      m.badChecksums = side.badChecksums
      m.octetsMissing = side.gapOctets
    }
  }
}
