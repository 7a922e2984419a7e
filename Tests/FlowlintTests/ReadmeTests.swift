import Foundation
import TestSupport
import Testing

/// What README.md shows is what the binary says; `make golden` rewrites it.
@Suite struct ReadmeTests {
  private static let readme = PackageFolder.root.appendingPathComponent("README.md")

  @Test func goldenOutputInTheReadmeIsReal() throws {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    let block = try #require(text.firstMatch(of: /```console\n\$ flowlint ([^\n]*)\n((?s).*?)```\n/))
    let arguments = block.1.split(separator: " ").map {
      $0.replacingOccurrences(of: "Tests/Fixtures/", with: "")
    }
    let result = try Flowlint.run(arguments)
    #expect(result.status == 0)
    let now = result.output.replacingOccurrences(of: "lab/", with: "Tests/Fixtures/lab/")
    if Self.timeless(now) == Self.timeless(String(block.2)) { return }
    guard ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" else {
      Issue.record("README.md shows what flowlint no longer says; `make golden` rewrites it\n\(now)")
      return
    }
    let written = text.replacingCharacters(
      in: block.range, with: "```console\n$ flowlint \(block.1)\n\(now)```\n")
    try Data(written.utf8).write(to: Self.readme)
  }

  private static func timeless(_ text: String) -> String {
    text.replacing(/packets in [0-9.]+ [a-z]+:/, with: "packets in TIME:")
  }
}
