/// Owns every flow, their table and the queue of those that wait for their end.
struct FlowStore: ~Copyable {
  private var table = FlowTable()
  /// Flows and their directions, `1 << chunkBits` flows a chunk, all aligned to cache lines.
  private var chunks: [UnsafeMutableRawPointer] = []
  private var directions: [UnsafeMutablePointer<Direction>] = []
  /// The flow number in each place; 0 for a free one.
  private var numbers: [Int32] = []
  private var freed: [Int32] = []
  private(set) var count = 0
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

  init() {}

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
  func find(_ key: FlowKey, _ hash: UInt32) -> Int? {
    table.find(hash) { pointer($0).pointee.key == key }
  }

  /// The newest incarnation of the four-tuple of `s`.
  @inline(__always)
  func find(_ s: borrowing Segment, sourceIsLow: Bool, _ hash: UInt32) -> Int? {
    var place = table.start(hash)
    while let index = table.next(hash, &place) {
      if pointer(index).pointee.key.matches(s, sourceIsLow: sourceIsLow) { return index }
    }
    return nil
  }

  /// What lies in the table where `hash` belongs: a flow's place, and its likeliest one, or nothing.
  @inline(__always)
  func glance(_ hash: UInt32) -> Int? { table.glance(hash) }

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
    let place = index & (1 << Self.chunkBits &- 1)
    pointer(index).initialize(
      to:
        Flow(
          key, originatorIsLow: originatorIsLow, directions: directions[index >> Self.chunkBits] + 2 * place))
    pointer(index).pointee.number = number
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

  /// Places in use, in the order their flows began.
  var live: [Int] { numbers.indices.filter { numbers[$0] != 0 }.sorted { numbers[$0] < numbers[$1] } }

  func isLive(_ index: Int) -> Bool { numbers[index] != 0 }

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

  /// The flow that has been half open for longest.
  mutating func oldestHalfOpen() -> Int? {
    while openingHead < opening.count {
      let next = opening[openingHead]
      if isHalfOpen(next) { return Int(next.index) }
      openingHead &+= 1
      if openingHead > 4096, openingHead &* 2 > opening.count { dropOpened() }
    }
    return nil
  }

  private func isHalfOpen(_ entry: (index: Int32, number: Int32)) -> Bool {
    let index = Int(entry.index)
    return numbers[index] == entry.number && self[index].pointee.status.contains(.halfOpen)
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

  /// Calls `body` with flows in use, at most `limit` of them, the newest places first.
  func visit(limit: Int, _ body: (UnsafeMutablePointer<Flow>) -> Void) {
    var left = limit
    for index in numbers.indices.reversed() where numbers[index] != 0 {
      if left == 0 { return }
      left &-= 1
      body(pointer(index))
    }
  }

  /// The place of the flow with that number; nil once it has ended.
  func place(of number: Int32) -> Int? { number > 0 ? numbers.firstIndex(of: number) : nil }

  /// The next flow to shed when there is no room: round robin, so that every one gets its time.
  mutating func victim() -> Int? {
    guard count > 0 else { return nil }
    for _ in numbers.indices {
      sweep = (sweep &+ 1) % numbers.count
      if numbers[sweep] != 0 { return sweep }
    }
    return nil
  }
}
