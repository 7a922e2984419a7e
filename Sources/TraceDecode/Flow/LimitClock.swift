/// What kept a sender from sending faster, from one data segment to the next (RULES P10).
///
/// The pause before a segment is judged by what ended it: a round trip's ACK, room in the window, a repair, or
/// nothing but the application.
struct LimitClock {
  /// Nanoseconds, one count a cause.
  private(set) var spent = [Int64](repeating: 0, count: Cause.allCases.count)

  enum Cause: Int, CaseIterable {
    /// It had nothing to send.
    case application
    /// It stood at the edge of the peer's window.
    case receiverWindow
    case zeroWindow
    /// It waited for the ACK of a segment that was not full (RFC 896), and the peer held that back.
    case delayedAck
    /// Each ACK let it go on: its own congestion window, or the path.
    case congestionWindow
    case loss
    case unknown
  }

  /// A segment of data as the clock needs it.
  struct Sending {
    var time: Int64
    var isRetransmission: Bool
    var isFull: Bool
    /// Units: octets; the room left in the peer's window once it is sent, nil where that is unknown.
    var room: Int64?
    /// A full segment. Units: octets.
    var segment: Int64
    var maxEnd: Int64
    /// Time that the peer's window has been closed in all.
    var closedTime: Int64
    /// Capture point to the sender and back. Units: nanoseconds.
    var half: Int64
    var pathTime: Int64
  }

  private var mark: Int64
  private var hasSent = false
  private var lastWasFull = true
  private var standsAtEdge = false
  private var closedBefore: Int64 = 0
  private var lastAck: Int64?
  /// When everything sent was acknowledged, until something more is sent.
  private var clearedAt: Int64?
  /// A loss is being repaired until this much is acknowledged.
  private var repairEnd: Int64?

  init(start: Int64) { mark = start }

  mutating func acknowledged(_ ack: Int64, maxEnd: Int64, at time: Int64, advances: Bool) {
    if advances { lastAck = time }
    if ack >= maxEnd, clearedAt == nil, hasSent { clearedAt = time }
    if let end = repairEnd, ack >= end {
      // The repair ends here, whenever it sends next.
      spend(.loss, max(0, time &- mark))
      mark = max(mark, time)
      repairEnd = nil
    }
  }

  mutating func sent(_ s: Sending) {
    judge(s)
    mark = max(mark, s.time)
    hasSent = true
    lastWasFull = s.isFull
    standsAtEdge = s.room.map { $0 < s.segment } ?? false
    closedBefore = s.closedTime
    clearedAt = nil
    if s.isRetransmission { repairEnd = max(repairEnd ?? 0, s.maxEnd) }
  }

  private mutating func judge(_ s: Sending) {
    var pause = max(0, s.time &- mark)
    let closed = min(pause, max(0, s.closedTime &- closedBefore))
    spend(.zeroWindow, closed)
    pause &-= closed
    if !hasSent { return spend(.application, pause) }
    if s.isRetransmission || repairEnd != nil { return spend(.loss, pause) }
    let reach = s.half &+ 5_000_000
    if let clearedAt {
      let idle = min(pause, max(0, s.time &- max(clearedAt, mark)))
      let wait = pause &- idle
      // It went on as soon as it could have heard: the ACK was what it waited for.
      guard idle <= reach else {
        spend(.application, pause)
        return
      }
      if standsAtEdge { return spend(.receiverWindow, pause) }
      let isHeld = !lastWasFull && wait > s.pathTime &+ 30_000_000
      return spend(isHeld ? .delayedAck : .congestionWindow, pause)
    }
    if standsAtEdge { return spend(.receiverWindow, pause) }
    let isReleased = lastAck.map { $0 >= mark &- s.half && s.time &- $0 <= reach } ?? false
    spend(isReleased ? .congestionWindow : .application, pause)
  }

  /// The flow is over: what came after its last data was nothing to send, or is not known.
  mutating func finish(at time: Int64) {
    guard hasSent else { return }
    let pause = max(0, time &- mark)
    spend(repairEnd != nil ? .loss : clearedAt != nil ? .application : .unknown, pause)
    mark = max(mark, time)
  }

  private mutating func spend(_ cause: Cause, _ time: Int64) { spent[cause.rawValue] &+= time }
}
