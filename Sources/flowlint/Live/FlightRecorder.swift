import TraceCapture
import TraceDecode
import TraceRules

typealias SeverityMark = Severity

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
  /// Files written, and the names of those told of.
  private(set) var files: [String] = []
  private var serial = 0
  static let maximum = 256 << 20

  init(path: String, trigger: Trigger, interfaces: [CaptureInterface]) {
    self.path = path
    self.trigger = trigger
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
        try writer.close()
        closedOctets &+= writer.octets
        self.writer = nil
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

  func note(_ severity: SeverityMark, code: String, at time: Int64) throws(CaptureError) {
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
    held = []
    heldHead = 0
    heldOctets = 0
    self.writer = writer
    files.append(name)
    Terminal.complain("\(code): saving to \(name)")
  }

  func flush() throws(CaptureError) { try writer?.flush() }
  func note(_ counters: [InterfaceStatistics?], at time: Int64) {}
  func close() throws(CaptureError) { try writer?.close() }
}
