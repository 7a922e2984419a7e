extension Flow {
  /// Settles what is open, tells the flow's stories and reports it.
  ///
  /// - Parameter nextSyn: when a newer incarnation's first SYN passed, if one did.
  /// - Returns: what that incarnation must know of this one.
  mutating func end(in analyzer: inout Desk, nextSyn: Int64?) -> PreviousIncarnation? {
    resolveUndecided(in: &analyzer)
    settleAll(in: &analyzer)
    endSignals(in: &analyzer)
    if nextSyn == nil, ledger == nil, analyzer.options.readsPlainly, endPlainly(in: &analyzer) { return nil }
    let (report, episodes, evidence) = account(in: analyzer, nextSyn: nextSyn)
    for episode in episodes { analyzer.tell(episode, self) }
    analyzer.noteEnd(report)
    return nextSyn.map { .standing(at: $0, evidence, identity) }
  }

  /// Reports a flow that a few numbers account for, as most are; false, and nothing told, for others.
  private func endPlainly(in analyzer: inout Desk) -> Bool {
    let view = analyzer.pathView(self)
    let now = analyzer.now
    var plain = PlainFlow()
    let opening = unfinishedOpening
    guard opening != nil || read(&plain, view) else { return false }
    var report = FlowReport(flow: identity)
    analyzer.spare.lend(to: &report)
    count(into: &report, now: now, copiesAreCapture: analyzer.copiesAreCapture, nextSyn: nil)
    switch opening {
    case .loneSyn?: analyzer.tell(.handshake(fillLoneSyn(&report, view, now: now)), self)
    case .halfOpen?: analyzer.tell(.handshake(fillHalfOpen(&report, view, now: now)), self)
    case nil:
      fillPlainly(&report, plain, view, now: now)
      if plain.unanswered != nil { analyzer.tell(.close(lastFin(plain, report, view, now: now)), self) }
    }
    analyzer.noteEnd(report)
    analyzer.spare.take(from: &report)
    return true
  }

  /// The flow's report and stories as they stand; changes nothing.
  func account(
    in analyzer: borrowing Desk, nextSyn: Int64?
  ) -> (report: FlowReport, episodes: [Episode], evidence: FlowEvidence) {
    let view = analyzer.pathView(self)
    var evidence = collectEvidence(view, captureTime: analyzer.now)
    if let dossier {
      evidence.icmp = dossier.whole.icmp
      evidence.resetText = dossier.whole.resetText
    }
    let paths = PathInference.infer(evidence)
    let episodes = FlowStories.tell(
      evidence, paths, identity, previous: dossier?.whole.previous, timeWait: analyzer.options.timeWait)
    var report = FlowReport(flow: identity)
    count(
      into: &report, now: analyzer.now, copiesAreCapture: analyzer.copiesAreCapture, nextSyn: nextSyn)
    fillMeasures(&report, view, episodes)
    FlowStories.fill(
      &report, evidence, paths, previous: dossier?.whole.previous, episodes: episodes,
      timeWait: analyzer.options.timeWait)
    fillHandshake(&report)
    return (report, episodes, evidence)
  }

  /// Fills in what was counted and measured, and nothing that is inferred.
  ///
  /// What it asks of the desk comes by value: handing on a borrowed desk would copy it.
  private func count(into report: inout FlowReport, now: Int64, copiesAreCapture: Bool?, nextSyn: Int64?) {
    report.firstTime = firstTime
    report.lastTime = lastTime
    report.lastFrame = lastFrame
    report.observedAfter = max(0, now &- lastTime)
    report.nextSyn = nextSyn
    fill(&report.originator.metrics, .originator, duplicatesAreCapture: copiesAreCapture)
    fill(&report.responder.metrics, .responder, duplicatesAreCapture: copiesAreCapture)
    report.fastOpen = status.contains(.fastOpen)
    report.completeness = completeness
    if status.contains(.beganWithSyn) { report.synRetries = UInt32(max(1, originator.synCount)) &- 1 }
    // A RST that this incarnation's socket sent may have been shown to the older one.
    report.sawReset = status.contains(.resetForOlder)
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
}
