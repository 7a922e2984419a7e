import ArgumentParser
import TraceCapture
import TraceReport
import TraceRules
import TraceScript

/// `flowlint rules [CODE]`: the catalogue, or one rule with its examples.
struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "List the rules, or explain one: what, why, remedy, false positives, sources, examples.")

  @Argument(
    help: ArgumentHelp("A rule's code or name, or another analyzer's name for it.", valueName: "rule"),
    completion: .list(LintRule.all.map(\.code)))
  var rule: String?

  @Option(
    help: ArgumentHelp("Write an example of the rule to a pcap file, for Wireshark.", valueName: "PATH"),
    completion: .file())
  var pcap: String?

  @Option(help: ArgumentHelp("Which example, from 1.", valueName: "N"))
  var example = 1

  @Option(help: ArgumentHelp("Color the text: auto, always or never.", valueName: "WHEN"))
  var color: ColorChoice = .auto

  func validate() throws {
    guard let rule else {
      if pcap != nil {
        throw ValidationError("--pcap needs a rule, as in: flowlint rules HSK101 --pcap syn.pcap")
      }
      return
    }
    guard let info = Self.info(rule) else {
      if let successor = Registry.tombstones[rule] {
        throw ValidationError("\(rule) was removed; \(successor) took its place.")
      }
      throw ValidationError(unknownRule(rule))
    }
    guard info.examples.indices.contains(example - 1) || pcap == nil && example == 1 else {
      if info.examples.isEmpty { throw ValidationError("\(info.code) has no examples.") }
      throw ValidationError("\(info.code) has examples 1 to \(info.examples.count), not \(example).")
    }
  }

  func run() throws {
    let text = RuleText(
      style: Style(isColored: color.applies(to: 1)), width: Terminal.width(of: 1) ?? 100)
    guard let rule, let info = Self.info(rule) else {
      let page = text.catalogue(LintRule.all, others: [(LintRule.family, LintRule.title)])
      return Terminal.print(page, to: 1)
    }
    do {
      if let pcap { return try write(info.examples[example - 1], to: pcap) }
      var page = text.entry(info, title: info.code.hasPrefix(LintRule.family) ? LintRule.title : nil)
      for (i, example) in info.examples.enumerated() {
        page += text.example(example, number: i + 1, ladder: try Ladder(of: Script.parse(example.script)))
      }
      Terminal.print(page, to: 1)
    } catch {
      Terminal.complain("\(error)")
      throw ExitCode.usage
    }
  }

  private static func info(_ rule: String) -> RuleInfo? {
    Registry.rule(rule)?.info ?? LintRule.infos.first { $0.code == rule || $0.name == rule }
  }

  private func write(_ example: RuleExample, to path: String) throws {
    let writer = try CaptureWriter(path: path, linkType: Script.linkType)
    var failure: CaptureError?
    try Script.parse(example.script).forEachFrame { frame in
      do throws(CaptureError) { try writer.write(frame) } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
    try writer.close()
  }
}
