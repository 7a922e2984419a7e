/// One response on its way: a sender with congestion control and SACK recovery, a path that loses and reorders, and a
/// receiver with delayed ACKs; counted in segments.
struct Transfer {
  /// A segment on its way from the capture point to the receiver.
  private struct Arrival {
    var time: UInt64
    var index: Int
    var timestamp: UInt32
  }

  /// An acknowledgment on its way from the capture point to the sender.
  private struct Acknowledgment {
    var time: UInt64
    var next: Int
    var timestamp: UInt32
    var blocks: [Range<Int>]
  }

  private static let never = UInt64.max
  private static let delayedAck: UInt64 = 40_000_000
  private static let leastTimeout: UInt64 = 200_000_000

  /// Segments in all, and the octets of the last one.
  private let segments: Int
  private let lastSize: Int
  private let size: Int
  /// Stream offset of the first octet, relative to the ISS.
  private let base: UInt32
  private let window: Int

  // The sender.
  private var una = 0
  private var nxt = 0
  private var congestionWindow = 10.0
  private var slowStartThreshold: Double
  private var sacked: WindowBits
  private var retransmitted: WindowBits
  /// One past the highest segment that was selectively acknowledged.
  private var highestSacked = 0
  /// Where the search for the next retransmission goes on.
  private var retransmitFrom = 0
  private var isRecovering = false
  private var recoveryPoint = 0
  private var duplicateAcks = 0
  private var sendAt: UInt64
  private var timeoutAt = never
  private var timeout: UInt64
  /// A segment that overtakes others before the capture point.
  private var held: (time: UInt64, index: Int, stamp: Stamp)?

  // The path.
  private var arrivals = Ring<Arrival>()
  private var acknowledgments = Ring<Acknowledgment>()

  // The receiver.
  private var rcv = 0
  /// One past the highest segment that arrived.
  private var highest = 0
  private var received: WindowBits
  private var unacknowledged = 0
  private var ackAt = never
  /// Segments that arrived out of order, the latest first: each begins a SACK block (RFC 2018, 4).
  private var recent: [Int] = []

  init(octets: Int, flow: SimulatedFlow, at time: UInt64, window: Int) {
    size = flow.traits.segmentSize
    segments = (octets + size - 1) / size
    lastSize = octets - (segments - 1) * size
    base = flow.hosts.responder.sent
    self.window = window
    slowStartThreshold = Double(window)
    sacked = WindowBits(size: window)
    retransmitted = WindowBits(size: window)
    received = WindowBits(size: window)
    sendAt = time
    timeout = Self.leastTimeout + 2 * (flow.traits.farRoundTrip + flow.traits.nearRoundTrip)
  }

  /// Everything was acknowledged, and the sender knows.
  var isComplete: Bool { una >= segments }

  /// The stream offset after the last octet.
  var end: UInt32 { offset(segments) }

  private func offset(_ index: Int) -> UInt32 {
    let octets = index >= segments ? (segments - 1) * size + lastSize : index * size
    return base &+ UInt32(truncatingIfNeeded: octets)
  }

  /// Runs what is due; returns when the next thing is.
  mutating func step(at time: UInt64, flow: inout SimulatedFlow, world: inout World) -> UInt64 {
    if let late = held, late.time <= time {
      held = nil
      putOnWire(late.index, at: time, stamp: late.stamp, flow: &flow, world: &world)
      deliver(late.index, at: time + flow.traits.farRoundTrip, sent: late.stamp.sent, flow: flow)
    } else if let next = acknowledgments.first, next.time <= time {
      if let ack = acknowledgments.popFirst() { acknowledged(ack, flow: &flow) }
    } else if let next = arrivals.first, next.time <= time {
      if let arrival = arrivals.popFirst() { arrived(arrival, flow: &flow, world: &world) }
    } else if ackAt <= time {
      acknowledge(at: time, flow: &flow, world: &world)
    } else if timeoutAt <= time {
      timedOut(at: time, flow: &flow, world: &world)
    } else if sendAt <= time, let index = sendable(sack: flow.traits.sack) {
      if index < nxt { retransmitted[index] = true } else { nxt = index + 1 }
      transmit(index, at: time, flow: &flow, world: &world)
      sendAt = time + flow.traits.pace
      if timeoutAt == Self.never { timeoutAt = time + timeout }
    }
    return max(time, nextEvent(after: time, sack: flow.traits.sack))
  }

