import TraceDecode

/// How rules are told, and what becomes of what they say at once.
extension RuleRunner {
  /// What one rule said of an episode or of a flow: one finding, or how many that nobody will be shown.
  private struct Draft {
    var rule: Int
    var finding: Finding?
    var counted = 0
  }

  func publish(
    _ kind: EpisodeKind, flow: FlowIdentity?, _ call: (inout any Rule, inout Findings) -> Void
  ) {
    let observers = observers[kind.rawValue.trailingZeroBitCount]
    if observers.isEmpty { return }
    var drafts: [Draft] = []
    var out = Findings(contexts, flow: flow)
    for i in observers {
      let silence = silence(of: i)
      out.turn(to: i, silence: silence)
      call(&rules[i], &out)
      if let flow { judgedLast[i] = flow.number }
      if !out.isEmpty { collect(out, of: i, silence, into: &drafts) }
    }
    if !drafts.isEmpty { link(drafts) }
  }

  /// Tells of a flow that is over those rules that have a use for one like it.
  func publishEnd(of report: FlowReport) {
    let traits = FlowTraits(of: report)
    let number = report.flow.number
    var drafts: [Draft] = []
    var out = Findings(contexts, flow: report.flow)
    let isJudged = judgers.contains { judgedLast[$0] == number }
    for (i, wants) in enders(for: isJudged ? traits.union(.judged) : traits) {
      if wants.isDisjoint(with: traits), judgedLast[i] != number { continue }
      let silence = silence(of: i)
      out.turn(to: i, silence: silence)
      rules[i].flowEnded(report, &out)
      if !out.isEmpty { collect(out, of: i, silence, into: &drafts) }
    }
    if !drafts.isEmpty { link(drafts) }
  }

  /// The enders that want one of `traits`, found once for each combination.
  private func enders(for traits: FlowTraits) -> [(rule: Int, wants: FlowTraits)] {
    if let known = endersByTraits[Int(traits.rawValue)] { return known }
    let found = enders.filter { !$0.wants.isDisjoint(with: traits) }
    endersByTraits[Int(traits.rawValue)] = found
    return found
  }

  private func collect(
    _ out: borrowing Findings, of rule: Int, _ silence: Findings.Silence, into drafts: inout [Draft]
  ) {
    for finding in out.drafts { drafts.append(Draft(rule: rule, finding: finding)) }
    if silence == .all {
      drafts.append(Draft(rule: rule, counted: out.counted))
    } else {
      uncollectedPerRule[rule] += out.counted
    }
  }

  /// Causes before consequences, so that a consequence can name the number of its cause.
  private func link(_ drafts: [Draft]) {
    if drafts.count == 1 {
      _ = emit(drafts[0])
      return
    }
    let names = drafts.map { contexts[$0.rule].info.name }
    let isConsequence = drafts.map {
      contexts[$0.rule].info.consequenceOf.contains(where: names.contains)
    }
    var roots: [String: Int] = [:]
    for (i, draft) in drafts.enumerated() where !isConsequence[i] {
      if let id = emit(draft), roots[names[i]] == nil { roots[names[i]] = id }
    }
    for (i, draft) in drafts.enumerated() where isConsequence[i] {
      var draft = draft
      draft.finding?.causedBy = contexts[draft.rule].info.consequenceOf.lazy.compactMap { roots[$0] }.first
      if let id = emit(draft), roots[names[i]] == nil { roots[names[i]] = id }
    }
  }

  private func emit(_ draft: Draft) -> Int? {
    if let finding = draft.finding { return emit(finding, rule: draft.rule) }
    if let i = place(of: draft.rule) { return add(draft.counted, toTally: i) }
    uncollectedPerRule[draft.rule] += draft.counted
    return nil
  }

  /// Counts what the flow's last finding of a rule stands for as well, and returns its number.
  private func add(_ occurrences: Int, toTally i: Int) -> Int {
    current.tallies[i].last.occurrences += occurrences
    current.tallies[i].amended = true
    if let index = current.tallies[i].index { findings[index].occurrences += occurrences }
    return current.tallies[i].last.id
  }

  /// Numbers and keeps a finding; nil when a limit has it only counted.
  private func emit(_ draft: Finding, rule: Int) -> Int? {
    let tally = draft.flow == nil ? nil : place(of: rule)
    if let i = tally, isFull(i) { return add(draft.occurrences, toTally: i) }
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

  /// What of the rule's findings in the flow at hand would only be counted.
  @inline(__always)
  private func silence(of rule: Int) -> Findings.Silence {
    if !current.tallies.isEmpty, let tally = place(of: rule) { return isFull(tally) ? .all : .none }
    if shownPerRule[rule] >= configuration.findingsPerRule { return .all }
    return infosPerRule[rule] >= configuration.infosPerRule ? .infos : .none
  }

  private func isFull(_ tally: Int) -> Bool {
    current.tallies[tally].shown >= max(1, configuration.findingsPerFlow)
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
