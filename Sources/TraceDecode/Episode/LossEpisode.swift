/// Why a segment was sent again (PROCEDURES P2).
public enum RetransmissionCause: UInt8, Sendable {
  case syn, synAck, fast, recovery, tailLossProbe, timeout, lossRecovery, pathMTU, foreign, tooEarly,
    unexplained
}

/// Why a retransmission was not needed.
public enum SpuriousProof: UInt8, Sendable {
  case none
  /// The receiver reported the octets twice (RFC 2883).
  case dsack
  /// The answering ACK echoes an earlier copy's timestamp (RFC 3522).
  case eifel
  /// The answer came sooner than the path allows.
  case earlyAck
  /// The original arrived after its own retransmission.
  case lateOriginal
  /// All octets passed a capture point near the receiver before, and it had taken them.
  case alreadyReceived
  /// All octets were acknowledged before it was sent.
  case alreadyAcknowledged
  /// A FIN that its receiver had answered.
  case finAnswered
  /// The receiver counts its packets, and its answer to an earlier copy is the one that is missing.
  case lostAnswer
  /// The receiver acknowledged again, with nothing out of order to call for it.
  case repeatedAck
}

/// One segment sent again.
public struct Retransmission: Sendable {
  public var segment: SegmentRef
  public var cause: RetransmissionCause
  public var confidence: Confidence
  /// Which time-out in a row this is, from 1; 0 when no time-out.
  public var backoff: Int
  /// Since the last transmission of these octets, nanoseconds; nil when that was not captured.
  public var sinceLast: Int64?
  /// The earlier transmission it repeats.
  public var previous: SegmentRef?
  /// Octets never seen before (lost before the capture point), and seen before.
  public var holeOctets: UInt32
  public var againOctets: UInt32
  /// Octets that were acknowledged already when it passed.
  public var oldOctets: UInt32
  public var spurious: SpuriousProof
  public var spuriousFrame: SegmentRef?
  /// A tail loss probe that made the peer answer and ended the episode.
  public var recovered: Bool

  public init(segment: SegmentRef, cause: RetransmissionCause, confidence: Confidence) {
    self.segment = segment
    self.cause = cause
    self.confidence = confidence
    backoff = 0
    sinceLast = nil
    previous = nil
    holeOctets = 0
    againOctets = 0
    oldOctets = 0
    spurious = .none
    spuriousFrame = nil
    recovered = false
  }
}

/// One loss, from its first retransmission to the ACK that ends it.
public struct LossEpisode: Sendable {
  public enum Side: UInt8, Sendable {
    /// Between the sender and the capture point: the capture never held the original.
    case upstream
    /// Beyond the capture point.
    case downstream
    /// Both.
    case both
    /// Nothing was lost on the data path: an ACK was, or was late.
    case acknowledgements
    /// Nothing was lost: spurious.
    case nowhere
    /// One direction missing, or evidence gone.
    case unknown
  }
  public var sender: Role
  public var side: Side
  public var confidence: Confidence
  /// At most `Limits.evidence`; `count` is the true number.
  public var retransmissions: [Retransmission] = []
  public var count = 0
  /// Duplicate acknowledgements that signalled it.
  public var duplicateAcks = 0
  public var firstSignal: SegmentRef?
  /// The segment whose arrival showed the hole.
  public var hole: SegmentRef?
  public var lostOctets: UInt64 = 0
  public var timeouts = 0
  /// The ACK that covers everything outstanding at its start.
  public var recoveredBy: SegmentRef?
  /// First loss signal, or first retransmission, to recovery; nanoseconds.
  public var duration: Int64 = 0
  /// Nothing more was heard of the peer.
  public var gaveUp = false
  /// An acknowledgement that passed and did not reach the sender (P3).
  public var lostAck: SegmentRef?
  public var asymmetric = false
  public var rtt: Int64?

  public init(sender: Role, side: Side, confidence: Confidence) {
    self.sender = sender
    self.side = side
    self.confidence = confidence
  }
}

