import TraceDecode
import TraceReport
import TraceRules

/// Tells findings as they are decided, once each, and says so when a flow's end makes something else of one.
///
/// A story is previewed before its flow is over (`AnalysisSink.preview`). The last word on a finding, by id, is
/// the one that an analysis of the recording gives.
final class LiveFindings: AnalysisSink {
  private struct Key: Hashable {
    var code: String
    var frame: UInt64
    var endpoint: Role?
    init(_ finding: Finding) {
      code = finding.code
      frame = finding.frame
      endpoint = finding.endpoint
    }
  }

  private let runner: RuleRunner
  private let rules: RuleRunner.Configuration
  private let preview: [any Rule.Type]
  /// Shown ahead of their flow's end, by its number.
  private var shown: [Int: [Key: Finding]] = [:]
  private var confirmed: [Int: Set<Key>] = [:]
  /// Ids told, by the ids of the rules' own count.
  private var ids: [Int: Int] = [:]
  private var nextID = 1
  private var dropFinding: Finding?
  /// Told claims that something did not happen, which the end may show to be the filter's doing.
  private var absences: [Finding] = []
  private let absenceCodes = Set(Registry.infos.filter(\.claimsAbsence).map(\.code))
  private static let absencesKept = 10_000
  /// Frames the capture is known to lack by now.
  private(set) var drops: UInt64 = 0

  /// With what was told under the same id before; nil for a new finding.
  var onFinding: (Finding, _ before: Finding?) -> Void = { _, _ in }
  var onWithdrawal: (Finding) -> Void = { _ in }
  var onFlow: (FlowReport) -> Void = { _ in }
  var onVerdict: (FrameVerdict, UInt64, FlowIdentity) -> Void = { _, _, _ in }
  var onRoundTrip: (Int64, Role) -> Void = { _, _ in }
  var onEpisode: (Episode, FlowIdentity) -> Void = { _, _ in }
  var onSegment: (StreamSegment, FlowIdentity) -> Void = { _, _ in }

  init(rules: RuleRunner.Configuration) {
    var rules = rules
    // A watch has no end: a rule that has spoken often must not fall silent.
    rules.findingsPerRule = .max
    self.rules = rules
    runner = RuleRunner(configuration: rules)
    preview = Registry.rules.filter { !$0.observes.isDisjoint(with: Self.previewed) }
    runner.onFinding = { [unowned self] in settle($0) }
    runner.onAmendment = { [unowned self] in amend($0) }
    runner.onFlow = { [unowned self] in onFlow($0) }
    runner.onVerdict = { [unowned self] in onVerdict($0, $1, $2) }
  }

  private static let previewed: EpisodeKind = [.handshake, .icmp, .close, .reset, .reuse, .oldSyn]

  func episode(_ episode: Episode, of flow: FlowIdentity) {
    onEpisode(episode, flow)
    runner.episode(episode, of: flow)
  }
  func segment(_ segment: StreamSegment, of flow: FlowIdentity) { onSegment(segment, flow) }
  func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
    runner.verdict(verdict, frame: frame, flow: flow)
  }
  func roundTrip(_ nanoseconds: Int64, to role: Role, of flow: FlowIdentity) {
    onRoundTrip(nanoseconds, role)
  }

  func flowEnded(_ report: FlowReport) {
    runner.flowEnded(report)
    let number = report.flow.number
    let kept = confirmed.removeValue(forKey: number) ?? []
    for (key, finding) in (shown.removeValue(forKey: number) ?? [:]).sorted(by: { $0.value.id < $1.value.id })
    where !kept.contains(key) { onWithdrawal(finding) }
  }

  func preview(_ episode: Episode, of flow: FlowIdentity) {
    // Rules of its own: what is shown ahead must not count in what the flow's end finds.
    let ahead = RuleRunner(configuration: rules, rules: preview)
    ahead.onFinding = { [unowned self] in showAhead($0, flow: flow.number) }
    ahead.episode(episode, of: flow)
  }

  /// The capture has dropped frames: at once a finding, and a reason to be less sure from here on.
  func noteDrops(_ facts: CaptureFacts, _ report: CaptureReport) {
    guard facts.drops > drops else { return }
    drops = facts.drops
    guard dropFinding == nil, !rules.disabled.contains("CAP102") else { return }
    let alone = RuleRunner(
      configuration: rules, rules: [any Rule.Type](Registry.rule("CAP102").map { [$0] } ?? []))
    guard var finding = alone.finish(report, facts: facts).first else { return }
    finding.id = takeID()
    dropFinding = finding
    onFinding(finding, nil)
  }

  /// Judges the capture as a whole; nothing may follow.
  func finish(_ report: CaptureReport, facts: CaptureFacts) {
    drops = facts.drops
    runner.finish(report, facts: facts)
    if isFiltered { for finding in absences { onWithdrawal(finding) } }
  }

  private var isFiltered = false

  private func takeID() -> Int {
    defer { nextID += 1 }
    return nextID
  }

  private func showAhead(_ draft: Finding, flow: Int) {
    var finding = draft
    finding.distrust(drops: drops)
    finding.causedBy = nil
    let key = Key(finding)
    if let before = shown[flow]?[key] {
      guard finding.saysOther(than: before) else { return }
      finding.id = before.id
      shown[flow]?[key] = finding
      return onFinding(finding, before)
    }
    finding.id = takeID()
    shown[flow, default: [:]][key] = finding
    onFinding(finding, nil)
  }

  /// The last word on a finding.
  private func settle(_ draft: Finding) {
    var finding = draft
    finding.distrust(drops: drops)
    finding.causedBy = finding.causedBy.flatMap { ids[$0] }
    if finding.flow == nil, finding.code == "CAP102", let before = dropFinding {
      finding.id = before.id
      if before.message != finding.message { onFinding(finding, before) }
      return
    }
    let key = Key(finding)
    guard let flow = finding.flow?.number, let before = shown[flow]?[key] else {
      finding.id = takeID()
      remember(draft.id, finding.id)
      if finding.rule == "filtered-trace" { isFiltered = true }
      noteAbsence(finding)
      return onFinding(finding, nil)
    }
    finding.id = before.id
    remember(draft.id, finding.id)
    confirmed[flow, default: []].insert(key)
    noteAbsence(finding)
    if finding.saysOther(than: before) { onFinding(finding, before) }
  }

  private func noteAbsence(_ finding: Finding) {
    if absences.count < Self.absencesKept, absenceCodes.contains(finding.code) { absences.append(finding) }
  }

  /// Causes are named within one story, so that the last few ids are enough.
  private func remember(_ id: Int, _ told: Int) {
    if ids.count >= 4096 { ids.removeAll(keepingCapacity: true) }
    ids[id] = told
  }

  private func amend(_ draft: Finding) {
    guard let id = ids[draft.id] else { return }
    var finding = draft
    finding.id = id
    finding.causedBy = finding.causedBy.flatMap { ids[$0] }
    finding.distrust(drops: drops)
    onFinding(finding, draft)
  }
}

extension Finding {
  /// Whether a person who was told `before` has to be told this.
  fileprivate func saysOther(than before: Finding) -> Bool {
    message != before.message || confidence != before.confidence || severity != before.severity
      || occurrences != before.occurrences
  }
}
