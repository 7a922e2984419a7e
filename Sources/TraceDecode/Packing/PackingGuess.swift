/// What the segments of a flow lead one to expect of its next one, and of what its directions have counted.
///
/// Writer and reader of a packed flow make the same guesses from the same records; only what differs is written.
/// A wrong guess costs octets and nothing else, so that none of this need follow the analysis to the letter.
///
/// A class that is used again and again, for it is large, and copying it would cost more than the guessing.
final class PackingGuess {
  private var latest = SegmentRecord()
  /// What a frame takes in the capture, as far as the reference tells.
  private(set) var octetsOfFrame: UInt64 = 0
  private var records = (originator: SegmentRecord(), responder: SegmentRecord())
  /// Flags, TTL and marks of the latest records with payload, and without, of either side.
  private var kinds: (originator: Kinds, responder: Kinds) = ((0, 0), (0, 0))
  private typealias Kinds = (with: UInt64, without: UInt64)
  /// What the originator and the responder may have counted.
  private let directions: UnsafeMutablePointer<Direction>
  private(set) var firstTime: Int64 = 0
  private(set) var firstFrame: UInt64 = 0
  private(set) var lastTime: Int64 = 0
  private(set) var lastFrame: UInt64 = 0
  private(set) var previousTime: Int64 = 0
  private var count = 0

  init() {
    directions = UnsafeMutableRawPointer.allocate(
      byteCount: 2 &* MemoryLayout<Direction>.stride, alignment: MemoryLayout<PackedWords>.alignment
    ).bindMemory(to: Direction.self, capacity: 2)
    directions.initialize(repeating: Direction(), count: 2)
  }

  deinit { directions.deallocate() }

  /// Begins a flow.
  ///
  /// - Parameter reference: a record of the same capture, whichever; its time and place are near all others'.
  func begin(reference: SegmentRecord) {
    latest = reference
    octetsOfFrame = reference.recordOffset / max(1, reference.frame)
    count = 0
    (firstTime, firstFrame, lastTime, lastFrame, previousTime) = (0, 0, 0, 0, 0)
    records = (SegmentRecord(), SegmentRecord())
    kinds = ((0, 0), (0, 0))
    directions.update(repeating: Direction(), count: 2)
  }

  /// What the next record of `role` may look like, flags and marks apart.
  func record(of role: Role) -> SegmentRecord {
    let (own, peer) =
      role == .originator ? (records.originator, records.responder) : (records.responder, records.originator)
    var guess = own
    guess.time = latest.time
    guess.frame = latest.frame &+ 1
    guess.recordOffset = latest.recordOffset
    guess.seq = own.seq &+ own.segLen
    guess.ack = peer.seq &+ peer.segLen
    guess.tsEcr = peer.tsVal
    guess.ipID = own.ipID &+ 1
    guess.checksum = 0
    return guess
  }

  /// The flags, TTL and marks of the next record of `role`, as the last word of a record has them.
  func kind(of role: Role, payload: UInt32) -> UInt64 {
    let own = role == .originator ? kinds.originator : kinds.responder
    return payload > 0 ? own.with : own.without
  }

  /// The same of `r`; what only the first of its kind is marked with is left out.
  private static func kind(of r: SegmentRecord) -> UInt64 {
    var r = r
    r.marks.remove(.notable)
    r.flags.remove(.syn)
    return unsafeBitCast(r, to: PackedWords.self)[7]
  }

  /// Takes a record in: the next guesses rest on it.
  func note(_ r: SegmentRecord) {
    if count == 0 {
      firstTime = r.time
      firstFrame = r.frame
      lastTime = r.time
    }
    count &+= 1
    previousTime = lastTime
    lastTime = r.time
    lastFrame = r.frame
    latest = r
    if r.sender == .originator {
      Self.count(r, &directions[0], &directions[1])
      records.originator = r
      Self.note(Self.kind(of: r), payload: r.payload, in: &kinds.originator)
    } else {
      Self.count(r, &directions[1], &directions[0])
      records.responder = r
      Self.note(Self.kind(of: r), payload: r.payload, in: &kinds.responder)
    }
  }

