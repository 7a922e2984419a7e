import TraceReport
import TraceRules

/// The JSON Schema of `.flowlint.yml` (draft 2020-12), made from the words the reader knows.
enum ConfigSchema {
  static var text: String {
    let out = Lines()
    out.open("{")
    out.pair("$schema", "https://json-schema.org/draft/2020-12/schema")
    out.pair("title", "flowlint configuration (.flowlint.yml)")
    out.pair("type", "object")
    out.raw("\"required\": [\"version\"],")
    out.raw("\"additionalProperties\": false,")
    out.open("\"properties\": {")
    for key in ConfigKey.top { property(key, out, isLast: key.name == ConfigKey.top.last?.name) }
    out.close("},")
    out.open("\"$defs\": {")
    definitions(out)
    out.close("}")
    out.close("}")
    return out.text
  }

  private static func property(_ key: ConfigKey.Info, _ out: Lines, isLast: Bool) {
    let type =
      switch key.name {
      case "version": "\"const\": 1"
      case "fail-on": "\"$ref\": \"#/$defs/severity\""
      case "per-file":
        "\"type\": [\"object\", \"null\"], \"additionalProperties\": { \"$ref\": \"#/$defs/section\" }"
      case "select", "ignore": "\"$ref\": \"#/$defs/rule-list\""
      case "rules": "\"$ref\": \"#/$defs/rules\""
      case "suppress": "\"$ref\": \"#/$defs/suppressions\""
      default: "\"$ref\": \"#/$defs/expectations\""
      }
    out.raw("\(quoted(key.name)): { \"description\": \(quoted(key.summary)), \(type) }\(isLast ? "" : ",")")
  }

  private static func definitions(_ out: Lines) {
    let severities = Severity.allCases.map(\.name)
    out.raw("\"severity\": { \"enum\": \(list(severities)) },")
    out.raw("\"severity-or-off\": { \"enum\": \(list(severities + ["off"])) },")
    out.raw(
      "\"quantity\": { \"type\": [\"integer\", \"number\", \"string\"], \"pattern\": \"^[0-9.]+ ?[A-Za-z/%µ]*$\" },"
    )
    out.raw("\"states\": { \"enum\": \(list(ConfigSchema.states)) },")
    out.raw("\"outcome\": { \"enum\": \(list(FlowExpression.outcomeNames)) },")
    out.raw(
      "\"flow\": { \"type\": \"string\", \"minLength\": 1, \"description\": \"A flow expression, see docs/flow-expressions.md.\" },"
    )
    selectors(out)
    out.open("\"section\": {")
    out.raw("\"type\": [\"object\", \"null\"],")
    out.raw("\"additionalProperties\": false,")
    out.open("\"properties\": {")
    for key in ConfigKey.section { property(key, out, isLast: key.name == ConfigKey.section.last?.name) }
    out.close("}")
    out.close("},")
    rules(out)
    suppressions(out)
    expectations(out)
  }

  private static func selectors(_ out: Lines) {
    let families = Family.allCases.map(\.code) + [LintRule.family]
    let words = ["ALL"] + families + LintRule.all.flatMap { [$0.code, $0.name] }
    out.raw("\"rule-name\": { \"anyOf\": [{ \"enum\": \(list(words)) }, { \"type\": \"string\" }] },")
    out.raw(
      "\"rule-list\": { \"type\": [\"array\", \"null\"], \"items\": { \"$ref\": \"#/$defs/rule-name\" } },")
  }

  private static func rules(_ out: Lines) {
    out.open("\"rules\": {")
    out.raw("\"type\": [\"object\", \"null\"],")
    out.raw("\"additionalProperties\": { \"$ref\": \"#/$defs/any-rule\" },")
    out.open("\"properties\": {")
    let all = LintRule.all
    for (i, rule) in all.enumerated() {
      let reference = "\"$ref\": \"#/$defs/\(rule.options.isEmpty ? "plain-rule" : "rule-\(rule.code)")\""
      out.raw("\(quoted(rule.code)): { \"description\": \(quoted(rule.summary)), \(reference) },")
      let end = i == all.count - 1 ? "" : ","
      out.raw("\(quoted(rule.name)): { \"description\": \(quoted(rule.summary)), \(reference) }\(end)")
    }
    out.close("}")
    out.close("},")
    let severity = "\"severity\": { \"$ref\": \"#/$defs/severity-or-off\" }"
    out.raw(
      "\"any-rule\": { \"anyOf\": [{ \"$ref\": \"#/$defs/severity-or-off\" }, { \"type\": \"object\", \"properties\": { \(severity) } }] },"
    )
    out.raw(
      "\"plain-rule\": { \"anyOf\": [{ \"$ref\": \"#/$defs/severity-or-off\" }, { \"type\": \"object\", \"additionalProperties\": false, \"properties\": { \(severity) } }] },"
    )
    for rule in all where !rule.options.isEmpty {
      let options = rule.options.map { option in
        let summary = "\(option.summary) (default \(option.words(option.defaultValue)))"
        return
          "\(quoted(option.name)): { \"description\": \(quoted(summary)), \"$ref\": \"#/$defs/quantity\" }"
      }
      let properties = ([severity] + options).joined(separator: ", ")
      out.raw(
        "\"rule-\(rule.code)\": { \"anyOf\": [{ \"$ref\": \"#/$defs/severity-or-off\" }, { \"type\": \"object\", \"additionalProperties\": false, \"properties\": { \(properties) } }] },"
      )
    }
  }

