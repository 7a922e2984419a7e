import Testing

@testable import TraceDecode

/// How endpoints come to be ESTABLISHED, seen from beside them and from afar.
@Suite struct EndpointOpeningTests {
  static let opening = """
    0 > S 0
    20 < SA 0 ack 1
    20.1 > A 1 ack 1

    """

  @Test func cleanOpeningIsDatedOnEachEndpointsOwnTime() {
    let paths = EndpointScript(Self.opening).paths
    #expect(paths.originator.route == "CLOSED SYN_SENT ESTABLISHED")
    #expect(paths.responder.route == "LISTEN SYN_RCVD ESTABLISHED")
    #expect(paths.originator.entered(.established) == 20)
    #expect(paths.responder.entered(.synReceived) == 10)
    #expect(paths.responder.entered(.established) == 30.1)
    #expect(paths.originator.socket.connect == .ok)
    #expect(paths.responder.socket.acceptFrame == 3)
    #expect(paths.originator.possibleStates == StateSet(.established))
  }

  @Test func openingBesideTheResponderDatesTheOriginatorEarlier() {
    let paths = EndpointScript(
      """
      0 > S 0
      0.1 < SA 0 ack 1
      20 > A 1 ack 1
      """, near: .responder
    ).paths
    #expect(paths.originator.entered(.synSent) == 0)
    #expect(paths.originator.entered(.established) == 10)
    #expect(paths.responder.entered(.established) == 20)
  }

  @Test func lostSynIsNotReceivedTwice() {
    let paths = EndpointScript(
      """
      0 > S 0 ts 100 0
      1000 > S 0 ts 1100 0 retx
      1020 < SA 0 ack 1 ts 7 1100
      1020.1 > A 1 ack 1 ts 1120 7
      """
    ).paths
    #expect(paths.responder.route == "LISTEN SYN_RCVD ESTABLISHED")
    // The echoed stamp tells which of the two came.
    #expect(paths.responder.transitions.first?.cause == 2)
    #expect(paths.originator.entered(.synSent) == 0)
  }

  @Test func unansweredSynLeavesTheResponderOpen() {
    let paths = EndpointScript("0 > S 0\n1000 > S 0 retx\n2000 > S 0 retx", after: 9000).paths
    #expect(paths.originator.route == "CLOSED SYN_SENT")
    #expect(paths.originator.socket.connect == .timedOut)
    #expect(paths.responder.transitions.isEmpty)
    #expect(!paths.responder.possibleStates.isCertain)
  }

  @Test func lostSynAckIsDatedAtTheOneThatCame() {
    // Beside the responder: the first SYN-ACK passed and was lost behind the capture point.
    let paths = EndpointScript(
      """
      0 > S 0
      0.1 < SA 0 ack 1
      1000 < SA 0 ack 1 retx
      1020 > A 1 ack 1
      """, near: .responder
    ).paths
    #expect(paths.originator.transitions.last?.cause == 3)
    #expect(paths.originator.entered(.established) == 1010)
  }

  @Test func acknowledgementLostBehindTheCapturePointEstablishesNobody() {
    // The responder sends its SYN-ACK again long after the first acknowledgement passed.
    let paths = EndpointScript(
      EndpointOpeningTests.opening + """
        1020 < SA 0 ack 1 retx
        1020.1 > A 1 ack 1
        """
    ).paths
    #expect(paths.originator.entered(.established) == 20)
    #expect(paths.responder.transitions.last?.cause == 5)
    #expect(paths.responder.entered(.established) == 1030.1)
  }

  @Test func acknowledgementDroppedByAFullAcceptQueueEstablishesNobody() {
    let paths = EndpointScript(
      """
      0 > S 0
      0.1 < SA 0 ack 1
      20 > A 1 ack 1
      21 > PA 1+100 ack 1
      1000 < SA 0 ack 1 retx
      1020 > A 101 ack 1
      """, near: .responder
    ).paths
    #expect(paths.responder.transitions.last?.cause == 6)
  }

