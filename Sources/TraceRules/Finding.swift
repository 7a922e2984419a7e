import TraceDecode

/// How bad a finding is.
public enum Severity: UInt8, Sendable, Comparable, CaseIterable {
  /// A normal event worth counting.
  case info
  /// Unusual.
  case note
  /// Measurable harm.
  case warning
  /// The protocol is broken, or data is at risk.
  case error
  public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
  public var name: String { ["info", "note", "warning", "error"][Int(rawValue)] }
  public init?(name: String) {
    guard let s = Severity.allCases.first(where: { $0.name == name }) else { return nil }
    self = s
  }
}

/// A segment shown with a finding, and what it shows.
public struct Evidence: Sendable, Hashable {
  public var segment: SegmentRef
  /// `again, 203.8 ms later`; empty when the segment speaks for itself.
  public var note: String
  /// The frame the finding is about.
  public var isOffence: Bool
  public init(_ segment: SegmentRef, _ note: String = "", isOffence: Bool = false) {
    self.segment = segment
    self.note = note
    self.isOffence = isOffence
  }
}

/// A measured value that a finding compared.
public struct Value: Sendable, Hashable {
  public enum Unit: UInt8, Sendable { case none, octets, nanoseconds, segments, perSecond, percent }
  public var name: String
  public var amount: Int64
  public var unit: Unit
  public init(_ name: String, _ amount: Int64, _ unit: Unit = .none) {
    self.name = name
    self.amount = amount
    self.unit = unit
  }
}

/// One thing found, with its evidence.
public struct Finding: Sendable {
  /// Number within the run, from 1, in order of report.
  public var id = 0
  public var code: String
  public var rule: String
  public var severity: Severity
  public var confidence: Confidence
  /// nil for a finding about the whole capture.
  public var flow: FlowIdentity?
  /// Whose conduct or fate it is.
  public var endpoint: Role?
  /// The frame of the offence; 0 when there is none.
  public var frame: UInt64
  public var time: Int64?
  public var recordOffset: UInt64?
  /// What happened, one line, lower case, no final stop.
  public var message: String
  /// Why flowlint says so: the evidence in words.
  public var why: String
  /// What to do about it.
  public var remedy: String
  /// What else it could be; empty when nothing.
  public var alternatives: [String] = []
  public var evidence: [Evidence] = []
  public var values: [Value] = []
  /// The finding this one follows from.
  public var causedBy: Int?
  /// How often this happened, when further ones are only counted.
  public var occurrences = 1

  public init(
    code: String, rule: String, severity: Severity, confidence: Confidence, flow: FlowIdentity?,
    endpoint: Role?, frame: UInt64, time: Int64?, recordOffset: UInt64?, message: String, why: String,
    remedy: String
  ) {
    self.code = code
    self.rule = rule
    self.severity = severity
    self.confidence = confidence
    self.flow = flow
    self.endpoint = endpoint
    self.frame = frame
    self.time = time
    self.recordOffset = recordOffset
    self.message = message
    self.why = why
    self.remedy = remedy
  }
}
