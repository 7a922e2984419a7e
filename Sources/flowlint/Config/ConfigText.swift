import TraceReport
import TraceRules

/// What a capture is judged by, written as a configuration, with the place each setting comes from.
struct ConfigText {
  private var lines: [(text: String, origin: String)] = []
  private let showsOrigin: Bool

  init(
    _ settings: LintSettings, _ configuration: Configuration?, capture: String, _ options: LintOptions,
    showsOrigin: Bool
  ) {
    self.showsOrigin = showsOrigin
    let path = configuration?.path ?? ""
    let sections = configuration?.sections(for: FilePath.absolute(capture)) ?? []
    add("version: 1", configuration == nil ? "no configuration found: defaults" : path)
    addSelection(sections, path, options)
    add("fail-on: \(settings.failOn.name)", Self.failOnOrigin(configuration, options))
    addRules(sections, path)
    addLists(sections, path)
  }

  private static func failOnOrigin(_ configuration: Configuration?, _ options: LintOptions) -> String {
    if options.failOn != nil { return "--fail-on" }
    guard let configuration, let found = configuration.failOn else { return "default" }
    return "\(configuration.path):\(found.line):\(found.column)"
  }

  private mutating func addSelection(
    _ sections: [Configuration.Section], _ path: String, _ options: LintOptions
  ) {
    if !options.select.isEmpty {
      add("select: [\(options.select.joined(separator: ", "))]", "--select")
    } else if let select = sections.last(where: { $0.select != nil })?.select {
      add("select: [\(select.value.joined(separator: ", "))]", "\(path):\(select.line):\(select.column)")
    } else {
      add("select: [ALL]", "default")
    }
    let ignored = sections.flatMap(\.ignore)
    guard !ignored.isEmpty || !options.ignore.isEmpty else { return }
    add("ignore:", "")
    for word in ignored { add("  - \(word.value)", "\(path):\(word.line):\(word.column)") }
    for word in options.ignore { add("  - \(word)", "--ignore") }
  }

  private mutating func addRules(_ sections: [Configuration.Section], _ path: String) {
    let settings = sections.flatMap(\.rules)
    guard !settings.isEmpty else { return }
    add("rules:", "")
    for code in Set(settings.map(\.code)).sorted() {
      guard let info = LintRule.info(code) else { continue }
      add("  \(info.name):", "")
      let own = settings.filter { $0.code == code }
      if let severity = own.last(where: { $0.severity != nil })?.severity {
        add("    severity: \(severity.value?.name ?? "off")", "\(path):\(severity.line):\(severity.column)")
      }
      for option in info.options {
        guard let value = own.flatMap(\.options).last(where: { $0.name == option.name })?.value else {
          continue
        }
        add("    \(option.name): \(option.words(value.value))", "\(path):\(value.line):\(value.column)")
      }
    }
  }

  private mutating func addLists(_ sections: [Configuration.Section], _ path: String) {
    let suppressions = sections.flatMap(\.suppressions)
    if !suppressions.isEmpty { add("suppress:", "") }
    for one in suppressions {
      let flow = one.flow.map { ", flow: \(Self.quoted($0.text))" } ?? ""
      let until = one.until.map { ", until: \($0)" } ?? ""
      add(
        "  - { rule: \(one.rule)\(flow), reason: \(Self.quoted(one.reason))\(until) }",
        "\(path):\(one.line):\(one.column)")
    }
    let contracts = sections.flatMap(\.contracts)
    if !contracts.isEmpty { add("expect:", "") }
    for one in contracts { add("  - { \(Self.words(one)) }", "\(path):\(one.line):\(one.column)") }
  }

  private static func words(_ contract: Contract) -> String {
    var words = ["flow: \(quoted(contract.flow.text))"]
    if let least = contract.atLeast { words.append("at_least: \(least)") }
    if let most = contract.atMost { words.append("at_most: \(most)") }
    if let metric = contract.metric {
      words.append("metric: \(metric.text)")
      if let minimum = contract.minimum { words.append("min: \(exact(minimum, metric.unit))") }
      if let maximum = contract.maximum { words.append("max: \(exact(maximum, metric.unit))") }
    }
    if !contract.outcomes.isEmpty {
      words.append("outcome: [\(contract.outcomes.map(\.name).joined(separator: ", "))]")
    }
    if !contract.states.isEmpty {
      let states = contract.states.sorted { $0.key.rawValue < $1.key.rawValue }
      words.append("states: { \(states.map { "\($0.key.name): \($0.value.name)" }.joined(separator: ", ")) }")
    }
    return words.joined(separator: ", ")
  }

  /// A value that reads back as the same.
  private static func exact(_ value: Int64, _ unit: QuantityUnit) -> String {
    switch unit {
    case .time: time(value)
    case .ratio: "\(value / 10_000).\(String(value % 10_000 + 10_000).dropFirst())%"
    case .rate: "\(value)B/s"
    case .count, .octets: "\(value)"
    }
  }

  /// In the largest unit that divides it.
  fileprivate static func time(_ nanoseconds: Int64) -> String {
    let units: [(Int64, String)] = [
      (3_600_000_000_000, "h"), (60_000_000_000, "min"), (1_000_000_000, "s"), (1_000_000, "ms"),
      (1000, "us"),
    ]
    for (size, name) in units where nanoseconds >= size && nanoseconds % size == 0 {
      return "\(nanoseconds / size)\(name)"
    }
    return "\(nanoseconds)ns"
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
  }

  private mutating func add(_ text: String, _ origin: String) { lines.append((text, origin)) }

  var text: String {
    guard showsOrigin else { return lines.map { $0.text + "\n" }.joined() }
    let width = min(60, lines.filter { !$0.origin.isEmpty }.map(\.text.count).max() ?? 0)
    return lines.map { text, origin in
      guard !origin.isEmpty else { return text + "\n" }
      return text + String(repeating: " ", count: max(0, width - text.count)) + "  # \(origin)\n"
    }.joined()
  }
}

extension RuleOption {
  /// A value as a configuration would give it.
  func words(_ value: Int64) -> String {
    switch unit {
    case .nanoseconds: ConfigText.time(value)
    case .percent: "\(value)%"
    case .none, .octets, .segments, .perSecond: "\(value)"
    }
  }
}