  @Test func simultaneousOpenPassesSynReceivedOnBothSides() {
    let paths = EndpointScript(
      """
      0 > S 0
      5 < S 0
      5.1 > SA 0 ack 1
      20 < SA 0 ack 1
      20.1 > A 1 ack 1
      """
    ).paths
    #expect(paths.originator.route == "CLOSED SYN_SENT SYN_RCVD ESTABLISHED")
    #expect(paths.responder.route == "CLOSED SYN_SENT SYN_RCVD ESTABLISHED")
    #expect(paths.simultaneousOpen)
  }

  @Test func selfConnectionWalksBothRolesAtOnce() {
    var script = EndpointScript(
      """
      0 > S 0
      0.1 > SA 0 ack 1
      0.2 > A 1 ack 1
      1 > FA 1 ack 1
      1.1 > A 2 ack 2
      """)
    script.evidence.selfConnection = true
    let paths = script.paths
    let route = "CLOSED SYN_SENT SYN_RCVD ESTABLISHED FIN_WAIT_1 CLOSING TIME_WAIT"
    #expect(paths.originator.route == route)
    #expect(paths.responder.route == route)
    #expect(paths.simultaneousOpen && paths.simultaneousClose)
  }

  /// A socket that answers its own SYN has sent it and got it, before the capture began.
  @Test func selfConnectionWithoutItsSynWasOpened() {
    var script = EndpointScript("0.1 > SA 0 ack 1\n0.2 > A 1 ack 1")
    script.evidence.selfConnection = true
    #expect(script.paths.originator.route == "CLOSED SYN_SENT SYN_RCVD ESTABLISHED")
  }

  @Test func refusalClosesTheOriginator() {
    let paths = EndpointScript("0 > S 0\n20 < RA 0 ack 1").paths
    #expect(paths.originator.route == "CLOSED SYN_SENT CLOSED")
    #expect(paths.responder.transitions.isEmpty)
    #expect(paths.responder.possibleStates == StateSet(.closed))
    #expect(paths.refused)
    #expect(paths.originator.socket.failure == .refused)
  }

  @Test func resetThatAcknowledgesNoSynRefusesNobody() {
    let paths = EndpointScript("0 > S 0\n20 < RA 0 ack 0\n1000 > S 0 retx").paths
    #expect(paths.originator.route == "CLOSED SYN_SENT")
    #expect(!paths.refused)
    #expect(paths.resets.first?.verdict == .invalidInSynSent)
  }

  @Test func resetInsteadOfTheThirdSegmentAborts() {
    let paths = EndpointScript("0 > S 0\n20 < SA 0 ack 1\n20.1 > R 1").paths
    #expect(paths.originator.route == "CLOSED SYN_SENT CLOSED")
    #expect(paths.responder.route == "LISTEN SYN_RCVD CLOSED")
    #expect(paths.originator.socket.connect == .aborted)
  }

  @Test func fastOpenServerStaysInSynReceivedWhileItSends() {
    var script = EndpointScript(
      """
      0 > S 0+100
      20 < SA 0 ack 101
      20.2 < PA 1+500 ack 101
      21 > A 101 ack 501
      """)
    script.evidence.fastOpen = true
    let paths = script.paths
    #expect(paths.responder.transitions.last?.cause == 4)
    #expect(paths.responder.entered(.established) == 31)
    #expect(paths.originator.socket.firstWriteFrame == 1)
  }

  @Test func captureThatMissedTheSynInfersIt() {
    let paths = EndpointScript("20 < SA 0 ack 1\n20.1 > A 1 ack 1").paths
    #expect(paths.originator.route == "CLOSED SYN_SENT ESTABLISHED")
    #expect(paths.originator.entered(.synSent) == 0)
  }

  @Test func damagedSynAckDoesNotArriveNear() {
    let paths = EndpointScript(
      """
      0 > S 0
      20 < SA 0 ack 1 bad
      1020 < SA 0 ack 1 retx
      1020.1 > A 1 ack 1
      """
    ).paths
    #expect(paths.originator.entered(.established) == 1020)
  }
}
