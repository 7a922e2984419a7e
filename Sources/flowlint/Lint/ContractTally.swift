import TraceDecode
import TraceReport
import TraceRules

/// What one capture shows for and against one contract.
struct ContractTally {
  let contract: Contract
  /// Flows the contract means.
  private var matched = 0
  /// Those that break it, the first of them, and how.
  private var broken = 0
  private var firstBroken: (flow: FlowIdentity, how: String)?
  /// Those of which the capture does not tell.
  private var unknown = 0
  private var firstUnknown: (flow: FlowIdentity, why: String)?
  private var samples: [(value: Int64, weight: Int)] = []
  /// Units: values; beyond, every second is dropped.
  private static let mostSamples = 1 << 18

  init(_ contract: Contract) { self.contract = contract }

  mutating func add(_ flow: FlowReport, findings: [Finding]?) {
    guard contract.flow.matches(flow, findings: findings) else { return }
    matched += 1
    var breaks: [String] = []
    var doubts: [String] = []
    judgeOutcome(flow, &breaks, &doubts)
    judgeStates(flow, &breaks, &doubts)
    judgeMetric(flow, &breaks, &doubts)
    if !breaks.isEmpty {
      broken += 1
      if firstBroken == nil { firstBroken = (flow.flow, breaks.joined(separator: "; ")) }
    } else if !doubts.isEmpty {
      unknown += 1
      if firstUnknown == nil { firstUnknown = (flow.flow, doubts.joined(separator: "; ")) }
    }
  }

  private func judgeOutcome(_ flow: FlowReport, _ breaks: inout [String], _ doubts: inout [String]) {
    guard !contract.outcomes.isEmpty, !contract.outcomes.contains(flow.outcome) else { return }
    if flow.outcome == .unknown {
      doubts.append("its outcome cannot be told")
    } else {
      breaks.append("its outcome is \(flow.outcome.name), not \(contract.outcomeText)")
    }
  }

  private func judgeStates(_ flow: FlowReport, _ breaks: inout [String], _ doubts: inout [String]) {
    for (role, expected) in contract.states.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let possible = flow[role].possibleStates
      if possible.isDisjoint(with: StateSet(expected)) {
        breaks.append("its \(role.name) is left in \(flow[role].state.name), not \(expected.name)")
      } else if !possible.isCertain {
        doubts.append("its \(role.name) may be in \(Format.list(possible.states.map(\.name), "or"))")
      }
    }
  }

  private mutating func judgeMetric(_ flow: FlowReport, _ breaks: inout [String], _ doubts: inout [String]) {
    guard let metric = contract.metric else { return }
    if metric.statistic != nil {
      samples += metric.samples(in: flow)
      if samples.count > Self.mostSamples {
        samples = stride(from: 1, to: samples.count, by: 2).map {
          (samples[$0].value, samples[$0].weight * 2)
        }
      }
    } else if let value = metric.value(in: flow) {
      if let problem = outOfBounds(value) { breaks.append(problem) }
    } else {
      doubts.append("its \(metric.text) is unknown")
    }
  }

  private func outOfBounds(_ value: Int64) -> String? {
    guard let metric = contract.metric else { return nil }
    let words = "\(metric.text) is \(metric.unit.words(value))"
    if let maximum = contract.maximum, value > maximum {
      return words + ", above \(metric.unit.words(maximum))"
    }
    if let minimum = contract.minimum, value < minimum {
      return words + ", below \(metric.unit.words(minimum))"
    }
    return nil
  }

  // MARK: - Verdicts

  /// What comes of it at the end of the capture.
  ///
  /// - Parameter place: Where the contract stands, as file:line:column.
  func findings(place: String) -> [Finding] {
    let flows = "'\(contract.flow.text)'"
    var findings: [Finding] = []
    func report(
      _ rule: RuleInfo, _ message: String, _ why: String, flow: FlowIdentity? = nil, _ times: Int = 1
    ) {
      var finding = Finding(
        code: rule.code, rule: rule.name, severity: rule.severity, confidence: .certain, flow: flow,
        endpoint: nil,
        frame: flow?.firstFrame ?? 0, time: nil, recordOffset: nil, message: message,
        why: why + " (expected at \(place))", remedy: rule.remedy)
      finding.occurrences = max(1, times)
      findings.append(finding)
    }
    let meant = "means \(Format.count(matched, "flow"))"
    // A contract that asks something of flows is not kept by there being none.
    let matching =
      matched == 0
      ? "no flow matches" : matched == 1 ? "1 flow matches" : "\(Format.grouped(matched)) flows match"
    let least = contract.atLeast ?? (contract.atMost == nil ? 1 : 0)
    if matched < least {
      report(
        LintRule.contractBroken,
        "\(matching) \(flows), expected at least \(least)",
        "the recording holds \(matched == 0 ? "none" : "too few") of the flows that the contract asks for")
    }
    if let most = contract.atMost, matched > most {
      report(
        LintRule.contractBroken, "\(matching) \(flows), expected at most \(most)",
        "the recording holds more of these flows than the contract allows")
    }
    if let (flow, how) = firstBroken {
      let share = broken == 1 ? "this flow breaks" : "this is the first of \(broken) flows that break"
      report(
        LintRule.contractBroken, how, "\(share) the contract on \(flows), which \(meant)", flow: flow, broken)
    }
    if let (flow, why) = firstUnknown {
      report(
        LintRule.contractNotJudged, "cannot judge \(flows): \(why)",
        "\(Format.count(unknown, "flow")) cannot be judged by the contract, which \(meant)", flow: flow,
        unknown)
    }
    if let metric = contract.metric, let statistic = metric.statistic, matched > 0 {
      if let value = statistic.over(samples) {
        if let problem = outOfBounds(value) {
          report(
            LintRule.contractBroken, "\(problem), over \(Format.count(matched, "flow")) \(flows)",
            "over \(Format.count(samples.reduce(0) { $0 + $1.weight }, "value"))")
        }
      } else {
        report(
          LintRule.contractNotJudged,
          "\(metric.text) is unknown over \(Format.count(matched, "flow")) \(flows)",
          "no flow of them shows it")
      }
    }
    return findings
  }
}
