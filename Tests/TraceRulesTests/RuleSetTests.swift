import Foundation
import Testing
import TraceDecode

@testable import TraceRules

/// What holds for every rule there is.
struct RuleSetTests {
  static let infos = Registry.infos
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func codesAndNamesAreUnique() {
    #expect(Set(Self.infos.map(\.code)).count == Self.infos.count)
    #expect(Set(Self.infos.map(\.name)).count == Self.infos.count)
    for code in Registry.tombstones.keys {
      #expect(!Self.infos.contains { $0.code == code }, "\(code) was removed")
    }
    #expect(Set(Self.infos.map(\.name)).isDisjoint(with: Self.infos.flatMap(\.aliases)))
  }

  @Test(arguments: infos.map(\.code))
  func aRuleIsWhatItsCodeSays(code: String) throws {
    let info = try #require(Registry.rule(code)?.info)
    #expect(info.code.hasPrefix(info.family.code))
    #expect(info.code.dropFirst(3).count == 3 && info.code.dropFirst(3).allSatisfy(\.isNumber))
    #expect(info.name.allSatisfy { $0.isLowercase || $0 == "-" || $0.isNumber })
    for cause in info.consequenceOf + info.followsFrom {
      #expect(Registry.rule(cause) != nil, "\(code) names \(cause), which is no rule")
    }
    #expect(Set(info.options.map(\.name)).count == info.options.count)
  }

  @Test(arguments: infos.map(\.code))
  func everyRuleExplainsItself(code: String) throws {
    let info = try #require(Registry.rule(code)?.info)
    #expect(info.summary.hasSuffix(".") && info.summary.first?.isUppercase == true)
    #expect(info.why.hasSuffix(".") || info.why.hasSuffix(")"), "\(info.why)")
    #expect(info.falsePositives.hasSuffix("."), "\(info.falsePositives)")
    #expect(
      !info.remedy.hasSuffix(".") && info.remedy.first?.isUppercase == false || info.remedy.hasPrefix("TCP"))
    for text in [info.summary, info.why, info.remedy, info.falsePositives] {
      #expect(!text.contains("\n"), "one paragraph: \(text)")
      #expect(!text.contains("  "), "two blanks: \(text)")
    }
    #expect(info.examples.contains { !$0.fires }, "\(code) has no clean example")
    if info.lifecycle == .stable {
      #expect(info.examples.contains { $0.fires }, "\(code) has no firing example")
    }
    for example in info.examples where example.fires {
      #expect(
        example.script.contains("#! \(code)") || example.script.contains(", \(code)"), "\(code): unmarked")
    }
  }

  @Test func everyRuleIsAFileAndEveryFileARule() throws {
    let rules = Self.root.appending(path: "Sources/TraceRules/Rules")
    var files: Set<String> = []
    for folder in try FileManager.default.contentsOfDirectory(atPath: rules.path) {
      for file in try FileManager.default.contentsOfDirectory(atPath: rules.appending(path: folder).path) {
        files.insert("\(folder)/\(file)")
      }
    }
    let expected = Set(
      Registry.rules.map { rule in
        let type = rule.info.name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
          .joined()
        #expect("\(rule)" == type, "\(rule.info.name) belongs in a type of its name")
        return "\(rule.info.family.folder)/\(type).swift"
      })
    #expect(files == expected, "\(files.symmetricDifference(expected).sorted())")
  }

  @Test func rulesAreListedByFamilyAndCode() {
    let order = Family.allCases.map(\.code)
    let keys = Self.infos.map { info in (order.firstIndex(of: info.family.code) ?? -1, info.code) }
    for (a, b) in zip(keys, keys.dropFirst()) { #expect(a < b, "\(b.1) after \(a.1)") }
  }

  /// Pages are written anew with UPDATE_GOLDEN=1.
  @Test func theDocumentationIsCurrent() throws {
    let folder = Self.root.appending(path: "docs/rules")
    let update = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"
    let pages = RuleDocs.pages()
    if update {
      try? FileManager.default.removeItem(at: folder)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    for page in pages {
      let file = folder.appending(path: page.file)
      if update { try page.text.write(to: file, atomically: true, encoding: .utf8) }
      let stored = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
      #expect(
        stored == page.text,
        "docs/rules/\(page.file) is out of date: UPDATE_GOLDEN=1 swift test --filter RuleSetTests")
    }
    let names = Set((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    #expect(names == Set(pages.map(\.file)))
  }

  @Test func selectorsMeanWhatTheySay() {
    #expect(Registry.codes(for: "ALL")?.count == Self.infos.count)
    #expect(Registry.codes(for: "syn-retransmitted") == ["HSK101"])
    #expect(Registry.codes(for: "HSK101") == ["HSK101"])
    #expect(Registry.codes(for: "tcp.analysis.zero_window") == ["WND401"])
    // Every rule that tells apart what the other analyzer calls by one name.
    let retransmissions = Registry.codes(for: "tcp.analysis.retransmission")
    #expect(retransmissions?.isSuperset(of: ["HSK101", "HSK104", "SEQ207", "CLS501"]) == true)
    #expect(Registry.codes(for: "HSK")?.count == Self.infos.filter { $0.family == .handshake }.count)
    #expect(Registry.codes(for: "HSK10")?.contains("HSK109") == true)
    #expect(Registry.codes(for: "HSK10")?.contains("HSK110") == false)
    #expect(
      Registry.codes(for: "HSX") == nil && Registry.codes(for: "") == nil
        && Registry.codes(for: "HSK9x") == nil)
    #expect(Registry.suggestion(for: "syn-retransmited") == "syn-retransmitted")
    #expect(Registry.suggestion(for: "completely different") == nil)
  }
}
