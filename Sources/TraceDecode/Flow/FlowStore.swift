/// Owns every flow, their table and the queue of those that wait for their end.
///
/// A flow is known by its place, which may change when it is packed or unpacked (`FlowStore+Packing`): only the
/// flow last found, and those that wait or have a timer, are sure to stay where they are.
struct FlowStore: ~Copyable {
  var table = FlowTable()
  /// Flows and their directions, `1 << chunkBits` flows a chunk, all aligned to cache lines.
  private var chunks: [UnsafeMutableRawPointer] = []
  private var directions: [UnsafeMutablePointer<Direction>] = []
  /// The flow number in each place; 0 for a free one.
  private(set) var numbers: [Int32] = []
  private var freed: [Int32] = []
  /// Flows of all kinds, packed ones included.
  var count = 0
  var packed: PackedFlows
  /// Closed flows, in the order of their closing and so of their dues.
  private var waiting: [Waiting] = []
  private var waitingHead = 0
  /// Flows that began with a SYN, the oldest first; those that are no longer half open are passed over.
  private var opening: [(index: Int32, number: Int32)] = []
  private var openingHead = 0
  /// How many flows are half open.
  private(set) var halfOpenCount = 0
  private var sweep = 0
  private var timers = FlowTimers()

  private static let chunkBits = 8
  private static let line = 64
  private static let flowStride = (MemoryLayout<Flow>.size + line - 1) & ~(line - 1)

  let policy: PackingPolicy

  /// - Parameter seed: that of the hashes it is given.
  init(policy: PackingPolicy, seed: UInt64) {
    self.policy = policy
    packed = PackedFlows(seed: seed)
  }

  deinit {
    for index in numbers.indices where numbers[index] != 0 { pointer(index).deinitialize(count: 1) }
    for chunk in chunks { chunk.deallocate() }
    for chunk in directions { chunk.deallocate() }
  }

  private func pointer(_ index: Int) -> UnsafeMutablePointer<Flow> {
    let place = index & (1 << Self.chunkBits &- 1)
    return (chunks[index >> Self.chunkBits] + place &* Self.flowStride).assumingMemoryBound(to: Flow.self)
  }

  /// The flow in place `index`, which must be in use.
  subscript(index: Int) -> UnsafeMutablePointer<Flow> { pointer(index) }

  /// The newest incarnation of a four-tuple.
  mutating func find(_ key: FlowKey, _ hash: UInt32) -> Int? {
    var place = table.start(hash)
    while let index = table.next(hash, &place) {
      if Self.isPacked(index) {
        if packed.key(index & ~Self.packedBit) == key { return unpack(index) }
      } else if pointer(index).pointee.key == key {
        return index
      }
    }
    return nil
  }

  /// The newest incarnation of the four-tuple of `s`.
  @inline(__always)
  mutating func find(_ s: borrowing Segment, sourceIsLow: Bool, _ hash: UInt32) -> Int? {
    var place = table.start(hash)
    while let index = table.next(hash, &place) {
      if Self.isPacked(index) {
        if packed.key(index & ~Self.packedBit).matches(s, sourceIsLow: sourceIsLow) { return unpack(index) }
      } else if pointer(index).pointee.key.matches(s, sourceIsLow: sourceIsLow) {
        return index
      }
    }
    return nil
  }

  /// What lies in the table where `hash` belongs: a flow's place, and its likeliest one, or nothing; packed ones
  /// are left alone.
  @inline(__always)
  func glance(_ hash: UInt32) -> Int? {
    guard let index = table.glance(hash), !Self.isPacked(index) else { return nil }
    return index
  }

  /// Reads a word of each cache line that any segment of the flow in place `index` will need.
  @inline(__always)
  func touch(_ index: Int) -> UInt64 {
    let flow = pointer(index)
    return UInt64(flow.pointee.status.rawValue) &+ UInt64(truncatingIfNeeded: flow.pointee.lastTime)
      &+ UInt64(flow.pointee.originator.known.rawValue) &+ UInt64(flow.pointee.responder.known.rawValue)
  }

  /// Reads on, for a segment whose source is the lower end or not: its sender's counters, the place its record will
  /// take, and those of the records it may acknowledge.
  @inline(__always)
  func touchSender(_ index: Int, sourceIsLow: Bool) -> UInt64 {
    let flow = pointer(index)
    let role = flow.pointee.role(sourceIsLow: sourceIsLow)
    let unacked = flow.pointee[role.peer].unackedIndex
    return flow.pointee[role].touch() &+ flow.pointee.log.touch(flow.pointee.log.end)
      &+ flow.pointee.log.touch(unacked) &+ flow.pointee.log.touch(unacked &+ 1)
  }

