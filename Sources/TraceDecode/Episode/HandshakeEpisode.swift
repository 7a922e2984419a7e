/// The opening of one incarnation, told once when it has settled; a clean one is told too when `extraordinary`.
public struct HandshakeEpisode: Sendable {
  public enum Outcome: UInt8, Sendable {
    case established
    /// RST+ACK with ack = ISS + 1.
    case refused
    /// The originator gave up or the capture ended with SYNs unanswered.
    case unanswered
    /// SYN-ACKs passed, and no acknowledgement of one.
    case halfOpen
    /// The originator reset instead of the third segment.
    case abortedByOriginator
    /// An ICMP error quoted the SYN and nothing else answered.
    case unreachable
    /// The responder's RST came after its SYN-ACK and before establishment.
    case resetInSynReceived
  }
  public var outcome: Outcome
  /// SYNs of the originator with the ISN of this incarnation, the first included; at most `Limits.evidence`.
  public var syns: [SegmentRef] = []
  public var synCount = 0
  /// SYN-ACKs, capture and network duplicates excluded.
  public var synAcks: [SegmentRef] = []
  public var synAckCount = 0
  /// It was not lost but dropped there: captured beside the responder, or the repeat echoes its timestamp.
  public var ackReachedResponder = false
  /// The originator's back-off ran past its next SYN's due time without one.
  public var gaveUp = false
  /// A SYN-ACK repeat that may be a copy: equal in every octet, no identification (P0.2c).
  public var undecidableRepeats = 0
  /// TTL of the refusal differs from the responder's other packets.
  public var refusalTTLForeign = false
  public var simultaneous = false
  public var selfConnection = false
  /// Octets of data on the SYN, and how many of them the SYN-ACK acknowledged (RFC 7413).
  public var synData: UInt32 = 0
  public var synDataAcked: UInt32 = 0
  public var fastOpen = false
  /// The SYN repeated with fewer options.
  public var optionFallback = false
  /// First SYN (or the last repeat before it) to SYN-ACK at the capture point, nanoseconds.
  public var responderHalf: Int64?
  /// SYN-ACK to its acknowledgement at the capture point, nanoseconds.
  public var originatorHalf: Int64?
  /// One direction is missing from the capture: absence proves nothing.
  public var asymmetric = false
  /// How long the capture goes on after the last frame of this opening, nanoseconds.
  public var observedAfter: Int64 = 0
  public var nearOriginator = false
  public var nearResponder = false

  /// The segments that few openings have, apart: most are a SYN that nothing answered, and are handed about a lot.
  private var moments: Box?

  public init(outcome: Outcome) { self.outcome = outcome }

  /// Whether it is one SYN, without data, that nothing answered and nothing quoted.
  ///
  /// Inlined, so that whoever asks it of an episode does not copy the episode.
  @inline(__always)
  public var isLoneSyn: Bool {
    outcome == .unanswered && synCount == 1 && syns.count == 1 && synAckCount == 0 && synAcks.isEmpty
      && synData == 0 && !simultaneous && !selfConnection && !fastOpen && moments?.moments.isQuiet ?? true
  }

  /// Whether anything beyond the textbook's three segments happened.
  public var extraordinary: Bool {
    outcome != .established || synCount > 1 || synAckCount > 1 || simultaneous || selfConnection
      || !badAckSynAcks.isEmpty || changedIsn != nil || wrongThird != nil || synData > 0 || !icmp.isEmpty
      || ackPassedBeforeRepeat != nil || undecidableRepeats > 0 || (responderHalf ?? 0) > 500_000_000
  }
}

