import Testing

@testable import TraceDecode

/// Which resets end a connection, and which are only noise (RFC 5961 3.2).
@Suite struct EndpointResetTests {
  static let opening = EndpointOpeningTests.opening

  @Test func exactResetClosesBothEnds() {
    let paths = EndpointScript(Self.opening + "100 > PA 1+10 ack 1\n120 < RA 1 ack 11").paths
    #expect(paths.originator.route == "CLOSED SYN_SENT ESTABLISHED CLOSED")
    #expect(paths.responder.route == "LISTEN SYN_RCVD ESTABLISHED CLOSED")
    #expect(paths.resets.first?.verdict == .accepted)
    #expect(paths.resets.first?.isGenuine == true)
    #expect(paths.originator.socket.failure == .reset)
    #expect(paths.originator.resetAccepted?.segment == 4)
  }

  @Test func forgedExactResetClosesItsVictimOnly() {
    // The true responder goes on; the originator answers nothing more.
    let paths = EndpointScript(
      Self.opening + """
        100 < R 1
        200 < PA 1+100 ack 1
        """
    ).paths
    #expect(paths.originator.route == "CLOSED SYN_SENT ESTABLISHED CLOSED")
    #expect(paths.responder.route == "LISTEN SYN_RCVD ESTABLISHED")
    #expect(paths.resets.first?.isGenuine == false)
    #expect(paths.resets.first?.senderContinues == 4)
  }

  @Test func resetInTheWindowIsChallenged() {
    let paths = EndpointScript(
      Self.opening + """
        100 < R 1001
        100.1 > A 1 ack 1
        200 < PA 1+100 ack 1
        200.1 > A 1 ack 101
        """
    ).paths
    #expect(paths.originator.route == "CLOSED SYN_SENT ESTABLISHED")
    #expect(paths.resets.first?.verdict == .inWindow)
    #expect(paths.resets.first?.expected == 1)
    #expect(paths.resets.first?.receiverState == .established)
  }

  @Test func resetOutsideTheWindowIsIgnored() {
    let paths = EndpointScript(
      Self.opening + "100 < R 9000001\n200 < PA 1+100 ack 1\n200.1 > A 1 ack 101"
    ).paths
    #expect(paths.originator.route == "CLOSED SYN_SENT ESTABLISHED")
    #expect(paths.resets.first?.verdict == .outOfWindow)
  }

  @Test func exactResetWhoseReceiverGoesOnWasLost() {
    let paths = EndpointScript(
      Self.opening + """
        100 > R 1
        200 < PA 1+100 ack 1
        900 < PA 1+100 ack 1 retx
        """
    ).paths
    #expect(paths.originator.route == "CLOSED SYN_SENT ESTABLISHED CLOSED")
    #expect(paths.responder.route == "LISTEN SYN_RCVD ESTABLISHED")
    #expect(paths.resets.first?.verdict == .receiverContinues)
  }

  @Test func ownResetAbortsWithoutFin() {
    let paths = EndpointScript(Self.opening + "100 > PA 1+10 ack 1\n120 < A 1 ack 11\n300 > RA 11 ack 1")
      .paths
    #expect(paths.originator.entered(.closed) == 300)
    #expect(paths.responder.entered(.closed) == 310)
    #expect(paths.originator.socket.closeCall == .abort)
  }

  @Test func resetAfterTheFullCloseChangesNothing() {
    let paths = EndpointScript(Self.opening + EndpointClosingTests.close + "\n200 < R 2").paths
    #expect(paths.originator.route == EndpointClosingTests.active)
    #expect(paths.originator.state == .timeWait)
    #expect(paths.resets.first?.verdict == .afterClose)
  }

  @Test func manyResetsAreJudgedInOrder() {
    var text = Self.opening
    for i in 0..<2000 { text += "\(100 + i) < R \(5_000_000 + i)\n" }
    let paths = EndpointScript(text + "9000 > A 1 ack 1").paths
    #expect(paths.resets.count == 2000)
    #expect(paths.resets.allSatisfy { $0.verdict == .outOfWindow })
    #expect(paths.originator.state == .established)
  }

  @Test func receivedStreamJoinsIslandsInAnyOrder() {
    var stream = ReceivedStream()
    func octets(_ range: Range<Int64>) -> EvidenceSegment {
      EvidenceSegment(
        frame: 1, time: 0, sender: .originator, flags: .ack, start: range.lowerBound, end: range.upperBound,
        ack: 1)
    }
    stream.accept(octets(1..<1), midStream: true)
    for range in [40..<50, 20..<30, 30..<40, 45..<60, 10..<15] {
      stream.accept(octets(Int64(range.lowerBound)..<Int64(range.upperBound)), midStream: true)
    }
    #expect(stream.next == 1)
    stream.accept(octets(1..<10), midStream: true)
    #expect(stream.next == 15)
    stream.accept(octets(12..<20), midStream: true)
    #expect(stream.next == 60)
  }
}