  /// The first record speaks for both kinds.
  private static func note(_ kind: UInt64, payload: UInt32, in kinds: inout Kinds) {
    if payload > 0 || kinds.with == 0 { kinds.with = kind }
    if payload == 0 || kinds.without == 0 { kinds.without = kind }
  }

  /// What both may have counted, once all records are noted: the originator's words and the responder's.
  func conclude() -> UnsafeRawPointer {
    for role in 0..<2 {
      directions[role].unackedIndex = count
      directions[role].contiguous = directions[role].maxEnd
      directions[role].octetsUnique = directions[role].octetsPayload
    }
    return UnsafeRawPointer(directions)
  }

  private static func count(_ r: SegmentRecord, _ own: inout Direction, _ peer: inout Direction) {
    let isSyn = r.flags.contains(.syn)
    if own.packets == 0 {
      own.base = isSyn ? r.seq : r.seq &- 1
      own.known = r.marks.contains(.ipV6) ? [.base, .segment, .v6] : [.base, .segment]
      own.ttlMin = r.ttl
    }
    if isSyn { countOpening(r, &own) }
    if r.flags.contains(.ack) { acknowledge(r, &own, &peer) }
    own.maxEnd = Int64(r.seq &+ r.segLen &- own.base)
    own.ttlMax = r.ttl
    own.flagsUnion |= r.flags.rawValue
    own.packets &+= 1
    own.octetsIP &+= headers(r) &+ UInt64(r.payload)
    own.learn(r)
    if r.flags.contains(.psh) { own.pshCount &+= 1 }
    if !isSyn {
      own.known.formUnion([.nonSyn])
      own.advertise(r.window)
    }
    if r.payload > 0 {
      if own.dataPackets == 0 { own.firstDataTime = r.time }
      own.lastDataTime = r.time
      own.dataPackets &+= 1
      own.octetsPayload &+= UInt64(r.payload)
      own.maxSegment = max(own.maxSegment, r.payload)
      own.known.insert(.data)
    } else if r.flags.intersection([.syn, .fin, .rst, .ack]) == .ack {
      own.pureAcks &+= 1
    }
  }

  private static func countOpening(_ r: SegmentRecord, _ own: inout Direction) {
    own.known.formUnion([.isn, .syn])
    own.offered = TCPOptionSet(rawValue: UInt16(truncatingIfNeeded: r.sackTop))
    if own.offered.contains(.mss) {
      own.known.insert(.mssOption)
      own.mss = r.marks.contains(.ipV6) ? 1440 : 1460
    }
    if own.offered.contains(.windowScale) {
      own.known.insert(.windowScale)
      own.windowShift = 7
    }
    if own.offered.contains(.sackPermitted) { own.known.insert(.sackPermitted) }
    if own.offered.contains(.timestamps) { own.known.insert(.timestamps) }
    own.synCount &+= 1
    own.window = r.window
    guard r.flags.contains(.ack) else { return }
    own.known.insert(.synAck)
    own.synAckAck = r.ack
  }

  /// The round trip is that of the peer's latest segment, if that is what is acknowledged.
  private static func acknowledge(_ r: SegmentRecord, _ own: inout Direction, _ peer: inout Direction) {
    own.ackCount &+= 1
    let ack = Int64(r.ack &- peer.base)
    if ack == peer.maxEnd, ack > peer.una {
      let sample = r.time &- peer.lastTime
      own.rttMin = min(own.rttMin, sample)
      own.rttMax = max(own.rttMax, sample)
      own.rttSum &+= sample
      own.rttSamples &+= 1
    }
    peer.una = ack
    peer.ackedAssessed = 1
    peer.edge = max(peer.edge, ack &+ Int64(r.window))
    peer.known.insert(.acked)
  }

  /// Octets of the IP and TCP headers, with the options that are usual.
  private static func headers(_ r: SegmentRecord) -> UInt64 {
    let ip: UInt64 = r.marks.contains(.ipV6) ? 60 : 40
    return ip &+ (r.flags.contains(.syn) ? 20 : r.marks.contains(.hasTimestamps) ? 12 : 0)
  }
}
