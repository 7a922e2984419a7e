import Testing
import TraceDecode

@Suite struct EpisodeCloseTests {
  private func closing() -> EpisodeScript {
    var flow = EpisodeScript()
    flow.open()
    flow.c(50, "F", at: 1, ack: 1)
    flow.s(90, "", at: 1, ack: 2)
    flow.s(100, "F", at: 1, ack: 2)
    flow.c(100.1, "", at: 2, ack: 2)
    return flow
  }

  @Test func theLostLastAck() throws {
    var flow = closing()
    flow.s(400, "F", at: 1, ack: 2) { $0.isRetransmission = true }
    flow.c(400.1, "", at: 2, ack: 2)
    let told = try #require(flow.close)
    #expect(told.responder.finCount == 2 && told.originator.finCount == 1)
    #expect(told.responder.ackPassedBeforeRepeat?.frame == 7)
    #expect(told.responder.repeatAfterAck?.frame == 8)
    #expect(told.responder.reachedTimeWait)
    #expect(told.activeCloser == .originator && told.timeWaitHolder == .originator)
  }

  @Test func aRepeatThatCrossedTheAckNeedsNoLoss() throws {
    var flow = closing()
    flow.s(125, "F", at: 1, ack: 2) { $0.isRetransmission = true }
    let told = try #require(flow.close)
    #expect(told.responder.finCount == 2)
    #expect(told.responder.ackPassedBeforeRepeat == nil)
  }

  @Test func aRepeatThatEchoesTheAckHadReceivedIt() throws {
    var flow = EpisodeScript()
    flow.open()
    flow.c(50, "F", at: 1, ack: 1)
    flow.s(100, "F", at: 1, ack: 2)
    flow.c(100.1, "", at: 2, ack: 2) {
      $0.hasTimestamps = true
      $0.tsVal = 500
    }
    flow.s(400, "F", at: 1, ack: 2) {
      $0.isRetransmission = true
      $0.hasTimestamps = true
      $0.tsEcr = 500
    }
    let told = try #require(flow.close)
    #expect(told.responder.finCount == 2 && told.responder.ackPassedBeforeRepeat == nil)
  }

  @Test func halfClosedAndStillSending() throws {
    var flow = EpisodeScript()
    flow.open()
    flow.c(50, "F", at: 1, ack: 1)
    flow.s(90, "", at: 1, ack: 2)
    flow.s(200, "P", at: 1, payload: 500, ack: 2)
    flow.c(200.1, "", at: 2, ack: 501)
    flow.silence(until: 90_000)
    let told = try #require(flow.close)
    #expect(told.lingering == .responder)
    #expect(told.halfClosedOctets == 500)
    #expect(told.halfClosedFor == 89_950_000_000)
    #expect(!told.endedByReset)
  }

  @Test func neitherFinAcknowledgesTheOther() throws {
    var flow = EpisodeScript()
    flow.open()
    flow.c(50, "F", at: 1, ack: 1)
    flow.s(55, "F", at: 1, ack: 1)
    flow.c(55.1, "", at: 2, ack: 2)
    flow.s(90, "", at: 2, ack: 2)
    let told = try #require(flow.close)
    #expect(told.simultaneous && told.activeCloser == nil)
    #expect(told.timeWaitHolder == nil)
    #expect(flow.report.outcome == .finSimultaneous)
  }

  @Test func aFinThatNobodyAcknowledges() throws {
    var flow = EpisodeScript()
    flow.open()
    flow.c(50, "F", at: 1, ack: 1)
    flow.c(300, "F", at: 1, ack: 1) { $0.isRetransmission = true }
    flow.silence(until: 20_000)
    let told = try #require(flow.close)
    #expect(told.originator.finAck == nil && told.originator.finCount == 2)
    #expect(told.observedAfter == 19_700_000_000)
    #expect(told.lingering == nil)
  }

  @Test func octetsBeyondTheFin() throws {
    var flow = EpisodeScript()
    flow.open()
    flow.c(50, "F", at: 1, ack: 1)
    flow.s(90, "", at: 1, ack: 2)
    flow.c(120, "P", at: 2, payload: 50, ack: 1)
    let told = try #require(flow.close)
    #expect(told.originator.dataAfterFin?.frame == 6)

    var repeated = EpisodeScript()
    repeated.open()
    repeated.c(50, "PF", at: 1, payload: 100, ack: 1)
    repeated.c(300, "P", at: 1, payload: 100, ack: 1) { $0.isRetransmission = true }
    repeated.c(300.1, "PF", at: 1, payload: 100, ack: 1) { $0.isRetransmission = true }
    repeated.s(340, "", at: 1, ack: 102)
    #expect(repeated.close?.originator.dataAfterFin == nil)
    #expect(repeated.close?.originator.finCount == 2)
  }

  @Test func aForgedFinIsNotItsVictimsDoing() {
    var flow = EpisodeScript()
    flow.open()
    flow.c(50, "P", at: 1, payload: 100, ack: 1)
    flow.s(90, "", at: 1, ack: 101)
    flow.c(100, "F", at: 9_000_000, ack: 1) { $0.ttl = 50 }
    flow.c(120, "P", at: 101, payload: 100, ack: 1)
    flow.s(160, "", at: 1, ack: 201)
    #expect(flow.close?.originator.dataAfterFin == nil)
    #expect(flow.report.outcome == .open)
  }

  @Test func resetAfterTheFin() throws {
    var flow = EpisodeScript()
    flow.open()
    flow.s(50, "F", at: 1, ack: 1)
    flow.c(50.1, "", at: 1, ack: 2)
    flow.c(200, "P", at: 1, payload: 3, ack: 2)
    flow.s(240, "R", at: 2)
    let told = try #require(flow.close)
    #expect(told.endedByReset && told.lingering == nil)
    let reset = try #require(flow.resets.first)
    #expect(reset.cause == .dataAfterClose && reset.provokedBy?.frame == 6)
    #expect(reset.afterOwnFin && reset.unackedFromOriginator == 3)
    #expect(flow.report.outcome == .resetByResponder)
    #expect(flow.report.responder.socket.closeCall == .close)
    #expect(flow.report.originator.socket.failure == .brokenPipe)
  }
}
