import TraceDecode
import TraceReport
import TraceRules

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Turns the text of a `.flowlint.yml` into a `Configuration`, or into everything that is wrong with it.
struct ConfigReader {
  let path: String
  let today: Day
  private(set) var errors: [ConfigError] = []

  /// - Parameters:
  ///   - path: Where it lies; named so in messages.
  ///   - today: Suppressions that ended before are errors.
  static func read(_ path: String, today: Day) throws(ConfigErrors) -> Configuration {
    guard let bytes = FilePath.contents(path, limit: YAMLReader.largestFile) else {
      let reason = String(cString: strerror(errno))
      throw ConfigErrors(errors: [
        ConfigError(path: path, problem: "cannot be read: \(reason)", remedy: "check --config")
      ])
    }
    return try read(bytes, path: path, today: today)
  }

  static func read(_ bytes: [UInt8], path: String, today: Day) throws(ConfigErrors) -> Configuration {
    var reader = ConfigReader(path: path, today: today)
    let root: YAMLNode?
    do {
      root = try YAMLReader.read(bytes, path: path)
    } catch {
      throw ConfigErrors(errors: [error])
    }
    let directory = FilePath.parent(FilePath.absolute(path)) ?? "/"
    var configuration = Configuration(path: path, directory: directory)
    reader.fill(&configuration, from: root)
    guard reader.errors.isEmpty else {
      throw ConfigErrors(
        errors: reader.errors.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) })
    }
    return configuration
  }

  // MARK: - Structure

  private mutating func fill(_ configuration: inout Configuration, from root: YAMLNode?) {
    guard let root, !root.isNull else {
      errors.append(
        ConfigError(
          path: path, line: 1, column: 1, problem: "nothing in it", remedy: "begin with 'version: 1'"))
      return
    }
    let pairs = mapping(root, "the configuration", ConfigKey.top)
    if case .mapping = root.content, !pairs.contains(where: { $0.key.text == "version" }) {
      wrong(root, "no version", "begin with 'version: 1'")
    }
    for (key, value) in pairs {
      switch key.text {
      case "version":
        if value.text != "1" {
          wrong(value, "version \(value.kind), expected 1", "this flowlint reads version 1")
        }
      case "fail-on":
        if let severity = severity(value) {
          configuration.failOn = Located(value: severity, line: value.line, column: value.column)
        }
      case "per-file":
        for (pattern, body) in anyMapping(
          value, "per-file", "patterns, as \"traces/lossy-*.pcapng\": { ... }")
        {
          let section = section(mapping(body, "a section of per-file", ConfigKey.section))
          let glob = Located(value: Glob(pattern.text ?? ""), line: pattern.line, column: pattern.column)
          configuration.perFile.append((glob, section))
        }
      default: break
      }
    }
    configuration.all = section(pairs)
  }

  private mutating func section(_ pairs: [(key: YAMLNode, value: YAMLNode)]) -> Configuration.Section {
    var section = Configuration.Section()
    for (key, value) in pairs {
      switch key.text {
      case "select":
        let words = selectors(value)
        section.select = Located(value: words.map(\.value), line: value.line, column: value.column)
      case "ignore": section.ignore = selectors(value)
      case "rules":
        for (name, settings) in anyMapping(value, "rules", "rules by name, as HSK101: { severity: error }") {
          if let setting = rule(name, settings) { section.rules.append(setting) }
        }
      case "suppress":
        for item in list(value, "suppress") {
          if let suppression = suppression(item) { section.suppressions.append(suppression) }
        }
      case "expect":
        for item in list(value, "expect") {
          if let contract = contract(item) { section.contracts.append(contract) }
        }
      default: break
      }
    }
    return section
  }

  // MARK: - Rules

  private mutating func selectors(_ node: YAMLNode) -> [Located<String>] {
    list(node, "a list of rules").compactMap { item in
      guard let word = scalar(item, "a rule's code, name or family"), codes(word, item) != nil else {
        return nil
      }
      return Located(value: word, line: item.line, column: item.column)
    }
  }

  private mutating func codes(_ word: String, _ node: YAMLNode) -> Set<String>? {
    if let codes = LintRule.codes(for: word) { return codes }
    let hint = LintRule.suggestion(for: word).map { "did you mean \($0)?" }
    wrong(node, "there is no rule called '\(word)'", hint ?? "'flowlint rules' lists them all")
    return nil
  }

  private mutating func rule(_ name: YAMLNode, _ body: YAMLNode) -> Configuration.RuleSetting? {
    guard let word = name.text, let codes = codes(word, name) else { return nil }
    guard codes.count == 1, let code = codes.first, let info = LintRule.info(code) else {
      wrong(
        name, "'\(word)' means \(codes.count) rules, expected one",
        "give a code or a name; 'select' takes families")
      return nil
    }
    var setting = Configuration.RuleSetting(code: code, line: name.line, column: name.column)
    if body.text != nil {
      setting.severity = severityOrOff(body)
      return setting
    }
    let options = info.options.map { ConfigKey.Info($0.name, $0.summary) }
    for (key, value) in mapping(body, "rule \(info.name)", [ConfigKey.rule] + options) {
      if key.text == ConfigKey.rule.name {
        setting.severity = severityOrOff(value)
      } else if let option = info.options.first(where: { $0.name == key.text }) {
        if let amount = option.value(of: value.text ?? "") {
          let located = Located(value: amount, line: value.line, column: value.column)
          setting.options.append((option.name, located))
        } else {
          wrong(value, "\(value.kind) for \(option.name), expected \(option.expectation)", option.summary)
        }
      }
    }
    return setting
  }

  private mutating func severityOrOff(_ node: YAMLNode) -> Located<Severity?>? {
    if node.text == "off" { return Located(value: nil, line: node.line, column: node.column) }
    guard let severity = severity(node, also: ["off"]) else { return nil }
    return Located(value: severity, line: node.line, column: node.column)
  }

  private mutating func severity(_ node: YAMLNode, also: [String] = []) -> Severity? {
    if let severity = node.text.flatMap(Severity.init(name:)) { return severity }
    let names = Severity.allCases.map(\.name) + also
    let hint = node.text.flatMap { Registry.nearest(to: $0, among: names) }.map { "did you mean \($0)?" }
    wrong(node, "\(node.kind), expected \(Format.list(names, "or"))", hint ?? "")
    return nil
  }

  // MARK: - Suppressions

  private mutating func suppression(_ node: YAMLNode) -> Configuration.Suppression? {
    let before = errors.count
    let pairs = mapping(node, "a suppression", ConfigKey.suppression)
    guard errors.count == before else { return nil }
    var suppression = Configuration.Suppression(
      codes: [], rule: "", flow: nil, reason: "", until: nil, line: node.line, column: node.column)
    for (key, value) in pairs {
      switch key.text {
      case "rule":
        guard let word = scalar(value, "a rule's code, name or family") else { continue }
        suppression.rule = word
        suppression.codes = codes(word, value) ?? []
      case "flow": suppression.flow = expression(value, mayAskFindings: false)
      case "reason": suppression.reason = scalar(value, "a sentence") ?? ""
      case "until":
        guard let until = value.text.flatMap(Day.init) else {
          wrong(value, "\(value.kind), expected a day, as 2027-03-01")
          continue
        }
        suppression.until = until
        if until < today {
          wrong(
            value,
            "the suppression of \(suppression.rule.isEmpty ? "this" : suppression.rule) ended on \(until)",
            "mend the cause and remove it, or give it a later day")
        }
      default: break
      }
    }
    require("rule", in: pairs, of: node, "a suppression", "rule: RST301")
    if !pairs.contains(where: { $0.key.text == "reason" }) {
      wrong(node, "a suppression without a reason", "add why this is accepted, as reason: \"..., OPS-112\"")
    } else if suppression.reason.allSatisfy({ $0.isWhitespace }), errors.count == before {
      wrong(node, "a suppression with an empty reason", "say why this is accepted")
    }
    return errors.count == before ? suppression : nil
  }

  // MARK: - Contracts

  private mutating func contract(_ node: YAMLNode) -> Contract? {
    let before = errors.count
    let pairs = mapping(node, "an expectation", ConfigKey.contract)
    require("flow", in: pairs, of: node, "an expectation", "flow: \"dst port 443\"")
    guard errors.count == before else { return nil }
    func value(_ key: String) -> YAMLNode? { pairs.first { $0.key.text == key }?.value }
    guard let flow = value("flow"), let expression = expression(flow, mayAskFindings: true) else {
      return nil
    }
    var contract = Contract(flow: expression, line: node.line, column: node.column)
    contract.atLeast = value("at_least").flatMap { count($0) }
    contract.atMost = value("at_most").flatMap { count($0) }
    if let low = contract.atLeast, let high = contract.atMost, low > high {
      wrong(node, "at least \(low) and at most \(high) flows at once", "exchange the two")
    }
    if let metric = value("metric") { read(metric, value("min"), value("max"), into: &contract) }
    for bound in ["min", "max"] {
      if let node = value(bound), value("metric") == nil {
        wrong(
          node, "\(bound) without a metric", "add metric: handshake_rtt_total.p99, or use at_least or at_most"
        )
      }
    }
    if let outcome = value("outcome") { read(outcome: outcome, into: &contract) }
    if let states = value("states") { read(states: states, into: &contract) }
    if errors.count == before, pairs.count == 1 {
      wrong(node, "an expectation that expects nothing", "add at_least, at_most, metric, outcome or states")
    }
    return errors.count == before ? contract : nil
  }

  private mutating func read(
    _ node: YAMLNode, _ minimum: YAMLNode?, _ maximum: YAMLNode?, into contract: inout Contract
  ) {
    guard let text = scalar(node, "a metric") else { return }
    let metric: MetricReference
    do {
      metric = try MetricReference(text)
    } catch {
      wrong(node, error)
      return
    }
    contract.metric = metric
    func bound(_ bound: YAMLNode?) -> Int64? {
      guard let bound else { return nil }
      if let value = bound.text.flatMap(metric.unit.value(of:)) { return value }
      wrong(bound, "\(bound.kind) is no value of \(metric.text)", "expected \(metric.unit.expectation)")
      return nil
    }
    contract.minimum = bound(minimum)
    contract.maximum = bound(maximum)
    if minimum == nil, maximum == nil { wrong(node, "a metric without bounds", "add min, max or both") }
  }

  private mutating func read(outcome node: YAMLNode, into contract: inout Contract) {
    var words: [String] = []
    for item in node.text == nil ? list(node, "outcome") : [node] {
      guard let word = scalar(item, "an outcome") else { continue }
      if let outcomes = FlowExpression.outcomes(named: word) {
        contract.outcomes += outcomes
        words.append(word)
      } else {
        let names = FlowExpression.outcomeNames
        let hint = Registry.nearest(to: word, among: names).map { "did you mean \($0)?" }
        wrong(item, "'\(word)', expected one of \(names.joined(separator: ", "))", hint ?? "")
      }
    }
    contract.outcomeText = Format.list(words, "or")
  }

  private mutating func read(states node: YAMLNode, into contract: inout Contract) {
    for (key, value) in mapping(node, "states", ConfigKey.sides) {
      let role: Role = key.text == "originator" ? .originator : .responder
      if let state = State.allCases.first(where: { $0.name == value.text }) {
        contract.states[role] = state
      } else {
        let names = State.allCases.map(\.name)
        let hint = value.text.flatMap { Registry.nearest(to: $0, among: names) }.map { "did you mean \($0)?" }
        wrong(value, "\(value.kind), expected one of \(names.joined(separator: ", "))", hint ?? "")
      }
    }
  }

  // MARK: - Values

  private mutating func wrong(_ node: YAMLNode, _ problem: String, _ remedy: String = "") {
    errors.append(ConfigError(path: path, at: node, problem: problem, remedy: remedy))
  }

  /// An error within the text of a scalar, at its own column where that can be told.
  private mutating func wrong(_ node: YAMLNode, _ error: FlowExpressionError) {
    var place = ConfigError(path: path, at: node, problem: error.problem, remedy: error.remedy)
    if let offset = node.textOffset {
      place.column = node.column + offset + error.column - 1
    } else {
      place.problem += " (column \(error.column) of the expression)"
    }
    errors.append(place)
  }

  private mutating func expression(_ node: YAMLNode, mayAskFindings: Bool) -> FlowExpression? {
    guard let text = scalar(node, "a flow expression") else { return nil }
    do {
      let expression = try FlowExpression(text)
      if expression.needsFindings, !mayAskFindings {
        wrong(
          node, "a condition on findings where findings are being chosen", "remove 'finding' and 'severity'")
        return nil
      }
      return expression
    } catch {
      wrong(node, error)
      return nil
    }
  }

  private mutating func count(_ node: YAMLNode) -> Int? {
    if let text = node.text, let count = Int(text), count >= 0 { return count }
    wrong(node, "\(node.kind), expected a number of flows")
    return nil
  }

  private mutating func scalar(_ node: YAMLNode, _ expected: String) -> String? {
    if let text = node.text, !node.isNull { return text }
    wrong(node, "\(node.kind), expected \(expected)")
    return nil
  }

  private mutating func list(_ node: YAMLNode, _ what: String) -> [YAMLNode] {
    if case .sequence(let items) = node.content { return items }
    if !node.isNull { wrong(node, "\(node.kind), expected \(what) as a list", "put it in [ ]") }
    return []
  }

  private mutating func anyMapping(
    _ node: YAMLNode, _ what: String, _ expected: String
  ) -> [(key: YAMLNode, value: YAMLNode)] {
    if case .mapping(let pairs) = node.content { return pairs }
    if !node.isNull { wrong(node, "\(node.kind) as \(what), expected \(expected)") }
    return []
  }

  /// The pairs whose keys are known; of the others it says so.
  private mutating func mapping(
    _ node: YAMLNode, _ what: String, _ keys: [ConfigKey.Info]
  ) -> [(key: YAMLNode, value: YAMLNode)] {
    let names = keys.map(\.name)
    return anyMapping(node, what, "keys of \(names.joined(separator: ", "))").filter { key, _ in
      guard let word = key.text, !names.contains(word) else { return true }
      let hint = Registry.nearest(to: word, among: names).map { "did you mean \($0)?" }
      wrong(key, "unknown key '\(word)' in \(what), expected \(Format.list(names, "or"))", hint ?? "")
      return false
    }
  }

  private mutating func require(
    _ name: String, in pairs: [(key: YAMLNode, value: YAMLNode)], of node: YAMLNode, _ what: String,
    _ example: String
  ) {
    guard case .mapping = node.content, !pairs.contains(where: { $0.key.text == name }) else { return }
    wrong(node, "\(what) without '\(name)'", "add it, as \(example)")
  }
}
