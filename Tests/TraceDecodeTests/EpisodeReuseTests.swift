import Testing

@testable import TraceDecode

@Suite struct EpisodeReuseTests {
  /// The server closes first and is left in TIME-WAIT at about 170 ms.
  private func earlier(stamps: UInt32? = nil) -> EpisodeScript {
    var flow = EpisodeScript()
    func stamp(_ segment: inout EvidenceSegment) {
      guard let stamps else { return }
      segment.hasTimestamps = true
      segment.tsVal = stamps
    }
    flow.c(0, "S", at: 0, stamp)
    flow.s(40, "S", at: 0, ack: 1, stamp)
    flow.c(40.1, "", at: 1, ack: 1, stamp)
    flow.s(100, "F", at: 1, ack: 1, stamp)
    flow.c(100.1, "", at: 1, ack: 2, stamp)
    flow.c(150, "F", at: 1, ack: 2, stamp)
    flow.s(190, "", at: 2, ack: 2, stamp)
    return flow
  }

  private func next(at ms: Double, isn: UInt32, stamp: UInt32? = nil) -> EpisodeScript {
    var flow = EpisodeScript()
    flow.isn = (isn, 90_000)
    flow.c(ms, "S", at: 0) {
      guard let stamp else { return }
      $0.hasTimestamps = true
      $0.tsVal = stamp
    }
    return flow
  }

  private func accept(_ flow: inout EpisodeScript, at ms: Double) {
    flow.s(ms, "S", at: 0, ack: 1)
    flow.c(ms + 0.1, "", at: 1, ack: 1)
  }

  @Test func whoWaits() {
    let previous = earlier().previous
    #expect(previous.holder == EpisodeScript.server && previous.end == .timeWait)
    #expect(previous.side(of: EpisodeScript.client)?.next == 1002)
  }

  @Test func aHigherNumberIsLawful() throws {
    var flow = next(at: 2000, isn: 500_000)
    accept(&flow, at: 2040)
    let told = try #require(flow.reuse(after: earlier().previous))
    #expect(told.holder == .responder && !told.byHolder && told.permitted)
    #expect(told.answer == .accepted && told.answeredBy?.frame == 2)
    #expect(told.isnAdvance == 500_000 - 1001)
    #expect(!told.previousClosed)
  }

  @Test func aLowerNumberIsRefusedAndComesAgain() throws {
    var previous = earlier().previous
    var flow = next(at: 2000, isn: 400)
    flow.c(3000, "S", at: 0)
    accept(&flow, at: 3040)
    var late = EpisodeScript()
    late.s(2040, "", at: 2, ack: 2)
    late.c(2040.1, "R", at: 2) { $0.isForNewerIncarnation = true }
    previous.append(late: late.evidence.segments[0], from: EpisodeScript.server)
    previous.append(late: late.evidence.segments[1], from: EpisodeScript.client)
    let told = try #require(flow.reuse(after: previous))
    #expect(told.answer == .refusedByAck && !told.permitted)
    #expect(told.resetAfterRefusal?.sender == .originator)
    #expect(told.acceptedLater?.frame == 3)
    #expect(told.assassinatedBy == nil)
    let causes = flow.tell(previous: previous).compactMap {
      if case .reset(let reset) = $0 { reset.cause } else { nil }
    }
    #expect(causes == [.answerToOldSegment])
  }

  @Test func silenceAndPlainLoss() throws {
    var dropped = next(at: 2000, isn: 400)
    dropped.c(3000, "S", at: 0)
    dropped.silence(until: 6000)
    #expect(dropped.reuse(after: earlier().previous)?.answer == .silence)

    var lost = next(at: 2000, isn: 500_000)
    lost.c(3000, "S", at: 0)
    accept(&lost, at: 3040)
    #expect(lost.reuse(after: earlier().previous)?.answer == .accepted)
  }

  @Test func acceptedAgainstTheTable() throws {
    var flow = next(at: 2000, isn: 400)
    accept(&flow, at: 2040)
    let told = try #require(flow.reuse(after: earlier().previous))
    #expect(told.answer == .accepted && !told.permitted)
  }

