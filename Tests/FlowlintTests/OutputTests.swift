import Foundation
import TestSupport
import Testing

@Suite struct OutputTests {
  static let captures = [
    "synack_lost_twice", "loss_2", "tw_reuse_lower_isn", "refused", "rst_unread", "simultaneous_close",
  ]

  @Test(arguments: captures, ["text", "concise", "jsonl", "csv", "neutral"])
  func goldenOutput(capture: String, format: String) throws {
    let result = try Flowlint.run("lab/\(capture).pcap", "-o", format)
    #expect(result.status == 0)
    #expect(result.errors == "")
    // How long the run took is the only thing that is not the same each time.
    let text = result.output.replacing(/packets in [0-9.]+ [a-z]+:/, with: "packets in TIME:")
    Golden.expect(text, is: "\(capture).\(format)")
  }

  @Test func everyRecordOfEveryFixtureIsAsTheSchemaSays() throws {
    let schema = try JSONSchema(
      contentsOf: PackageFolder.root.appendingPathComponent("docs/flowlint.schema.json"))
    for capture in Self.captures {
      let folder = try TemporaryFolder()
      let document = folder.file("document.json")
      let result = try Flowlint.run(
        "lab/\(capture).pcap", "-o", "jsonl", "-o", "json:\(document.path)", "--frames")
      #expect(result.status == 0)
      let lines = result.output.split(separator: "\n")
      #expect(lines.count >= 3)
      for line in lines { #expect(schema.problems(in: line) == [], "\(capture)") }
      let text = try String(contentsOf: document, encoding: .utf8)
      #expect(schema.problems(in: text, definition: "document") == [], "\(capture)")
      for key in ["\"type\":\"flow\"", "\"type\":\"finding\""] {
        #expect(result.output.components(separatedBy: key).count == text.components(separatedBy: key).count)
      }
    }
  }

  @Test func oneRunFeedsSeveralOutputs() throws {
    let folder = try TemporaryFolder()
    let csv = folder.file("flows.csv")
    let result = try Flowlint.run("lab/refused.pcap", "-o", "text", "-o", "csv:\(csv.path)")
    #expect(result.status == 0)
    #expect(result.output.contains("flows by outcome"))
    #expect(
      try String(contentsOf: csv, encoding: .utf8) == Flowlint.run("lab/refused.pcap", "-o", "csv").output)
  }

  @Test func quietLeavesTheSummariesOut() throws {
    let result = try Flowlint.run("lab/synack_lost_twice.pcap", "-q")
    #expect(result.status == 0)
    #expect(!result.output.contains("flows by outcome"))
    #expect(!result.output.contains("1 capture"))
  }

  @Test func severalCapturesAreNumberedThrough() throws {
    let result = try Flowlint.run("lab/refused.pcap", "lab/rst_unread.pcap", "-o", "jsonl")
    let ids = result.output.matches(of: /"type":"finding","file":"[^"]*","id":([0-9]+)/).compactMap {
      Int($0.1)
    }
    #expect(ids == Array(1...max(1, ids.count)).prefix(ids.count).map { $0 })
    #expect(result.output.contains(#""type":"summary","captures":2,"#))
  }

  @Test func equalInputGivesEqualOutput() throws {
    let runs = try (0..<2).map { _ in try Flowlint.run("lab/loss_2.pcap", "-o", "jsonl", "--frames").output }
    #expect(runs[0] == runs[1])
  }
}

@Suite struct RulesCommandTests {
  @Test func theCatalogueNamesEveryFamilyItHas() throws {
    let result = try Flowlint.run("rules")
    #expect(result.status == 0)
    #expect(result.output.contains("Handshake (HSK)"))
    #expect(result.output.contains("HSK101  warning"))
  }

  @Test(arguments: ["HSK101", "syn-retransmitted"])
  func aRuleIsShownWithItsExamples(name: String) throws {
    let result = try Flowlint.run("rules", name)
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("HSK101 syn-retransmitted  warning, handshake, since "))
    #expect(result.output.contains("example 1, fires: "))
    #expect(result.output.contains("---->             HSK101"))
    #expect(result.output.contains(", does not fire: "))
  }

  @Test func anExampleIsACaptureThatCanBeAnalyzed() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("example.pcap")
    #expect(try Flowlint.run("rules", "HSK101", "--pcap", file.path).status == 0)
    let result = try Flowlint.run(file.path, "-o", "concise")
    #expect(result.status == 0)
    #expect(result.output.contains("HSK101"))
  }

  @Test func aMisspeltRuleIsGuessed() throws {
    let result = try Flowlint.run("rules", "syn-retransmited")
    #expect(result.status == 2)
    #expect(result.errors.contains("did you mean syn-retransmitted?"))
  }

  @Test func doctorNamesTheLibraries() throws {
    let result = try Flowlint.run("doctor")
    #expect(result.status == 0)
    for word in ["libpcap", "zlib", "zstd", "capture", "terminal"] { #expect(result.output.contains(word)) }
  }
}
