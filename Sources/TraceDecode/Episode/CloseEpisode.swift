/// The close of one incarnation by FIN, told at the flow's end.
public struct CloseEpisode: Sendable {
  public struct Side: Sendable {
    /// This side's FINs, the first included; at most `Limits.evidence`.
    public var fins: [SegmentRef] = []
    public var finCount = 0
    /// The peer's first segment that acknowledges the FIN and passed the capture point.
    public var finAck: SegmentRef?
    /// An acknowledgement that passed early enough to prevent the next repeat, and did not (P3 L3).
    public var ackPassedBeforeRepeat: SegmentRef?
    /// The repeat that contradicts it.
    public var repeatAfterAck: SegmentRef?
    /// Octets this side sent beyond its FIN, or a FIN that moved.
    public var dataAfterFin: SegmentRef?
    /// A repeated FIN that arrived at a peer in TIME-WAIT and restarted its timer.
    public var reachedTimeWait = false
    public init() {}
  }
  public var originator = Side()
  public var responder = Side()
  /// Sent its FIN before processing the peer's; nil when both did, or it is not known.
  public var activeCloser: Role?
  /// Neither FIN acknowledged the other (RFC 9293 3.6, figure 13).
  public var simultaneous = false
  /// Who is left in TIME-WAIT, since when; nil when nobody, or both in a simultaneous close.
  public var timeWaitHolder: Role?
  public var timeWaitFrom: Int64?
  /// One side finished and the other did not: how long until the end of the flow's record, nanoseconds.
  public var halfClosedFor: Int64?
  /// Who had still to finish.
  public var lingering: Role?
  /// Octets the lingering side went on sending in that time.
  public var halfClosedOctets: UInt64 = 0
  /// A RST ended it after a FIN.
  public var endedByReset = false
  public var asymmetric = false
  /// How long the capture goes on after the flow's last frame, nanoseconds.
  public var observedAfter: Int64 = 0
  /// Estimate of the retransmission time-out, nanoseconds, to judge silence by.
  public var rto: Int64 = 1_000_000_000

  public init() {}
  public subscript(role: Role) -> Side {
    get { role == .originator ? originator : responder }
    set { if role == .originator { originator = newValue } else { responder = newValue } }
  }
}

/// A reset, or a run of equal ones.
public struct ResetEpisode: Sendable {
  public enum Validity: UInt8, Sendable {
    /// SEG.SEQ = RCV.NXT, or a valid answer in SYN-SENT: the receiver's connection is gone.
    case accepted
    /// In the window but not exact: a challenge ACK is due (RFC 5961 3.2).
    case challenged
    /// Outside the window: ignored.
    case outOfWindow
    /// The receiver had no connection any more (TIME-WAIT, closed).
    case afterClose
    /// Invalid in SYN-SENT: ack does not cover the SYN.
    case invalidInSynSent
    /// Cannot be told from this capture.
    case unknown
  }
  public enum Cause: UInt8, Sendable {
    case answerToSyn, answerToSynAck, answerToOldSegment, unreadData, dataAfterClose, abort
    case userTimeout, keepAliveFailed, middleboxExpiry, halfOpen, answerToDataAfterClose, handshakeTimeout,
      unknown
  }
  /// What marks a reset as not the endpoint's own.
  public struct Foreign: OptionSet, Sendable, Hashable {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let ttl = Foreign(rawValue: 1 << 0)
    public static let ipID = Foreign(rawValue: 1 << 1)
    public static let tooFast = Foreign(rawValue: 1 << 2)
    public static let bare = Foreign(rawValue: 1 << 3)
    public static let senderContinues = Foreign(rawValue: 1 << 4)
    public static let bothEnds = Foreign(rawValue: 1 << 5)
  }
  public var rst: SegmentRef
  public var count: Int
  public var validity: Validity
  public var cause: Cause
  public var foreign: Foreign = []
  /// The state its receiver was in when it arrived.
  public var receiverState: State
  public var challengeAck: SegmentRef?
  /// The segment it answers.
  public var provokedBy: SegmentRef?
  /// Silence on the flow before the provoking segment, nanoseconds.
  public var idleBefore: Int64 = 0
  /// Octets sent and not acknowledged when it struck.
  public var unackedFromOriginator: UInt64 = 0
  public var unackedFromResponder: UInt64 = 0
  /// Both FINs had passed and were acknowledged.
  public var afterFullClose = false
  /// The sender of the reset had sent its FIN before.
  public var afterOwnFin = false
  /// A segment its sender sent afterwards, without RST.
  public var dataAfter: SegmentRef?
  /// The first octets of the reset's payload.
  public var text: [UInt8] = []
  /// What the receiver's RCV.NXT was believed to be; Space: stream offset of the reset's sender.
  public var expected: Int64?

  public init(rst: SegmentRef, count: Int, validity: Validity, cause: Cause, receiverState: State) {
    self.rst = rst
    self.count = count
    self.validity = validity
    self.cause = cause
    self.receiverState = receiverState
  }
}

/// A new SYN on a four-tuple that an earlier incarnation used (P4).
public struct ReuseEpisode: Sendable {
  public enum Answer: UInt8, Sendable {
    case accepted
    /// An ACK with the old numbers.
    case refusedByAck
    case refusedByReset
    /// No answer to the SYN at all.
    case silence
    case unknown
  }
  public var syn: SegmentRef
  /// Who holds TIME-WAIT of the earlier incarnation, in the roles of the *new* one; nil when nobody.
  public var holder: Role?
  /// Last re-ACK of the peer's FIN to the SYN, nanoseconds.
  public var gap: Int64
  /// The SYN's ISN minus the last sequence number its sender used before.
  public var isnAdvance: Int32
  /// The SYN's TSval minus that sender's last one; nil when either is missing.
  public var tsAdvance: Int32?
  /// False when the clocks behind the two TSvals cannot be one: another host behind a translator, or an
  /// offset drawn anew for each connection.
  public var timestampsComparable = true
  public var answer: Answer
  public var answeredBy: SegmentRef?
  /// RFC 6191 2 / RFC 9293 3.6.1 permits the reuse.
  public var permitted: Bool
  /// The SYN came from the TIME-WAIT holder itself (P4.4).
  public var byHolder: Bool
  /// A RST had cut TIME-WAIT short (RFC 1337).
  public var assassinatedBy: SegmentRef?
  /// The earlier incarnation did not end in TIME-WAIT: reset, or its close was not captured.
  public var previousClosed: Bool
  /// The reset that the originator answers a refusing ACK with.
  public var resetAfterRefusal: SegmentRef?
  /// A later SYN of the same opening was accepted.
  public var acceptedLater: SegmentRef?

  public init(
    syn: SegmentRef, holder: Role?, gap: Int64, isnAdvance: Int32, tsAdvance: Int32?, answer: Answer,
    permitted: Bool, byHolder: Bool, previousClosed: Bool
  ) {
    self.syn = syn
    self.holder = holder
    self.gap = gap
    self.isnAdvance = isnAdvance
    self.tsAdvance = tsAdvance
    self.answer = answer
    self.permitted = permitted
    self.byHolder = byHolder
    self.previousClosed = previousClosed
  }
}
