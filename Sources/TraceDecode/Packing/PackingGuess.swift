/// What the segments of a flow lead one to expect of its next one, and of what its directions have counted.
///
/// Writer and reader of a packed flow make the same guesses from the same records; only what differs is written.
/// A wrong guess costs octets and nothing else, so that none of this need follow the analysis to the letter.
struct PackingGuess {
  private var latest: SegmentRecord
  private var records = (originator: SegmentRecord(), responder: SegmentRecord())
  private var directions = (originator: Direction(), responder: Direction())
  private(set) var firstTime: Int64 = 0
  private(set) var firstFrame: UInt64 = 0
  private(set) var lastTime: Int64 = 0
  private(set) var lastFrame: UInt64 = 0
  private(set) var previousTime: Int64 = 0
  private var count = 0

  /// - Parameter reference: a record of the same capture, whichever; its time and place are near all others'.
  init(reference: SegmentRecord) { latest = reference }

  /// What the next record of `role` may look like.
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
    guess.marks.remove(.notable)
    if role == .responder { guess.marks.insert(.fromResponder) }
    return guess
  }

  /// Takes a record in: the next guesses rest on it.
  mutating func note(_ r: SegmentRecord) {
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
      Self.count(r, &directions.originator, &directions.responder)
      records.originator = r
    } else {
      Self.count(r, &directions.responder, &directions.originator)
      records.responder = r
    }
  }

  /// What `role` may have counted by now.
  func direction(_ role: Role) -> Direction {
    var guess = role == .originator ? directions.originator : directions.responder
    guess.unackedIndex = count
    guess.contiguous = guess.maxEnd
    guess.octetsUnique = guess.octetsPayload
    guess.lastStepID = guess.lastIPID
    return guess
  }

  private static func count(_ r: SegmentRecord, _ own: inout Direction, _ peer: inout Direction) {
    let isSyn = r.flags.contains(.syn)
    if own.packets == 0 {
      own.base = isSyn ? r.seq : r.seq &- 1
      own.known = [.base, .segment]
      own.ttlMin = r.ttl
    }
    if isSyn {
      own.known.formUnion([.isn, .syn])
      own.offered = TCPOptionSet(rawValue: UInt16(truncatingIfNeeded: r.sackTop))
      own.synCount &+= 1
      if r.flags.contains(.ack) {
        own.known.insert(.synAck)
        own.synAckAck = r.ack
      }
    } else {
      own.known.formUnion([.nonSyn, .window])
      own.windowMin = min(own.windowMin, r.window)
      own.windowMax = max(own.windowMax, r.window)
      own.window = r.window
    }
    own.maxEnd = Int64(r.seq &+ r.segLen &- own.base)
    own.ttlMax = r.ttl
    own.lastTime = r.time
    own.lastTSVal = r.tsVal
    own.lastIPID = r.ipID
    own.flagsUnion |= r.flags.rawValue
    own.packets &+= 1
    own.octetsIP &+= UInt64(r.payload) &+ 52
    if r.marks.contains(.hasTimestamps) {
      if own.stamps == 0 {
        own.firstTSVal = r.tsVal
        own.firstTSTime = r.time
      }
      own.stamps &+= 1
    }
    if r.flags.contains(.ack) {
      own.ackCount &+= 1
      peer.una = Int64(r.ack &- peer.base)
      peer.ackedAssessed = peer.una
      peer.edge = peer.una &+ Int64(r.window)
      peer.known.insert(.acked)
    }
    if r.flags.contains(.psh) { own.pshCount &+= 1 }
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
}