/// Something about acknowledgements that is no loss of data.
public struct AckEpisode: Sendable {
  public enum Kind: UInt8, Sendable {
    case lost, ignored, duplicateBurst, beyondSent, regressed, reordered, delayed, stretch
    case sackInconsistent, sackReneged, dsack, crossed
  }
  /// How a lost ACK is proved (RULES P3).
  public enum LostProof: UInt8, Sendable { case none, l1, l2, l3, l4, l5, l6 }
  /// Why the sender of the data may not take an acknowledgement that reached it.
  public enum Refusal: UInt8, Sendable { case none, badChecksum, oldTimestamp }
  public var kind: Kind
  /// Who sent the acknowledgements.
  public var sender: Role
  public var segment: SegmentRef
  public var evidence: [SegmentRef] = []
  public var count: Int
  public var proof = LostProof.none
  public var refusal = Refusal.none
  /// The capture point stands on the link of the data's sender.
  public var isBesideSender = false
  public var confidence = Confidence.certain
  /// Units: nanoseconds, where a delay counts.
  public var delay: Int64?
  public var octets: UInt64 = 0

  public init(kind: Kind, sender: Role, segment: SegmentRef, count: Int = 1) {
    self.kind = kind
    self.sender = sender
    self.segment = segment
    self.count = count
  }
}

/// Something about windows.
public struct WindowEpisode: Sendable {
  public enum Kind: UInt8, Sendable {
    case zero, stall, updateLost, full, exceeded, shrunk, tooSmall, silly, receiveBufferLimited
  }
  public var kind: Kind
  /// For `full`, `exceeded`: who sent data; for `silly`, who makes the steps; otherwise who advertised the window.
  public var endpoint: Role
  public var segment: SegmentRef
  public var evidence: [SegmentRef] = []
  public var count: Int
  /// Units: nanoseconds.
  public var duration: Int64?
  public var octets: UInt64 = 0
  public var probes = 0
  public var reopenedBy: SegmentRef?
  public var confidence = Confidence.certain

  public init(kind: Kind, endpoint: Role, segment: SegmentRef, count: Int = 1) {
    self.kind = kind
    self.endpoint = endpoint
    self.segment = segment
    self.count = count
  }
}

/// Keep-alives or zero-window probes in a row.
public struct ProbeEpisode: Sendable {
  public enum Kind: UInt8, Sendable { case keepAlive, zeroWindowProbe }
  public var kind: Kind
  public var sender: Role
  public var probes: [SegmentRef]
  public var count: Int
  public var answered: Int
  /// Median spacing, nanoseconds.
  public var interval: Int64?
  /// Ended in a reset or in silence.
  public var failed: Bool

  public init(
    kind: Kind, sender: Role, probes: [SegmentRef], count: Int, answered: Int, interval: Int64?, failed: Bool
  ) {
    self.kind = kind
    self.sender = sender
    self.probes = probes
    self.count = count
    self.answered = answered
    self.interval = interval
    self.failed = failed
  }
}

/// Segments out of order, or twice, by no act of their sender.
public struct OrderEpisode: Sendable {
  public enum Kind: UInt8, Sendable { case reordered, networkDuplicate, ambiguous, lateOriginal }
  public var kind: Kind
  public var sender: Role
  public var segment: SegmentRef
  /// What it should have preceded, or the other copy.
  public var other: SegmentRef?
  public var count: Int
  /// Segments, octets and nanoseconds it came late by.
  public var extentSegments: Int = 0
  public var extentOctets: UInt64 = 0
  public var extentTime: Int64 = 0
  public var confidence = Confidence.certain

  public init(kind: Kind, sender: Role, segment: SegmentRef, other: SegmentRef?, count: Int = 1) {
    self.kind = kind
    self.sender = sender
    self.segment = segment
    self.other = other
    self.count = count
  }
}

/// A single segment that breaks a rule of the protocol by itself.
public struct OddityEpisode: Sendable {
  public enum Kind: UInt8, Sendable {
    case badChecksum, invalidFlags, optionMalformed, optionMisplaced, mssViolation, overlapConflict
    case pawsDiscard, timestampMissing, timestampRegressed, superSegment, captureGap, captureReordered
    case oldDuplicateSegment, urgentMisuse, windowScaleInvalid
    /// Wrong in the capture alone: the receiver took the segments.
    case falseChecksum
  }
  public var kind: Kind
  public var sender: Role
  public var segment: SegmentRef
  public var other: SegmentRef?
  public var count: Int
  public var octets: UInt64 = 0
  /// The limit that was broken (an MSS, a shift), where there is one.
  public var limit: Int64 = 0
  public var confidence = Confidence.certain

  public init(kind: Kind, sender: Role, segment: SegmentRef, other: SegmentRef? = nil, count: Int = 1) {
    self.kind = kind
    self.sender = sender
    self.segment = segment
    self.other = other
    self.count = count
  }
}