  mutating func insert(_ hash: UInt32, _ index: Int) { table.insert(hash, index) }
  mutating func replace(_ hash: UInt32, _ old: Int, with new: Int) { table.replace(hash, old, with: new) }
  mutating func remove(_ hash: UInt32, _ index: Int) { table.remove(hash, index) }

  /// A place with a fresh flow of that number.
  mutating func make(_ key: FlowKey, originatorIsLow: Bool, number: Int32) -> Int {
    count &+= 1
    let index = takePlace(number)
    pointer(index).initialize(to: Flow(key, originatorIsLow: originatorIsLow, directions: sides(index)))
    pointer(index).pointee.number = number
    return index
  }

  /// Where the two directions of the flow in place `index` lie.
  func sides(_ index: Int) -> UnsafeMutablePointer<Direction> {
    directions[index >> Self.chunkBits] + 2 * (index & (1 << Self.chunkBits &- 1))
  }

  /// A free place, from now on that of the flow of that number, which is to be put there.
  mutating func takePlace(_ number: Int32) -> Int {
    let index: Int
    if let place = freed.popLast() {
      index = Int(place)
    } else {
      index = numbers.count
      if index >> Self.chunkBits == chunks.count {
        addChunk()
      }
      numbers.append(0)
    }
    numbers[index] = number
    return index
  }

  private mutating func addChunk() {
    let count = 1 << Self.chunkBits
    chunks.append(.allocate(byteCount: count &* Self.flowStride, alignment: Self.line))
    let sides = UnsafeMutableRawPointer.allocate(
      byteCount: 2 &* count &* MemoryLayout<Direction>.stride, alignment: Self.line)
    directions.append(sides.bindMemory(to: Direction.self, capacity: 2 &* count))
  }

  mutating func free(_ index: Int) {
    pointer(index).deinitialize(count: 1)
    numbers[index] = 0
    freed.append(Int32(truncatingIfNeeded: index))
    count &-= 1
  }

  /// Every flow there is, in the order they began: number and place. Who is half open is not asked any more.
  mutating func takeAll() -> [(number: Int32, index: Int32)] {
    opening = []
    openingHead = 0
    packed.isTidy = false
    var all: [(number: Int32, index: Int32)] = []
    all.reserveCapacity(count)
    for index in numbers.indices where numbers[index] != 0 {
      all.append((numbers[index], Int32(truncatingIfNeeded: index)))
    }
    packed.visit { all.append((packed.number($0), Int32(truncatingIfNeeded: $0 | Self.packedBit))) }
    all.sort { $0.number < $1.number }
    return all
  }

  /// The place of that flow, unpacked if it was not; nil once it has ended.
  mutating func wake(_ flow: (number: Int32, index: Int32)) -> Int? {
    let index = Int(flow.index)
    if Self.isPacked(index) {
      return packed.number(index & ~Self.packedBit) == flow.number ? unpack(index) : nil
    }
    return numbers[index] == flow.number ? index : nil
  }

  /// A flow that waits for its end.
  struct Waiting {
    var index: Int32
    var number: Int32
    /// When its time has come, in trace time, and in closes of the whole capture (`Engine.noteClose`).
    var due: Int64
    var dueCloses: UInt64
    /// How many frames had been taken when it began to wait, its own included.
    var frames: UInt64
  }

  /// Has the flow wait for its end. Neither of the dues may be less than those of the flow before.
  mutating func queue(_ index: Int, due: Int64, closes: UInt64, frames: UInt64) {
    waiting.append(
      Waiting(
        index: Int32(truncatingIfNeeded: index), number: numbers[index], due: due, dueCloses: closes,
        frames: frames))
  }

  /// The next flow whose time has come.
  mutating func popDue(_ now: Int64) -> Waiting? { pop { $0.due <= now } }

  /// The next flow after whose closing that many others closed.
  mutating func popDue(closes: UInt64) -> Waiting? { pop { $0.dueCloses <= closes } }

  private mutating func pop(_ isDue: (Waiting) -> Bool) -> Waiting? {
    while waitingHead < waiting.count, isDue(waiting[waitingHead]) {
      let next = waiting[waitingHead]
      waitingHead &+= 1
      if waitingHead > 4096, waitingHead &* 2 > waiting.count {
        waiting.removeFirst(waitingHead)
        waitingHead = 0
      }
      if numbers[Int(next.index)] == next.number { return next }
    }
    return nil
  }

  /// How many flows wait for their end.
  var waitingCount: Int { waiting.count &- waitingHead }

