/// Gathers the retransmissions of one sender into losses: one story from the first repeat to the acknowledgement
/// of everything that was outstanding then.
struct LossMachine {
  /// A loss whose story is not told yet; a class, for it is large and waits among many.
  final class Open {
    var number: Int
    /// RecoveryPoint: the highest octet sent when it began (RFC 6675 2).
    var target: Int64
    var signal: SegmentRecord?
    var hole: SegmentRecord?
    var recoveredBy: SegmentRecord?
    var firstRecord: SegmentRecord?
    var acknowledgedBy: SegmentRecord?
    var resentAfterAck: SegmentRecord?
    var retransmissions: [Retransmission] = []
    var count = 0
    var needed = 0
    var upstream = 0
    var downstream = 0
    var timeouts = 0
    /// Repeated acknowledgements that signalled it.
    var duplicateAcks = 0
    var lostOctets: UInt64 = 0
    var isAnswered = false
    var orderUnknown = false

    init(number: Int, target: Int64, signal: SegmentRecord?) {
      self.number = number
      self.target = target
      self.signal = signal
    }
  }
  private var open: [Open] = []
  private var next = 1

  /// Losses kept open at once; beyond it the oldest counts as finished.
  static let limit = 32

  /// The loss a retransmission belongs to: the one under way, or a new one.
  mutating func episode(
    for a: Arrival, una: Int64, highData: Int64, signal: SegmentRecord?, duplicateAcks: @autoclosure () -> Int
  ) -> Int {
    if let last = open.indices.last, open[last].recoveredBy == nil {
      return open[last].number
    }
    let loss = Open(number: next, target: max(highData, a.end), signal: signal)
    loss.duplicateAcks = duplicateAcks()
    open.append(loss)
    next &+= 1
    return next &- 1
  }

  /// An acknowledgement of the peer: does it end what is under way?
  mutating func acknowledged(_ ack: Int64, by r: SegmentRecord) {
    guard let last = open.indices.last, open[last].recoveredBy == nil else { return }
    open[last].isAnswered = true
    if ack >= open[last].target { open[last].recoveredBy = r }
  }

  /// Adds a judged retransmission to its loss.
  mutating func add(_ story: Retransmission, of p: PendingRetransmission) {
    guard let i = open.firstIndex(where: { $0.number == p.episode }) else { return }
    if open[i].firstRecord == nil { open[i].firstRecord = p.record }
    if open[i].hole == nil { open[i].hole = p.hole }
    open[i].count &+= 1
    if open[i].retransmissions.count < Limits().evidence { open[i].retransmissions.append(story) }
    if story.cause == .timeout { open[i].timeouts &+= 1 }
    if p.orderUnknown { open[i].orderUnknown = true }
    if p.spurious == .none {
      open[i].needed &+= 1
      open[i].lostOctets &+= UInt64(p.record.payload)
      if p.fillsHole { open[i].upstream &+= 1 } else { open[i].downstream &+= 1 }
    } else if let ack = p.acknowledgedBy, open[i].acknowledgedBy == nil {
      open[i].acknowledgedBy = ack
      open[i].resentAfterAck = p.record
    }
  }

  /// Losses that are over and have no retransmission left to be judged.
  ///
  /// Retransmissions are judged in the order they came in, and so are losses.
  /// - Parameter pending: the loss of the oldest retransmission that is not judged; nil when all are.
  mutating func takeFinished(before pending: Int?) -> [Open] {
    var count = 0
    while count < open.count, open[count].recoveredBy != nil, pending.map({ open[count].number < $0 }) ?? true
    {
      count &+= 1
    }
    if count == 0 { return [] }
    let finished = open.prefix(count).filter { $0.count > 0 }
    open.removeFirst(count)
    return finished
  }

  /// Everything that is left, when the flow is over.
  mutating func takeAll() -> [Open] {
    defer { open = [] }
    return open.filter { $0.count > 0 }
  }
}

extension LossMachine.Open {
  /// The story as it is told; references to records are the flow's to add.
  func episode(_ sender: Role, oneWay: Bool) -> LossEpisode {
    let side: LossEpisode.Side
    if oneWay {
      side = .unknown
    } else if needed == 0 {
      side = .nowhere
    } else if upstream > 0, downstream > 0 {
      side = .both
    } else {
      side = upstream > 0 ? .upstream : .downstream
    }
    var e = LossEpisode(
      sender: sender, side: side, confidence: retransmissions.map(\.confidence).min() ?? .possible)
    e.retransmissions = retransmissions
    e.count = count
    e.lostOctets = lostOctets
    e.timeouts = timeouts
    e.duplicateAcks = duplicateAcks
    e.asymmetric = oneWay
    e.gaveUp = recoveredBy == nil && !isAnswered && !oneWay
    return e
  }
}
