import TraceDecode

/// How rules are told, and what becomes of what they say at once.
extension RuleRunner {
  /// What one rule said of an episode or of a flow.
  private typealias Draft = (rule: Int, finding: Finding)

  func publish(
    _ kind: EpisodeKind, flow: FlowIdentity?, _ call: (inout any Rule, inout Findings) -> Void
  ) {
    let observers = observers[kind.rawValue.trailingZeroBitCount]
    if observers.isEmpty { return }
    var drafts: [Draft] = []
    var out = Findings(contexts, flow: flow)
    for i in observers {
      out.turn(to: i, countsInfos: countsInfos(of: i))
      call(&rules[i], &out)
      if let flow { judgedLast[i] = flow.number }
      if !out.isEmpty { collect(&out, of: i, into: &drafts) }
    }
    if !drafts.isEmpty { link(drafts) }
  }

  /// Tells of a flow that is over those rules that have a use for one like it.
  func publishEnd(of report: FlowReport) {
    let traits = FlowTraits(of: report)
    let number = report.flow.number
    var drafts: [Draft] = []
    var out = Findings(contexts, flow: report.flow)
    for (i, wants) in enders {
      guard !wants.isDisjoint(with: traits) || wants.contains(.judged) && judgedLast[i] == number else {
        continue
      }
      out.turn(to: i, countsInfos: countsInfos(of: i))
      rules[i].flowEnded(report, &out)
      if !out.isEmpty { collect(&out, of: i, into: &drafts) }
    }
    if !drafts.isEmpty { link(drafts) }
  }

  private func collect(_ out: inout Findings, of rule: Int, into drafts: inout [Draft]) {
    for finding in out.drafts { drafts.append((rule, finding)) }
    uncollectedPerRule[rule] += out.counted
  }

  /// Causes before consequences, so that a consequence can name the number of its cause.
  private func link(_ drafts: [Draft]) {
    if drafts.count == 1 {
      _ = emit(drafts[0].finding, rule: drafts[0].rule)
      return
    }
    let names = drafts.map(\.finding.rule)
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
    let tally = draft.flow == nil ? nil : place(of: rule)
    if let i = tally, current.tallies[i].shown >= max(1, configuration.findingsPerFlow) {
      current.tallies[i].last.occurrences += draft.occurrences
      current.tallies[i].amended = true
      if let index = current.tallies[i].index { findings[index].occurrences += draft.occurrences }
      return current.tallies[i].last.id
    }
    let isInfo = draft.severity == .info
    guard shownPerRule[rule] < configuration.findingsPerRule,
      !isInfo || infosPerRule[rule] < configuration.infosPerRule
    else {
      uncollectedPerRule[rule] += draft.occurrences
      return nil
    }
    shownPerRule[rule] += 1
    if isInfo { infosPerRule[rule] += 1 }
    var finding = draft
    finding.id = nextID
    nextID += 1
    if let onFinding { onFinding(finding) } else { findings.append(finding) }
    if finding.flow != nil {
      let index = onFinding == nil ? findings.count - 1 : nil
      if let i = tally {
        current.tallies[i].shown += 1
        current.tallies[i].last = finding
        current.tallies[i].index = index
      } else {
        current.tallies.append(Tally(rule: rule, shown: 1, last: finding, index: index))
      }
    }
    return finding.id
  }

  /// Whether infos of the rule would only be counted, and in none that is shown already.
  private func countsInfos(of rule: Int) -> Bool {
    infosPerRule[rule] >= configuration.infosPerRule && place(of: rule) == nil
  }

  /// Where the rule's tally of the flow at hand is.
  private func place(of rule: Int) -> Int? {
    current.tallies.firstIndex { $0.rule == rule }
  }

  /// Takes the tallies of the flow that is judged next into hand; 0 stands for the capture.
  func turn(to flow: Int) {
    guard current.flow != flow else { return }
    if !current.tallies.isEmpty { tallies[current.flow] = current.tallies }
    // Hardly any flow has findings before its end.
    current = (flow, tallies.isEmpty ? [] : tallies.removeValue(forKey: flow) ?? [])
  }
}