  /// The flow that has waited longest for its end, due or not.
  mutating func popWaiting() -> Int? { popDue(.max).map { Int($0.index) } }

  /// Notes that the flow is half open.
  mutating func beginOpening(_ index: Int) {
    self[index].pointee.status.insert(.halfOpen)
    halfOpenCount &+= 1
    if opening.count > 4096, opening.count > 4 &* halfOpenCount { dropOpened() }
    opening.append((Int32(truncatingIfNeeded: index), numbers[index]))
  }

  /// Notes that the flow is half open no longer, if it was.
  mutating func endOpening(_ index: Int) {
    guard self[index].pointee.status.contains(.halfOpen) else { return }
    self[index].pointee.status.remove(.halfOpen)
    halfOpenCount &-= 1
  }

  /// The flow that has been half open for longest; nil when it was packed, and is gone now.
  mutating func takeOldestHalfOpen() -> Int? {
    while openingHead < opening.count {
      let next = opening[openingHead]
      if isHalfOpen(next) {
        if !Self.isPacked(Int(next.index)) { return Int(next.index) }
        dropPacked(Int(next.index))
        halfOpenCount &-= 1
        return nil
      }
      openingHead &+= 1
      if openingHead > 4096, openingHead &* 2 > opening.count { dropOpened() }
    }
    return nil
  }

  private func isHalfOpen(_ entry: (index: Int32, number: Int32)) -> Bool {
    let index = Int(entry.index)
    // Only what is half open is followed into its packed state (`move`).
    if Self.isPacked(index) { return packed.number(index & ~Self.packedBit) == entry.number }
    return numbers[index] == entry.number && self[index].pointee.status.contains(.halfOpen)
  }

  /// Notes that a half-open flow lies elsewhere now; one that is known to lie at `old` or is not half open.
  mutating func moveOpening(of number: Int32, to index: Int, from old: Int? = nil) {
    // They began in the order of their numbers.
    var (low, high) = (openingHead, opening.count)
    if let last = opening.last, last.number == number { low = high &- 1 }
    while low < high {
      let middle = (low &+ high) / 2
      if opening[middle].number < number { low = middle &+ 1 } else { high = middle }
    }
    if low < opening.count, opening[low].number == number,
      old.map({ opening[low].index == Int32($0) }) ?? true
    {
      opening[low].index = Int32(truncatingIfNeeded: index)
    }
  }

  private mutating func dropOpened() {
    opening = opening[openingHead...].filter { isHalfOpen($0) }
    openingHead = 0
  }

  /// When the next flow that waits for its end or a timer is due.
  ///
  /// Inlined: called, it would have the whole store copied for every frame.
  var nextDue: Int64? {
    @inline(__always) get {
      let end = waitingHead < waiting.count ? waiting[waitingHead].due : nil
      guard let timer = timers.nextDue else { return end }
      return end.map { min($0, timer) } ?? timer
    }
  }

  mutating func setTimer(_ kind: FlowTimer, for index: Int, due: Int64) {
    timers.add(
      kind, index: Int32(truncatingIfNeeded: index), number: numbers[index],
      firstFrame: pointer(index).pointee.firstFrame, due: due)
  }

  /// The next timer that has come, of a flow that still is.
  mutating func popTimer(_ now: Int64) -> FlowTimers.Entry? {
    while let due = timers.nextDue, due <= now, let entry = timers.pop() {
      if numbers[Int(entry.index)] == entry.number { return entry }
    }
    return nil
  }

  /// Calls `body` with flows in use, at most `limit` of them, the newest places first, packed ones last.
  func visit(limit: Int, _ body: (UnsafeMutablePointer<Flow>) -> Void) {
    var left = limit
    for index in numbers.indices.reversed() where numbers[index] != 0 {
      if left == 0 { return }
      left &-= 1
      body(pointer(index))
    }
    visitPacked(limit: left, body)
  }

  /// The place of the flow with that number; nil once it has ended.
  mutating func place(of number: Int32) -> Int? {
    guard number > 0 else { return nil }
    return numbers.firstIndex(of: number) ?? packedPlace(of: number).map { unpack($0) }
  }

  /// The next flow to shed when there is no room: round robin, so that every one gets its time; packed ones first.
  mutating func victim() -> Int? {
    guard count > 0 else { return nil }
    if let place = packed.next() { return unpack(place | Self.packedBit) }
    for _ in numbers.indices {
      sweep = (sweep &+ 1) % numbers.count
      if numbers[sweep] != 0 { return sweep }
    }
    return nil
  }
}
