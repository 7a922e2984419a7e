import Testing
import TraceDecode

@Suite struct EpisodeHandshakeTests {
  @Test func aTextbookFlowTellsNothing() {
    var flow = EpisodeScript()
    flow.open()
    flow.c(50, "P", at: 1, payload: 100, ack: 1)
    flow.s(90, "", at: 1, ack: 101)
    flow.c(100, "F", at: 101, ack: 1)
    flow.s(140, "F", at: 1, ack: 102)
    flow.c(140.1, "", at: 102, ack: 2)
    #expect(flow.tell().isEmpty)
    #expect(flow.report.outcome == .fin)
    #expect(flow.report.handshakeRTT == 40_100_000)
  }

  @Test func copiesByTheCaptureAreNoRepeats() {
    var flow = EpisodeScript()
    flow.c(0, "S", at: 0)
    flow.c(0.004, "S", at: 0) { $0.isDuplicate = true }
    flow.s(40, "S", at: 0, ack: 1)
    flow.s(40.004, "S", at: 0, ack: 1) { $0.isDuplicate = true }
    flow.c(40.1, "", at: 1, ack: 1)
    #expect(flow.tell().isEmpty)
  }

  @Test func lostSynsAreCounted() throws {
    var flow = EpisodeScript()
    for ms in [0.0, 1000, 3000] { flow.c(ms, "S", at: 0) }
    flow.s(3040, "S", at: 0, ack: 1)
    flow.c(3040.1, "", at: 1, ack: 1)
    let told = try #require(flow.handshake)
    #expect(told.outcome == .established)
    #expect(told.synCount == 3 && told.synAckCount == 1)
    #expect(told.responderHalf == 40_000_000)
    #expect(told.lostSynAck == nil && told.ackPassedBeforeRepeat == nil)
  }

  @Test func aSynAgainAfterTheSynAckPassedMeansItWasLost() throws {
    var flow = EpisodeScript()
    flow.evidence.originator = flow.evidence.responder
    flow.evidence.responder.isNear = true
    flow.evidence.responder.rtt = 100_000
    flow.c(0, "S", at: 0)
    flow.s(0.1, "S", at: 0, ack: 1)
    flow.c(1000, "S", at: 0)
    flow.s(1000.1, "S", at: 0, ack: 1)
    flow.c(1040, "", at: 1, ack: 1)
    let told = try #require(flow.handshake)
    #expect(told.lostSynAck?.frame == 2)
    #expect(told.synCount == 2 && told.synAckCount == 2)
    // The second SYN-ACK answers the second SYN; no acknowledgement was lost.
    #expect(told.ackPassedBeforeRepeat == nil)
  }

  @Test func theLostThirdSegmentIsFoundByTheRepeatedSynAck() throws {
    var flow = EpisodeScript()
    flow.open()
    flow.c(40.2, "P", at: 1, payload: 100, ack: 1)
    flow.s(1040, "S", at: 0, ack: 1)
    flow.c(1040.1, "", at: 1, ack: 1)
    flow.s(1080.1, "", at: 1, ack: 101)
    let told = try #require(flow.handshake)
    #expect(told.finalAck?.frame == 3)
    #expect(told.ackPassedBeforeRepeat?.frame == 4)
    #expect(told.synAckAfterAck?.frame == 5)
    #expect(told.ignoredData == nil)
    #expect(!told.ackReachedResponder)
  }

  @Test func aSynAckThatCrossedItsAckAccusesNobody() throws {
    var flow = EpisodeScript()
    flow.open()
    // Sent 5 ms after the ACK passed: the ACK was still on its way.
    flow.s(65, "S", at: 0, ack: 1)
    flow.c(65.1, "", at: 1, ack: 1)
    let told = try #require(flow.handshake)
    #expect(told.synAckCount == 2)
    #expect(told.ackPassedBeforeRepeat == nil)
  }

  @Test func dataIgnoredBesideTheServerIsAFullAcceptQueue() throws {
    var flow = EpisodeScript()
    flow.evidence.originator = flow.evidence.responder
    flow.evidence.responder.isNear = true
    flow.evidence.responder.rtt = 100_000
    flow.c(0, "S", at: 0)
    flow.s(0.1, "S", at: 0, ack: 1)
    flow.c(40, "", at: 1, ack: 1)
    flow.c(40.1, "P", at: 1, payload: 300, ack: 1)
    flow.c(280, "P", at: 1, payload: 300, ack: 1) { $0.isRetransmission = true }
    flow.s(1010, "S", at: 0, ack: 1)
    flow.c(1050, "", at: 1, ack: 1)
    flow.c(1060, "P", at: 1, payload: 300, ack: 1) { $0.isRetransmission = true }
    flow.s(1060.1, "", at: 1, ack: 301)
    let told = try #require(flow.handshake)
    #expect(told.ignoredData?.frame == 4)
    #expect(told.ackReachedResponder)
  }

  @Test func refusedAndByWhom() throws {
    var flow = EpisodeScript()
    flow.c(0, "S", at: 0)
    flow.s(40, "R", at: 0, ack: 1)
    let told = try #require(flow.handshake)
    #expect(told.outcome == .refused && told.refusal?.frame == 2 && !told.refusalTTLForeign)
    #expect(flow.report.outcome == .refused)
    #expect(flow.report.originator.socket.connect == .refused)
    #expect(flow.resets.first?.cause == .answerToSyn)
  }

