import TraceDecode

/// Runs the rules over what an `Analyzer` decides, and keeps or streams what they find.
///
/// One episode is shown to every rule that asked for its kind; what they find in it is linked
/// (`Finding.causedBy`), so that one loss is one root with its consequences. Equal input gives equal findings
/// in equal order.
public final class RuleRunner: AnalysisSink {
  /// What a run is told about the rules before it starts.
  public struct Configuration: Sendable {
    /// Codes of the rules to leave out.
    public var disabled: Set<String> = []
    /// Severities to report instead of the rules' own, by code.
    public var severities: [String: Severity] = [:]
    /// Thresholds to use instead of the defaults: by code, then by option name.
    public var settings: [String: [String: Int64]] = [:]
    /// Findings of one rule in one flow that are shown; the rest is counted in the last one shown.
    public var findingsPerFlow = Limits().findingsPerRule
    /// Findings of one rule in one capture that are shown; the rest is counted in `uncollected`.
    public var findingsPerRule = Limits().findings
    /// As many of severity `info`: a hundred flows that are still open need no two thousand examples.
    public var infosPerRule = 500
    public init() {}

    /// Leaves only what `select` names, less what `ignore` names (codes, names, families, prefixes, `ALL`).
    ///
    /// Returns the words that name nothing.
    public mutating func select(_ select: [String], ignore: [String] = []) -> [String] {
      var unknown: [String] = []
      func codes(_ words: [String]) -> Set<String> {
        words.reduce(into: []) { set, word in
          if let found = Registry.codes(for: word) { set.formUnion(found) } else { unknown.append(word) }
        }
      }
      let chosen = codes(select).subtracting(codes(ignore))
      disabled = Set(Registry.infos.map(\.code)).subtracting(chosen)
      return unknown
    }
  }

  /// What was found so far, in order of decision; `finish` puts it in order of frames.
  public internal(set) var findings: [Finding] = []
  /// Findings that `Configuration.findingsPerRule` and `infosPerRule` left out, by code.
  public var uncollected: [String: Int] {
    var byCode: [String: Int] = [:]
    for (context, count) in zip(contexts, uncollectedPerRule) where count > 0 {
      byCode[context.info.code, default: 0] += count
    }
    return byCode
  }
  /// Called with each finding when it is decided; with it set, nothing is kept in `findings`.
  public var onFinding: ((Finding) -> Void)?
  /// Called when a flow is over, with a finding shown before whose `occurrences` has grown since.
  public var onAmendment: ((Finding) -> Void)?
  /// Called with the report of every flow, after the rules have judged it.
  public var onFlow: ((FlowReport) -> Void)?
  /// Called with the verdicts on single frames, where the analyzer was told to give them.
  public var onVerdict: ((FrameVerdict, UInt64, FlowIdentity) -> Void)?

  let configuration: Configuration
  var rules: [any Rule]
  let contexts: [RuleContext]
  var infos: [RuleInfo] { contexts.map(\.info) }
  /// The rules that ask for each kind of episode, by the place of the kind's bit.
  let observers: [[Int]]
  /// The rules that ask for flows that are over, and for which.
  let enders: [(rule: Int, wants: FlowTraits)]
  /// Of them, those that ask for what they were shown an episode of.
  let judgers: [Int]
  /// Of the enders, those that can have a use for a flow with some traits; found when such a flow first ends.
  var endersByTraits: [[(rule: Int, wants: FlowTraits)]?] = Array(
    repeating: nil, count: FlowTraits.combinations)
  let mask: EpisodeKind
  var nextID = 1
  var shownPerRule: [Int]
  var infosPerRule: [Int]
  var uncollectedPerRule: [Int]
  /// Number of the flow whose episode each rule was shown last.
  var judgedLast: [Int]
  /// What was shown of flows that are not over; of the one at hand, in `current`.
  var tallies: [Int: [Tally]] = [:]
  var current: (flow: Int, tallies: [Tally]) = (0, [])

  /// How often one rule spoke in one flow, and the last finding it was allowed to show.
  struct Tally {
    var rule: Int
    var shown: Int
    var last: Finding
    var index: Int?
    var amended = false
  }

  public init(configuration: Configuration = Configuration(), rules types: [any Rule.Type] = Registry.rules) {
    self.configuration = configuration
    let enabled = types.filter { !configuration.disabled.contains($0.info.code) }
    rules = enabled.map { $0.init() }
    contexts = enabled.map {
      RuleContext(
        $0.info, settings: configuration.settings[$0.info.code] ?? [:],
        severity: configuration.severities[$0.info.code])
    }
    mask = enabled.reduce(into: []) { $0.formUnion($1.observes) }
    observers = (0..<32).map { bit in
      enabled.indices.filter { enabled[$0].observes.rawValue & 1 << bit != 0 }
    }
    enders = enabled.indices.filter { enabled[$0].observes.contains(.flowEnd) }.map {
      ($0, enabled[$0].flows)
    }
    judgers = enders.filter { $0.wants.contains(.judged) }.map(\.rule)
    shownPerRule = Array(repeating: 0, count: enabled.count)
    infosPerRule = shownPerRule
    uncollectedPerRule = shownPerRule
    judgedLast = shownPerRule
  }

  public func episode(_ episode: Episode, of flow: FlowIdentity) {
    let kind = episode.kind
    guard !mask.isDisjoint(with: kind) else { return }
    turn(to: flow.number)
    publish(kind, flow: flow) { rule, out in rule.judge(episode, of: flow, &out) }
  }

  public func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
    onVerdict?(verdict, frame, flow)
  }

  public func flowEnded(_ report: FlowReport) {
    turn(to: report.flow.number)
    publishEnd(of: report)
    if !current.tallies.isEmpty {
      for tally in current.tallies where tally.amended { onAmendment?(tally.last) }
      current.tallies = []
    }
    onFlow?(report)
  }

  /// Judges the capture as a whole and returns everything found, in order of frames and numbered anew.
  ///
  /// With `onFinding` set the capture's findings go there, and the answer is empty.
  @discardableResult
  public func finish(_ report: CaptureReport, facts: CaptureFacts = CaptureFacts()) -> [Finding] {
    turn(to: 0)
    publish(.captureEnd, flow: nil) { rule, out in rule.captureEnded(report, facts, &out) }
    if findings.contains(where: { $0.rule == FilteredTrace.info.name }) { withdrawAbsences() }
    if facts.drops > 0 { distrustLosses(facts.drops) }
    linkAcrossEpisodes()
    findings = RuleRunner.inOrder(findings)
    return findings
  }
}
