import TraceDecode

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Octets on their way to a file, gathered in blocks.
///
/// What is not flushed when the sink goes away is written then, but errors of that are lost: call `close`.
final class ByteSink {
  let path: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  /// Octets handed to the system.
  private var flushed: UInt64 = 0
  private static let bufferOctets = 256 << 10

  /// Creates `path`, or empties it; "-" is standard output.
  ///
  /// - Parameter source: A file that must not be the same, because it is being read.
  init(path: String, source: String? = nil) throws(CaptureError) {
    self.path = path
    if let source, path != "-", source != "-", Self.areSame(path, source) {
      throw CaptureError(
        path: path, problem: "is the capture that is being read", remedy: "write to another file")
    }
    descriptor = path == "-" ? 1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw CaptureError(
        path: path, problem: "cannot be created: \(systemMessage(errno))",
        remedy: "check that its directory exists and may be written to")
    }
    buffer.reserveCapacity(Self.bufferOctets + 65_536)
  }

  deinit {
    try? flush()
    if descriptor > 1 { systemClose(descriptor) }
  }

  private static func areSame(_ a: String, _ b: String) -> Bool {
    var x = stat()
    var y = stat()
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino
  }

  /// Octets written so far: where the next one goes.
  var position: UInt64 { flushed &+ UInt64(buffer.count) }
  /// What was written can be changed later.
  var isSeekable: Bool { descriptor > 1 && lseek(descriptor, 0, SEEK_CUR) >= 0 }

  /// Adds a number in this machine's byte order; octets must follow, which make room.
  func put<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: value) { buffer.append(contentsOf: $0) }
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(CaptureError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferOctets { try flush() }
  }

  func append(_ bytes: [UInt8]) throws(CaptureError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferOctets { try flush() }
  }

  /// Changes octets that were written before.
  func replace(_ bytes: [UInt8], at place: UInt64) throws(CaptureError) {
    try flush()
    let written = bytes.withUnsafeBytes {
      pwrite(descriptor, $0.baseAddress, $0.count, off_t(truncatingIfNeeded: place))
    }
    if written != bytes.count { throw failure("writing", errno) }
  }

  /// Hands everything written so far to the system.
  func flush() throws(CaptureError) {
    var written = 0
    while written < buffer.count {
      let count = buffer.withUnsafeBytes { bytes in
        systemWrite(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        let code = errno
        buffer.removeAll(keepingCapacity: true)
        throw failure("writing", code)
      }
      written += count
    }
    flushed &+= UInt64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }

  private func failure(_ what: String, _ code: Int32) -> CaptureError {
    CaptureError(
      path: path, problem: "\(what) failed: \(systemMessage(code))",
      remedy: code == ENOSPC ? "make room on the disk" : "")
  }

  /// Flushes and closes the file; nothing may be written after.
  func close() throws(CaptureError) {
    try flush()
    guard descriptor > 1 else { return }
    let status = systemClose(descriptor)
    descriptor = 1
    if status != 0 { throw failure("closing", errno) }
  }
}

// The class's own `close` hides the system's; these name the latter.
private func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, start, count)
}
@discardableResult
private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
