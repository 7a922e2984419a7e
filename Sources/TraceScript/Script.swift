import TraceDecode

/// One frame that a script describes.
public struct ScriptFrame: Sendable, Hashable {
  /// Number in the capture, from 1.
  public var number: UInt64
  /// Units: nanoseconds since the epoch.
  public var time: Int64
  /// The captured octets, from the Ethernet header on.
  public var bytes: [UInt8]
  /// Octets on the wire; more than `bytes` where the script cuts the capture (`snap`).
  public var wireLength: UInt32
  /// Index of the interface within the capture.
  public var interface: UInt32
  /// The line of the script it came from, from 1.
  public var line: Int
}

/// What a script says must be found.
public struct Expectation: Sendable, Hashable {
  public enum Place: Sendable, Hashable {
    /// At that frame.
    case frame(UInt64)
    /// Somewhere in that flow of the script, from 1.
    case flow(Int)
    /// In the capture as a whole.
    case capture
  }
  public var code: String
  /// The rule's name, where the script says it too.
  public var name: String?
  public var place: Place
  public var line: Int
}

/// What a script says about the capture that no frame shows.
public struct CaptureNotes: Sendable, Hashable {
  /// The file ends in the middle of a record. Units: byte offset.
  public var truncatedAt: UInt64?
  public var droppedBySystem: UInt64?
  public var droppedByInterface: UInt64?
  public var snapLength: UInt32?
  /// Live flows the analysis is to be bound to.
  public var flowLimit: Int?
  public init() {}
}

/// A capture in words, read by `Script.parse`; docs/tracescript.md describes the language.
public struct Script: Sendable {
  public var frames: [ScriptFrame] = []
  public var expectations: [Expectation] = []
  public var notes = CaptureNotes()

  /// The link type of every frame.
  public static let linkType = LinkType.ethernet
  /// What time 0 of a script is. Units: nanoseconds since the Unix epoch.
  public static let epoch: Int64 = 1_700_000_000_000_000_000
  /// Frames a script may describe; `repeat` reaches it.
  public static let frameLimit = 100_000

  public init() {}

  /// Reads a script.
  ///
  /// Errors: `ScriptError` with the line and column, what was expected, and what to do.
  public static func parse(_ text: String) throws(ScriptError) -> Script {
    var parser = Parser()
    return try parser.parse(text)
  }

  /// Hands each frame to `body`, in order; its bytes are valid only within the call.
  public func forEachFrame(_ body: (Frame) -> Void) {
    for frame in frames {
      frame.bytes.withUnsafeBytes { bytes in
        body(
          Frame(
            number: frame.number, time: frame.time, bytes: bytes, wireLength: frame.wireLength,
            linkType: Script.linkType, interface: frame.interface))
      }
    }
  }
}

/// What keeps a script from being read, where, and what to do about it.
public struct ScriptError: Error, Sendable, Hashable, CustomStringConvertible {
  public var line: Int
  /// From 1, in characters.
  public var column: Int
  /// What is wrong.
  public var problem: String
  public var expected: String
  public var remedy: String

  public init(line: Int, column: Int, problem: String, expected: String = "", remedy: String = "") {
    self.line = line
    self.column = column
    self.problem = problem
    self.expected = expected
    self.remedy = remedy
  }

  public var description: String {
    var text = "\(line):\(column): \(problem)"
    if !expected.isEmpty { text += "; expected \(expected)" }
    if !remedy.isEmpty { text += "; \(remedy)" }
    return text
  }
}
