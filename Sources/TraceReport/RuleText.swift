import TraceRules

/// The rules' documentation, as `flowlint rules` prints it.
public struct RuleText {
  private let style: Style
  private let width: Int

  /// - Parameter width: Columns of the terminal.
  public init(style: Style, width: Int) {
    self.style = style
    self.width = width
  }

  /// Every rule on a line or two, by the letters its code begins with.
  ///
  /// - Parameter others: What such letters mean that are no family of the registry, in order.
  public func catalogue(_ infos: [RuleInfo], others: [(code: String, title: String)] = []) -> String {
    var text = ""
    let nameWidth = infos.map(\.name.count).max() ?? 0
    for (code, title) in Family.allCases.map({ ($0.code, $0.title) }) + others {
      let rules = infos.filter { $0.code.hasPrefix(code) }
      guard !rules.isEmpty else { continue }
      text += (text.isEmpty ? "" : "\n") + style("\(title) (\(code))", .bold) + "\n"
      for rule in rules {
        let head =
          "  \(rule.code)  " + rule.severity.name.padded(7) + "  " + rule.name.padded(nameWidth) + "  "
        let line = Paragraph.fill(rule.summary, head: head, width: width)
        let plain = rule.severity.name
        text += line.replacingFirst(plain, with: style(plain, rule.severity.tint))
      }
    }
    return text
  }

  /// One rule whole; its examples follow, drawn by `example`.
  ///
  /// - Parameter title: What its letters mean, where they are no family of the registry.
  public func entry(_ info: RuleInfo, title: String? = nil) -> String {
    var text = style("\(info.code) \(info.name)", .bold) + "  "
    text += style(info.severity.name, info.severity.tint)
    text += ", \((title ?? info.family.title).lowercasedFirst), since \(info.since)"
    text += info.lifecycle == .stable ? "\n\n" : ", \(info.lifecycle.rawValue)\n\n"
    func say(_ label: String, _ words: String) {
      guard !words.isEmpty else { return }
      let filled = Paragraph.fill(words, head: "  " + label.padded(9), width: width)
      text += "  " + style(label, .dim) + filled.dropFirst(2 + label.count)
    }
    say("what", info.summary)
    say("why", info.why)
    say("do", info.remedy)
    say("traps", info.falsePositives)
    for option in info.options { say("option", "\(option.name) (\(option.text)): \(option.summary)") }
    if !info.consequenceOf.isEmpty { say("follows", Format.list(info.consequenceOf)) }
    if !info.aliases.isEmpty { say("also", "known as " + Format.list(info.aliases)) }
    for source in info.sources { say("source", "\(source.text), \(source.url)") }
    return text
  }

  /// One example of a rule as a ladder.
  public func example(_ example: RuleExample, number: Int, ladder: Ladder) -> String {
    let verdict = example.fires ? style("fires", .yellow) : style("does not fire", .green)
    return "\n  example \(number), \(verdict): \(example.title)\n\n" + ladder.text(width: width, style: style)
  }
}

extension RuleOption {
  /// The default with its unit.
  fileprivate var text: String {
    switch unit {
    case .none: "default \(defaultValue)"
    case .octets: "default \(Format.octets(defaultValue))"
    case .nanoseconds: "default \(Format.time(defaultValue))"
    case .segments: "default \(Format.count(defaultValue, "segment"))"
    case .perSecond: "default \(defaultValue) a second"
    case .percent: "default \(defaultValue) %"
    }
  }
}

extension String {
  fileprivate var lowercasedFirst: String {
    // A heading that starts with an abbreviation keeps it: TIME-WAIT and reuse.
    guard dropFirst().first?.isLowercase == true else { return self }
    return prefix(1).lowercased() + dropFirst()
  }

  /// The first occurrence of a word exchanged for another.
  fileprivate func replacingFirst(_ word: String, with other: String) -> String {
    guard let range = firstRange(of: word) else { return self }
    return self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}