  @Test func aResetThatDoesNotCoverTheSynRefusesNothing() throws {
    var flow = EpisodeScript()
    flow.c(0, "S", at: 0)
    flow.s(5, "R", at: 0, ack: 0) { $0.ttl = 46 }
    flow.s(40, "S", at: 0, ack: 1)
    flow.c(40.1, "", at: 1, ack: 1)
    flow.c(50, "P", at: 1, payload: 10, ack: 1)
    flow.s(90, "", at: 1, ack: 11)
    #expect(flow.handshake?.refusal == nil)
    #expect(flow.resets.map(\.validity) == [.invalidInSynSent])
    #expect(flow.resets.first?.foreign.contains(.ttl) == true)
    #expect(flow.report.outcome == .open)
  }

  @Test func simultaneousOpenRepeatsNothing() throws {
    var flow = EpisodeScript()
    flow.c(0, "S", at: 0)
    flow.s(1, "S", at: 0)
    flow.c(1.1, "S", at: 0, ack: 1)
    flow.s(40, "S", at: 0, ack: 1)
    flow.c(50, "P", at: 1, payload: 10, ack: 1)
    flow.s(90, "", at: 1, ack: 11)
    let told = try #require(flow.handshake)
    #expect(told.simultaneous && told.outcome == .established)
    #expect(told.synCount == 1 && told.synAckCount == 1 && told.peerSyns.count == 1)
    #expect(told.originatorSynAcks.count == 1 && told.ackPassedBeforeRepeat == nil)
  }

  @Test func synAcksThatDoNotFit() throws {
    var flow = EpisodeScript()
    flow.c(0, "S", at: 0)
    flow.s(40, "S", at: 0, ack: 7001)
    flow.c(40.1, "R", at: 7001)
    #expect(flow.handshake?.badAckSynAcks.map(\.frame) == [2])
    #expect(flow.handshake?.outcome != .abortedByOriginator)

    var cookie = EpisodeScript()
    cookie.c(0, "S", at: 0)
    cookie.s(40, "S", at: 0, ack: 1)
    cookie.s(1040, "S", at: 777, ack: 1)
    cookie.c(1040.1, "", at: 1, ack: 1)
    let told = try #require(cookie.handshake)
    #expect(told.changedIsn?.frame == 3 && told.synAckCount == 1)
  }

  @Test func theWrongThirdSegment() {
    var flow = EpisodeScript()
    flow.c(0, "S", at: 0)
    flow.s(40, "S", at: 0, ack: 1)
    flow.c(40.1, "", at: 1, ack: 1000)
    flow.silence(until: 500)
    #expect(flow.handshake?.wrongThird?.frame == 3)
    #expect(flow.handshake?.finalAck == nil)
  }

  @Test func silenceIsAVerdictOnlyWhenTheNextSynIsOverdue() {
    var flow = EpisodeScript()
    for ms in [0.0, 1000, 2000, 3000, 4000, 6000] { flow.c(ms, "S", at: 0) }
    flow.silence(until: 7000)
    #expect(flow.handshake?.outcome == .unanswered)
    #expect(flow.handshake?.gaveUp == false)
    #expect(flow.report.originator.socket.connect == .pending)
    flow.silence(until: 12_000)
    #expect(flow.handshake?.gaveUp == true)
    #expect(flow.report.originator.socket.connect == .timedOut)
    #expect(flow.report.outcome == .unanswered)
    #expect(flow.handshake?.asymmetric == false)
  }

  @Test func aSideThatAnswersTheUnseenWasNotCaptured() {
    var flow = EpisodeScript()
    flow.c(0, "S", at: 0)
    flow.c(40, "", at: 1, ack: 1)
    flow.c(50, "P", at: 1, payload: 10, ack: 1)
    flow.evidence.oneWay = true
    #expect(flow.handshake?.asymmetric != false)
    #expect(flow.handshake?.outcome != .unanswered)
  }

  @Test func dataOnTheSynTakenOrNot() throws {
    for acked in [Int64(1), 401] {
      var flow = EpisodeScript()
      flow.evidence.fastOpen = true
      flow.c(0, "S", at: 0, payload: 400)
      flow.s(40, "S", at: 0, ack: acked)
      flow.c(40.1, "", at: 401, ack: 1)
      let told = try #require(flow.handshake)
      #expect(told.synData == 400 && told.synDataAcked == UInt32(acked - 1))
      #expect(told.badAckSynAcks.isEmpty)
    }
  }

  @Test func abortedBetweenTheSegments() {
    var flow = EpisodeScript()
    flow.c(0, "S", at: 0)
    flow.s(40, "S", at: 0, ack: 1)
    flow.c(40.1, "R", at: 1)
    #expect(flow.handshake?.outcome == .abortedByOriginator)
    #expect(flow.resets.map(\.cause) == [.answerToSynAck])
    #expect(flow.report.outcome == .resetByOriginator)
  }
}
