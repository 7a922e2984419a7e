import Foundation
import TestSupport
import Testing

/// What README.md and the pages of docs/ show is what the binary says; `make golden` rewrites it.
@Suite struct ReadmeTests {
  static let pages = ["README.md"] + docs

  private static let docs: [String] = {
    let folder = PackageFolder.root.appendingPathComponent("docs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
  }()

  /// A block of a page that shows a command and what it prints.
  private static func blocks(_ text: String) -> [(arguments: String, output: String)] {
    text.matches(of: /```console\n\$ flowlint ([^\n]*)\n((?s).*?)```\n/).map {
      (String($0.1), String($0.2))
    }
  }

  @Test(arguments: pages)
  func goldenOutputInThePagesIsReal(page: String) throws {
    let file = PackageFolder.root.appendingPathComponent(page)
    var text = try String(contentsOf: file, encoding: .utf8)
    if page == "README.md" { #expect(!Self.blocks(text).isEmpty) }
    var isStale = false
    for (arguments, output) in Self.blocks(text) {
      let result = try Flowlint.run(
        arguments.split(separator: " ").map { $0.replacingOccurrences(of: "Tests/Fixtures/", with: "") })
      #expect(result.status == 0, "\(page): flowlint \(arguments)")
      #expect(result.errors == "", "\(page): flowlint \(arguments)")
      let now = result.output.replacingOccurrences(of: "lab/", with: "Tests/Fixtures/lab/")
      if Self.timeless(now) == Self.timeless(output) { continue }
      isStale = true
      text = text.replacingOccurrences(
        of: "```console\n$ flowlint \(arguments)\n\(output)```\n",
        with: "```console\n$ flowlint \(arguments)\n\(now)```\n")
    }
    guard isStale else { return }
    guard ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" else {
      Issue.record("\(page) shows what flowlint no longer says; `make golden` rewrites it")
      return
    }
    try Data(text.utf8).write(to: file)
  }

  /// The examples of the language are read by it, and the capture they make is written back as the same flow.
  @Test func theTraceScriptPageHoldsScripts() throws {
    let page = PackageFolder.root.appendingPathComponent("docs/tracescript.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let script = try #require(text.firstMatch(of: /```\n(originator (?s).*?)```\n/)?.1)
    let folder = try TemporaryFolder()
    let source = folder.file("a.trace")
    try Data(script.utf8).write(to: source)
    let capture = folder.file("a.pcap")
    let made = try Flowlint.run("script", source.path, "-o", capture.path)
    #expect(made.status == 0, "\(made.errors)")
    let back = try Flowlint.run("script", capture.path)
    #expect(back.status == 0 && back.output.contains("S 0:0(0)"), "\(back.errors)")
    let found = try Flowlint.run(capture.path, "-o", "concise")
    for mark in script.matches(of: /#! ([A-Z]{3}\d{3})/) { #expect(found.output.contains(mark.1)) }
  }

  /// Every line of the page's first block is an expression.
  @Test func theExpressionsOfThePageAreExpressions() throws {
    let page = PackageFolder.root.appendingPathComponent("docs/flow-expressions.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let block = try #require(text.firstMatch(of: /```\n((?s).*?)```\n/)?.1)
    for line in block.split(separator: "\n") {
      let result = try Flowlint.run("flows", "lab/clean.pcap", "--where", String(line))
      #expect(result.status == 0, "\(line): \(result.errors)")
    }
  }

  /// The configuration shown is a configuration.
  @Test func theConfigurationOfThePageIsOne() throws {
    let page = PackageFolder.root.appendingPathComponent("docs/configuration.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let block = try #require(text.firstMatch(of: /```yaml\n((?s).*?)```\n/)?.1)
    let folder = try TemporaryFolder()
    let file = folder.file(".flowlint.yml")
    try Data(block.utf8).write(to: file)
    let result = try Flowlint.run("config", "check", file.path)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  private static func timeless(_ text: String) -> String {
    text.replacing(/packets in [0-9.]+ [a-z]+:/, with: "packets in TIME:")
  }
}
