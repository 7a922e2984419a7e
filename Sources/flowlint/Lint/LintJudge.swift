import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

/// Judges one capture by its settings: contracts, suppressions, baseline, and whether it is worth a verdict.
final class LintJudge: CaptureJudge {
  private let file: String
  private let settings: LintSettings
  /// Empty where there is none: what is counted is named from its folder all the same.
  private let baseline: Baseline
  private let requiredFlows: Int
  private var tallies: [ContractTally]
  /// Which suppressions with a flow expression mean a flow, by the flow's number.
  private var suppressed: [Int: [Int]] = [:]
  private let conditional: [Int]
  /// Findings so far, by flow, for expressions that ask for them.
  private var findingsByFlow: [Int: [Finding]] = [:]
  private var consumed = 0
  private let wantsFindings: Bool
  let needsLedger: Bool

  /// What the run takes from it, when the capture is over.
  private(set) var verdict = Verdict()
  struct Verdict {
    var failures = 0
    /// Failures that say something of the network and not of the capture.
    var networkFailures = 0
    var isTooPoor = false
    /// Places, as file:line:column.
    var usedSuppressions: Set<String> = []
    var baselineCounts: [Baseline.Key: Int] = [:]
    var complaints: [String] = []
    /// Findings of each rule that are reported, for `--statistics`.
    var counts: [String: Int] = [:]
  }

  init(file: String, settings: LintSettings, baseline: Baseline, requiredFlows: Int) {
    self.file = file
    self.settings = settings
    self.baseline = baseline
    self.requiredFlows = requiredFlows
    tallies = settings.contracts.map(ContractTally.init)
    conditional = settings.suppressions.indices.filter { settings.suppressions[$0].flow != nil }
    wantsFindings = settings.contracts.contains { $0.flow.needsFindings }
    needsLedger =
      settings.contracts.contains { $0.flow.needsLedger || $0.metric?.needsLedger == true }
      || settings.suppressions.contains { $0.flow?.needsLedger == true }
  }

  func flow(_ report: FlowReport, findings: @autoclosure () -> [Finding]) {
    if !tallies.isEmpty {
      var own: [Finding]?
      if wantsFindings {
        let all = findings()
        for finding in all[min(consumed, all.count)...] {
          if let number = finding.flow?.number { findingsByFlow[number, default: []].append(finding) }
        }
        consumed = all.count
        own = findingsByFlow.removeValue(forKey: report.flow.number) ?? []
      }
      for i in tallies.indices { tallies[i].add(report, findings: own) }
    }
    for i in conditional where settings.suppressions[i].flow?.matches(report) == true {
      suppressed[report.flow.number, default: []].append(i)
    }
  }

  func judge(_ found: [Finding], record: CaptureRecord, info: CaptureInfo) -> [Judged] {
    // Whoever requires no flow has said that a capture without TCP is as it should be.
    var findings = requiredFlows == 0 ? found.filter { $0.code != "CAP116" } : found
    for (contract, tally) in zip(settings.contracts, tallies) {
      let place = "\(settings.path ?? ""):\(contract.line):\(contract.column)"
      findings += tally.findings(place: place)
    }
    let codes = Set(found.map(\.code))
    findings += ownFindings(record.report, info).filter { own in
      LintRule.twins[own.code].map { !codes.contains($0) } ?? true
    }
    findings = findings.compactMap(graded)
    findings = Self.inOrder(findings)
    let judged = silence(findings, info)
    for case (let finding, nil) in judged.lazy.map({ ($0.finding, $0.silence) }) {
      verdict.counts[finding.code, default: 0] += finding.occurrences
      if [LintRule.captureTooPoor.code, LintRule.contractNotJudged.code].contains(finding.code) {
        verdict.isTooPoor = true
      }
      guard finding.severity >= settings.failOn else { continue }
      verdict.failures += 1
      if !finding.code.hasPrefix(Family.capture.code) { verdict.networkFailures += 1 }
    }
    return judged
  }

