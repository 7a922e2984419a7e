import TraceDecode

/// One judgement about TCP conduct, in one file: what it is called, what it watches, when it speaks.
///
/// A rule sees only the kinds of episode it asked for, so it costs nothing on traffic that has none of them.
/// Its own state is for what spans flows; what concerns one flow is in the episode already.
public protocol Rule: Sendable {
  static var info: RuleInfo { get }
  /// The kinds of episode that `judge` is called with; `flowEnd` and `captureEnd` ask for the other two calls.
  static var observes: EpisodeKind { get }
  init()
  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings)
  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings)
  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings)
}

extension Rule {
  public mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {}
  public mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {}
  public mutating func captureEnded(
    _ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings
  ) {}
}

/// Where a rule puts what it finds; knows the rule's settings and the flow in hand.
public struct Findings {
  public private(set) var drafts: [Finding] = []
  let info: RuleInfo
  let flow: FlowIdentity?
  let settings: [String: Int64]
  let severity: Severity?

  /// - Parameter severity: What the configuration makes of the rule's own severity.
  public init(
    for info: RuleInfo, flow: FlowIdentity?, settings: [String: Int64] = [:], severity: Severity? = nil
  ) {
    self.info = info
    self.flow = flow
    self.settings = settings
    self.severity = severity
  }

  /// The value of a threshold: the configuration's, or the option's default.
  public subscript(option: RuleOption) -> Int64 { settings[option.name] ?? option.defaultValue }

  /// Reports one finding.
  ///
  /// - Parameters:
  ///   - message: What the endpoint did, one line, lower case, no final stop.
  ///   - segment: The offence; it leads the evidence.
  ///   - note: What the offence shows beside its numbers.
  ///   - severity: Only where it differs from the rule's own.
  ///   - remedy: Only where it differs from the rule's own.
  public mutating func report(
    _ message: String, at segment: SegmentRef?, note: String = "", endpoint: Role? = nil,
    severity: Severity? = nil, confidence: Confidence = .certain, why: String, remedy: String? = nil,
    alternatives: [String] = [], evidence: [Evidence] = [], values: [Value] = [], occurrences: Int = 1
  ) {
    var finding = Finding(
      code: info.code, rule: info.name, severity: grade(severity ?? info.severity), confidence: confidence,
      flow: flow, endpoint: endpoint ?? segment?.sender, frame: segment?.frame ?? 0, time: segment?.time,
      recordOffset: segment?.recordOffset, message: message, why: why, remedy: remedy ?? info.remedy)
    finding.alternatives = alternatives
    finding.values = values
    finding.occurrences = max(1, occurrences)
    var shown = evidence.filter { $0.segment.frame != segment?.frame }
    if let segment { shown.append(Evidence(segment, note, isOffence: true)) }
    finding.evidence = Self.inFrameOrder(shown)
    drafts.append(finding)
  }

  /// Reports something about the capture, or about a frame that is no segment of a flow.
  public mutating func report(
    _ message: String, frame: UInt64, time: Int64? = nil, recordOffset: UInt64? = nil, endpoint: Role? = nil,
    severity: Severity? = nil, confidence: Confidence = .certain, why: String, remedy: String? = nil,
    alternatives: [String] = [], values: [Value] = [], occurrences: Int = 1
  ) {
    report(
      message, at: nil, endpoint: endpoint, severity: severity, confidence: confidence, why: why,
      remedy: remedy,
      alternatives: alternatives, values: values, occurrences: occurrences)
    drafts[drafts.count - 1].frame = frame
    drafts[drafts.count - 1].time = time
    drafts[drafts.count - 1].recordOffset = recordOffset
  }

  /// A configured severity replaces the rule's, except where the rule itself calls a finding harmless.
  private func grade(_ own: Severity) -> Severity {
    guard let severity, own > .info || info.severity == .info else { return own }
    return severity
  }

  private static func inFrameOrder(_ evidence: [Evidence]) -> [Evidence] {
    var seen = Set<UInt64>()
    return evidence.filter { seen.insert($0.segment.frame).inserted }
      .sorted { $0.segment.frame < $1.segment.frame }
  }
}