/// The segments that made something of an opening.
extension HandshakeEpisode {
  /// SYNs of the responder without ACK (simultaneous open).
  public var peerSyns: [SegmentRef] {
    get { moments?.moments.peerSyns ?? [] }
    set { if moments != nil || !newValue.isEmpty { change { $0.peerSyns = newValue } } }
  }
  /// The SYN-ACK of the originator in a simultaneous open.
  public var originatorSynAcks: [SegmentRef] {
    get { moments?.moments.originatorSynAcks ?? [] }
    set { if moments != nil || !newValue.isEmpty { change { $0.originatorSynAcks = newValue } } }
  }
  /// SYN-ACK whose ack is none of ISS+1 ... ISS+1+len.
  public var badAckSynAcks: [SegmentRef] {
    get { moments?.moments.badAckSynAcks ?? [] }
    set { if moments != nil || !newValue.isEmpty { change { $0.badAckSynAcks = newValue } } }
  }
  /// ICMP errors that quote a segment of the opening.
  public var icmp: [ICMPError] {
    get { moments?.moments.icmp ?? [] }
    set { if moments != nil || !newValue.isEmpty { change { $0.icmp = newValue } } }
  }
  /// The first acceptable acknowledgement of the SYN-ACK that passed the capture point.
  public var finalAck: SegmentRef? {
    get { moments?.moments.finalAck }
    set { change { $0.finalAck = newValue } }
  }
  /// The last acknowledgement of the SYN-ACK that passed before a repeated SYN-ACK,
  /// early enough (one half-RTT and slack) that it should have prevented the repeat: it was lost beyond the
  /// capture point, or dropped by the responder (P3 L2).
  public var ackPassedBeforeRepeat: SegmentRef? {
    get { moments?.moments.ackPassedBeforeRepeat }
    set { change { $0.ackPassedBeforeRepeat = newValue } }
  }
  /// The SYN-ACK repeat that contradicts it.
  public var synAckAfterAck: SegmentRef? {
    get { moments?.moments.synAckAfterAck }
    set { change { $0.synAckAfterAck = newValue } }
  }
  /// A SYN-ACK that passed early enough to prevent a later SYN, and did not: lost beyond the capture point.
  public var lostSynAck: SegmentRef? {
    get { moments?.moments.lostSynAck }
    set { change { $0.lostSynAck = newValue } }
  }
  /// Originator's data that passed before the responder established and had to be sent again: a full accept queue.
  public var ignoredData: SegmentRef? {
    get { moments?.moments.ignoredData }
    set { change { $0.ignoredData = newValue } }
  }
  /// SYN-ACK with another ISN than the first.
  public var changedIsn: SegmentRef? {
    get { moments?.moments.changedIsn }
    set { change { $0.changedIsn = newValue } }
  }
  /// Third segment whose numbers do not fit.
  public var wrongThird: SegmentRef? {
    get { moments?.moments.wrongThird }
    set { change { $0.wrongThird = newValue } }
  }
  /// The reset that refused the SYN.
  public var refusal: SegmentRef? {
    get { moments?.moments.refusal }
    set { change { $0.refusal = newValue } }
  }

  private struct Moments: Sendable {
    var peerSyns: [SegmentRef] = []
    var originatorSynAcks: [SegmentRef] = []
    var badAckSynAcks: [SegmentRef] = []
    var icmp: [ICMPError] = []
    var finalAck: SegmentRef?
    var ackPassedBeforeRepeat: SegmentRef?
    var synAckAfterAck: SegmentRef?
    var lostSynAck: SegmentRef?
    var ignoredData: SegmentRef?
    var changedIsn: SegmentRef?
    var wrongThird: SegmentRef?
    var refusal: SegmentRef?

    /// Nobody said anything.
    var isQuiet: Bool {
      peerSyns.isEmpty && originatorSynAcks.isEmpty && badAckSynAcks.isEmpty && icmp.isEmpty
        && changedIsn == nil && wrongThird == nil && refusal == nil
    }
  }

  private final class Box: Sendable {
    let moments: Moments
    init(_ moments: Moments) { self.moments = moments }
  }

  private mutating func change(_ body: (inout Moments) -> Void) {
    var changed = moments?.moments ?? Moments()
    body(&changed)
    moments = Box(changed)
  }
}

/// An ICMP error that quotes a segment of the flow.
public struct ICMPEpisode: Sendable {
  public var error: ICMPError
  /// Who sent the quoted segment.
  public var sender: Role
  /// The quoted sequence number was one it had sent (RFC 5927 4.1).
  public var quoteFits: Bool
  /// The connection was still opening.
  public var duringHandshake: Bool
  /// Equal errors of the flow, this one included.
  public var count: Int

  public init(error: ICMPError, sender: Role, quoteFits: Bool, duringHandshake: Bool, count: Int) {
    self.error = error
    self.sender = sender
    self.quoteFits = quoteFits
    self.duringHandshake = duringHandshake
    self.count = count
  }
}

/// A SYN on a live four-tuple that belongs to no opening (P8.7): an old duplicate, a restarted peer or an attack.
public struct OldSynEpisode: Sendable {
  public enum Reading: UInt8, Sendable { case oldDuplicate, halfOpenRecovery, unanswered }
  public var syn: SegmentRef
  public var reading: Reading
  /// The ACK that answered it without moving anything (RFC 5961 4).
  public var challengeAck: SegmentRef?
  public var reset: SegmentRef?
  /// The flow went on afterwards.
  public var continued: Bool
  public var count: Int

  public init(
    syn: SegmentRef, reading: Reading, challengeAck: SegmentRef?, reset: SegmentRef?, continued: Bool,
    count: Int
  ) {
    self.syn = syn
    self.reading = reading
    self.challengeAck = challengeAck
    self.reset = reset
    self.continued = continued
    self.count = count
  }
}
