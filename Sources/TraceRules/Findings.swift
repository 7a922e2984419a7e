import TraceDecode

/// Where a rule puts what it finds; knows the rule's settings and the flow in hand.
///
/// Cost: none for a rule that finds nothing; what a rule is told of itself is shared and not copied.
public struct Findings {
  public private(set) var drafts: [Finding] = []
  /// Findings that nobody will be shown, because the rule has spoken often enough: only their number is kept.
  public private(set) var counted = 0
  private let contexts: [RuleContext]
  /// Whose turn it is.
  private var rule = 0
  private let flow: FlowIdentity?
  private var silence = Silence.none

  /// What of a rule's findings nobody will be shown: of that only the number is kept.
  enum Silence {
    case none
    /// Those of severity `info` that are about a whole flow.
    case infos
    case all
  }

  /// - Parameter severity: What the configuration makes of the rule's own severity.
  public init(
    for info: RuleInfo, flow: FlowIdentity?, settings: [String: Int64] = [:], severity: Severity? = nil
  ) {
    self.init([RuleContext(info, settings: settings, severity: severity)], flow: flow)
  }

  /// - Parameter contexts: one at least; the first has its turn first.
  init(_ contexts: [RuleContext], flow: FlowIdentity?) {
    self.contexts = contexts
    self.flow = flow
  }

  private var context: RuleContext { contexts[rule] }

  /// Makes it the next rule's turn; what the last one found is the caller's by then.
  mutating func turn(to next: Int, silence: Silence) {
    if !isEmpty {
      drafts = []
      counted = 0
    }
    rule = next
    self.silence = silence
  }

  var isEmpty: Bool { drafts.isEmpty && counted == 0 }

  /// The value of a threshold: the configuration's, or the option's default.
  public subscript(option: RuleOption) -> Int64 {
    context.settings.isEmpty ? option.defaultValue : context.settings[option.name] ?? option.defaultValue
  }

  /// Reports one finding.
  ///
  /// Cost: texts and evidence are made only when they will be shown.
  /// - Parameters:
  ///   - message: What the endpoint did, one line, lower case, no final stop.
  ///   - segment: The offence; it leads the evidence.
  ///   - note: What the offence shows beside its numbers.
  ///   - severity: Only where it differs from the rule's own.
  ///   - remedy: Only where it differs from the rule's own.
  public mutating func report(
    _ message: @autoclosure () -> String, at segment: SegmentRef?, note: @autoclosure () -> String = "",
    endpoint: Role? = nil, severity: Severity? = nil, confidence: Confidence = .certain,
    why: @autoclosure () -> String, remedy: @autoclosure () -> String? = nil,
    alternatives: @autoclosure () -> [String] = [], evidence: @autoclosure () -> [Evidence] = [],
    values: @autoclosure () -> [Value] = [], occurrences: Int = 1
  ) {
    if silence == .all {
      counted += max(1, occurrences)
      return
    }
    let info = context.info
    var finding = Finding(
      code: info.code, rule: info.name, severity: context.grade(severity), confidence: confidence,
      flow: flow, endpoint: endpoint ?? segment?.sender, frame: segment?.frame ?? 0, time: segment?.time,
      recordOffset: segment?.recordOffset, message: message(), why: why(), remedy: remedy() ?? info.remedy)
    finding.alternatives = alternatives()
    finding.values = values()
    finding.occurrences = max(1, occurrences)
    var shown = evidence().filter { $0.segment.frame != segment?.frame }
    if let segment { shown.append(Evidence(segment, note(), isOffence: true)) }
    finding.evidence = Self.inFrameOrder(shown)
    drafts.append(finding)
  }

  /// Reports something about the capture, about a whole flow, or about a frame that is no segment of one.
  ///
  /// Cost: texts are made only when they will be shown, so that a rule may speak of every flow.
  public mutating func report(
    _ message: @autoclosure () -> String, frame: UInt64, time: Int64? = nil, recordOffset: UInt64? = nil,
    endpoint: Role? = nil, severity: Severity? = nil, confidence: Confidence = .certain,
    why: @autoclosure () -> String, remedy: String? = nil, alternatives: [String] = [],
    values: @autoclosure () -> [Value] = [], occurrences: Int = 1
  ) {
    if silence == .all || silence == .infos && context.grade(severity) == .info {
      counted += max(1, occurrences)
      return
    }
    report(
      message(), at: nil, endpoint: endpoint, severity: severity, confidence: confidence, why: why(),
      remedy: remedy, alternatives: alternatives, values: values(), occurrences: occurrences)
    drafts[drafts.count - 1].frame = frame
    drafts[drafts.count - 1].time = time
    drafts[drafts.count - 1].recordOffset = recordOffset
  }

  private static func inFrameOrder(_ evidence: [Evidence]) -> [Evidence] {
    if evidence.count < 2 { return evidence }
    var seen = Set<UInt64>()
    return evidence.filter { seen.insert($0.segment.frame).inserted }
      .sorted { $0.segment.frame < $1.segment.frame }
  }
}

/// What a run knows of one of its rules: made once, shared by everything the rule finds.
final class RuleContext {
  let info: RuleInfo
  let settings: [String: Int64]
  private let severity: Severity?

  init(_ info: RuleInfo, settings: [String: Int64], severity: Severity?) {
    self.info = info
    self.settings = settings
    self.severity = severity
  }

  /// A configured severity replaces the rule's, except where the rule itself calls a finding harmless.
  func grade(_ own: Severity?) -> Severity {
    let own = own ?? info.severity
    guard let severity, own > .info || info.severity == .info else { return own }
    return severity
  }
}