  private static func suppressions(_ out: Lines) {
    out.open("\"suppressions\": {")
    out.raw("\"type\": [\"array\", \"null\"],")
    out.open("\"items\": {")
    out.raw("\"type\": \"object\", \"required\": [\"rule\", \"reason\"], \"additionalProperties\": false,")
    out.open("\"properties\": {")
    for key in ConfigKey.suppression {
      let type =
        switch key.name {
        case "rule": "\"$ref\": \"#/$defs/rule-name\""
        case "flow": "\"$ref\": \"#/$defs/flow\""
        case "until": "\"type\": \"string\", \"format\": \"date\""
        default: "\"type\": \"string\", \"minLength\": 1"
        }
      described(key, type, out, isLast: key.name == "until")
    }
    out.close("}")
    out.close("}")
    out.close("},")
  }

  private static func expectations(_ out: Lines) {
    out.open("\"expectations\": {")
    out.raw("\"type\": [\"array\", \"null\"],")
    out.open("\"items\": {")
    out.raw(
      "\"type\": \"object\", \"required\": [\"flow\"], \"minProperties\": 2, \"additionalProperties\": false,"
    )
    out.raw("\"dependentRequired\": { \"min\": [\"metric\"], \"max\": [\"metric\"] },")
    out.open("\"properties\": {")
    for key in ConfigKey.contract {
      let sides = ConfigKey.sides.map {
        "\(quoted($0.name)): { \"description\": \(quoted($0.summary)), \"$ref\": \"#/$defs/states\" }"
      }
      let type =
        switch key.name {
        case "flow": "\"$ref\": \"#/$defs/flow\""
        case "at_least", "at_most": "\"type\": \"integer\", \"minimum\": 0"
        case "metric":
          "\"type\": \"string\", \"pattern\": \(quoted("^((originator|responder|src|dst)[.])?(rtt_[a-z0-9]+|\(FlowMetric.all.map(\.name).joined(separator: "|")))([.](min|max|avg|sum|samples|p[0-9]{1,2}([.][0-9])?))?$"))"
        case "min", "max": "\"$ref\": \"#/$defs/quantity\""
        case "outcome":
          "\"anyOf\": [{ \"$ref\": \"#/$defs/outcome\" }, { \"type\": \"array\", \"items\": { \"$ref\": \"#/$defs/outcome\" } }]"
        default:
          "\"type\": \"object\", \"additionalProperties\": false, \"properties\": { \(sides.joined(separator: ", ")) }"
        }
      described(key, type, out, isLast: key.name == "states")
    }
    out.close("}")
    out.close("}")
    out.close("}")
  }

  private static func described(_ key: ConfigKey.Info, _ type: String, _ out: Lines, isLast: Bool) {
    out.raw("\(quoted(key.name)): { \"description\": \(quoted(key.summary)), \(type) }\(isLast ? "" : ",")")
  }

  private static let states = [
    "CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT",
    "CLOSING", "LAST-ACK", "TIME-WAIT",
  ]

  private static func list(_ words: [String]) -> String { "[\(words.map(quoted).joined(separator: ", "))]" }

  private static func quoted(_ text: String) -> String {
    let out = ByteOutput()
    out.json(text)
    return out.text
  }

  /// Indented lines.
  private final class Lines {
    private(set) var text = ""
    private var depth = 0

    func raw(_ line: String) { text += String(repeating: "  ", count: depth) + line + "\n" }
    func open(_ line: String) {
      raw(line)
      depth += 1
    }
    func close(_ line: String) {
      depth -= 1
      raw(line)
    }
    func pair(_ key: String, _ value: String) { raw("\(quoted(key)): \(quoted(value)),") }
  }
}
