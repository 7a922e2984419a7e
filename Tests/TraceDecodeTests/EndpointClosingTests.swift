import Testing

@testable import TraceDecode

/// How endpoints close by FIN, seen from beside them and from afar.
@Suite struct EndpointClosingTests {
  static let opening = EndpointOpeningTests.opening
  static let active = "CLOSED SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT"
  static let passive = "LISTEN SYN_RCVD ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED"
  static let close = """
    100 > FA 1 ack 1
    120 < A 1 ack 2
    130 < FA 1 ack 2
    130.1 > A 2 ack 2
    """

  @Test func cleanCloseIsDatedOnEachEndpointsOwnTime() {
    let script = EndpointScript(Self.opening + Self.close)
    #expect(TextbookReader.read(script.evidence) != nil)
    let paths = script.paths
    #expect(paths.originator.route == Self.active)
    #expect(paths.responder.route == Self.passive)
    #expect(paths.responder.entered(.closeWait) == 110)
    #expect(paths.responder.entered(.closed) == 140.1)
    #expect(paths.originator.entered(.timeWait) == 130)
    #expect(paths.activeCloser == .originator)
    #expect(paths.timeWaitHolder == .originator)
    #expect(paths.timeWaitFrom == 130_100_000)
    #expect(paths.responder.socket.eofFrame == 4)
    #expect(paths.responder.transitions.last?.confidence == .likely)
  }

  /// The general readers agree with the fast one wherever the fast one speaks.
  @Test func generalReadersAgreeWithTheTextbook() {
    let evidence = EndpointScript(Self.opening + Self.close).evidence
    let (story, injected) = FinInference.settle(evidence)
    #expect(injected.isEmpty)
    for role in [Role.originator, .responder] {
      let general = PathWalk.walk(
        EndpointReader(story: story, role: role).milestones(), story: story, role: role)
      #expect(general.transitions == PathInference.infer(evidence)[role].transitions)
    }
  }

  @Test func acknowledgementNumberOfTheFinBeatsTheClock() {
    // The FINs pass 1 ms apart, yet the second covers the first: no crossing.
    let paths = EndpointScript(
      """
      0 > S 0
      0.1 < SA 0 ack 1
      20 > A 1 ack 1
      100 < FA 1 ack 1
      101 > FA 1 ack 2
      101.1 < A 2 ack 2
      """, near: .responder
    ).paths
    #expect(paths.originator.route == "CLOSED SYN_SENT ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED")
    #expect(!paths.simultaneousClose)
    #expect(paths.activeCloser == .responder)
  }

  @Test func crossingFinsPassClosing() {
    let paths = EndpointScript(
      Self.opening + """
        100 > FA 1 ack 1
        110 < FA 1 ack 1
        110.1 > A 2 ack 2
        120 < A 2 ack 2
        """
    ).paths
    let route = "FIN_WAIT_1 CLOSING TIME_WAIT"
    #expect(paths.originator.route.hasSuffix(route))
    #expect(paths.responder.route.hasSuffix(route))
    #expect(paths.simultaneousClose)
    #expect(paths.activeCloser == nil)
  }

  @Test func lostFinIsProcessedAtTheCopyThatCame() {
    let paths = EndpointScript(
      Self.opening + """
        100 > FA 1 ack 1
        320 > FA 1 ack 1 retx
        340 < A 1 ack 2
        350 < FA 1 ack 2
        350.1 > A 2 ack 2
        """
    ).paths
    #expect(paths.originator.entered(.finWait1) == 100)
    #expect(paths.responder.entered(.closeWait) == 330)
    #expect(paths.responder.route == Self.passive)
  }

  @Test func echoedStampTellsWhichFinCame() {
    let paths = EndpointScript(
      Self.opening + """
        100 > FA 1 ack 1 ts 100 5
        320 > FA 1 ack 1 ts 320 5 retx
        340 < A 1 ack 2 ts 9 320
        """
    ).paths
    #expect(paths.responder.entered(.closeWait) == 330)
  }

  @Test func lastAcknowledgementLostLeavesLastAckUntilTheNext() {
    let paths = EndpointScript(
      Self.opening + Self.close + """

        350 < FA 1 ack 2 retx
        350.1 > A 2 ack 2
        """
    ).paths
    #expect(paths.responder.entered(.closed) == 360.1)
    #expect(paths.originator.entered(.timeWait) == 130)
    // The repeat restarts 2 MSL.
    #expect(paths.timeWaitFrom == 350_100_000)
  }

  @Test func lastAcknowledgementThatWasNotCapturedIsInferredFromSilence() {
    let text =
      Self.opening + """
        100 > FA 1 ack 1
        120 < FA 1 ack 2
        """
    let ended = EndpointScript(text, after: 100).paths
    #expect(ended.responder.state == .lastAck)
    let paths = EndpointScript(text, after: 10_000).paths
    #expect(paths.responder.route == Self.passive)
    #expect(paths.responder.transitions.last?.confidence == .likely)
    #expect(paths.responder.transitions.last?.cause == 0)
  }

  @Test func halfCloseReadsOn() {
    let paths = EndpointScript(
      Self.opening + """
        100 > FA 1 ack 1
        120 < A 1 ack 2
        500 < PA 1+1000 ack 2
        500.1 > A 2 ack 1001
        900 < FA 1001 ack 2
        900.1 > A 2 ack 1002
        """
    ).paths
    #expect(paths.originator.route == Self.active)
    #expect(paths.originator.socket.closeCall == .shutdownWrite)
    #expect(paths.originator.socket.eofFrame == 8)
  }

