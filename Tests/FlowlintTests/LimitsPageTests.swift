import Foundation
import TestSupport
import Testing
import TraceDecode
import TraceRules

@testable import flowlint

/// docs/limits.md names every bound there is, with its default.
@Suite struct LimitsPageTests {
  private static func rows() throws -> [String: Int] {
    let page = try String(
      contentsOf: PackageFolder.root.appendingPathComponent("docs/limits.md"), encoding: .utf8)
    var rows: [String: Int] = [:]
    for line in page.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map {
        $0.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
      }
      rows[cells[0]] = Int(cells[1])
    }
    return rows
  }

  @Test func everyLimitIsOnThePageWithItsDefault() throws {
    let rows = try Self.rows()
    #expect(Set(rows.keys) == Set(LimitName.allCases.map(\.rawValue)))
    for name in LimitName.allCases {
      #expect(rows[name.rawValue] == Limits()[keyPath: name.keyPath], "\(name.rawValue)")
    }
  }

  @Test func fixedBoundsAreThoseOfTheCode() throws {
    let page = try String(
      contentsOf: PackageFolder.root.appendingPathComponent("docs/limits.md"), encoding: .utf8)
    let runner = RuleRunner.Configuration()
    #expect(runner.findingsPerRule == Limits().findings)
    #expect(page.contains("(500 of information") && runner.infosPerRule == 500)
  }
}
