import TraceDecode
import TraceRules

/// Recursive descent over the words of a flow expression.
///
///     expression = term { "or" term }
///     term       = factor { "and" factor }
///     factor     = "not" factor | "(" expression ")" | condition
struct ExpressionParser {
  private var tokens: [ExpressionToken]
  private var at = 0
  private var depth = 0
  private static let deepest = 64

  init(_ text: String) throws(FlowExpressionError) {
    tokens = try ExpressionToken.all(in: text)
  }

  mutating func parse() throws(FlowExpressionError) -> ExpressionNode {
    guard token.kind != .end else {
      throw FlowExpressionError(
        column: token.column, problem: "an empty expression",
        remedy: "write a condition, as 'port 443'; 'all' means every flow")
    }
    let node = try expression()
    switch token.kind {
    case .end: return node
    case .close: throw wrong("a ')' that closes nothing", "remove it")
    case .comma:
      throw wrong("a ',' after a single value", "only a list of values has commas, as 'port 80, 443'")
    default: throw wrong("'\(token.text)' after a whole condition", "join conditions by 'and' or 'or'")
    }
  }

  // MARK: - Structure

  private var token: ExpressionToken { tokens[min(at, tokens.count - 1)] }

  private func wrong(_ problem: String, _ remedy: String, column: Int? = nil) -> FlowExpressionError {
    FlowExpressionError(column: column ?? token.column, problem: problem, remedy: remedy)
  }

  private mutating func next() -> ExpressionToken {
    defer { if at < tokens.count - 1 { at += 1 } }
    return token
  }

  private mutating func expression() throws(FlowExpressionError) -> ExpressionNode {
    var node = try term()
    while token.kind == .or {
      _ = next()
      node = .or(node, try term())
    }
    return node
  }

  private mutating func term() throws(FlowExpressionError) -> ExpressionNode {
    var node = try factor()
    while token.kind == .and {
      _ = next()
      node = .and(node, try factor())
    }
    return node
  }

