/// Frames decoded some way ahead of the analysis, so that the memory their flows lie in is on its way by then.
///
/// With many flows it is cache misses that cost, not instructions. Each loop here only loads, so that the
/// processor has several loads under way at once; what they read does not matter.
struct Lookahead: ~Copyable {
  /// Frames decoded at once.
  static let size = 64
  /// Fewer are not worth it.
  static let least = 4

  let segments = UnsafeMutablePointer<Segment>.allocate(capacity: size)
  let hashes = UnsafeMutablePointer<FlowHash>.allocate(capacity: size)
  let outcomes = UnsafeMutablePointer<WireDecoder.Outcome>.allocate(capacity: size)
  /// Whether another worker keeps their flows.
  let foreign = UnsafeMutablePointer<Bool>.allocate(capacity: size)
  /// Places of the flows the segments seem to belong to; -1 for none.
  let places = UnsafeMutablePointer<Int>.allocate(capacity: size)
  /// The errors of the batch's ICMP messages, in their order.
  var errors: [ICMPError] = []
  /// Keeps the loads from being optimised away.
  var sum: UInt64 = 0

  init() {
    segments.initialize(repeating: Segment(), count: Self.size)
    hashes.initialize(repeating: FlowHash(), count: Self.size)
    outcomes.initialize(repeating: .notTCP, count: Self.size)
    foreign.initialize(repeating: false, count: Self.size)
    places.initialize(repeating: -1, count: Self.size)
  }

  deinit {
    segments.deallocate()
    hashes.deallocate()
    outcomes.deallocate()
    foreign.deallocate()
    places.deallocate()
  }
}

extension Engine {
  /// Takes frames as `accept` does one by one, in the same order and with the same results.
  mutating func acceptAhead(_ frames: UnsafeBufferPointer<Frame>) {
    var start = 0
    while start < frames.count {
      let count = min(Lookahead.size, frames.count &- start)
      let part = UnsafeBufferPointer(rebasing: frames[start..<(start &+ count)])
      flows.packIdle(frames: count, now: part[0].number)
      decodeAhead(part)
      touchFlows(count)
      takeDecoded(part)
      start &+= count
    }
  }

  private mutating func decodeAhead(_ frames: UnsafeBufferPointer<Frame>) {
    guard let first = frames.baseAddress else { return }
    let seed = desk.options.seed
    for i in 0..<frames.count {
      let outcome: WireDecoder.Outcome
      ahead.foreign[i] = false
      switch WireDecoder.decodeCommon(first + i, into: &ahead.segments[i], keeping: classes) {
      case .segment:
        outcome = .segment
        ahead.segments[i].time = withinTimes(ahead.segments[i].time)
      case .foreign:
        ahead.foreign[i] = true
        outcome = .segment
      case .notTCP: outcome = .notTCP
      case .uncommon:
        outcome = decoder.decodeAny(withinTimes(frames[i]), into: &ahead.segments[i])
        if case .segment = outcome { ahead.foreign[i] = isForeign(ahead.segments[i]) }
      }
      ahead.outcomes[i] = outcome
      switch outcome {
      case .segment:
        if ahead.foreign[i] { continue }
        ahead.hashes[i] = FlowHash(ahead.segments[i], seed: seed)
      case .icmp:
        if let error = decoder.icmp { ahead.errors.append(error) }
      default: break
      }
    }
  }

  /// Fetches table slots, then flows, then what hangs on them.
  private mutating func touchFlows(_ count: Int) {
    for i in 0..<count {
      if case .segment = ahead.outcomes[i], !ahead.foreign[i] {
        ahead.places[i] = flows.glance(ahead.hashes[i].value) ?? -1
      } else {
        ahead.places[i] = -1
      }
    }
    var sum: UInt64 = 0
    for i in 0..<count where ahead.places[i] >= 0 { sum &+= flows.touch(ahead.places[i]) }
    for i in 0..<count where ahead.places[i] >= 0 {
      sum &+= flows.touchSender(ahead.places[i], sourceIsLow: ahead.hashes[i].sourceIsLow)
    }
    ahead.sum &+= sum
  }

  private mutating func takeDecoded(_ frames: UnsafeBufferPointer<Frame>) {
    var errors = 0
    for i in 0..<frames.count {
      note(frames[i])
      switch ahead.outcomes[i] {
      case .segment:
        place = ahead.segments + i
        takeSegment(ahead.hashes[i], isForeign: ahead.foreign[i])
      case .icmp:
        if errors < ahead.errors.count { takeICMP(ahead.errors[errors]) }
        errors &+= 1
      case let other: note(other)
      }
    }
    if !ahead.errors.isEmpty { ahead.errors.removeAll(keepingCapacity: true) }
  }
}
