extension FlowLedger {
  /// What `measures(of:)` must know besides the ledger.
  struct Context {
    var start: Int64
    var end: Int64
    var view: PathView
    var isOneWay: Bool
    var isMidStream: Bool
    var isV6: Bool
    /// The stories of the opening and the end, which are told after the measures are made.
    var episodes: [Episode]
  }

  /// What the ledger holds of what `role` sent.
  func measures(
    of role: Role, _ own: borrowing Direction, _ peer: borrowing Direction, _ context: Context
  ) -> Measures<DirectionMeasure> {
    var m = Measures<DirectionMeasure>()
    // It sent nothing that was captured: nothing is known of it, not even that there was nothing.
    guard self[role].packets > 0 else { return m }
    fillSegments(&m, role, own, peer, context)
    fillStories(&m, role, context)
    fillAcknowledgements(&m, role, own, peer, context)
    fillRoundTrips(&m, role, peer)
    fillWindows(&m, role, own, context)
    fillLimits(&m, role, context)
    return m
  }

  private func fillSegments(
    _ m: inout Measures<DirectionMeasure>, _ role: Role, _ own: borrowing Direction,
    _ peer: borrowing Direction, _ context: Context
  ) {
    m[.segsMin] = MeasureValue(self[role].smallest == .max ? nil : Int64(self[role].smallest))
    m[.mssObserved] = MeasureValue(self[role].fitting == 0 ? nil : Int64(self[role].fitting))
    m[.urgent] = MeasureValue(self[role].urgent)
    m[.urgentOctets] = .known(Int64(clamping: self[role].urgentOctets))
    m[.ece] = MeasureValue(self[role].ece)
    m[.cwr] = MeasureValue(self[role].cwr)
    m[.peakRateSecond] = MeasureValue(self[role].second.rate)
    m[.peakRateRoundTrip] = MeasureValue(self[role].roundTrip.rate)
    m[.idleMax] = MeasureValue(self[role].packets > 1 ? self[role].idleMax : nil)
    m[.idleTotal] = .known(self[role].idleTotal)
    m[.turns] = MeasureValue(self[role].turns)
    m[.firstAckDelay] = MeasureValue(self[role].firstAck.map { max(0, $0 &- context.start) })
    m[.stampRegressions] = MeasureValue(self[role].stampRegressions)
    m[.ttlChanges] = MeasureValue(self[role].ttlChanges)
    m[.ect0] = MeasureValue(self[role].ect0)
    m[.ect1] = MeasureValue(self[role].ect1)
    m[.ce] = MeasureValue(self[role].ce)
    if !context.isV6 { m[.dfRatio] = Self.ratio(Int64(self[role].unfragmentable), Int64(self[role].packets)) }
    m[.fragments] = MeasureValue(self[role].fragments)
  }

  private func fillAcknowledgements(
    _ m: inout Measures<DirectionMeasure>, _ role: Role, _ own: borrowing Direction,
    _ peer: borrowing Direction, _ context: Context
  ) {
    m[.sackAcks] = MeasureValue(self[role].sackAcks)
    m[.sackBlocksMax] = .known(Int64(self[role].sackBlocks))
    m[.keepAliveInterval] = MeasureValue(self[role].keepAlives.percentile(500))
    m[.challengeAcks] = .known(challenges(of: role, context.episodes))
    guard !context.isOneWay else { return }
    m[.acksPerSegment] = Self.ratio(Int64(self[role].pureAcks), Int64(peer.dataPackets))
    m[.stretchAcks] = MeasureValue(self[role].stretch)
    // Farther away, the delay is the path's.
    if context.view.isNear(role), context.view.knows(role) {
      m[.ackDelayP50] = MeasureValue(self[role].ackDelay.percentile(500))
      m[.ackDelayP95] = MeasureValue(self[role].ackDelay.percentile(950))
      m[.ackDelayMax] = MeasureValue(self[role].ackDelayMax)
    }
  }

  private func challenges(of role: Role, _ episodes: [Episode]) -> Int64 {
    var count: Int64 = 0
    for episode in episodes {
      let answer: SegmentRef?
      switch episode {
      case .reset(let e): answer = e.challengeAck
      case .oldSyn(let e): answer = e.challengeAck
      default: answer = nil
      }
      if answer?.sender == role { count &+= 1 }
    }
    return count
  }

