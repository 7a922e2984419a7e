#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads another source on a thread of its own, a few blocks ahead, so that unpacking and analysis overlap.
final class ReadAheadByteSource: ByteSource {
  private let pipe: Pipe
  private var started = false

  init(_ source: any ByteSource) { pipe = Pipe(source) }

  deinit { pipe.abandon() }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    if !started {
      started = true
      pipe.start()
    }
    return pipe.take(into: buffer)
  }

  var fault: ByteFault? { pipe.fault }
  var progress: CaptureProgress { pipe.source.progress }
}

/// The blocks between the two threads.
///
/// `@unchecked Sendable`: everything below `lock` is touched only while it is held, save the block contents,
/// which belong to the filler while not `filled` and to the taker while they are. `source` is the filler's;
/// its `progress` is atomic.
private final class Pipe: @unchecked Sendable {
  private struct Block {
    let octets: UnsafeMutableRawBufferPointer
    var count = 0
  }

  let source: any ByteSource
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var blocks: [Block] = []
  /// Next block to fill, next to take, and how many are filled.
  private var fill = 0
  private var drain = 0
  private var filled = 0
  private var half: Int { blocks.count / 2 }
  private var ended = false
  private var abandoned = false
  private var endFault: ByteFault?
  /// Octets of the block at `drain` that are taken; the taker's own.
  private var taken = 0

  init(_ source: any ByteSource) {
    self.source = source
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
    for _ in 0..<CaptureLimits.readAheadBlocks {
      blocks.append(
        Block(octets: .allocate(byteCount: CaptureLimits.readAheadOctets, alignment: 64)))
    }
  }

  deinit {
    for block in blocks { block.octets.deallocate() }
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(lock)
    changed.deallocate()
    lock.deallocate()
  }

  func start() {
    // The thread owns the pipe as long as it runs, and is not waited for: it may be blocked in read(2) on a
    // pipe nobody writes to.
    let owned = Unmanaged.passRetained(self).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = pthread_create(&thread, nil, runPipe, owned)
    if status != 0 {
      Unmanaged<Pipe>.fromOpaque(owned).release()
      ended = true
      endFault = ByteFault(kind: .unreadable, reason: "no thread to unpack on: \(systemMessage(status))")
      return
    }
    #if canImport(Darwin)
      if let thread { pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
  }

  /// The thread's whole life.
  func run() {
    while true {
      pthread_mutex_lock(lock)
      if filled == blocks.count {
        // Woken for each block that is taken, two threads would pass one processor to and fro.
        while filled > half && !abandoned { pthread_cond_wait(changed, lock) }
      }
      let stop = abandoned
      let octets = blocks[fill].octets
      pthread_mutex_unlock(lock)
      if stop { return }
      let count = source.read(into: octets)
      pthread_mutex_lock(lock)
      if count > 0 {
        blocks[fill].count = count
        fill = (fill + 1) % blocks.count
        filled += 1
      } else {
        endFault = source.fault
        ended = true
      }
      // The taker waits for nothing but the first.
      if filled == 1 || ended { pthread_cond_signal(changed) }
      pthread_mutex_unlock(lock)
      if count <= 0 { return }
    }
  }

  func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var total = 0
    while total < buffer.count {
      pthread_mutex_lock(lock)
      // What is there goes out before more is waited for.
      while filled == 0 && !ended && total == 0 { pthread_cond_wait(changed, lock) }
      guard filled > 0 else {
        pthread_mutex_unlock(lock)
        break
      }
      let block = blocks[drain]
      pthread_mutex_unlock(lock)
      let count = min(buffer.count - total, block.count - taken)
      UnsafeMutableRawBufferPointer(rebasing: buffer[total...]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: block.octets[taken..<taken + count]))
      total += count
      taken += count
      if taken == block.count {
        taken = 0
        pthread_mutex_lock(lock)
        drain = (drain + 1) % blocks.count
        filled -= 1
        if filled == half { pthread_cond_signal(changed) }
        pthread_mutex_unlock(lock)
      }
    }
    return total
  }

  var fault: ByteFault? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return filled == 0 ? endFault : nil
  }

  func abandon() {
    pthread_mutex_lock(lock)
    abandoned = true
    pthread_cond_signal(changed)
    pthread_mutex_unlock(lock)
  }
}

#if canImport(Darwin)
  private func runPipe(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Pipe>.fromOpaque(argument).takeRetainedValue().run()
    return nil
  }
#else
  private func runPipe(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument { Unmanaged<Pipe>.fromOpaque(argument).takeRetainedValue().run() }
    return nil
  }
#endif
