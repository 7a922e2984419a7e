#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A bounded queue from one thread to another: who is ahead waits.
///
/// `@unchecked Sendable`: everything below `lock` is touched only while it is held.
final class Handover<Element: Sendable>: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let limit: Int
  private var elements: [Element] = []
  /// Those that the taker has taken at once, the next one last; the taker's own.
  private var taken: [Element] = []
  private var stopped = false

  init(limit: Int) {
    self.limit = limit
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(lock)
    changed.deallocate()
    lock.deallocate()
  }

  /// Adds an element once there is room; drops it when nobody takes any more.
  func put(_ element: Element) {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while elements.count >= limit, !stopped { pthread_cond_wait(changed, lock) }
    guard !stopped else { return }
    elements.append(element)
    if elements.count == 1 { pthread_cond_signal(changed) }
  }

  /// The next element, waited for; nil after `stop`.
  func take() -> Element? {
    if let next = taken.popLast() { return next }
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while elements.isEmpty, !stopped { pthread_cond_wait(changed, lock) }
    guard !stopped else { return nil }
    taken = elements.reversed()
    elements = []
    pthread_cond_signal(changed)
    return taken.popLast()
  }

  /// Frees both sides of waiting; nothing goes through any more.
  func stop() {
    pthread_mutex_lock(lock)
    stopped = true
    elements = []
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(lock)
  }
}