  private func fillRoundTrips(
    _ m: inout Measures<DirectionMeasure>, _ role: Role, _ peer: borrowing Direction
  ) {
    m[.rttP50] = MeasureValue(self[role].spread.percentile(500))
    m[.rttP95] = MeasureValue(self[role].spread.percentile(950))
    m[.rttDeviation] = MeasureValue(self[role].rtt.deviation)
    if let high = self[role].spread.percentile(950), let low = self[role].rtt.least, low > 0 {
      m[.rttInflation] = Self.ratio(high, low)
    }
    m[.rttStampSamples] = MeasureValue(self[role].stampRTT.count)
    m[.rttStampMin] = MeasureValue(self[role].stampRTT.least)
    m[.rttStampAvg] = MeasureValue(self[role].stampRTT.average)
    m[.rttStampMax] = MeasureValue(self[role].stampRTT.greatest)
    m[.rttFullSamples] = MeasureValue(self[role].fullRTT.count)
    m[.rttFullMin] = MeasureValue(self[role].fullRTT.least)
    m[.rttFullAvg] = MeasureValue(self[role].fullRTT.average)
    m[.rttFullMax] = MeasureValue(self[role].fullRTT.greatest)
    m[.rttAmbiguous] = MeasureValue(self[role].ambiguous)
    m[.rttPostLoss] = MeasureValue(self[role].postLoss)
    m[.rttCumulative] = MeasureValue(self[role].cumulative)
    if let smoothed = self[role].smoothed {
      m[.srtt] = .known(Tally.whole(smoothed.rtt))
      m[.rttvar] = .known(Tally.whole(smoothed.variance))
      m[.rtoEstimate] = .known(Tally.whole(smoothed.rtt + 4 * smoothed.variance))
    }
  }

  private func fillWindows(
    _ m: inout Measures<DirectionMeasure>, _ role: Role, _ own: borrowing Direction, _ context: Context
  ) {
    m[.winAvg] = MeasureValue(self[role].window.average)
    m[.windowUpdates] = MeasureValue(self[role].windowUpdates)
    let stillClosed = self[role].closedSince.map { max(0, (self[role].lastSent ?? $0) &- $0) } ?? 0
    m[.zeroWindowTime] = .known(self[role].closedTime &+ stillClosed)
    guard !context.isOneWay else { return }
    m[.flightMin] = MeasureValue(self[role].flight.least)
    m[.flightAvg] = MeasureValue(self[role].flight.average)
    m[.flightMax] = MeasureValue(self[role].flight.greatest)
    let half = own.rttMin == .max ? nil : own.rttMin
    if let half, let first = self[role].firstData, let last = self[role].lastDataAcked, last > first {
      // What passed here was in flight before by half a round trip, and is for as long after its ACK passed.
      let product = self[role].flightTime + Double(half) * Double(own.octetsUnique)
      m[.flightWeighted] = .known(Tally.whole(product / Double(last &- first &+ half)))
    }
    guard !context.isMidStream, self[role].firstData != nil else { return }
    m[.initialFlightOctets] = .known(Int64(clamping: self[role].initialOctets))
    m[.initialFlightSegs] = MeasureValue(self[role].initialSegs)
  }

  /// Where nobody knows what was acknowledged, nobody knows what it waited for.
  private func fillLimits(_ m: inout Measures<DirectionMeasure>, _ role: Role, _ context: Context) {
    guard !context.isOneWay, var clock = self[role].limits else { return }
    clock.finish(at: context.end)
    let keys: [(DirectionMeasure, LimitClock.Cause)] = [
      (.limitedByApplication, .application), (.limitedByWindow, .receiverWindow),
      (.limitedByZeroWindow, .zeroWindow), (.limitedByDelayedAck, .delayedAck),
      (.limitedByCongestion, .congestionWindow), (.limitedByLoss, .loss), (.limitedUnknown, .unknown),
    ]
    for (key, cause) in keys { m[key] = .known(clock.spent[cause.rawValue]) }
  }

  private static func ratio(_ part: Int64, _ whole: Int64) -> MeasureValue {
    whole > 0 ? .known(Tally.whole(Double(part) * 1e6 / Double(whole))) : .unknown
  }
}
