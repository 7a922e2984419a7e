/// A group of rules, named by the three letters their codes begin with.
public enum Family: String, Sendable, CaseIterable {
  case handshake = "HSK"
  case sequence = "SEQ"
  case acknowledgement = "ACK"
  case window = "WND"
  case close = "CLS"
  case reset = "RST"
  case timeWait = "TWR"
  case options = "OPT"
  case security = "SEC"
  case path = "PTH"
  case performance = "PRF"
  case capture = "CAP"

  /// The letters: `HSK`.
  public var code: String { rawValue }

  /// The heading under which the family is listed.
  public var title: String {
    switch self {
    case .handshake: "Handshake"
    case .sequence: "Data transfer and loss"
    case .acknowledgement: "Acknowledgement"
    case .window: "Window and flow control"
    case .close: "Teardown"
    case .reset: "Resets"
    case .timeWait: "TIME-WAIT and reuse"
    case .options: "Options and negotiation"
    case .security: "Security, spoofing, evasion"
    case .path: "Path"
    case .performance: "Performance"
    case .capture: "Capture quality"
    }
  }

  /// The folder of `Sources/TraceRules/Rules` that holds the family.
  public var folder: String {
    switch self {
    case .handshake: "Handshake"
    case .sequence: "Sequence"
    case .acknowledgement: "Acknowledgement"
    case .window: "Window"
    case .close: "Close"
    case .reset: "Reset"
    case .timeWait: "TimeWait"
    case .options: "Options"
    case .security: "Security"
    case .path: "Path"
    case .performance: "Performance"
    case .capture: "Capture"
    }
  }
}

/// Where a rule stands in its life.
public enum Lifecycle: String, Sendable {
  /// New: runs, and may change its mind between versions.
  case preview
  case stable
  /// Still runs; another rule has taken its place.
  case deprecated
}

/// A threshold of a rule that a configuration can change.
public struct RuleOption: Sendable, Hashable {
  public var name: String
  public var defaultValue: Int64
  public var unit: Value.Unit
  public var summary: String

  public init(_ name: String, default value: Int64, _ unit: Value.Unit, _ summary: String) {
    self.name = name
    defaultValue = value
    self.unit = unit
    self.summary = summary
  }
}

/// Where a rule's knowledge comes from.
public enum RuleSource: Sendable, Hashable {
  case rfc(Int, String)
  case document(title: String, url: String)

  /// `RFC 9293 §3.5`.
  public var text: String {
    switch self {
    case .rfc(let number, let section): section.isEmpty ? "RFC \(number)" : "RFC \(number) §\(section)"
    case .document(let title, _): title
    }
  }

  public var url: String {
    switch self {
    case .rfc(let number, let section):
      "https://www.rfc-editor.org/rfc/rfc\(number)" + (section.isEmpty ? "" : "#section-\(section)")
    case .document(_, let url): url
    }
  }
}

/// A trace in TraceScript that a rule fires on, or must not fire on.
public struct RuleExample: Sendable {
  /// Whether the rule must report something; a clean one is the trap that fools others.
  public var fires: Bool
  public var title: String
  public var script: String

  public static func fires(_ title: String, script: String) -> RuleExample {
    RuleExample(fires: true, title: title, script: script)
  }
  public static func clean(_ title: String, script: String) -> RuleExample {
    RuleExample(fires: false, title: title, script: script)
  }
}

/// What is known of a rule without running it: its documentation, its thresholds, its examples.
public struct RuleInfo: Sendable {
  /// Three letters of the family and three digits; never used again for another rule.
  public var code: String
  /// Reads well after "allow": `syn-retransmitted`.
  public var name: String
  public var family: Family
  /// The severity of its ordinary finding; a rule may grade a single one otherwise.
  public var severity: Severity
  /// The first version that had it.
  public var since: String
  public var lifecycle: Lifecycle
  /// Other analyzers' names for it, and its own earlier ones.
  public var aliases: [String]
  /// What it finds, one sentence.
  public var summary: String
  /// Why that is bad, or worth knowing.
  public var why: String
  /// What to do about it.
  public var remedy: String
  /// What it is easily confused with, and how it tells them apart.
  public var falsePositives: String
  public var options: [RuleOption]
  public var sources: [RuleSource]
  /// Rules whose finding in the same episode is the cause of this one's.
  public var consequenceOf: [String]
  /// Rules whose finding anywhere in the same flow is the cause of this one's.
  public var followsFrom: [String]
  /// Whether its finding rests on something that did not pass: void where the capture was filtered.
  public var claimsAbsence: Bool
  public var examples: [RuleExample]

  public init(
    code: String, name: String, family: Family, severity: Severity, since: String = "0.1.0",
    lifecycle: Lifecycle = .stable, aliases: [String] = [], summary: String, why: String, remedy: String,
    falsePositives: String, options: [RuleOption] = [], sources: [RuleSource] = [],
    consequenceOf: [String] = [], followsFrom: [String] = [],
    claimsAbsence: Bool = false, examples: [RuleExample]
  ) {
    self.code = code
    self.name = name
    self.family = family
    self.severity = severity
    self.since = since
    self.lifecycle = lifecycle
    self.aliases = aliases
    self.summary = summary
    self.why = why
    self.remedy = remedy
    self.falsePositives = falsePositives
    self.options = options
    self.sources = sources
    self.consequenceOf = consequenceOf
    self.followsFrom = followsFrom
    self.claimsAbsence = claimsAbsence
    self.examples = examples
  }
}
