/// The documentation of the rules, written from what they say of themselves.
public enum RuleDocs {
  /// One rule as Markdown; `docs/rules/CODE.md`.
  public static func markdown(for info: RuleInfo) -> String {
    var text = "<!-- Generated from the rule's own description; do not edit. -->\n\n"
    text += "# \(info.code) \(info.name)\n\n\(info.summary)\n\n"
    text += "| Family | Severity | Since | Lifecycle |\n|---|---|---|---|\n"
    text += "| \(info.family.title) | \(info.severity.name) | \(info.since) | \(info.lifecycle.rawValue) |\n"
    text += "\n## Why it matters\n\n\(info.why)\n"
    text += "\n## What to do\n\n\(sentence(info.remedy))\n"
    text += "\n## What it is not\n\n\(info.falsePositives)\n"
    if !info.options.isEmpty {
      text += "\n## Options\n\n| Option | Default | Meaning |\n|---|---|---|\n"
      for option in info.options {
        text += "| `\(option.name)` | \(defaultText(option)) | \(option.summary) |\n"
      }
    }
    let causes = info.consequenceOf + info.followsFrom
    if !causes.isEmpty {
      text += "\n## Follows from\n\n" + causes.map(link).joined(separator: ", ") + "\n"
    }
    if !info.aliases.isEmpty {
      text += "\n## Known elsewhere as\n\n" + info.aliases.map { "`\($0)`" }.joined(separator: ", ") + "\n"
    }
    if !info.sources.isEmpty {
      text += "\n## Sources\n\n" + info.sources.map { "- [\($0.text)](\($0.url))\n" }.joined()
    }
    if !info.examples.isEmpty { text += "\n## Examples\n" }
    for example in info.examples {
      text += "\n\(example.fires ? "It fires" : "It does not fire"): \(example.title).\n\n"
      text += "```\n" + withoutFinalNewlines(example.script) + "\n```\n"
    }
    return text
  }

  /// All rules by family, as Markdown; `docs/rules/README.md`.
  public static func index(_ infos: [RuleInfo] = Registry.infos) -> String {
    var text = "<!-- Generated from the rules' own descriptions; do not edit. -->\n\n# Rules\n\n"
    text += "\(infos.count) rules. `flowlint rules CODE` shows one with its examples as ladders.\n"
    for family in Family.allCases {
      let members = infos.filter { $0.family == family }
      guard !members.isEmpty else { continue }
      text += "\n## \(family.code) \(family.title)\n\n| Code | Name | Severity | Finds |\n|---|---|---|---|\n"
      for info in members {
        let mark = info.lifecycle == .stable ? "" : " (\(info.lifecycle.rawValue))"
        text +=
          "| [\(info.code)](\(info.code).md) | \(info.name)\(mark) | \(info.severity.name) | \(info.summary) |\n"
      }
    }
    if !Registry.tombstones.isEmpty {
      text += "\n## Removed\n\n"
      for (code, reason) in Registry.tombstones.sorted(by: { $0.key < $1.key }) {
        text += "- \(code): \(reason)\n"
      }
    }
    return text
  }

  /// Every page and its file name.
  public static func pages() -> [(file: String, text: String)] {
    [("README.md", index())] + Registry.infos.map { ("\($0.code).md", markdown(for: $0)) }
  }

  private static func link(_ name: String) -> String {
    guard let info = Registry.rule(name)?.info else { return "`\(name)`" }
    return "[\(info.code) \(info.name)](\(info.code).md)"
  }

  private static func defaultText(_ option: RuleOption) -> String {
    switch option.unit {
    case .nanoseconds: Format.time(option.defaultValue)
    case .octets: Format.octets(option.defaultValue)
    case .percent: "\(option.defaultValue) %"
    case .perSecond: "\(option.defaultValue) a second"
    case .segments, .none: "\(option.defaultValue)"
    }
  }

  /// A clause as a sentence: upper case, full stop.
  private static func sentence(_ clause: String) -> String {
    let trimmed = withoutFinalNewlines(clause)
    guard let first = trimmed.first else { return "" }
    return first.uppercased() + trimmed.dropFirst() + (trimmed.hasSuffix(".") ? "" : ".")
  }

  private static func withoutFinalNewlines(_ text: String) -> String {
    var text = Substring(text)
    while text.last == "\n" { text.removeLast() }
    return String(text)
  }
}