  /// By frame, what is about the whole capture last, and numbered in that order.
  private static func inOrder(_ findings: [Finding]) -> [Finding] {
    let order = findings.indices.sorted { a, b in
      func place(_ i: Int) -> (UInt64, Int) { (findings[i].frame == 0 ? .max : findings[i].frame, i) }
      return place(a) < place(b)
    }
    var numbers: [Int: Int] = [:]
    for (i, old) in order.enumerated() where findings[old].id != 0 { numbers[findings[old].id] = i + 1 }
    return order.enumerated().map { i, old in
      var finding = findings[old]
      finding.id = i + 1
      finding.causedBy = finding.causedBy.flatMap { numbers[$0] }
      return finding
    }
  }

  /// What lint has to say of the recording as such.
  private func ownFindings(_ report: CaptureReport, _ info: CaptureInfo) -> [Finding] {
    var findings: [Finding] = []
    func add(_ rule: RuleInfo, _ message: String, _ why: String) {
      findings.append(
        Finding(
          code: rule.code, rule: rule.name, severity: rule.severity, confidence: .certain, flow: nil,
          endpoint: nil,
          frame: 0, time: nil, recordOffset: nil, message: message, why: why, remedy: rule.remedy))
    }
    if let damage = info.damage {
      let place = damage.offset.map { " at byte \(Format.grouped($0))" } ?? ""
      add(
        LintRule.captureCut,
        "the capture breaks off\(place), after \(Format.count(damage.framesBefore, "packet"))",
        damage.reason)
    }
    if report.flows < requiredFlows {
      let message: String
      if report.packets == 0 {
        message = "no packet in the capture"
      } else if report.tcpPackets == 0 {
        message = "no TCP among \(Format.count(report.packets, "packet"))"
      } else {
        message = "\(Format.count(report.flows, "TCP flow")), at least \(requiredFlows) required"
      }
      add(LintRule.tooFewFlows, message, "a recording of nothing has no findings, and proves nothing")
    }
    let defects = CaptureWorth.defects(report)
    if !defects.isEmpty {
      add(
        LintRule.captureTooPoor,
        "too poor a capture to judge the network by: \(defects.joined(separator: "; "))",
        "more than \(CaptureWorth.tolerablePercent) % is missing, or a whole direction is")
    }
    return findings
  }

  /// Lint's own findings as the configuration grades them; nil for one that is ignored.
  private func graded(_ finding: Finding) -> Finding? {
    guard finding.code.hasPrefix(LintRule.family) else { return finding }
    guard !settings.rules.disabled.contains(finding.code) else { return nil }
    var finding = finding
    if let severity = settings.rules.severities[finding.code] { finding.severity = severity }
    return finding
  }

  // MARK: - Silence

  private func silence(_ findings: [Finding], _ info: CaptureInfo) -> [Judged] {
    var comments = CommentSuppressions(info.comments, file: file)
    var judged = findings.map { finding -> Judged in
      if let reason = comments.reason(for: finding) {
        return Judged(finding: finding, silence: .comment(reason: reason))
      }
      return Judged(finding: finding, silence: configured(finding))
    }
    verdict.complaints += comments.faults + comments.unused(file: file)
    // What is merely worth counting fails nothing, and needs no entry.
    let open = judged.filter { $0.silence == nil && $0.finding.severity > .info }.map(\.finding)
    let name = baseline.name(of: file)
    verdict.baselineCounts = Baseline.count(open, in: name)
    guard !baseline.entries.isEmpty else { return judged }
    for i in judged.indices where judged[i].silence == nil && judged[i].finding.severity > .info {
      let key = Baseline.key(judged[i].finding, in: name)
      if verdict.baselineCounts[key, default: 0] <= baseline.allowance(key) { judged[i].silence = .baseline }
    }
    return judged
  }

  private func configured(_ finding: Finding) -> Silence? {
    for (i, suppression) in settings.suppressions.enumerated() where suppression.codes.contains(finding.code)
    {
      if suppression.flow != nil {
        guard let flow = finding.flow, suppressed[flow.number]?.contains(i) == true else { continue }
      }
      let place = settings.place(of: suppression)
      verdict.usedSuppressions.insert(place)
      return .configuration(reason: suppression.reason, place: place)
    }
    return nil
  }
}