  private mutating func factor() throws(FlowExpressionError) -> ExpressionNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw wrong("more than \(Self.deepest) levels of parentheses and negations", "simplify it")
    }
    switch token.kind {
    case .not:
      _ = next()
      return .not(try factor())
    case .open:
      let opening = next()
      let node = try expression()
      guard token.kind == .close else {
        throw wrong(
          token.kind == .end ? "the end, expected ')'" : "'\(token.text)', expected 'and', 'or' or ')'",
          "the '(' at column \(opening.column) is still open")
      }
      _ = next()
      return node
    case .word: return .test(try condition())
    case .end: throw wrong("the end, expected a condition", "as 'port 443' or 'rtt.p99 > 50ms'")
    default: throw wrong("'\(token.text)', expected a condition", "as 'port 443' or 'rtt.p99 > 50ms'")
    }
  }

  // MARK: - Conditions

  private static let sides: [String: Role] = [
    "src": .originator, "originator": .originator, "dst": .responder, "responder": .responder,
  ]
  private static let sided = ["port", "host", "net", "state"]
  private static let fields =
    sided + ["outcome", "conn_state", "vantage", "encapsulation", "vlan", "flow", "community_id"]
    + ["finding", "severity", "all", "src", "dst", "originator", "responder"]

  private mutating func condition() throws(FlowExpressionError) -> FlowTest {
    let head = next()
    if let side = Self.sides[head.text] {
      let field = token
      guard field.kind == .word, Self.sided.contains(field.text) else {
        let hint = Registry.nearest(to: field.text, among: Self.sided).map { "did you mean \($0)?" }
        throw wrong(
          "\(field.kind == .end ? "the end" : "'\(field.text)'") after '\(head.text)', expected "
            + Format.list(Self.sided, "or"), hint ?? "as '\(head.text) port 443'")
      }
      _ = next()
      return try sided(field, side)
    }
    if Self.sided.contains(head.text) { return try sided(head, nil) }
    switch head.text {
    case "all": return .everything
    case "outcome": return .outcome(try values(Self.outcomes(for:), Self.outcomeNames).flatMap { $0 })
    case "conn_state":
      return .connState(try values({ Self.connStates.contains($0) ? $0 : nil }, Self.connStates))
    case "vantage":
      let all: [Vantage] = [.unknown, .nearOriginator, .nearResponder, .nearBoth, .middle]
      return .vantage(try values({ name in all.first { $0.name == name } }, all.map(\.name)))
    case "encapsulation":
      let all = Encapsulation.recordNames
      return .encapsulation(
        try values({ name in all.first { $0.name.description == name }?.layer }, all.map(\.name.description)))
    case "vlan": return .vlan(try values({ UInt16($0).flatMap { $0 < 4096 ? $0 : nil } }, "a VLAN number"))
    case "flow": return .number(try values({ Int($0).flatMap { $0 > 0 ? $0 : nil } }, "a flow's number"))
    case "community_id":
      return .community(try values({ $0.hasPrefix("1:") ? $0 : nil }, "a Community ID, as 1:..."))
    case "finding": return .finding(try findings())
    case "severity":
      let comparison = try comparison(after: head)
      let names = Severity.allCases.map(\.name)
      return .severity(comparison, try value(Severity.init(name:), names))
    default: break
    }
    if let mark = FlowTest.Mark(rawValue: head.text) { return .mark(mark) }
    return try metric(head)
  }

  private mutating func sided(_ field: ExpressionToken, _ side: Role?) throws(FlowExpressionError) -> FlowTest
  {
    switch field.text {
    case "port": return .port(side, try values(Self.ports, "a port or a range, as 443 or 8000-8999"))
    case "host", "net":
      return .network(
        side, try values({ IPNetwork($0) }, "an address or a network, as 10.0.0.1 or 10.0.0.0/8"))
    default:
      let names = State.allCases.map(\.name)
      let states = try values({ name in State.allCases.first { $0.name == name } }, names)
      return .state(side, states.reduce(into: []) { $0.formUnion(StateSet($1)) })
    }
  }

  private mutating func metric(_ head: ExpressionToken) throws(FlowExpressionError) -> FlowTest {
    let reference: MetricReference
    do {
      reference = try MetricReference(head.text, column: head.column)
    } catch {
      // Neither a metric nor any other word: point at the nearest of both.
      guard error.column == head.column, error.problem.hasPrefix("there is no metric") else { throw error }
      let known = Self.fields + FlowTest.Mark.allCases.map(\.rawValue) + FlowMetric.all.map(\.name)
      let hint = Registry.nearest(to: head.text, among: known).map { "did you mean \($0)?" }
      throw wrong(
        "'\(head.text)' begins no condition", hint ?? "docs/flow-expressions.md lists them",
        column: head.column)
    }
    let comparison = try comparison(after: head)
    let written = token
    guard written.kind == .word else {
      throw wrong("no value after '\(head.text)'", "expected \(reference.unit.expectation)")
    }
    _ = next()
    var text = written.text
    // The unit may stand apart: `50 ms`.
    if text.allSatisfy({ $0.isNumber || $0 == "." }), token.kind == .word {
      if reference.unit.value(of: text + token.text) != nil { text += next().text }
    }
    guard let bound = reference.unit.value(of: text) else {
      throw wrong(
        "'\(text)' is no value of \(reference.text)", "expected \(reference.unit.expectation)",
        column: written.column)
    }
    return .metric(reference, comparison, bound)
  }

  private mutating func comparison(after head: ExpressionToken) throws(FlowExpressionError) -> Comparison {
    guard case .comparison(let comparison) = token.kind else {
      let what = token.kind == .end ? "the end" : "'\(token.text)'"
      throw wrong("\(what) after '\(head.text)', expected <, <=, >, >=, = or !=", "as '\(head.text) > 0'")
    }
    _ = next()
    return comparison
  }

  // MARK: - Values

  /// One value or several, separated by commas.
  private mutating func values<T>(_ read: (String) -> T?, _ expected: String) throws(FlowExpressionError)
    -> [T]
  {
    var list: [T] = []
    repeat {
      if !list.isEmpty { _ = next() }
      let written = token
      guard written.kind == .word, let value = read(written.text) else {
        throw wrong("\(written.kind == .end ? "the end" : "'\(written.text)'"), expected \(expected)", "")
      }
      _ = next()
      list.append(value)
    } while token.kind == .comma
    return list
  }

  private mutating func values<T>(_ read: (String) -> T?, _ names: [String]) throws(FlowExpressionError)
    -> [T]
  {
    var list: [T] = []
    repeat {
      if !list.isEmpty { _ = next() }
      list.append(try value(read, names))
    } while token.kind == .comma
    return list
  }

  private mutating func value<T>(_ read: (String) -> T?, _ names: [String]) throws(FlowExpressionError) -> T {
    let written = token
    guard written.kind == .word, let value = read(written.text) else {
      let hint = Registry.nearest(to: written.text, among: names).map { "did you mean \($0)?" } ?? ""
      throw wrong(
        "\(written.kind == .end ? "the end" : "'\(written.text)'"), expected one of "
          + names.joined(separator: ", "), hint)
    }
    _ = next()
    return value
  }

  private mutating func findings() throws(FlowExpressionError) -> Set<String> {
    var codes: Set<String> = []
    repeat {
      if token.kind == .comma { _ = next() }
      let written = token
      guard written.kind == .word, let found = Registry.codes(for: written.text) else {
        let hint = Registry.suggestion(for: written.text).map { "did you mean \($0)?" }
        throw wrong(
          "\(written.kind == .end ? "the end" : "'\(written.text)'"), expected a rule's code, name or family",
          hint ?? "'flowlint rules' lists them")
      }
      _ = next()
      codes.formUnion(found)
    } while token.kind == .comma
    return codes
  }

  private static func ports(_ text: String) -> ClosedRange<UInt16>? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard let first = UInt16(parts[0]) else { return nil }
    guard parts.count == 2 else { return parts.count == 1 ? first...first : nil }
    guard let last = UInt16(parts[1]), first <= last else { return nil }
    return first...last
  }

  private static let allOutcomes: [Outcome] = [
    .fin, .finSimultaneous, .resetByOriginator, .resetByResponder, .refused, .unanswered, .unreachable,
    .timedOut, .halfOpen, .open, .unknown,
  ]
  /// `fin` and `reset` mean every way of it.
  static let outcomeNames = allOutcomes.map(\.name) + ["reset"]

  static func outcomes(for name: String) -> [Outcome]? {
    switch name {
    case "fin": [.fin, .finSimultaneous]
    case "reset": [.resetByOriginator, .resetByResponder]
    default: allOutcomes.first { $0.name == name }.map { [$0] }
    }
  }

  private static let connStates = [
    "S0", "S1", "SF", "REJ", "S2", "S3", "RSTO", "RSTR", "RSTOS0", "RSTRH", "SH", "SHR", "OTH",
  ]
}
