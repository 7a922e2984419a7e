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

/// Keeps the last seconds in memory, and writes them out with what follows when something is found.
///
/// Limits: `maximum` octets of frames in memory, whatever `before` says.
final class FlightRecorder: Recorder {
  struct Trigger {
    var severity: Severity
    /// Units: nanoseconds of trace time before and after a finding.
    var before: Int64
    var after: Int64
  }

  private struct Held {
    var frame: Frame
    var octets: [UInt8]
  }

  private let path: String
  private let trigger: Trigger
  private let interfaces: [CaptureInterface]
  private var held: [Held] = []
  private var heldHead = 0
  private var heldOctets = 0
  private var writer: PcapngWriter?
  private var until = Int64.min
  private var lastTime = Int64.min
  private var closedOctets: UInt64 = 0
  /// The files there are, the oldest first.
  private var files: [String] = []
  private let filesKept: Int
  private var serial = 0
  /// What the interfaces counted, over the same stretch as `held`.
  private var counted: [(time: Int64, counters: [InterfaceStatistics?])] = []
  static let maximum = 256 << 20

  /// - Parameter filesKept: Older files are removed.
  init(path: String, trigger: Trigger, filesKept: Int = .max, interfaces: [CaptureInterface]) {
    self.path = path
    self.trigger = trigger
    self.filesKept = filesKept
    self.interfaces = interfaces
  }

  var octets: UInt64 { closedOctets &+ (writer?.octets ?? 0) }

  func write(_ frames: UnsafeBufferPointer<Frame>) throws(CaptureError) {
    for frame in frames {
      lastTime = frame.time
      if let writer {
        if frame.time <= until {
          try writer.write(frame)
          continue
        }
        try finish(writer)
      }
      hold(frame)
    }
  }

  private func hold(_ frame: Frame) {
    held.append(Held(frame: frame, octets: Array(frame.bytes)))
    heldOctets += frame.bytes.count
    while heldHead < held.count,
      heldOctets > Self.maximum || held[heldHead].frame.time < frame.time &- trigger.before
    {
      heldOctets -= held[heldHead].octets.count
      held[heldHead].octets = []
      heldHead += 1
    }
    if heldHead > 4096, heldHead * 2 > held.count {
      held.removeFirst(heldHead)
      heldHead = 0
    }
  }

  func note(_ severity: Severity, code: String, at time: Int64) throws(CaptureError) {
    guard severity >= trigger.severity else { return }
    // What follows is counted from when it was found: the frame itself may lie well before.
    until = max(until, max(time, lastTime) &+ trigger.after)
    guard writer == nil else { return }
    serial += 1
    let name = FileRecorder.name(path, serial)
    let writer = try PcapngWriter(path: name, interfaces: interfaces, application: Flowlint.application)
    for entry in held[heldHead...] {
      var frame = entry.frame
      let failure = entry.octets.withUnsafeBytes { bytes -> CaptureError? in
        frame.bytes = bytes
        do throws(CaptureError) {
          try writer.write(frame)
          return nil
        } catch {
          return error
        }
      }
      if let failure { throw failure }
    }
    try writer.flush()
    fileStart = lastTime
    held = []
    heldHead = 0
    heldOctets = 0
    self.writer = writer
    files.append(name)
    while files.count > filesKept { unlink(files.removeFirst()) }
    Terminal.complain("\(code): saving to \(name)")
  }

  func flush() throws(CaptureError) { try writer?.flush() }

  func note(_ counters: [InterfaceStatistics?], at time: Int64) {
    if counted.last?.counters == counters { return }
    counted.append((time, counters))
    // Of what lies before the stretch in memory, the last tells where its counting began.
    let start = writer == nil ? time &- trigger.before : fileStart &- trigger.before
    while counted.count > 2, counted[1].time < start { counted.removeFirst() }
    if counted.count > Self.countersKept { counted.remove(at: 1) }
  }

  func close() throws(CaptureError) { if let writer { try finish(writer) } }

  private var fileStart = Int64.min
  private static let countersKept = 1024

  /// Closes a file with what was counted while its frames passed, drops of other times left out.
  private func finish(_ writer: PcapngWriter) throws(CaptureError) {
    if let first = counted.first?.counters, let last = counted.last {
      for (i, pair) in zip(first, last.counters).enumerated() {
        guard let now = pair.1 else { continue }
        writer.write(now.since(pair.0), of: i, at: lastTime)
      }
    }
    try writer.close()
    closedOctets &+= writer.octets
    self.writer = nil
  }
}

extension InterfaceStatistics {
  /// What was counted after `before`.
  func since(_ before: InterfaceStatistics?) -> InterfaceStatistics {
    func difference(_ counter: KeyPath<InterfaceStatistics, UInt64?>) -> UInt64? {
      self[keyPath: counter].map { $0 &- min($0, before?[keyPath: counter] ?? 0) }
    }
    var since = InterfaceStatistics()
    since.received = difference(\.received)
    since.droppedByInterface = difference(\.droppedByInterface)
    since.droppedBySystem = difference(\.droppedBySystem)
    since.delivered = difference(\.delivered)
    return since
  }
}
