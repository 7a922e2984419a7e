import TraceCapture
import TraceDecode
import TraceRules

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Where frames that were watched are kept.
protocol Recorder: AnyObject {
  /// Takes a batch whole before its frames are analyzed. Errors: a file that cannot be written.
  func write(_ frames: UnsafeBufferPointer<Frame>) throws(CaptureError)
  /// A finding was told at that trace time; only a recorder that waits for one does anything about it.
  func note(_ severity: Severity, code: String, at time: Int64) throws(CaptureError)
  /// Hands whole records to the system.
  func flush() throws(CaptureError)
  /// What the interfaces count by now.
  func note(_ counters: [InterfaceStatistics?], at time: Int64)
  func close() throws(CaptureError)
  /// Octets written so far, all files together.
  var octets: UInt64 { get }
}

extension Recorder {
  func note(_ severity: Severity, code: String, at time: Int64) throws(CaptureError) {}
}

/// `--ring files=10,size=100MB`.
struct RingSize: Equatable {
  var files = 10
  /// Units: octets a file.
  var octets: UInt64 = 100_000_000

  init() {}

  /// nil for anything but `files=N` and `size=N[kMG][B]`, in any order, with commas.
  init?(_ text: String) {
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else { return nil }
      switch pair[0] {
      case "files":
        guard let count = Int(pair[1]), (1...100_000).contains(count) else { return nil }
        files = count
      case "size":
        guard let size = Self.octets(pair[1]), size >= 4096 else { return nil }
        octets = size
      default: return nil
      }
    }
  }

  /// Decimal and binary multiples: `100MB`, `64KiB`, `1G`.
  static func octets(_ text: String) -> UInt64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = UInt64(digits) else { return nil }
    let units: [String: UInt64] = [
      "": 1, "B": 1, "K": 1000, "KB": 1000, "M": 1_000_000, "MB": 1_000_000, "G": 1_000_000_000,
      "GB": 1_000_000_000, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30,
    ]
    guard let unit = units[text.dropFirst(digits.count).uppercased()] else { return nil }
    let (size, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? nil : size
  }
}

/// One file, or a ring of the newest files.
final class FileRecorder: Recorder {
  private let path: String
  private let ring: RingSize?
  private let interfaces: [CaptureInterface]
  private var writer: PcapngWriter
  private var serial = 1
  private var kept: [String] = []
  private var closedOctets: UInt64 = 0
  private var lastCounters: [InterfaceStatistics?] = []
  private var lastTime: Int64?

  /// Errors: a file that cannot be created.
  init(path: String, ring: RingSize?, interfaces: [CaptureInterface]) throws(CaptureError) {
    self.path = path
    self.ring = ring
    self.interfaces = interfaces
    let first = ring == nil ? path : Self.name(path, 1)
    writer = try PcapngWriter(path: first, interfaces: interfaces, application: Flowlint.application)
    kept = [first]
  }

  var octets: UInt64 { closedOctets &+ writer.octets }

  /// `trace.pcapng` becomes `trace_00001.pcapng`, so that names sort as they were written.
  static func name(_ path: String, _ serial: Int) -> String {
    let digits = String(serial)
    let number = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[start...].lastIndex(of: "."), dot > start else { return path + "_" + number }
    return path[..<dot] + "_" + number + path[dot...]
  }

  func write(_ frames: UnsafeBufferPointer<Frame>) throws(CaptureError) {
    for frame in frames {
      lastTime = frame.time
      // A file ends with its interfaces' counters, which need their room as well.
      let needed = UInt64(frame.bytes.count) &+ 40 &+ 96 &* UInt64(interfaces.count)
      if let ring, writer.octets &+ needed > ring.octets, writer.frames > 0 {
        try turn(ring, at: frame.time)
      }
      try writer.write(frame)
    }
  }

  private func turn(_ ring: RingSize, at time: Int64) throws(CaptureError) {
    writeCounters(at: time)
    try writer.close()
    closedOctets &+= writer.octets
    serial += 1
    let next = Self.name(path, serial)
    writer = try PcapngWriter(path: next, interfaces: interfaces, application: Flowlint.application)
    kept.append(next)
    while kept.count > ring.files { unlink(kept.removeFirst()) }
  }

  func flush() throws(CaptureError) { try writer.flush() }

  func note(_ counters: [InterfaceStatistics?], at time: Int64) {
    let changed = zip(counters, lastCounters).contains {
      $0?.droppedBySystem != $1?.droppedBySystem || $0?.droppedByInterface != $1?.droppedByInterface
    }
    lastCounters = counters
    lastTime = time
    // Written as soon as something was dropped, for a reader that comes after a sudden end.
    if changed { writeCounters(at: time) }
  }

  private func writeCounters(at time: Int64) {
    for (i, counters) in lastCounters.enumerated() {
      if let counters { writer.write(counters, of: i, at: time) }
    }
  }

  func close() throws(CaptureError) {
    if let lastTime { writeCounters(at: lastTime) }
    try writer.close()
  }
}
