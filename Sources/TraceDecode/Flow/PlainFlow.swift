/// What a textbook flow's account rests on, gathered from its records in one walk, without evidence made of them.
///
/// Most flows open by three segments, carry their data in order and close by two FINs, or are still open. What
/// `PathInference` and `FlowStories` say of such a flow follows from few numbers of few segments;
/// `Flow.fillPlainly` says the same from here. Anything out of the ordinary, and this reader gives up.
/// Cost: some thirty instructions a record.
struct PlainFlow {
  /// A segment that a state rests on.
  struct Instant {
    var frame: UInt64 = 0
    var time: Int64 = 0
    var ack: Int64 = 0
    var tsVal: UInt32 = 0
    var hasTimestamps = false
    var flags: TCPFlags = []
    /// Whether there was one.
    var isSeen: Bool { frame != 0 }

    init() {}

    @inline(__always)
    init(_ r: borrowing SegmentRecord, ack: Int64) {
      frame = r.frame
      time = r.time
      self.ack = ack
      tsVal = r.tsVal
      hasTimestamps = r.marks.contains(.hasTimestamps)
      flags = r.flags
    }
  }

  /// One side as the walk goes by.
  struct Side {
    var next: Int64 = 1
    /// `next` of a side that has not been heard of yet.
    static let unseen = Int64.max
    var fin = Instant()
    var finEnd = Int64.max
    /// The peer's first segment that acknowledges its FIN, and when the last of them passed.
    var finAck = Instant()
    var lastFinAck: Int64 = 0
    /// When its last segment passed.
    var lastTime: Int64 = 0
    var firstWrite: UInt64 = 0
    var hasAcknowledged = false
    /// After its FIN the peer sent data that the FIN does not acknowledge, and it acknowledged such data.
    var meetsData = false
    var readsOn = false
  }

  /// The connection's history (`ConnectionHistory`), the first letter in the lowest octet.
  struct Letters {
    private(set) var octets: UInt64 = 0
    private(set) var count = 0

    /// A letter, upper case for the originator. A plain flow has eight at most.
    mutating func add(_ letter: Unicode.Scalar, _ role: Role) {
      guard count < 8 else { return }
      let mask: UInt64 = role == .originator ? 0xdf : 0xff
      octets |= (UInt64(letter.value) & mask) << UInt64(8 &* count)
      count &+= 1
    }

    func append(to history: inout [UInt8]) {
      for i in 0..<count { history.append(UInt8(truncatingIfNeeded: octets &>> UInt64(8 &* i))) }
    }
  }

  private(set) var originator = Side()
  private(set) var responder = Side()
  private(set) var syn = Instant()
  private(set) var synAck = Instant()
  private(set) var third = Instant()
  private(set) var letters = Letters()
  /// The capture began after the opening.
  private(set) var isMidStream = false

  /// Who sent a FIN that nothing acknowledges; nil when neither side did, or both.
  @inline(__always)
  var unanswered: Role? {
    let isOpen = (
      originator.fin.isSeen && !originator.finAck.isSeen, responder.fin.isSeen && !responder.finAck.isSeen
    )
    if isOpen.0 == isOpen.1 { return nil }
    return isOpen.0 ? .originator : .responder
  }

  subscript(role: Role) -> Side { role == .originator ? originator : responder }

  /// Reads `flow` from its first record to its last; false when it is no textbook flow.
  mutating func read(_ flow: borrowing Flow) -> Bool {
    let tail = flow.log.first
    let kept = flow.head.count
    let isCut = tail > kept
    guard kept &+ flow.log.count >= 3, !isCut || kept >= 3 else { return false }
    guard open(flow.remembered(0), flow.remembered(1), flow),
      takeThird(flow.remembered(2), flow)
    else { return false }
    var i = 3
    while i < kept {
      guard take(flow.head[i], flow) else { return false }
      i &+= 1
    }
    if isCut {
      originator.next = max(originator.next, flow.tailStart(of: .originator))
      responder.next = max(responder.next, flow.tailStart(of: .responder))
    }
    var j = tail &+ i &- kept
    while j < flow.log.end {
      guard take(flow.log[j], flow) else { return false }
      j &+= 1
    }
    return true
  }

  /// Reads what was captured of a flow after its opening, where that is all remembered; false when it is a story.
  mutating func readMidStream(_ flow: borrowing Flow) -> Bool {
    guard flow.log.first <= flow.head.count else { return false }
    isMidStream = true
    originator.next = Side.unseen
    responder.next = Side.unseen
    var latest = Int64.min
    var acked = (originator: Int64.min, responder: Int64.min)
    let count = flow.log.end &- flow.log.first &+ flow.head.count
    for i in 0..<count {
      let r = flow.remembered(i)
      // A FIN no later than the data before it would not be what came last.
      guard r.time >= latest, r.time > latest || !r.flags.contains(.fin) else { return false }
      latest = r.time
      let ack = flow[r.sender.peer].offset(r.ack)
      if r.sender == .originator {
        if originator.next == Side.unseen { originator.next = flow.originator.offset(r.seq) }
        if responder.next == Side.unseen { acked.responder = max(acked.responder, ack) }
      } else {
        if responder.next == Side.unseen { responder.next = flow.responder.offset(r.seq) }
        if originator.next == Side.unseen { acked.originator = max(acked.originator, ack) }
      }
      // What is acknowledged before it passes shows that the capture lacks something.
      guard acked.originator <= originator.next, acked.responder <= responder.next, take(r, flow) else {
        return false
      }
    }
    return count > 0
  }

