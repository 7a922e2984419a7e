/// What both endpoints of an incarnation went through, inferred from what passed the capture point.
///
/// Source: RFC 9293 3.3.2, 3.6, 3.10.
public struct InferredPaths: Sendable {
  public var originator = InferredEndpoint()
  public var responder = InferredEndpoint()
  /// Every RST that is no capture duplicate of another, in capture order.
  public var resets: [JudgedReset] = []
  /// FINs that are not their apparent sender's own. Space: indices in `FlowEvidence.segments`.
  public var injectedFins: [Int] = []
  /// A RST answered the SYN and was believed.
  public var refused = false
  /// An endpoint went from SYN-SENT to SYN-RECEIVED (RFC 9293 3.5).
  public var simultaneousOpen = false
  /// An endpoint passed CLOSING (RFC 9293 3.6).
  public var simultaneousClose = false
  /// Who sent its FIN before processing the peer's; nil when both did, nobody did, or it is not known.
  public var activeCloser: Role?
  /// Who is left in TIME-WAIT; nil when nobody is, and the originator when both are.
  public var timeWaitHolder: Role?
  /// When the holder's TIME-WAIT (re)started: its last acknowledgement of the peer's FIN. Units: nanoseconds.
  public var timeWaitFrom: Int64?

  public init() {}
  @inlinable public subscript(role: Role) -> InferredEndpoint {
    _read { if role == .originator { yield originator } else { yield responder } }
    _modify { if role == .originator { yield &originator } else { yield &responder } }
  }
}

/// One endpoint's path of states, and the moments it was read from.
public struct InferredEndpoint: Sendable {
  public var transitions: [Transition] = []
  /// The state it was in when the capture first showed the flow.
  public var initialState = State.closed
  /// The likeliest state at the end of the evidence.
  public var state = State.closed
  /// The states it may be in at the end of the evidence.
  public var possibleStates = StateSet(.closed)
  public var socket = SocketView()

  /// Its first SYN, without ACK.
  public var synSent: Milestone?
  /// The segment whose arrival established it (or, lacking that, its own segment that proves it).
  public var established: Milestone?
  /// End of its FIN, the one judged its own. Space: its stream offset, exclusive.
  public var finEnd: Int64?
  /// The FIN was not captured; the peer's acknowledgement betrays it.
  public var finIsVirtual = false
  /// It sends its FIN the first time.
  public var finSent: Milestone?
  /// The peer's acknowledgement of its FIN reaches it.
  public var finAcked: Milestone?
  /// It processes the peer's FIN: everything up to it has arrived.
  public var peerFinProcessed: Milestone?
  /// It ends the connection by a RST of its own.
  public var resetSent: Milestone?
  /// Its RST answers a FIN for which it had no socket any more: it had given up, or died, without a packet;
  /// `resetSent` is then the latest moment at which it can have closed.
  public var hadNoSocket = false
  /// It accepts a RST of the peer.
  public var resetAccepted: Milestone?
  /// It acknowledged the peer's FIN last here; restarts its TIME-WAIT.
  public var lastAckOfPeerFin: Milestone?
  /// It opened passively, as far as the capture shows.
  public var isPassiveOpener = false

  public init() {}
}

/// A moment of an endpoint's life.
public struct Milestone: Sendable, Hashable {
  /// The segment that brought or shows it. Space: index in `FlowEvidence.segments`; nil when it was not captured.
  public var segment: Int?
  /// Its frame; of a virtual FIN, the frame that betrays it.
  public var frame: UInt64
  /// On the endpoint's own time line: half a round trip before or after the capture time when it is far.
  /// Units: nanoseconds since the epoch.
  public var time: Int64

  public init(segment: Int?, frame: UInt64, time: Int64) {
    self.segment = segment
    self.frame = frame
    self.time = time
  }
}

/// A RST and what became of it.
public struct JudgedReset: Sendable {
  public enum Verdict: UInt8, Sendable {
    /// Its receiver's connection is gone.
    case accepted
    /// In the window but not at RCV.NXT: ignored, a challenge ACK is due (RFC 5961 3.2).
    case inWindow
    /// Outside the window: ignored.
    case outOfWindow
    /// It acknowledges no SYN of its receiver, which is in SYN-SENT: ignored (RFC 9293 3.10.7.3).
    case invalidInSynSent
    /// Exact, and yet the receiver goes on: lost, or dropped, beyond the capture point.
    case receiverContinues
    /// The receiver was closed, or in TIME-WAIT, before it came.
    case afterClose
    /// The segment's checksum is bad, or it belongs to another incarnation.
    case notReceived
  }
  /// Index in `FlowEvidence.segments`.
  public var segment: Int
  public var sender: Role
  /// Its sender sends nothing else afterwards: it is not forged.
  public var isGenuine: Bool
  public var verdict: Verdict
  /// RCV.NXT of the receiver as it stood when the RST arrived. Space: stream offset of the RST's sender.
  public var expected: Int64?
  /// The receiver's state when it arrived.
  public var receiverState: State
  /// A segment its sender sent later, the one that shows a forgery. Space: index in `FlowEvidence.segments`.
  public var senderContinues: Int?

  public init(
    segment: Int, sender: Role, isGenuine: Bool, verdict: Verdict, expected: Int64?, receiverState: State
  ) {
    self.segment = segment
    self.sender = sender
    self.isGenuine = isGenuine
    self.verdict = verdict
    self.expected = expected
    self.receiverState = receiverState
  }
}
