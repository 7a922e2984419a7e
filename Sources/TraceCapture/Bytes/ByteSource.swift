import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A stream of octets: a file, what a file unpacks to, memory.
protocol ByteSource: AnyObject {
  /// Fills the front of `buffer` and returns how many octets; 0 at the end or at a fault.
  ///
  /// Gives what is there rather than wait for `buffer` to be full, so that a pipe is read as it is written.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int
  /// Why the stream ended before its time; nil when it did not.
  var fault: ByteFault? { get }
  /// Octets taken from the file on disk, and its size where it has one.
  var progress: CaptureProgress { get }
}

/// What ended a stream before its time.
struct ByteFault: Equatable, Sendable {
  var kind: CaptureDamage.Kind
  /// A clause without a final stop.
  var reason: String
}

/// Octets that are in memory already.
final class MemoryByteSource: ByteSource {
  private let bytes: [UInt8]
  /// Read by the thread that shows progress while another one reads.
  private let position = Atomic<Int>(0)

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let start = position.load(ordering: .relaxed)
    let count = min(buffer.count, bytes.count - start)
    guard count > 0 else { return 0 }
    bytes.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count]))
    }
    position.store(start + count, ordering: .relaxed)
    return count
  }

  var fault: ByteFault? { nil }
  var progress: CaptureProgress {
    CaptureProgress(octetsRead: UInt64(position.load(ordering: .relaxed)), octetsTotal: UInt64(bytes.count))
  }
}

/// A stream whose first octets can be looked at before they are read.
final class PeekableByteSource: ByteSource {
  private let rest: any ByteSource
  private(set) var head: [UInt8] = []
  private var taken = 0
  /// The stream ended within `head`.
  private(set) var ended = false

  init(_ rest: any ByteSource) { self.rest = rest }

  /// Makes `head` at least `count` octets long, or as long as the stream is.
  func peek(_ count: Int) {
    while head.count < count, !ended {
      let old = head.count
      head.append(contentsOf: repeatElement(0, count: count - old))
      let got = head.withUnsafeMutableBytes { rest.read(into: .init(rebasing: $0[old...])) }
      head.removeLast(count - old - got)
      if got == 0 { ended = true }
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    if taken < head.count {
      let count = min(buffer.count, head.count - taken)
      head.withUnsafeBytes {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[taken..<taken + count]))
      }
      taken += count
      return count
    }
    if ended { return 0 }
    return rest.read(into: buffer)
  }

  var fault: ByteFault? { rest.fault }
  var progress: CaptureProgress { rest.progress }
}

/// The system's words for `errno`.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
