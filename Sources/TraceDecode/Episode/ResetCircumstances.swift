/// One value for each of the two roles.
struct PerRole<Value> {
  var originator: Value
  var responder: Value

  init(_ value: Value) {
    originator = value
    responder = value
  }
  subscript(role: Role) -> Value {
    get { role == .originator ? originator : responder }
    set { if role == .originator { originator = newValue } else { responder = newValue } }
  }
}

/// How things stood when a reset passed: gathered in one walk over what came before it.
struct ResetCircumstances {
  private let view: StoryView
  private let reset: Int
  /// Index of the segment it answers.
  private(set) var provoked: Int?
  /// Silence before that segment, or before the reset. Units: nanoseconds.
  private(set) var idle: Int64 = 0
  /// Highest end each side had sent, and the highest acknowledgement; Space: offsets of that side's stream.
  private(set) var highest = PerRole(Int64(1))
  private var highestData = PerRole(Int64(1))
  private var acked = PerRole(Int64(1))
  /// Index of the first FIN of each side.
  private(set) var finSeen = PerRole<Int?>(nil)
  private(set) var resetSeen = PerRole(false)
  private(set) var isAfterFullClose = false
  private(set) var synAckSeen = false
  private(set) var isEstablished = false
  /// Retransmissions in a row without an answer, and probes in a row without one.
  private(set) var repeats = PerRole(0)
  private(set) var unansweredProbes = PerRole(0)
  private var lastSent = PerRole<Int64?>(nil)
  private var largestWindow = PerRole(UInt32(0))
  private var lastWindow = PerRole(UInt32(0))

  init(_ view: StoryView, reset: Int) {
    self.view = view
    self.reset = reset
    var previous: Int64?
    let rst = view.segments[reset]
    for i in view.segments.indices where i < reset && view.isArrival(i) {
      take(i)
    }
    provoked = findProvoked()
    for i in view.segments.indices where i < (provoked ?? reset) && !view.segments[i].isDuplicate {
      previous = view.segments[i].time
    }
    let until = provoked.map { view.segments[$0].time } ?? rst.time
    idle = previous.map { max(0, until &- $0) } ?? 0
    let fins = (view.paths.originator.finEnd, view.paths.responder.finEnd)
    if let a = fins.0, let b = fins.1, finSeen.originator != nil, finSeen.responder != nil {
      isAfterFullClose = acked.originator >= a && acked.responder >= b
    }
  }

  private mutating func take(_ i: Int) {
    let segment = view.segments[i]
    let sender = segment.sender
    if segment.flags.contains(.rst) {
      resetSeen[sender] = true
      return
    }
    if segment.isDuplicate { return }
    if segment.flags.contains(.syn) {
      synAckSeen = synAckSeen || segment.flags.contains(.ack)
    } else if !synAckSeen || sender == .originator || segment.payload > 0 {
      isEstablished = true
    }
    if segment.flags.contains(.fin), finSeen[sender] == nil { finSeen[sender] = i }
    if segment.hasAck {
      acked[sender.peer] = max(acked[sender.peer], segment.ack)
      // Whatever the peer says answers the probes; only new acknowledgement answers the repeats.
      if segment.ack >= highest[sender.peer] { repeats[sender.peer] = 0 }
    }
    unansweredProbes[sender.peer] = 0
    if segment.isProbe {
      unansweredProbes[sender] &+= 1
    } else {
      if segment.isRetransmission { repeats[sender] &+= 1 }
      highest[sender] = max(highest[sender], segment.end)
      if segment.payload > 0 {
        let fin: Int64 = segment.flags.contains(.fin) ? 1 : 0
        highestData[sender] = max(highestData[sender], segment.end &- fin)
      }
    }
    lastSent[sender] = segment.time
    lastWindow[sender] = segment.window
    if !segment.flags.contains(.syn) { largestWindow[sender] = max(largestWindow[sender], segment.window) }
  }

  /// The segment that a reset without a socket answers: SEG.SEQ is its ACK, or SEG.ACK its end (RFC 9293 3.5.2).
  private func findProvoked() -> Int? {
    let rst = view.segments[reset]
    let end = view.evidence[rst.sender]
    let rtt = end.isNear ? 0 : end.rtt ?? 0
    // With the ACK flag it answers a SYN, however long the way; or its sender's socket was gone before.
    if rst.hasAck, let syn = synAnswered(by: rst) { return syn }
    let isGone = finSeen[rst.sender] != nil || resetSeen[rst.sender]
    // An answer without a socket takes no thought; a socket's own reset comes when its application likes.
    let patience = rtt &+ (end.rtt == nil && !end.isNear ? 1_000_000_000 : 20_000_000)
    for i in view.segments.indices.reversed() where i < reset && view.isArrival(i) {
      let segment = view.segments[i]
      if segment.sender == rst.sender || segment.flags.contains(.rst) { continue }
      let lag = rst.time &- segment.time &- rtt
      if lag > patience { return nil }
      if lag < 0 &- view.slack(rst.sender) { continue }
      let fits =
        rst.flags.contains(.ack)
        ? rst.hasAck && rst.ack == segment.end && isGone
        : segment.hasAck && segment.ack == rst.start
      if fits { return i }
    }
    return nil
  }

  private func synAnswered(by rst: EvidenceSegment) -> Int? {
    view.segments.indices.last {
      let segment = view.segments[$0]
      return $0 < reset && segment.flags == .syn && segment.sender != rst.sender && segment.end == rst.ack
    }
  }

  /// Payload octets of `role` that were sent and not acknowledged.
  func unacked(_ role: Role) -> UInt64 {
    let open = highestData[role] &- max(acked[role], 1)
    return open > 0 ? UInt64(open) : 0
  }

  /// Whether data of the peer reached `role` after its own segment `index`.
  func dataReached(_ role: Role, after index: Int) -> Bool {
    let closed = view.sent(view.segments[index])
    for i in view.segments.indices where i < reset && view.isArrival(i) {
      let segment = view.segments[i]
      if segment.sender != role, segment.payload > 0, view.arrived(segment) > closed { return true }
    }
    return false
  }

  /// How long `role` had sent nothing before the reset. Units: nanoseconds.
  func silence(of role: Role) -> Int64 {
    lastSent[role].map { max(0, view.segments[reset].time &- $0) } ?? 0
  }

  /// Octets had arrived that its application cannot have read: the reset is the first to acknowledge them,
  /// or they still filled its window.
  func hasUnread(_ role: Role, _ rst: EvidenceSegment) -> Bool {
    if rst.hasAck, rst.ack > acked[role.peer], rst.ack <= highest[role.peer] { return true }
    return lastWindow[role] < largestWindow[role] / 2 && highestData[role.peer] > 1
  }
}
