import TraceDecode

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Frames of one interface on their way from the capturing thread to the analysing one, with their octets.
final class LiveBlock {
  struct Record {
    /// As the source gave it, or 0 when it is to be numbered on delivery; its bytes are not valid.
    var frame: Frame
    var start: Int
    var length: Int
  }

  /// Units: octets.
  static let size = 256 << 10

  let interface: Int
  private(set) var octets = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
  private(set) var records: [Record] = []
  private var used = 0
  /// Records the analysis has taken.
  var taken = 0

  init(interface: Int) { self.interface = interface }
  deinit { octets.deallocate() }

  var isEmpty: Bool { records.isEmpty }
  var next: Record? { taken < records.count ? records[taken] : nil }

  /// Copies a frame in; false when there is no room for it beside others.
  func add(_ frame: Frame) -> Bool {
    let bytes = frame.bytes
    if octets.count - used < bytes.count {
      guard records.isEmpty else { return false }
      octets.deallocate()
      octets = .allocate(byteCount: bytes.count, alignment: 64)
    }
    if let from = bytes.baseAddress, let to = octets.baseAddress, bytes.count > 0 {
      (to + used).copyMemory(from: from, byteCount: bytes.count)
    }
    records.append(Record(frame: frame, start: used, length: bytes.count))
    used += bytes.count
    return true
  }
}

/// The bounded queue between the capturing thread and the analysing one.
///
/// It never drops: when it is full the capturing thread waits, the kernel's buffer fills, and what does not
/// fit there is dropped and counted by the kernel.
///
/// `@unchecked Sendable`: everything is touched only while `lock` is held; a block belongs to one side at a time.
final class LiveQueue: @unchecked Sendable {
  /// What the capturing side tells beside frames.
  struct News {
    var blocks: [LiveBlock] = []
    /// Every frame stamped before this has been handed over; nil when that is not known. Units: nanoseconds.
    var quietBefore: Int64?
    var notices: [String] = []
    var counters: [InterfaceStatistics]?
    var ended = false
  }

  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var news = News()
  private var waiting = 0
  private let limit: Int
  private var stopped = false
  private var stalls: UInt64 = 0

  /// - Parameter octets: What may wait, in blocks of `LiveBlock.size`.
  init(octets: Int) {
    limit = max(4, octets / LiveBlock.size)
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(lock)
    changed.deallocate()
    lock.deallocate()
  }

  private func locked<T>(_ body: () -> T) -> T {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body()
  }

  // MARK: The capturing side

  var isStopped: Bool { locked { stopped } }

  func put(_ block: LiveBlock) {
    locked {
      if waiting >= limit, !stopped { stalls &+= 1 }
      while waiting >= limit, !stopped { pthread_cond_wait(changed, lock) }
      news.blocks.append(block)
      waiting += 1
      pthread_cond_signal(changed)
    }
  }

  func tell(_ notice: String) {
    locked {
      // A flapping interface must not grow this without end.
      if news.notices.count < 64 { news.notices.append(notice) }
      pthread_cond_signal(changed)
    }
  }

  func tell(quietBefore: Int64) { locked { news.quietBefore = quietBefore } }
  func tell(counters: [InterfaceStatistics]) { locked { news.counters = counters } }

  func end() {
    locked {
      news.ended = true
      pthread_cond_signal(changed)
    }
  }

  // MARK: The analysing side

  func stop() {
    locked {
      stopped = true
      pthread_cond_broadcast(changed)
    }
  }

  /// How often the capturing thread had to wait for room.
  var stallCount: UInt64 { locked { stalls } }

  /// Everything new, after at most `nanoseconds` of waiting.
  func take(waiting nanoseconds: Int64) -> News {
    locked {
      if news.blocks.isEmpty, !news.ended, news.notices.isEmpty, nanoseconds > 0 {
        let until = LiveClock.wall &+ nanoseconds
        var time = timespec()
        time.tv_sec = Int(until / 1_000_000_000)
        time.tv_nsec = Int(until % 1_000_000_000)
        pthread_cond_timedwait(changed, lock, &time)
      }
      let taken = news
      news.blocks = []
      news.notices = []
      news.counters = nil
      return taken
    }
  }

  /// The analysis is done with a block.
  func release(_ block: LiveBlock) {
    locked {
      waiting -= 1
      pthread_cond_signal(changed)
    }
  }
}
