import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file, pipe or device read with read(2).
final class FileByteSource: ByteSource {
  private let descriptor: Int32
  private let closes: Bool
  private let size: UInt64?
  /// Read by the thread that shows progress while another one reads.
  private let position = Atomic<UInt64>(0)
  private(set) var fault: ByteFault?

  private init(descriptor: Int32, closes: Bool, size: UInt64?) {
    self.descriptor = descriptor
    self.closes = closes
    self.size = size
  }

  /// Opens `path`, where "-" is standard input.
  static func open(path: String) throws(CaptureError) -> FileByteSource {
    if path == "-" { return try adopt(0, path: path, closes: false) }
    let descriptor = openForReading(path)
    guard descriptor >= 0 else { throw openError(path: path, code: errno) }
    return try adopt(descriptor, path: path, closes: true)
  }

  private static func adopt(_ descriptor: Int32, path: String, closes: Bool) throws(CaptureError)
    -> FileByteSource
  {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      if closes { close(descriptor) }
      throw openError(path: path, code: code)
    }
    let kind = status.st_mode & S_IFMT
    if kind == S_IFDIR {
      if closes { close(descriptor) }
      throw CaptureError(
        path: path, problem: "is a directory, expected a capture file",
        remedy: "name the captures in it, as \(path)/*.pcap*")
    }
    if !closes, isatty(descriptor) == 1 {
      throw CaptureError(
        path: path, problem: "standard input is a terminal, expected a capture",
        remedy: "pipe one in, as `tcpdump -w - | ...`, or name a file")
    }
    #if os(Linux)
      if kind == S_IFREG { posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_SEQUENTIAL)) }
    #endif
    let size = kind == S_IFREG ? UInt64(exactly: status.st_size) : nil
    return FileByteSource(descriptor: descriptor, closes: closes, size: size)
  }

  private static func openError(path: String, code: Int32) -> CaptureError {
    let what = systemMessage(code)
    switch code {
    case ENOENT:
      return CaptureError(path: path, problem: "no such file", remedy: "check the name")
    case EACCES, EPERM:
      return CaptureError(
        path: path, problem: "no permission to read it",
        remedy: "captures taken as root belong to root: `sudo chown \"$USER\" FILE`, or read it as its owner")
    default:
      return CaptureError(path: path, problem: "cannot be opened: \(what)", remedy: "")
    }
  }

  deinit { if closes { close(descriptor) } }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard fault == nil, let start = buffer.baseAddress, buffer.count > 0 else { return 0 }
    while true {
      let count = readOctets(descriptor, start, buffer.count)
      if count >= 0 {
        position.wrappingAdd(UInt64(count), ordering: .relaxed)
        return count
      }
      if errno == EINTR { continue }
      fault = ByteFault(kind: .unreadable, reason: "reading failed: \(systemMessage(errno))")
      return 0
    }
  }

  var progress: CaptureProgress {
    CaptureProgress(octetsRead: position.load(ordering: .relaxed), octetsTotal: size)
  }
}

// The class's own `open` and `read` hide the system's; these name the latter.
private func openForReading(_ path: String) -> Int32 { open(path, O_RDONLY | O_CLOEXEC) }
private func readOctets(_ descriptor: Int32, _ start: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, start, count)
}
