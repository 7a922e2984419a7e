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
    public var findingsPerRule = 10_000
    /// As many of severity `info`: a hundred flows that are still open need no ten thousand examples.
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
  public private(set) var findings: [Finding] = []
  /// Findings that `Configuration.findingsPerRule` and `infosPerRule` left out, by code.
  public private(set) var uncollected: [String: Int] = [:]
  /// Called with each finding when it is decided; with it set, nothing is kept in `findings`.
  public var onFinding: ((Finding) -> Void)?
  /// Called when a flow is over, with a finding shown before whose `occurrences` has grown since.
  public var onAmendment: ((Finding) -> Void)?
  /// Called with the report of every flow, after the rules have judged it.
  public var onFlow: ((FlowReport) -> Void)?
  /// Called with the verdicts on single frames, where the analyzer was told to give them.
  public var onVerdict: ((FrameVerdict, UInt64, FlowIdentity) -> Void)?

  let configuration: Configuration
  private var rules: [any Rule]
  private let contexts: [RuleContext]
  private var infos: [RuleInfo] { contexts.map(\.info) }
  /// The rules that ask for each kind of episode, by the place of the kind's bit.
  private let observers: [[Int]]
  private let mask: EpisodeKind
  private var nextID = 1
  private var shownPerRule: [Int]
  private var infosPerRule: [Int]
  private var tallies: [Int: [Tally]] = [:]

  /// How often one rule spoke in one flow, and the last finding it was allowed to show.
  private struct Tally {
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
    shownPerRule = Array(repeating: 0, count: enabled.count)
    infosPerRule = shownPerRule
  }

  public func episode(_ episode: Episode, of flow: FlowIdentity) {
    let kind = episode.kind
    guard !mask.isDisjoint(with: kind) else { return }
    publish(kind, flow: flow) { rule, out in rule.judge(episode, of: flow, &out) }
  }

  public func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
    onVerdict?(verdict, frame, flow)
  }

  public func flowEnded(_ report: FlowReport) {
    if !mask.isDisjoint(with: .flowEnd) {
      publish(.flowEnd, flow: report.flow) { rule, out in rule.flowEnded(report, &out) }
    }
    if !tallies.isEmpty {
      for tally in tallies.removeValue(forKey: report.flow.number) ?? [] where tally.amended {
        onAmendment?(tally.last)
      }
    }
    onFlow?(report)
  }

  /// Judges the capture as a whole and returns everything found, in order of frames and numbered anew.
  ///
  /// With `onFinding` set the capture's findings go there, and the answer is empty.
  @discardableResult
  public func finish(_ report: CaptureReport, facts: CaptureFacts = CaptureFacts()) -> [Finding] {
    publish(.captureEnd, flow: nil) { rule, out in rule.captureEnded(report, facts, &out) }
    if findings.contains(where: { $0.rule == FilteredTrace.info.name }) { withdrawAbsences() }
    if facts.drops > 0 { distrustLosses(facts.drops) }
    linkAcrossEpisodes()
    findings = RuleRunner.inOrder(findings)
    return findings
  }

  /// Puts findings, of one run or of several over parts of one capture, in order of frames and numbers them.
  public static func inOrder(_ findings: [Finding]) -> [Finding] {
    let order = findings.indices.sorted { i, j in
      let (a, b) = (findings[i], findings[j])
      if a.frame != b.frame { return a.frame < b.frame }
      if a.code != b.code { return a.code < b.code }
      let (m, n) = (a.flow?.number ?? 0, b.flow?.number ?? 0)
      return m != n ? m < n : i < j
    }
    var renumbered: [Int: Int] = [:]
    for (position, i) in order.enumerated() { renumbered[findings[i].id] = position + 1 }
    return order.map { i in
      var finding = findings[i]
      finding.id = renumbered[finding.id] ?? finding.id
      finding.causedBy = finding.causedBy.flatMap { renumbered[$0] }
      return finding
    }
  }

  // MARK: - Dispatch

  private func publish(
    _ kind: EpisodeKind, flow: FlowIdentity?, _ call: (inout any Rule, inout Findings) -> Void
  ) {
    let observers = observers[kind.rawValue.trailingZeroBitCount]
    guard let first = observers.first else { return }
    var drafts: [(rule: Int, finding: Finding)] = []
    var out = Findings(contexts[first], flow: flow)
    for i in observers {
      out.turn(to: contexts[i], countsInfos: countsInfos(of: i, in: flow))
      call(&rules[i], &out)
      if out.isEmpty { continue }
      for finding in out.drafts { drafts.append((i, finding)) }
      if out.counted > 0 { uncollected[contexts[i].info.code, default: 0] += out.counted }
    }
    guard !drafts.isEmpty else { return }
    // Causes before consequences, so that a consequence can name the number of its cause.
    if drafts.count == 1 {
      _ = emit(drafts[0].finding, rule: drafts[0].rule)
      return
    }
    let names = Set(drafts.map { $0.finding.rule })
    let isConsequence = drafts.map {
      contexts[$0.rule].info.consequenceOf.contains(where: names.contains)
    }
    var roots: [String: Int] = [:]
    for (draft, consequence) in zip(drafts, isConsequence) where !consequence {
      if let id = emit(draft.finding, rule: draft.rule), roots[draft.finding.rule] == nil {
        roots[draft.finding.rule] = id
      }
    }
    for (draft, consequence) in zip(drafts, isConsequence) where consequence {
      var finding = draft.finding
      finding.causedBy = contexts[draft.rule].info.consequenceOf.lazy.compactMap { roots[$0] }.first
      if let id = emit(finding, rule: draft.rule), roots[finding.rule] == nil { roots[finding.rule] = id }
    }
  }

  /// Numbers and keeps a finding; nil when a limit has it only counted.
  private func emit(_ draft: Finding, rule: Int) -> Int? {
    var finding = draft
    if let flow = finding.flow, let i = tally(flow.number, rule), tallyIsFull(flow.number, i) {
      tallies[flow.number]?[i].last.occurrences += finding.occurrences
      tallies[flow.number]?[i].amended = true
      if let index = tallies[flow.number]?[i].index { findings[index].occurrences += finding.occurrences }
      return tallies[flow.number]?[i].last.id
    }
    let isInfo = finding.severity == .info
    guard shownPerRule[rule] < configuration.findingsPerRule,
      !isInfo || infosPerRule[rule] < configuration.infosPerRule
    else {
      uncollected[finding.code, default: 0] += finding.occurrences
      return nil
    }
    shownPerRule[rule] += 1
    if isInfo { infosPerRule[rule] += 1 }
    finding.id = nextID
    nextID += 1
    if let onFinding { onFinding(finding) } else { findings.append(finding) }
    if let flow = finding.flow {
      let index = onFinding == nil ? findings.count - 1 : nil
      if let i = tally(flow.number, rule) {
        tallies[flow.number]?[i].shown += 1
        tallies[flow.number]?[i].last = finding
        tallies[flow.number]?[i].index = index
      } else {
        tallies[flow.number, default: []].append(Tally(rule: rule, shown: 1, last: finding, index: index))
      }
    }
    return finding.id
  }

  /// Whether infos of the rule would only be counted, and in none that is shown already.
  private func countsInfos(of rule: Int, in flow: FlowIdentity?) -> Bool {
    guard infosPerRule[rule] >= configuration.infosPerRule else { return false }
    return flow.map { tally($0.number, rule) == nil } ?? true
  }

  private func tally(_ flow: Int, _ rule: Int) -> Int? {
    tallies[flow]?.firstIndex { $0.rule == rule }
  }

  private func tallyIsFull(_ flow: Int, _ i: Int) -> Bool {
    (tallies[flow]?[i].shown ?? 0) >= max(1, configuration.findingsPerFlow)
  }

  /// Links what one flow's later or earlier story caused (`RuleInfo.followsFrom`).
  private func linkAcrossEpisodes() {
    let causes = Dictionary(infos.map { ($0.code, $0.followsFrom) }, uniquingKeysWith: { a, _ in a })
      .filter { !$0.value.isEmpty }
    guard findings.contains(where: { causes[$0.code] != nil }) else { return }
    let wanted = Set(causes.values.joined())
    var first: [Int: [String: Finding]] = [:]
    for finding in findings where wanted.contains(finding.rule) {
      guard let flow = finding.flow?.number, first[flow]?[finding.rule] == nil else { continue }
      first[flow, default: [:]][finding.rule] = finding
    }
    for i in findings.indices where findings[i].causedBy == nil {
      guard let names = causes[findings[i].code], let flow = findings[i].flow?.number else { continue }
      findings[i].causedBy =
        names.lazy.compactMap { first[flow]?[$0] }
        .first { $0.id != findings[i].id && Self.share($0, findings[i]) }?.id
    }
  }

  /// A connection opens and closes once, but loses often: losses are linked only by a frame that both show.
  private static func share(_ cause: Finding, _ consequence: Finding) -> Bool {
    guard ["SEQ", "ACK", "WND"].contains(consequence.code.prefix(3)) else { return true }
    let frames = Set(cause.evidence.map(\.segment.frame))
    return consequence.evidence.contains { frames.contains($0.segment.frame) }
  }

  /// A filtered capture lacks the very segments that claims of silence are about.
  private func withdrawAbsences() {
    let codes = Set(infos.filter(\.claimsAbsence).map(\.code))
    findings.removeAll { codes.contains($0.code) }
  }

  /// What a capture did not hold is no proof: certain losses become likely ones where frames were dropped.
  private func distrustLosses(_ drops: UInt64) {
    for i in findings.indices { findings[i].distrust(drops: drops) }
  }
}

extension Finding {
  /// Lowers the confidence of what rests on something not being seen, where the capture dropped frames.
  public mutating func distrust(drops: UInt64) {
    guard drops > 0, confidence == .certain, code.hasPrefix("SEQ") || code.hasPrefix("ACK") else { return }
    confidence = .likely
    alternatives.append("the capture itself dropped \(Format.count(drops, "frame"))")
  }
}
