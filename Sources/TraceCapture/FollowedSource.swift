import Synchronization
import TraceDecode

/// Another source, read on a thread of its own.
///
/// `@unchecked Sendable`: `source` is the thread's; the rest is behind a lock.
final class FollowedSource: @unchecked Sendable {
  private let source: any CaptureSource
  private let queue: LiveQueue
  private let end = Mutex<(info: CaptureInfo?, failure: CaptureError?)>((nil, nil))

  init(_ source: any CaptureSource, queue: LiveQueue) {
    self.source = source
    self.queue = queue
  }

  /// What was learnt of the capture; nil until it has ended.
  var info: CaptureInfo? { end.withLock { $0.info } }
  var failure: CaptureError? { end.withLock { $0.failure } }

  func run() {
    var failure: CaptureError?
    do throws(CaptureError) {
      while !queue.isStopped {
        var block = LiveBlock(interface: 0)
        let count = try source.nextBatch { frames in
          for frame in frames where !block.add(frame) {
            queue.put(block)
            block = LiveBlock(interface: 0)
            _ = block.add(frame)
          }
        }
        if !block.isEmpty { queue.put(block) }
        if count == 0 { break }
      }
    } catch {
      failure = error
    }
    let info = source.info
    end.withLock { $0 = (info, failure) }
    queue.end()
  }
}

/// Tells a source over a growing file when to take the file's end for the capture's.
public final class FollowToken: Sendable {
  private let stopped = Atomic<Bool>(false)
  public init() {}
  public func stop() { stopped.store(true, ordering: .relaxed) }
  var isStopped: Bool { stopped.load(ordering: .relaxed) }
}

/// A file that is still being written: its end is waited at until the token says that it is over.
final class GrowingByteSource: ByteSource {
  private let file: FileByteSource
  private let token: FollowToken
  /// How often the file is looked at again. Units: milliseconds.
  private static let interval: Int32 = 50

  init(_ file: FileByteSource, _ token: FollowToken) {
    self.file = file
    self.token = token
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = file.read(into: buffer)
      if count > 0 || file.fault != nil || token.isStopped { return count }
      LiveClock.rest(milliseconds: Self.interval)
    }
  }

  var fault: ByteFault? { file.fault }
  var progress: CaptureProgress { file.progress }
}