  @Test func dataAfterCloseIsAnsweredByReset() {
    let paths = EndpointScript(
      Self.opening + """
        100 > FA 1 ack 1
        120 < A 1 ack 2
        500 < PA 1+1000 ack 2
        500.1 > R 2
        """
    ).paths
    #expect(paths.originator.route == "CLOSED SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 CLOSED")
    #expect(paths.responder.route == "LISTEN SYN_RCVD ESTABLISHED CLOSE_WAIT CLOSED")
    #expect(paths.originator.socket.closeCall == .close)
    #expect(paths.responder.socket.failure == .brokenPipe)
  }

  @Test func finBeyondAHoleWaitsForItsFilling() {
    let paths = EndpointScript(
      """
      0 > S 0
      0.1 < SA 0 ack 1
      20 > A 1 ack 1
      100 > FA 101+100 ack 1
      100.1 < A 1 ack 1
      320 > PA 1+100 ack 1 retx
      320.1 < A 1 ack 202
      """, near: .responder
    ).paths
    #expect(paths.responder.transitions.last?.to == .closeWait)
    #expect(paths.responder.transitions.last?.cause == 6)
  }

  @Test func finOutsideTheWindowIsInjected() {
    let paths = EndpointScript(
      Self.opening + """
        50 < FA 5000001 ack 1
        100 > PA 1+10 ack 1
        120 < A 1 ack 11
        """
    ).paths
    #expect(paths.originator.route == "CLOSED SYN_SENT ESTABLISHED")
    #expect(paths.responder.route == "LISTEN SYN_RCVD ESTABLISHED")
    #expect(paths.injectedFins == [3])
  }

  @Test func finThatWasNotCapturedIsInferredFromItsAcknowledgement() {
    let paths = EndpointScript(
      Self.opening + """
        50 > PA 1+10 ack 1
        70 < A 1 ack 11
        120 < A 1 ack 12
        130 < FA 1 ack 12
        130.1 > A 12 ack 2
        """
    ).paths
    #expect(paths.originator.route == Self.active)
    #expect(paths.responder.route == Self.passive)
    #expect(paths.originator.finIsVirtual)
    #expect(paths.originator.finSent?.segment == nil)
    #expect(paths.responder.finSent?.segment == 6)
  }

  @Test func finMissedTogetherWithTheLastDataIsInferred() {
    let paths = EndpointScript(
      Self.opening + """
        50 > PA 1+10 ack 1
        120 < FA 1 ack 112
        120.1 > A 112 ack 2
        """
    ).paths
    #expect(paths.originator.route == Self.active)
    #expect(paths.originator.transitions[2].confidence == .likely)
  }

  /// The trap: data that was not captured is no FIN while its sender goes on.
  @Test func missedDataIsNoFin() {
    let paths = EndpointScript(
      Self.opening + """
        50 > PA 1+10 ack 1
        120 < A 1 ack 112
        120.1 > PA 112+10 ack 1
        140 < FA 1 ack 122
        140.1 > A 122 ack 2
        """
    ).paths
    #expect(paths.originator.route == "CLOSED SYN_SENT ESTABLISHED CLOSE_WAIT")
    #expect(paths.activeCloser == .responder)
  }

  @Test func finAnsweredByNoSocketMakesNoCloseWait() {
    // The responder's retransmissions ran out, and it gave up without a packet.
    let paths = EndpointScript(
      """
      0 > S 0
      0.1 < SA 0 ack 1
      20 > A 1 ack 1
      100 < PA 1+500 ack 1
      300 < PA 1+500 ack 1 retx
      700 < PA 1+500 ack 1 retx
      1500 < PA 1+500 ack 1 retx
      9000 > FA 1 ack 1
      9000.1 < R 1
      """, near: .responder
    ).paths
    #expect(paths.responder.route == "LISTEN SYN_RCVD ESTABLISHED CLOSED")
    #expect(paths.responder.hadNoSocket)
    #expect(paths.responder.socket.failure == .timedOut)
  }

  @Test func closeBeginsWhereTheCaptureDoes() {
    let paths = EndpointScript(
      """
      0 > PA 1+10 ack 1
      20 < A 1 ack 11
      100 > FA 11 ack 1
      120 < FA 1 ack 12
      120.1 > A 12 ack 2
      """
    ).paths
    #expect(paths.originator.route == "ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT")
    #expect(paths.responder.route == "ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED")
    #expect(paths.originator.initialState == .established)
    #expect(paths.originator.socket.connect == .none)
  }

  @Test func halfClosedBeforeTheCaptureIsRead() {
    let paths = EndpointScript(
      """
      0 < PA 1+1000 ack 1
      0.1 > A 1 ack 1001
      20 < PA 1001+1000 ack 1
      20.1 > A 1 ack 2001
      30 < FA 2001 ack 1
      30.1 > A 1 ack 2002
      """
    ).paths
    #expect(paths.originator.route == "FIN_WAIT_2 TIME_WAIT")
    #expect(paths.responder.route == "CLOSE_WAIT LAST_ACK CLOSED")
  }

  @Test func oneDirectionAloneIsFollowed() {
    var script = EndpointScript(
      """
      0 > S 0
      20 > A 1 ack 1
      21 > PA 1+10 ack 1
      50 > FA 11 ack 1
      80 > A 12 ack 2
      """)
    script.evidence.oneWay = true
    #expect(script.paths.originator.route.hasPrefix("CLOSED SYN_SENT ESTABLISHED FIN_WAIT_1"))
  }
}