  private mutating func nextEvent(after time: UInt64, sack: Bool) -> UInt64 {
    if isComplete { return time + 1000 }
    var next = min(ackAt, timeoutAt)
    if let held { next = min(next, held.time) }
    if let first = acknowledgments.first { next = min(next, first.time) }
    if let first = arrivals.first { next = min(next, first.time) }
    if sendAt < next, sendable(sack: sack) != nil { next = sendAt }
    return next == Self.never ? time + 1000 : next
  }

  // MARK: The sender

  /// The segment that may be sent now: what recovery asks for, or new data within the windows.
  private mutating func sendable(sack: Bool) -> Int? {
    if isRecovering {
      let top = min(sack ? highestSacked : una + 1, nxt)
      var i = max(retransmitFrom, una)
      while i < top {
        if !sacked[i], !retransmitted[i], !sack || i + 3 < highestSacked {
          retransmitFrom = i
          return i
        }
        i += 1
      }
      retransmitFrom = max(retransmitFrom, una)
    }
    var limit = Int(congestionWindow)
    if isRecovering, highestSacked > una { limit += (highestSacked - una) / 2 }
    limit = min(limit, window / 2)
    return nxt < segments && nxt - una < limit && nxt < rcv + window - 1 ? nxt : nil
  }

  private mutating func transmit(
    _ index: Int, at time: UInt64, flow: inout SimulatedFlow, world: inout World
  ) {
    let fate = world.random.unit()
    var late: UInt64 = 0
    if fate < world.recipe.loss {
      if world.random.flip() {
        world.tally.lostBehind += 1
        putOnWire(index, at: time, flow: &flow, world: &world)
      } else {
        world.tally.lostBefore += 1
        _ = flow.stamp(from: .responder, at: time)
      }
      return
    }
    if fate < world.recipe.loss + world.recipe.reordering {
      world.tally.late += 1
      late = flow.traits.pace * UInt64(2 + world.random.below(5)) + 1000
      if held == nil, world.random.flip() {
        held = (time + late, index, flow.stamp(from: .responder, at: time))
        return
      }
    }
    putOnWire(index, at: time, flow: &flow, world: &world)
    deliver(index, at: time + flow.traits.farRoundTrip + late, sent: time, flow: flow)
  }

  private func putOnWire(
    _ index: Int, at time: UInt64, stamp: Stamp? = nil, flow: inout SimulatedFlow, world: inout World
  ) {
    let isLast = index + 1 == segments
    flow.sendSegment(
      isLast ? [.psh, .ack] : .ack, from: .responder, sequence: offset(index),
      acknowledging: flow.hosts.originator.sent, payload: isLast ? lastSize : size, blocks: [], at: time,
      stamp: stamp, world: &world)
  }

  private mutating func deliver(_ index: Int, at time: UInt64, sent: UInt64, flow: SimulatedFlow) {
    let timestamp = World.clock(at: sent) &+ flow.hosts.responder.clockOffset
    arrivals.insert(Arrival(time: time, index: index, timestamp: timestamp)) { $0.time < $1.time }
  }

