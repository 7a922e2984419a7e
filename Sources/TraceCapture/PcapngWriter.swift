import TraceDecode

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes frames of any number of interfaces to a pcapng file, in this machine's byte order.
///
/// Only whole blocks are handed to the system, so that the file is readable whenever the process ends.
public final class PcapngWriter {
  public let path: String
  /// Units: octets, what is not flushed yet included.
  public private(set) var octets: UInt64 = 0
  public private(set) var frames: UInt64 = 0

  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private let interfaceCount: Int
  private static let bufferOctets = 256 << 10

  /// Creates `path`, or empties it, and writes the header; "-" is standard output.
  ///
  /// - Parameter interfaces: In the order `Frame.interface` counts them; time stamps are written in nanoseconds.
  public init(path: String, interfaces: [CaptureInterface], application: String) throws(CaptureError) {
    self.path = path
    interfaceCount = interfaces.count
    descriptor = path == "-" ? 1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw CaptureError(
        path: path, problem: "cannot be created: \(systemMessage(errno))",
        remedy: "check that its directory exists and that you may write to it")
    }
    block(0x0a0d_0d0a) {
      put(0x1a2b_3c4d as UInt32, into: &$0)
      put(1 as UInt16, into: &$0)
      put(0 as UInt16, into: &$0)
      put(UInt64.max, into: &$0)
      option(4, Array(application.utf8), into: &$0)
    }
    for interface in interfaces {
      block(1) {
        put(interface.linkType.rawValue, into: &$0)
        put(0 as UInt16, into: &$0)
        put(interface.snapLength, into: &$0)
        if let name = interface.name { option(2, Array(name.utf8), into: &$0) }
        option(9, [9], into: &$0)
        if let filter = interface.filter { option(11, [0] + Array(filter.utf8), into: &$0) }
      }
    }
    try flush()
  }

  deinit {
    try? flush()
    if descriptor > 1 { systemClose(descriptor) }
  }

  /// Adds `frame`.
  ///
  /// Errors: a file that cannot be written. A frame of an interface that was not announced is left out.
  public func write(_ frame: Frame) throws(CaptureError) {
    guard Int(frame.interface) < interfaceCount, frame.bytes.count <= 1 << 24 else { return }
    let padding = -frame.bytes.count & 3
    let length = UInt32(32 + frame.bytes.count + padding)
    let time = UInt64(bitPattern: max(0, frame.time))
    put(6 as UInt32, into: &buffer)
    put(length, into: &buffer)
    put(frame.interface, into: &buffer)
    put(UInt32(truncatingIfNeeded: time >> 32), into: &buffer)
    put(UInt32(truncatingIfNeeded: time), into: &buffer)
    put(UInt32(truncatingIfNeeded: frame.bytes.count), into: &buffer)
    put(frame.wireLength, into: &buffer)
    buffer.append(contentsOf: frame.bytes)
    for _ in 0..<padding { buffer.append(0) }
    put(length, into: &buffer)
    octets &+= UInt64(length)
    frames &+= 1
    if buffer.count >= Self.bufferOctets { try flush() }
  }

  /// Adds what the interface has counted by `time`; the last of such blocks is what readers go by.
  public func write(_ counters: InterfaceStatistics, of interface: Int, at time: Int64) {
    guard interface < interfaceCount else { return }
    let stamp = UInt64(bitPattern: max(0, time))
    block(5) { body in
      put(UInt32(truncatingIfNeeded: interface), into: &body)
      put(UInt32(truncatingIfNeeded: stamp >> 32), into: &body)
      put(UInt32(truncatingIfNeeded: stamp), into: &body)
      func count(_ code: UInt16, _ value: UInt64?) {
        guard let value else { return }
        option(code, withUnsafeBytes(of: value) { Array($0) }, into: &body)
      }
      count(4, counters.received)
      count(5, counters.droppedByInterface)
      count(7, counters.droppedBySystem)
      count(8, counters.delivered)
    }
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
          remedy: code == ENOSPC ? "make room on the disk, or bound the recording with --ring" : "")
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

  // MARK: - Blocks

  private func block(_ type: UInt32, _ fill: (inout [UInt8]) -> Void) {
    var body: [UInt8] = []
    fill(&body)
    let length = UInt32(truncatingIfNeeded: body.count + 12)
    put(type, into: &buffer)
    put(length, into: &buffer)
    buffer += body
    put(length, into: &buffer)
    octets &+= UInt64(length)
  }

  private func option(_ code: UInt16, _ value: [UInt8], into body: inout [UInt8]) {
    let value = value.prefix(CaptureLimits.textOctets)
    put(code, into: &body)
    put(UInt16(truncatingIfNeeded: value.count), into: &body)
    body += value
    body += Array(repeating: 0, count: -value.count & 3)
  }

  private func put<Value: FixedWidthInteger>(_ value: Value, into bytes: inout [UInt8]) {
    withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
  }
}

// The class's own `write` and `close` hide the system's; these name the latter.
private func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, start, count)
}
@discardableResult
private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
