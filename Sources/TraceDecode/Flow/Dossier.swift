/// What a flow remembers only once something out of the ordinary has happened to it.
///
/// A handle on memory of its own: the flow makes it on first need and frees it. Counting references instead would
/// be felt at every segment of a flow that has one.
struct Dossier {
  /// A direction's part.
  struct Side {
    /// Seen octets above the first gap.
    var islands = IntervalSet(limit: 256)
    /// Octets the peer has reported by SACK.
    var sacked = IntervalSet(limit: 64)
    /// Retransmissions whose story is not over, oldest first.
    var pending: [PendingRetransmission] = []
    /// How many of them, from the oldest on, have a cause, and how many are acknowledged.
    var named = 0
    var covered = 0
    /// What it sent beside new data.
    var repeats = Repeats()
    var replay = SenderReplay()
    /// Log index up to which the replay has taken everything.
    var replayIndex = 0
    var retransmissions: UInt32 = 0
    var retransmittedOctets: UInt64 = 0
    var fast: UInt32 = 0
    var timeouts: UInt32 = 0
    var probesOfTail: UInt32 = 0
    var lossRecovery: UInt32 = 0
    var spurious: UInt32 = 0
    var reordered: UInt32 = 0
    var duplicates: UInt32 = 0
    /// Its latest data that came twice, until the receiver shows that it got both; and what showed it.
    var copiesOfData: [DataCopy] = []
    @Seldom var networkDuplicate: OrderEpisode?
    var ambiguous: UInt32 = 0
    var dsacks: UInt32 = 0
    var keepAlives: UInt32 = 0
    var windowProbes: UInt32 = 0
    var duplicateAcks: UInt32 = 0
    var badChecksums: UInt32 = 0
    /// Octets it sent under a wrong checksum, until the peer shows whether they were damaged on the wire.
    var doubtful: [DoubtfulOctets] = []
    /// Of those settled: acknowledged though never sent again, and sent again.
    var takenAnyway: UInt32 = 0
    var takenAgain: UInt32 = 0
    var gapOctets: UInt64 = 0
    /// A SYN-ACK that may be a copy or a repeat (P0.2c), until enough is known.
    var undecidedSynAcks: [SegmentRecord] = []
    /// A first segment below the peer's acknowledgement: a keep-alive if it comes again (P5).
    @Seldom var firstProbe: SegmentRecord?
    /// End of a one-octet window probe at the edge of the stream, which counts only once acknowledged.
    var probeEnd: Int64 = 0
    var loss = LossMachine()
    /// The peer's first duplicate or selective acknowledgement since its last progress: the signal of a loss.
    @Seldom var signal: SegmentRecord?
    /// A repeated ACK of the peer that nothing on the wire called for, until the next one shows that no segment
    /// out of order did.
    @Seldom var uncalledAck: (record: SegmentRecord, ack: Int64)?
  }
  /// What is of the flow as a whole.
  struct Whole {
    var signals: FlowSignals?
    /// By how much the latest wrong checksum of each side was wrong; 0 for none.
    var sums: (originator: UInt16, responder: UInt16, areRewritten: Bool) = (0, 0, false)
    /// SYNs that belong to no opening so far (P8.5, P8.7).
    var limbo: [SegmentRecord] = []
    var limboRole = Role.originator
    /// Their segments and log indices, to found a new incarnation with.
    var limboSegments: [Segment] = []
    var limboStart = 0
    var icmp: [ICMPError] = []
    /// The first octets of a reset's payload.
    var resetText: [UInt8] = []
    var previous: PreviousIncarnation?
    var idle = Idle.none
  }
  /// Until when nothing that is pending can be decided, unless the pending or the path change.
  struct Idle {
    var until: Int64
    /// The path it was reckoned with (`Direction.rttMin`).
    var originatorRTT: Int64
    var responderRTT: Int64

    /// It is not known.
    static let none = Idle(until: .min, originatorRTT: .max, responderRTT: .max)
  }
  /// The originator's part, the responder's, and the whole flow's, one after the other.
  private let content: UnsafeMutableRawPointer
  private static var alignment: Int { max(MemoryLayout<Side>.alignment, MemoryLayout<Whole>.alignment) }
  private static var wholeOffset: Int {
    (2 &* MemoryLayout<Side>.stride &+ alignment &- 1) & ~(alignment &- 1)
  }

  init() {
    content = .allocate(
      byteCount: Self.wholeOffset &+ MemoryLayout<Whole>.size, alignment: Self.alignment)
    content.bindMemory(to: Side.self, capacity: 2).initialize(repeating: Side(), count: 2)
    (content + Self.wholeOffset).bindMemory(to: Whole.self, capacity: 1).initialize(to: Whole())
  }

  /// The dossier whose memory lies at `address`.
  init(at address: UnsafeMutableRawPointer) { content = address }

  /// Where its memory lies.
  var address: UnsafeMutableRawPointer { content }

