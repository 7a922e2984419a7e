import TraceDecode

/// Frames as they pass live interfaces, or as another source comes by them, without ever blocking for long.
///
/// Interfaces are opened by `init`; reading starts with the first call of `poll`, so that privileges can be
/// dropped between the two.
public final class LiveSource: CaptureSource {
  /// What one call of `poll` brought.
  public enum Event: Sendable, Equatable {
    case frames(Int)
    /// Nothing new; every frame of before that time has been delivered. nil when that is not known.
    case idle(quietBefore: Int64?)
    case ended

    public var isIdle: Bool { if case .idle = self { true } else { false } }
  }

  private let queue: LiveQueue
  private var start: (() -> Bool)?
  private var onStop: () -> Void = {}
  private var known: CaptureInfo
  private var pending: [[LiveBlock]]
  private var heads: [Int]
  private var quietBefore: Int64?
  private var ended = false
  private var isStopped = false
  private var notices: [String]
  private var framesLeft: UInt64
  private var nextFrame: UInt64 = 1
  private var oldestHeld: Int64?
  private let inner: FollowedSource?
  private var batch: [Frame] = []

  /// Opens interfaces.
  ///
  /// Errors: the first that cannot be opened, and what to do about it.
  public init(_ options: LiveOptions) throws(CaptureError) {
    var opened: [LiveInterface] = []
    for name in options.interfaces { opened.append(try LiveInterface.open(name, options)) }
    guard !opened.isEmpty else {
      throw CaptureError(
        path: "(live)", problem: "no interface to listen to", remedy: "name one with -i; -D lists them")
    }
    let queue = LiveQueue(octets: options.queueOctets)
    self.queue = queue
    known = CaptureInfo(
      path: opened.map(\.name).joined(separator: ","), format: .live, byteOrder: .native, version: "",
      reader: .libpcap)
    known.interfaces = opened.map {
      var interface = $0.description
      interface.filter = options.filter
      return interface
    }
    notices = opened.flatMap { one in one.warnings.map { "\(one.name): \($0)" } }
    pending = opened.map { _ in [] }
    heads = opened.map { _ in 0 }
    framesLeft = options.maxFrames ?? .max
    inner = nil
    hasSystemTime = opened.allSatisfy(\.hasSystemTime)
    let capture = LiveCapture(opened, queue: queue)
    start = { startThread { capture.run() } }
  }

  /// Reads `source` on a thread of its own, so that whoever watches a pipe or a growing file is never blocked.
  ///
  /// - Parameter stop: Called to make `source` come to its end.
  public init(following source: any CaptureSource, stop: @escaping () -> Void = {}) {
    let queue = LiveQueue(octets: 16 << 20)
    self.queue = queue
    known = source.info
    notices = []
    pending = [[]]
    heads = [0]
    framesLeft = .max
    onStop = stop
    hasSystemTime = false
    let followed = FollowedSource(source, queue: queue)
    inner = followed
    start = { startThread { followed.run() } }
  }

  private let hasSystemTime: Bool

  public var info: CaptureInfo {
    if let inner, let info = inner.info { return info }
    var info = known
    info.frames = nextFrame - 1
    return info
  }

  public var progress: CaptureProgress { CaptureProgress(octetsRead: 0) }

  /// How often the capturing thread had to wait because the analysis was behind.
  public var stalls: UInt64 { queue.stallCount }

  /// What happened to the interfaces and the clock since the last call, in words.
  public func takeNotices() -> [String] {
    defer { notices = [] }
    return notices
  }

  /// Ends the capture: what was captured so far is still delivered.
  public func stop() {
    guard !isStopped else { return }
    isStopped = true
    queue.stop()
    onStop()
  }

  public func nextBatch(_ body: (UnsafeBufferPointer<Frame>) -> Void) throws(CaptureError) -> Int {
    while true {
      switch try poll(waiting: 1_000_000_000, body) {
      case .frames(let count): return count
      case .idle: continue
      case .ended: return 0
      }
    }
  }

  /// Hands over what has come, waiting at most `nanoseconds` for it.
  ///
  /// Frames of several interfaces come in order of their time stamps.
  public func poll(
    waiting nanoseconds: Int64, _ body: (UnsafeBufferPointer<Frame>) -> Void
  ) throws(CaptureError) -> Event {
    if let start {
      self.start = nil
      if !start() {
        throw CaptureError(path: known.path, problem: "no thread to capture on", remedy: "end other programs")
      }
    }
    if framesLeft == 0 { return .ended }
    let isHolding = pending.contains { !$0.isEmpty }
    let news = queue.take(waiting: isHolding ? min(nanoseconds, 10_000_000) : nanoseconds)
    notices += news.notices
    if let counters = news.counters {
      for i in counters.indices where i < known.interfaces.count {
        known.interfaces[i].statistics = counters[i]
      }
    }
    if let quiet = news.quietBefore { quietBefore = quiet }
    ended = ended || news.ended
    for block in news.blocks { pending[block.interface].append(block) }
    let count = deliver(body)
    if count > 0 { return .frames(count) }
    if ended, !pending.contains(where: { !$0.isEmpty }) {
      if let fault = inner?.failure { throw fault }
      return .ended
    }
    return .idle(quietBefore: hasSystemTime && !isHolding ? quietBefore : nil)
  }

  // MARK: - In order of time

  private func deliver(_ body: (UnsafeBufferPointer<Frame>) -> Void) -> Int {
    batch.removeAll(keepingCapacity: true)
    var done: [LiveBlock] = []
    if pending.count == 1 {
      for block in pending[0] {
        while framesLeft > 0, let record = block.next { append(record, block) }
        done.append(block)
        if batch.count >= 16_384 { break }
      }
      pending[0].removeFirst(done.count)
    } else {
      merge(&done)
    }
    guard !batch.isEmpty else {
      done.forEach(queue.release)
      return 0
    }
    batch.withUnsafeBufferPointer(body)
    done.forEach(queue.release)
    if framesLeft == 0 { stop() }
    return batch.count
  }

  /// Takes the earliest frame of all interfaces, as long as none of the others can still bring an earlier one.
  private func merge(_ done: inout [LiveBlock]) {
    let now = LiveClock.steady
    let mustGo = ended || oldestHeld.map { now &- $0 > 10 &* LiveOptions.lag } ?? false
    while framesLeft > 0 {
      var first: (interface: Int, time: Int64)?
      var isWaiting = false
      for i in pending.indices {
        guard let head = pending[i].first?.next else {
          isWaiting = true
          continue
        }
        if first == nil || head.frame.time < first?.time ?? .max { first = (i, head.frame.time) }
      }
      guard let first else { break }
      if isWaiting, !mustGo, first.time >= quietBefore ?? .min { break }
      guard let block = pending[first.interface].first, let record = block.next else { break }
      append(record, block)
      if block.next == nil {
        done.append(block)
        pending[first.interface].removeFirst()
      }
    }
    oldestHeld = pending.contains { !$0.isEmpty } ? (batch.isEmpty ? oldestHeld ?? now : now) : nil
  }

  private func append(_ record: LiveBlock.Record, _ block: LiveBlock) {
    block.taken += 1
    framesLeft -= 1
    var frame = record.frame
    frame.bytes = UnsafeRawBufferPointer(rebasing: block.octets[record.start..<record.start + record.length])
    if frame.number == 0 { frame.number = nextFrame }
    nextFrame &+= 1
    batch.append(frame)
  }
}
