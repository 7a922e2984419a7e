import TraceDecode

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes frames of one link type to a classic pcap file, in this machine's byte order.
///
/// What is not flushed when the writer goes away is written then, but errors of that are lost: call `close`.
public final class CaptureWriter {
  public let path: String
  public let linkType: LinkType
  /// Longer frames are cut to this. Units: octets.
  public let snapLength: UInt32
  /// Time stamps are written in nanoseconds, else cut to microseconds.
  public let nanoseconds: Bool
  public private(set) var frames: UInt64 = 0

  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let bufferOctets = 256 << 10

  /// Creates `path`, or empties it, and writes the file header; "-" is standard output.
  public init(
    path: String, linkType: LinkType, snapLength: UInt32 = 262_144, nanoseconds: Bool = true
  ) throws(CaptureError) {
    self.path = path
    self.linkType = linkType
    self.snapLength = snapLength
    self.nanoseconds = nanoseconds
    descriptor = path == "-" ? 1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw CaptureError(
        path: path, problem: "cannot be created: \(systemMessage(errno))",
        remedy: "check that its directory exists and may be written to")
    }
    buffer.reserveCapacity(Self.bufferOctets + 65_536)
    append(nanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4 as UInt32)
    append(2 as UInt16)
    append(4 as UInt16)
    append(0 as UInt64)
    append(snapLength)
    append(UInt32(linkType.rawValue))
  }

  deinit {
    try? flush()
    if descriptor > 1 { systemClose(descriptor) }
  }

  /// Adds `frame`, whose link type must be the writer's.
  ///
  /// Errors: another link type, a time before 1970 or after 2106, a file that cannot be written.
  public func write(_ frame: Frame) throws(CaptureError) {
    guard frame.linkType == linkType else {
      throw CaptureError(
        path: path,
        problem: "frame \(frame.number) is of link type \(frame.linkType.name), the file of \(linkType.name)",
        remedy: "write each link type to a file of its own")
    }
    let seconds = frame.time / 1_000_000_000
    let fraction = frame.time % 1_000_000_000
    guard let stamp = UInt32(exactly: seconds), fraction >= 0 else {
      throw CaptureError(
        path: path, problem: "frame \(frame.number) has a time that pcap cannot hold: \(frame.time) ns",
        remedy: "pcap counts unsigned 32-bit seconds from 1970")
    }
    let captured = min(frame.bytes.count, Int(snapLength))
    append(stamp)
    append(UInt32(truncatingIfNeeded: nanoseconds ? fraction : fraction / 1000))
    append(UInt32(truncatingIfNeeded: captured))
    append(frame.wireLength)
    buffer.append(contentsOf: frame.bytes.prefix(captured))
    frames &+= 1
    if buffer.count >= Self.bufferOctets { try flush() }
  }

  /// Hands everything written so far to the system.
  public func flush() throws(CaptureError) {
    var written = 0
    while written < buffer.count {
      let count = buffer.withUnsafeBytes { bytes in
        systemWrite(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        let code = errno
        buffer.removeAll(keepingCapacity: true)
        throw CaptureError(
          path: path, problem: "writing failed: \(systemMessage(code))",
          remedy: code == ENOSPC ? "make room on the disk" : "")
      }
      written += count
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Flushes and closes the file; nothing may be written after.
  public func close() throws(CaptureError) {
    try flush()
    guard descriptor > 1 else { return }
    let status = systemClose(descriptor)
    descriptor = 1
    if status != 0 {
      throw CaptureError(path: path, problem: "closing failed: \(systemMessage(errno))", remedy: "")
    }
  }

  private func append<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: value) { buffer.append(contentsOf: $0) }
  }
}

// The class's own `write` and `close` hide the system's; these name the latter.
private func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, start, count)
}
@discardableResult
private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