  /// Gives the memory back; the handle and its copies are of no use any more.
  func free() {
    whole.signals?.free()
    sides.deinitialize(count: 2)
    wholePart.deinitialize(count: 1)
    content.deallocate()
  }

  private var sides: UnsafeMutablePointer<Side> {
    @inline(__always) get { content.assumingMemoryBound(to: Side.self) }
  }

  private var wholePart: UnsafeMutablePointer<Whole> {
    @inline(__always) get { (content + Self.wholeOffset).assumingMemoryBound(to: Whole.self) }
  }

  var whole: Whole {
    @inline(__always) unsafeAddress { UnsafePointer(wholePart) }
    @inline(__always) nonmutating unsafeMutableAddress { wholePart }
  }

  /// No retransmission of either side waits for its verdict. Asked for every segment, so that no side is copied.
  var isSettled: Bool { sides[0].pending.isEmpty && sides[1].pending.isEmpty }

  subscript(role: Role) -> Side {
    @inline(__always) unsafeAddress { UnsafePointer(sides + Int(role.rawValue)) }
    @inline(__always) nonmutating unsafeMutableAddress { sides + Int(role.rawValue) }
  }
}

extension Dossier {
  /// The oldest pending retransmission without a cause; causes, once named, stay.
  func firstUnnamed(_ role: Role) -> Int? {
    let count = self[role].pending.count
    var i = self[role].named
    while i < count, self[role].pending[i].cause != nil { i &+= 1 }
    self[role].named = i
    return i < count ? i : nil
  }

  /// The oldest pending retransmission that is not acknowledged, or the number of them all.
  func firstUncovered(_ role: Role) -> Int {
    let count = self[role].pending.count
    var i = self[role].covered
    while i < count, self[role].pending[i].covered { i &+= 1 }
    self[role].covered = i
    return i
  }

  /// Takes the oldest `count` pending retransmissions away.
  func takeOldest(_ role: Role, _ count: Int) -> [PendingRetransmission] {
    let taken = Array(self[role].pending.prefix(count))
    self[role].named = max(0, self[role].named &- taken.count)
    self[role].covered = max(0, self[role].covered &- taken.count)
    self[role].pending.removeFirst(taken.count)
    return taken
  }
}

/// Octets that passed under a wrong checksum.
struct DoubtfulOctets {
  var start: Int64
  var end: Int64
  /// Remembered in one direction.
  static let limit = 32
}

/// A data segment that passed twice.
struct DataCopy {
  var copy: SegmentRecord
  var original: SegmentRecord
  /// Copies remembered in one direction.
  static let limit = 16
}

/// A retransmission until its cause and its need are known.
///
/// A class, for it is large, waits for seconds of trace time, and is taken from the front of many.
final class PendingRetransmission {
  /// A timer's, and its receiver has not been heard since.
  var isUnanswered: Bool {
    (cause == .tailLossProbe || cause == .timeout && spurious == .none) && answeredBy == nil
  }

  /// An earlier transmission of some of its octets.
  struct Copy {
    var record: SegmentRecord
    var start: Int64
    var end: Int64
  }
  var record: SegmentRecord
  var start: Int64
  var end: Int64
  /// The earlier transmissions it overlaps, oldest first, the last of many.
  var copies: [Copy]
  var fillsHole: Bool
  var orderUnknown: Bool
  /// Octets of it that were seen before, and were acknowledged before.
  var againOctets: Int64
  var oldOctets: Int64
  /// The peer's acknowledgement when it passed.
  var unaAtSending: Int64
  /// The segment whose arrival showed the hole it fills.
  var hole: SegmentRecord?
  var cause: RetransmissionCause?
  var backoff = 0
  /// Silence before it, on its sender's time line, and its place there; nanoseconds.
  var quiet: Int64 = 0
  var sentAt: Int64 = 0
  var sinceLast: Int64?
  var spurious = SpuriousProof.none
  var spuriousBy: SegmentRecord?
  /// An answer that shows it was not needed, if its sender counts its packets one by one.
  var countedBy: SegmentRecord?
  /// An ACK of all of it has passed.
  var covered = false
  /// Octets of it whose late original has arrived (P2.S1).
  var lateOriginals = IntervalSet(limit: 8)
  /// Seen whole before, by a receiver beside the capture point that may not have taken it (P2.S2).
  var awaitsEstablishment = false
  var answeredBy: SegmentRecord?
  /// What had acknowledged all of it before it was sent.
  var acknowledgedBy: SegmentRecord?
  /// Which loss of its direction it belongs to.
  var episode = 0

  init(
    record: SegmentRecord, start: Int64, end: Int64, copies: [Copy], againOctets: Int64, oldOctets: Int64,
    unaAtSending: Int64, hole: SegmentRecord?
  ) {
    self.record = record
    self.start = start
    self.end = end
    self.copies = copies
    self.againOctets = againOctets
    self.oldOctets = oldOctets
    self.unaAtSending = unaAtSending
    self.hole = hole
    fillsHole = record.marks.contains(.fillsHole)
    orderUnknown = record.marks.contains(.orderUnknown)
  }
}
