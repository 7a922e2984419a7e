import Testing
import TraceDecode

@Suite struct EpisodeResetTests {
  private func established() -> EpisodeScript {
    var flow = EpisodeScript()
    flow.open()
    flow.c(50, "P", at: 1, payload: 100, ack: 1)
    flow.s(90, "", at: 1, ack: 101)
    return flow
  }

  @Test func dataAfterIdleAnsweredByAnAlienIsHalfOpen() throws {
    var flow = established()
    flow.c(100_000, "P", at: 101, payload: 100, ack: 1)
    flow.s(100_040, "R", at: 1)
    let told = try #require(flow.resets.first)
    #expect(told.validity == .accepted && told.cause == .halfOpen)
    #expect(told.provokedBy?.frame == 6)
    #expect(told.idleBefore == 99_910_000_000)
    #expect(told.unackedFromOriginator == 100 && told.unackedFromResponder == 0)
    #expect(flow.report.outcome == .resetByResponder)
    #expect(flow.report.originator.socket.failure == .reset)
  }

  @Test func anotherHopCountAfterIdleIsAMiddlebox() throws {
    var flow = established()
    flow.c(100_000, "P", at: 101, payload: 100, ack: 1)
    flow.s(100_040, "R", at: 1) { $0.ttl = 250 }
    #expect(flow.resets.first?.cause == .middleboxExpiry)
    #expect(flow.resets.first?.foreign == .ttl)
  }

  @Test func inTheWindowButNotExactIsChallenged() throws {
    var flow = established()
    flow.c(200, "R", at: 5001)
    flow.s(240, "", at: 1, ack: 101)
    flow.c(300, "P", at: 101, payload: 100, ack: 1)
    flow.s(340, "", at: 1, ack: 201)
    let told = try #require(flow.resets.first)
    #expect(told.validity == .challenged)
    #expect(told.challengeAck?.frame == 7)
    #expect(told.dataAfter?.frame == 8 && told.foreign.contains(.senderContinues))
    #expect(told.expected == 101)
    #expect(flow.report.outcome == .open)
    #expect(flow.report.originator.socket.closeCall != .abort)
  }

  @Test func equalResetsOutsideTheWindowAreOneStory() throws {
    var flow = established()
    for ms in [200.0, 201, 202] { flow.s(ms, "R", at: 900_000_000) }
    flow.c(300, "P", at: 101, payload: 100, ack: 1)
    flow.s(340, "", at: 1, ack: 201)
    #expect(flow.resets.map(\.validity) == [.outOfWindow])
    #expect(flow.resets.first?.count == 3)
    #expect(flow.resets.first?.challengeAck == nil)
  }

  @Test func aCorruptResetReachesNobody() {
    var flow = established()
    flow.s(200, "R", at: 1, ack: 101) { $0.isBadChecksum = true }
    flow.c(300, "P", at: 101, payload: 100, ack: 1)
    flow.s(340, "", at: 1, ack: 201)
    #expect(flow.resets.isEmpty)
  }

  @Test func twoMarksOfAForeignHand() throws {
    var flow = established()
    flow.evidence.responder.ipIDIsCounter = true
    flow.c(200, "P", at: 101, payload: 100, ack: 1)
    flow.s(201, "R", at: 1, ack: 201) {
      $0.ttl = 250
      $0.ipID = 40000
    }
    flow.s(240, "P", at: 1, payload: 10, ack: 201)
    let told = try #require(flow.resets.first)
    #expect(told.foreign.isSuperset(of: [.ttl, .ipID, .tooFast]))
  }

  @Test func identificationZeroIsNoMark() throws {
    var flow = established()
    flow.evidence.responder.ipIDIsCounter = true
    flow.c(200, "P", at: 101, payload: 100, ack: 1)
    flow.s(240, "R", at: 1) { $0.ipID = 0 }
    let told = try #require(flow.resets.first)
    #expect(told.foreign == [])
  }

  @Test func abortsAndTheirTraces() throws {
    var linger = established()
    linger.s(200, "R", at: 1, ack: 101)
    #expect(linger.resets.first?.cause == .abort)

    var unread = established()
    unread.c(200, "P", at: 101, payload: 400, ack: 1)
    unread.s(300, "R", at: 1, ack: 501)
    #expect(unread.resets.first?.cause == .unreadData)
    #expect(unread.report.responder.socket.closeCall == .closeWithUnreadData)
  }

  @Test func giveUps() {
    var probes = established()
    for ms in [2000.0, 3000, 4000] { probes.c(ms, "", at: 100, ack: 1) { $0.isProbe = true } }
    probes.c(5000, "R", at: 101, ack: 1)
    #expect(probes.resets.first?.cause == .keepAliveFailed)
    // The timer reset it, no call did.
    #expect(probes.report.originator.socket.closeCall == .none)
    #expect(probes.report.originator.socket.failure == .timedOut)

    var repeats = established()
    for ms in [200.0, 500, 1100, 2300] {
      repeats.c(ms, "P", at: 101, payload: 50, ack: 1) { $0.isRetransmission = ms > 200 }
    }
    repeats.c(4700, "R", at: 151, ack: 1)
    #expect(repeats.resets.first?.cause == .userTimeout)
    #expect(repeats.report.originator.socket.failure == .timedOut)
  }

  @Test func resetsThatAnswerStrayDataAfterTheClose() {
    var flow = established()
    flow.c(200, "F", at: 101, ack: 1)
    flow.s(240, "F", at: 1, ack: 102)
    flow.c(240.1, "", at: 102, ack: 2)
    flow.c(300, "", at: 102, ack: 2)
    flow.s(340, "R", at: 2)
    #expect(flow.resets.first?.afterFullClose == true)
    #expect(flow.resets.first?.cause == .answerToDataAfterClose)
    #expect(flow.report.outcome == .fin)
  }
}
