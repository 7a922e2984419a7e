#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file formats a trace can be written in.
public struct TraceFormat: Sendable {
  /// pcapng instead of classic pcap.
  public var pcapng = false
  /// Timestamps of nanoseconds instead of microseconds.
  public var nanoseconds = false
  public init(pcapng: Bool = false, nanoseconds: Bool = false) {
    self.pcapng = pcapng
    self.nanoseconds = nanoseconds
  }
}

/// Why a trace could not be written.
public struct SynthError: Error, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}

/// Writes records of a capture into a file descriptor, in blocks of some megabytes, little endian on every machine.
final class TraceWriter {
  private static let capacity = 4 << 20
  private let descriptor: Int32
  private let format: TraceFormat
  private let snapLength: Int
  private let limit: Int
  private let buffer: UnsafeMutablePointer<UInt8>
  private var used = 0
  private var lastTime: UInt64 = 0
  private var failure: Int32 = 0
  private(set) var written = 0
  /// Scratch space for the headers of the frame in the making.
  let scratch: UnsafeMutablePointer<UInt8>

  init(descriptor: Int32, format: TraceFormat, snapLength: Int, limit: Int) {
    self.descriptor = descriptor
    self.format = format
    self.snapLength = snapLength
    self.limit = limit
    buffer = .allocate(capacity: Self.capacity)
    scratch = .allocate(capacity: HeaderBytes.capacity)
    if format.pcapng { putPcapngHeaders() } else { putClassicHeader() }
  }

  deinit {
    buffer.deallocate()
    scratch.deallocate()
  }

  var isFull: Bool { written >= limit || failure != 0 }

  private func put16(_ value: Int) {
    buffer[used] = UInt8(truncatingIfNeeded: value)
    buffer[used + 1] = UInt8(truncatingIfNeeded: value >> 8)
    used += 2
  }

  private func put32(_ value: UInt32) {
    put16(Int(value & 0xffff))
    put16(Int(value >> 16))
  }

  private func put(_ octets: UnsafePointer<UInt8>, count: Int) {
    (buffer + used).update(from: octets, count: count)
    used += count
  }

  private func putClassicHeader() {
    put32(format.nanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4)
    put16(2)
    put16(4)
    put32(0)
    put32(0)
    put32(UInt32(snapLength))
    put32(1)
  }

  private func putPcapngHeaders() {
    // Section header, its length unknown.
    for word: UInt32 in [0x0a0d_0d0a, 28, 0x1a2b_3c4d, 0x0000_0001, 0xffff_ffff, 0xffff_ffff, 28] {
      put32(word)
    }
    // Interface description: Ethernet, with if_tsresol where it is not the default.
    let size: UInt32 = format.nanoseconds ? 32 : 20
    for word: UInt32 in [1, size, 1, UInt32(snapLength)] { put32(word) }
    if format.nanoseconds { for word: UInt32 in [0x0001_0009, 9, 0] { put32(word) } }
    put32(size)
  }

  /// Writes one frame; times never go backwards.
  func record(
    time: UInt64, headers: HeaderBytes, payload: UnsafePointer<UInt8>, payloadCount: Int
  ) {
    guard !isFull else { return }
    let time = max(time, lastTime)
    lastTime = time
    let length = headers.count + payloadCount
    let captured = min(length, snapLength)
    if Self.capacity - used < captured + 64 { flush() }
    if format.pcapng {
      let padded = (captured + 3) & ~3
      let size = UInt32(32 + padded)
      let stamp = format.nanoseconds ? time : time / 1000
      for word in [
        6, size, 0, UInt32(stamp >> 32), UInt32(truncatingIfNeeded: stamp), UInt32(captured), UInt32(length),
      ] {
        put32(word)
      }
      putOctets(headers, payload, captured)
      for _ in captured..<padded {
        buffer[used] = 0
        used += 1
      }
      put32(size)
    } else {
      put32(UInt32(truncatingIfNeeded: time / 1_000_000_000))
      put32(UInt32(time % 1_000_000_000 / (format.nanoseconds ? 1 : 1000)))
      put32(UInt32(captured))
      put32(UInt32(length))
      putOctets(headers, payload, captured)
    }
    written += 1
  }

  private func putOctets(_ headers: HeaderBytes, _ payload: UnsafePointer<UInt8>, _ captured: Int) {
    put(headers.base, count: min(headers.count, captured))
    if captured > headers.count { put(payload, count: captured - headers.count) }
  }

  private func flush() {
    var start = 0
    while start < used, failure == 0 {
      let count = write(descriptor, buffer + start, used - start)
      if count > 0 { start += count } else if errno != EINTR { failure = errno }
    }
    used = 0
  }

  /// Writes what is left.
  func finish() throws(SynthError) {
    flush()
    if failure != 0 { throw SynthError("writing failed: \(String(cString: strerror(failure)))") }
  }
}
