/// When something was decided: a place in the order in which one worker alone decides everything.
struct Moment: Comparable, Sendable {
  /// Frames taken, the one at hand included; `.max` after the last.
  var frames: UInt64
  var turn: Turn

  static func < (a: Moment, b: Moment) -> Bool {
    a.frames != b.frames ? a.frames < b.frames : a.turn < b.turn
  }

  /// Before everything that `frames` frames bring, the last of them included.
  static func before(_ frames: UInt64) -> Moment {
    Moment(frames: frames, turn: Turn(.end, due: .min, of: 0))
  }
}

/// A report on its way: large, and changed in one number.
///
/// `@unchecked Sendable`: it belongs to the worker until it is handed over, and to the merger from then on.
final class EndedFlow: @unchecked Sendable {
  var report: FlowReport
  init(_ report: FlowReport) { self.report = report }
}

/// Something decided by one worker. Flows bear the worker's own numbers.
struct SharedEvent: Sendable {
  enum What: Sendable {
    case opened(Int)
    case copy(CopyNote)
    case leap(from: Int64, to: Int64, frame: UInt64)
    case clock(ClockNote)
    case episode(Episode, FlowIdentity)
    case verdict(FrameVerdict, frame: UInt64, FlowIdentity)
    case flowEnded(EndedFlow)
  }
  var moment: Moment
  var what: What
}

/// What one worker has decided over a stretch of the capture, in order.
public struct ShareBatch: Sendable {
  /// What bounds are set on, at most, at any time in the stretch.
  struct Counts: Sendable {
    var flows = 0
    var halfOpen = 0
    var waiting = 0
  }
  /// The capture as the worker saw it, to be compared.
  struct End: Sendable, Equatable {
    var packets: UInt64
    var segments: UInt64
    var octets: UInt64
    var lastTime: Int64?
  }
  var events: [SharedEvent] = []
  /// Whatever comes after this batch is of this moment or later.
  var through: Moment
  var counts = Counts()
  /// The last frame has been taken.
  var end: End?

  /// How many events it holds at most.
  public static let limit = 256
}
