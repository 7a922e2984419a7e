#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The clocks that live capture is measured by. Units: nanoseconds.
enum LiveClock {
  /// What the kernel stamps frames with.
  static var wall: Int64 { read(CLOCK_REALTIME) }
  static var steady: Int64 { read(CLOCK_MONOTONIC) }

  static func rest(milliseconds: Int32) { _ = poll(nil, 0, milliseconds) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}

/// Notices when the wall clock is set or the machine was suspended: both move it against the steady clock.
struct ClockWatch {
  private var offset: Int64
  /// Less is ordinary discipline of the clock. Units: nanoseconds.
  private static let tolerance: Int64 = 500_000_000

  init(wall: Int64 = LiveClock.wall, steady: Int64 = LiveClock.steady) { offset = wall &- steady }

  /// By how much the wall clock has jumped since the last call; nil for no jump.
  mutating func jump(wall: Int64 = LiveClock.wall, steady: Int64 = LiveClock.steady) -> Int64? {
    let now = wall &- steady
    let change = now &- offset
    guard change.magnitude > Self.tolerance.magnitude else { return nil }
    offset = now
    return change
  }
}