  /// Anything but sent for no other reason than that it was next.
  private static let blemishes: Marks = [
    .duplicate, .badChecksum, .injected, .retransmission, .keepAlive, .windowProbe, .forNewer,
  ]

  /// A SYN-ACK that comes later than this is a story (`FlowStories.isTextbook`). Units: nanoseconds.
  private static let promptly: Int64 = 500_000_000

  /// Takes the SYN and the SYN-ACK; false when they are no textbook ones.
  private mutating func open(
    _ first: SegmentRecord, _ second: SegmentRecord, _ flow: borrowing Flow
  ) -> Bool {
    guard Self.isOpening(first, second, flow), second.time &- first.time <= Self.promptly else {
      return false
    }
    syn = Instant(first, ack: 0)
    synAck = Instant(second, ack: 1)
    letters.add("s", .originator)
    letters.add("h", .responder)
    return true
  }

  /// Whether they are a SYN and the SYN-ACK that answers it.
  static func isOpening(_ first: SegmentRecord, _ second: SegmentRecord, _ flow: borrowing Flow) -> Bool {
    let bits: TCPFlags = [.syn, .ack, .rst, .fin]
    let (o, r) = (flow.pointer(.originator), flow.pointer(.responder))
    return first.flags.intersection(bits) == .syn && second.flags.intersection(bits) == [.syn, .ack]
      && first.sender == .originator && second.sender == .responder && first.payload | second.payload == 0
      && first.marks.isDisjoint(with: blemishes) && second.marks.isDisjoint(with: blemishes)
      && o.pointee.offset(first.seq) == 0 && r.pointee.offset(second.seq) == 0
      && o.pointee.known.contains(.base) && o.pointee.offset(second.ack) == 1 && first.time <= second.time
  }

  private mutating func takeThird(_ r: SegmentRecord, _ flow: borrowing Flow) -> Bool {
    guard r.sender == .originator, flow.responder.offset(r.ack) == 1, flow.originator.offset(r.seq) == 1
    else { return false }
    third = Instant(r, ack: 1)
    return take(r, flow)
  }

  /// Takes the next segment; false when it is no next one of a textbook flow.
  @inline(__always)
  private mutating func take(_ r: borrowing SegmentRecord, _ flow: borrowing Flow) -> Bool {
    // A closed window is a letter of its own, and no plain matter.
    guard r.marks.isDisjoint(with: Self.blemishes), r.flags.intersection([.syn, .ack, .rst]) == .ack,
      r.window != 0
    else { return false }
    let (o, p) = (flow.pointer(.originator), flow.pointer(.responder))
    return r.marks.contains(.fromResponder)
      ? Self.step(r, .responder, &responder, &originator, p, o, &letters)
      : Self.step(r, .originator, &originator, &responder, o, p, &letters)
  }

  @inline(__always)
  private static func step(
    _ r: borrowing SegmentRecord, _ role: Role, _ own: inout Side, _ peer: inout Side,
    _ direction: UnsafeMutablePointer<Direction>, _ other: UnsafeMutablePointer<Direction>,
    _ letters: inout Letters
  ) -> Bool {
    let start = direction.pointee.offset(r.seq)
    let ack = other.pointee.offset(r.ack)
    guard start == own.next, ack <= peer.next, other.pointee.known.contains(.base) else { return false }
    let length = r.segLen
    // Nothing follows a FIN but acknowledgements.
    if own.fin.isSeen {
      if length > 0 { return false }
      if own.meetsData, min(ack, peer.finEnd &- 1) > own.fin.ack { own.readsOn = true }
    }
    if r.payload > 0 {
      if own.firstWrite == 0 {
        own.firstWrite = r.frame
        letters.add("d", role)
      }
      if peer.fin.isSeen, start >= peer.fin.ack { peer.meetsData = true }
    } else if !r.flags.contains(.fin), !own.hasAcknowledged {
      own.hasAcknowledged = true
      letters.add("a", role)
    }
    own.next = start &+ Int64(length)
    own.lastTime = r.time
    if r.flags.contains(.fin) {
      own.fin = Instant(r, ack: ack)
      own.finEnd = own.next
      letters.add("f", role)
    }
    if ack >= peer.finEnd {
      if !peer.finAck.isSeen { peer.finAck = Instant(r, ack: ack) }
      peer.lastFinAck = r.time
    }
    return true
  }
}

extension Flow {
  /// The record that was remembered as number `i` from the first, head and log taken together.
  func remembered(_ i: Int) -> SegmentRecord { i < head.count ? head[i] : log[log.first &+ i &- head.count] }

  /// Where the first remembered segment of `role` in the tail starts.
  fileprivate func tailStart(of role: Role) -> Int64 {
    for i in log.first..<log.end where log[i].sender == role { return self[role].offset(log[i].seq) }
    return Int64.min
  }
}