  @Test func timestampsDecideBeforeNumbers() throws {
    var flow = next(at: 2000, isn: 400, stamp: 12_000)
    accept(&flow, at: 2040)
    let told = try #require(flow.reuse(after: earlier(stamps: 10_000).previous))
    #expect(told.permitted && told.tsAdvance == 2000 && told.timestampsComparable)

    var older = next(at: 2000, isn: 500_000, stamp: 9_000)
    accept(&older, at: 2040)
    let refused = try #require(older.reuse(after: earlier(stamps: 10_000).previous))
    #expect(!refused.permitted && !refused.timestampsComparable)
  }

  @Test func afterTwoMSLNothingIsTold() {
    var flow = next(at: 61_000, isn: 400)
    accept(&flow, at: 61_040)
    #expect(flow.tell(previous: earlier().previous).isEmpty)
  }

  @Test func theHolderMustWaitASecond() {
    func permitted(_ gap: Int64, stamps: Bool, isn: Int32) -> Bool {
      ReuseStory.isPermitted(
        isnAdvance: isn, tsAdvance: stamps ? 5 : nil, hadStamps: stamps, hasStamps: stamps, byHolder: true,
        gap: gap)
    }
    #expect(permitted(1_100_000_000, stamps: true, isn: 70_000))
    #expect(!permitted(900_000_000, stamps: true, isn: 70_000))
    #expect(!permitted(5_000_000_000, stamps: false, isn: 70_000))
    #expect(!permitted(5_000_000_000, stamps: true, isn: -70_000))
  }

  @Test func assassination() throws {
    var killed = earlier()
    killed.c(300, "R", at: 2)
    let previous = killed.previous
    #expect(previous.assassin?.frame == 8)
    var flow = next(at: 2000, isn: 400)
    accept(&flow, at: 2040)
    let told = try #require(flow.reuse(after: previous))
    #expect(told.assassinatedBy?.frame == 8 && told.permitted)
  }

  @Test func anEarlierResetLeavesNothingToSay() {
    var reset = EpisodeScript()
    reset.open()
    reset.c(50, "R", at: 1, ack: 1)
    var flow = next(at: 100, isn: 400)
    accept(&flow, at: 140)
    #expect(reset.previous.end == .reset)
    #expect(flow.tell(previous: reset.previous).isEmpty)
  }

  @Test func aRestartedPeerRecovers() throws {
    var live = EpisodeScript()
    live.open()
    live.c(50, "P", at: 1, payload: 100, ack: 1)
    live.s(90, "", at: 1, ack: 101)
    var previous = live.previous
    #expect(previous.end == .live)
    var late = EpisodeScript()
    late.s(2040, "", at: 1, ack: 101)
    late.c(2040.1, "R", at: 101) { $0.isForNewerIncarnation = true }
    previous.append(late: late.evidence.segments[0], from: EpisodeScript.server)
    previous.append(late: late.evidence.segments[1], from: EpisodeScript.client)
    var flow = next(at: 2000, isn: 700_000)
    flow.c(3000, "S", at: 0)
    accept(&flow, at: 3040)
    let told = flow.tell(previous: previous)
    let recoveries = told.compactMap { if case .oldSyn(let episode) = $0 { episode } else { nil } }
    #expect(recoveries.map(\.reading) == [.halfOpenRecovery])
    #expect(recoveries.first?.reset != nil && recoveries.first?.challengeAck != nil)
    #expect(flow.reuse(after: previous) == nil)
  }

  @Test func anOldDuplicateSynChangesNothing() throws {
    var flow = EpisodeScript()
    flow.open()
    flow.c(50, "P", at: 1, payload: 100, ack: 1)
    flow.s(90, "", at: 1, ack: 101)
    flow.c(200, "S", at: -90_000) { $0.isInjected = true }
    flow.s(240, "", at: 1, ack: 101)
    flow.c(300, "P", at: 101, payload: 100, ack: 1)
    flow.s(340, "", at: 1, ack: 201)
    let told = try #require(flow.oldSyns.first)
    #expect(told.reading == .oldDuplicate && told.continued && told.count == 1)
    #expect(told.challengeAck?.frame == 7 && told.reset == nil)
    #expect(flow.handshake == nil)
    #expect(flow.report.outcome == .open)
  }
}
