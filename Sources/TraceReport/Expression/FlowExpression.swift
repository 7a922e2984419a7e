import TraceDecode
import TraceRules

/// A condition on a flow: `port 443 and rtt.p99 > 50ms and not outcome fin`.
///
/// The one language of `expect`, `suppress`, `flows --where` and `show`; docs/flow-expressions.md describes it.
/// What the capture does not tell is neither true nor false, and a flow is meant only where the whole is true:
/// neither `rtt.p99 > 50ms` nor its negation means a flow without round-trip samples.
public struct FlowExpression: Sendable {
  /// As written.
  public let text: String
  let root: ExpressionNode

  /// Reads an expression.
  ///
  /// Limits: 4,096 characters, 64 levels of parentheses and negations.
  public init(_ text: String) throws(FlowExpressionError) {
    guard text.utf8.count <= 4096 else {
      throw FlowExpressionError(column: 1, problem: "longer than 4096 characters", remedy: "split it")
    }
    var parser = try ExpressionParser(text)
    root = try parser.parse()
    self.text = text
  }

  /// Whether the flow is meant.
  ///
  /// - Parameter findings: What was found in the flow; nil where that is not known yet, and conditions on it
  ///   are neither true nor false.
  public func matches(_ flow: FlowReport, findings: [Finding]? = nil) -> Bool {
    root.truth(flow, findings) == true
  }

  /// Whether the analysis must keep ledgers for it (`AnalyzerOptions.ledger`).
  public var needsLedger: Bool {
    root.contains { if case .metric(let m, _, _) = $0 { m.needsLedger } else { false } }
  }

  /// Whether it asks for what was found, which is known only after the rules have run.
  public var needsFindings: Bool {
    root.contains {
      switch $0 {
      case .finding, .severity: true
      default: false
      }
    }
  }
}

/// One condition, or several joined.
indirect enum ExpressionNode: Sendable {
  case and(ExpressionNode, ExpressionNode)
  case or(ExpressionNode, ExpressionNode)
  case not(ExpressionNode)
  case test(FlowTest)

  /// Kleene's three-valued logic; nil is unknown.
  func truth(_ flow: FlowReport, _ findings: [Finding]?) -> Bool? {
    switch self {
    case .test(let test): return test.truth(flow, findings)
    case .not(let node): return node.truth(flow, findings).map { !$0 }
    case .and(let a, let b):
      let x = a.truth(flow, findings)
      if x == false { return false }
      let y = b.truth(flow, findings)
      return y == false ? false : x == nil || y == nil ? nil : true
    case .or(let a, let b):
      let x = a.truth(flow, findings)
      if x == true { return true }
      let y = b.truth(flow, findings)
      return y == true ? true : x == nil || y == nil ? nil : false
    }
  }

  func contains(_ predicate: (FlowTest) -> Bool) -> Bool {
    switch self {
    case .test(let test): predicate(test)
    case .not(let node): node.contains(predicate)
    case .and(let a, let b), .or(let a, let b): a.contains(predicate) || b.contains(predicate)
    }
  }
}

/// One condition.
enum FlowTest: Sendable {
  /// nil is either side.
  case port(Role?, [ClosedRange<UInt16>])
  case network(Role?, [IPNetwork])
  case state(Role?, StateSet)
  case outcome([Outcome])
  case connState([String])
  case vantage([Vantage])
  case encapsulation([Encapsulation])
  case vlan([UInt16])
  case number([Int])
  case community([String])
  case mark(Mark)
  case metric(MetricReference, Comparison, Int64)
  case everything
  case finding(Set<String>)
  case severity(Comparison, Severity)

  /// What a flow either is or is not.
  enum Mark: String, Sendable, CaseIterable {
    case midstream, asymmetric, shed, reset, ipv4, ipv6
    case simultaneousOpen = "simultaneous-open"
    case simultaneousClose = "simultaneous-close"
    case reusesTimeWait = "reuses-time-wait"
    case rolesCertain = "roles-certain"
  }

  func truth(_ flow: FlowReport, _ findings: [Finding]?) -> Bool? {
    switch self {
    case .port(let side, let ranges):
      return Self.either(side) { role in ranges.contains { $0.contains(flow.flow[role].port) } }
    case .network(let side, let networks):
      return Self.either(side) { role in networks.contains { $0.contains(flow.flow[role].address) } }
    case .state(let side, let states):
      return Self.kleene(side) { role in
        let possible = flow[role].possibleStates
        if possible.isSubset(of: states) { return true }
        return possible.isDisjoint(with: states) ? false : nil
      }
    case .outcome(let outcomes):
      if flow.outcome == .unknown, !outcomes.contains(.unknown) { return nil }
      return outcomes.contains(flow.outcome)
    case .connState(let names): return names.contains(flow.connState.description)
    case .vantage(let vantages): return vantages.contains(flow.vantage)
    case .encapsulation(let layers): return layers.contains { flow.flow.encapsulation.contains($0) }
    case .vlan(let numbers): return numbers.contains(flow.flow.vlan)
    case .number(let numbers): return numbers.contains(flow.flow.number)
    case .community(let ids): return ids.contains(flow.communityIDText)
    case .mark(let mark): return mark.holds(flow)
    case .metric(let reference, let comparison, let bound):
      return reference.value(in: flow).map { comparison.holds($0, bound) }
    case .everything: return true
    case .finding(let codes): return findings.map { $0.contains { codes.contains($0.code) } }
    case .severity(let comparison, let severity):
      guard let findings else { return nil }
      // A flow without findings has no worst one: no comparison with it holds.
      guard let worst = findings.lazy.map(\.severity).max() else { return false }
      return comparison.holds(worst, severity)
    }
  }

  private static func either(_ side: Role?, _ test: (Role) -> Bool) -> Bool {
    guard let side else { return test(.originator) || test(.responder) }
    return test(side)
  }

  private static func kleene(_ side: Role?, _ test: (Role) -> Bool?) -> Bool? {
    guard let side else {
      let (a, b) = (test(.originator), test(.responder))
      return a == true || b == true ? true : a == nil || b == nil ? nil : false
    }
    return test(side)
  }
}

extension FlowTest.Mark {
  fileprivate func holds(_ flow: FlowReport) -> Bool {
    switch self {
    case .midstream: flow.midStream
    case .asymmetric: flow.asymmetric
    case .shed: flow.evicted
    case .reset: flow.sawReset
    case .ipv4: flow.flow.originator.address.isV4
    case .ipv6: !flow.flow.originator.address.isV4
    case .simultaneousOpen: flow.simultaneousOpen
    case .simultaneousClose: flow.simultaneousClose
    case .reusesTimeWait: flow.reusesTimeWait
    case .rolesCertain: flow.flow.rolesCertain
    }
  }
}

extension FlowReport {
  /// The flow's Community ID (version 1, seed 0), as `1:...`.
  public var communityIDText: String {
    let out = ByteOutput()
    out.putCommunityID(communityID)
    return out.text
  }
}

extension FlowExpression {
  /// The words that `outcome` takes: every outcome's name, and `reset` for both sides' resets.
  public static var outcomeNames: [String] { ExpressionParser.outcomeNames }

  /// What such a word means; nil for none.
  public static func outcomes(named name: String) -> [Outcome]? { ExpressionParser.outcomes(for: name) }
}
