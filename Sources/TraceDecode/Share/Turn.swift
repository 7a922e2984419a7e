/// What is done while one frame is taken, in the order it is done in: first what its time makes due, then what
/// goes to make room, then the segment itself; and after the last frame, what is left.
///
/// Two turns of one frame are never equal unless they are about the same pair of addresses: this is what makes
/// the order of several workers' results that of one.
struct Turn: Comparable, Sendable {
  enum Stage: UInt8, Sendable { case elapse, room, segment, finish }
  enum Cause: UInt8, Sendable {
    case end, timer, room, segment, finish
    fileprivate var stage: Stage {
      switch self {
      case .end, .timer: .elapse
      case .room: .room
      case .segment: .segment
      case .finish: .finish
      }
    }
  }
  var stage: Stage
  var cause: Cause
  /// The moment it was due at.
  var due: Int64
  /// What tells turns of the same moment apart: the frame its flow closed in or began with, or its number.
  var flow: UInt64

  init() { self.init(.segment, due: 0, of: 0) }

  init(_ cause: Cause, due: Int64, of flow: UInt64) {
    stage = cause.stage
    self.cause = cause
    self.due = due
    self.flow = flow
  }

  static func < (a: Turn, b: Turn) -> Bool {
    if a.stage != b.stage { return a.stage.rawValue < b.stage.rawValue }
    if a.due != b.due { return a.due < b.due }
    if a.cause != b.cause { return a.cause.rawValue < b.cause.rawValue }
    return a.flow < b.flow
  }
}