  private mutating func acknowledged(_ ack: Acknowledgment, flow: inout SimulatedFlow) {
    let known = flow.hosts.responder.recentTimestamp
    if Int32(truncatingIfNeeded: ack.timestamp &- known) > 0 {
      flow.hosts.responder.recentTimestamp = ack.timestamp
    }
    if ack.next > una {
      for i in una..<ack.next {
        sacked[i] = false
        retransmitted[i] = false
      }
      let newly = Double(ack.next - una)
      una = ack.next
      timeout = Self.leastTimeout + 2 * (flow.traits.farRoundTrip + flow.traits.nearRoundTrip)
      timeoutAt = ack.time + timeout
      if isRecovering, una >= recoveryPoint { isRecovering = false }
      if !isRecovering {
        congestionWindow += congestionWindow < slowStartThreshold ? newly : newly / congestionWindow
      }
      congestionWindow = min(congestionWindow, Double(window / 2))
      duplicateAcks = 0
    } else {
      duplicateAcks += 1
    }
    for block in ack.blocks {
      for i in block where i >= una { sacked[i] = true }
      highestSacked = max(highestSacked, block.upperBound)
    }
    let isLossSeen = flow.traits.sack ? highestSacked > una + 3 && !sacked[una] : duplicateAcks == 3
    if isLossSeen, !isRecovering, una < nxt {
      isRecovering = true
      recoveryPoint = nxt
      slowStartThreshold = max(4, congestionWindow / 2)
      congestionWindow = slowStartThreshold
    }
    if una == nxt { timeoutAt = Self.never }
  }

  private mutating func timedOut(at time: UInt64, flow: inout SimulatedFlow, world: inout World) {
    for i in una..<nxt { retransmitted[i] = false }
    slowStartThreshold = max(2, congestionWindow / 2)
    congestionWindow = 1
    isRecovering = true
    recoveryPoint = nxt
    retransmitFrom = una
    retransmitted[una] = true
    transmit(una, at: time, flow: &flow, world: &world)
    timeout *= 2
    timeoutAt = time + timeout
  }

  // MARK: The receiver

  private mutating func arrived(_ arrival: Arrival, flow: inout SimulatedFlow, world: inout World) {
    let index = arrival.index
    let hadHole = highest > rcv
    let known = flow.hosts.originator.recentTimestamp
    if index <= rcv, Int32(truncatingIfNeeded: arrival.timestamp &- known) > 0 {
      flow.hosts.originator.recentTimestamp = arrival.timestamp
    }
    if index < rcv || received[index] { return acknowledge(at: arrival.time, flow: &flow, world: &world) }
    received[index] = true
    highest = max(highest, index + 1)
    if index != rcv {
      recent.insert(index, at: 0)
      if recent.count > 3 { recent.removeLast() }
      return acknowledge(at: arrival.time, flow: &flow, world: &world)
    }
    while rcv < highest, received[rcv] {
      received[rcv] = false
      rcv += 1
    }
    unacknowledged += 1
    if hadHole || unacknowledged >= 2 || rcv == segments {
      acknowledge(at: arrival.time, flow: &flow, world: &world)
    } else {
      ackAt = arrival.time + Self.delayedAck
    }
  }

  private mutating func acknowledge(at time: UInt64, flow: inout SimulatedFlow, world: inout World) {
    let blocks = flow.traits.sack && highest > rcv ? heldBlocks() : []
    ackAt = Self.never
    unacknowledged = 0
    let isLost = world.random.chance(world.recipe.loss)
    let isSeen = !isLost || world.random.flip()
    if isSeen {
      flow.sendSegment(
        .ack, from: .originator, sequence: flow.hosts.originator.sent, acknowledging: offset(rcv), payload: 0,
        blocks: blocks.map { (offset($0.lowerBound), offset($0.upperBound)) }, at: time, world: &world)
    } else {
      _ = flow.stamp(from: .originator, at: time)
    }
    guard !isLost else {
      if isSeen { world.tally.lostBehind += 1 } else { world.tally.lostBefore += 1 }
      return
    }
    acknowledgments.append(
      Acknowledgment(
        time: time + flow.traits.nearRoundTrip, next: rcv,
        timestamp: World.clock(at: time) &+ flow.hosts.originator.clockOffset, blocks: blocks))
  }

  /// What arrived beyond the hole, as up to three runs of segments, the latest first.
  private func heldBlocks() -> [Range<Int>] {
    var blocks: [Range<Int>] = []
    for index in recent
    where index >= rcv && received[index] && !blocks.contains(where: { $0.contains(index) }) {
      var start = index
      var end = index + 1
      while start > rcv, received[start - 1] { start -= 1 }
      while end < highest, received[end] { end += 1 }
      blocks.append(start..<end)
    }
    return blocks
  }
}
