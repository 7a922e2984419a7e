import Foundation
import TestSupport
import Testing

@testable import flowlint

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What `flowlint lint` writes, for people and for each kind of CI system.
@Suite struct LintFormatTests {
  /// Each tells one story that does not change: a lost SYN, a refusal, resets, a clean transfer.
  private static let captures = [
    "clean", "refused", "syn_lost_once", "synack_lost_twice", "rst_unread", "linger0",
  ].map { "lab/\($0).pcap" }

  private static func withoutTime(_ text: String) -> String {
    text.replacing(/packets in [0-9.]+ [a-z]+:/, with: "packets in TIME:")
      .replacing(/"version":"[^"]*"/, with: "\"version\":\"VERSION\"")
  }

  /// A configuration that uses every key, over captures of the lab, in every format.
  @Test(
    arguments: [
      "text", "concise", "json", "jsonl", "csv", "sarif", "github", "gitlab", "junit", "checkstyle",
    ])
  func goldenOutput(format: String) throws {
    let result = try Flowlint.run(["lint"] + Self.captures + ["--config", "lint.yml", "-o", format])
    #expect(result.status == 1)
    #expect(result.errors.contains("lint.yml:16:20: the suppression of RST met no finding"))
    var text = Self.withoutTime(result.output)
    // The catalogue of rules is not what this is about.
    if format == "sarif" { text = text.replacing(/"rules":\[(.|\n)*\]}}}\]}/, with: "\"rules\":[]}}}]}") }
    if format == "sarif" { text = text.replacing(/"ruleIndex":[0-9]+/, with: "\"ruleIndex\":0") }
    Golden.expect(text, is: "lint.\(format)")
  }

  @Test func goldenSarifForGitHubHasLines() throws {
    let result = try Flowlint.run(
      ["lint"] + Self.captures + ["--config", "lint.yml", "-o", "sarif", "--sarif-profile", "github"])
    #expect(result.output.contains(#""region":{"startLine":38}"#), "frame 38 resets lab/linger0.pcap")
    #expect(!result.output.contains("byteOffset"))
  }

  /// The octets that SARIF points at are the record of the frame.
  @Test func sarifPointsAtTheRecord() throws {
    let result = try Flowlint.run("lint", "lab/loss_2.pcap", "--isolated", "-o", "sarif")
    let found = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let run = try #require((found["runs"] as? [[String: Any]])?.first)
    let bytes = try Data(contentsOf: PackageFolder.fixtures.appendingPathComponent("lab/loss_2.pcap"))
    let driver = (run["tool"] as? [String: Any])?["driver"] as? [String: Any]
    let rules = (driver?["rules"] as? [[String: Any]] ?? []).map { $0["id"] as? String }
    for one in run["results"] as? [[String: Any]] ?? [] {
      let index = try #require(one["ruleIndex"] as? Int)
      #expect(rules.indices.contains(index) && rules[index] == one["ruleId"] as? String)
    }
    var regions = 0
    for result in run["results"] as? [[String: Any]] ?? [] {
      for location in (result["locations"] as? [[String: Any]] ?? [])
        + (result["relatedLocations"] as? [[String: Any]] ?? [])
      {
        guard let place = location["physicalLocation"] as? [String: Any],
          let region = place["region"] as? [String: Int], let offset = region["byteOffset"],
          let length = region["byteLength"]
        else { continue }
        regions += 1
        // Captured length, little-endian, at octet 8 of a classic record.
        let captured = (0..<4).reduce(0) { $0 | Int(bytes[offset + 8 + $1]) << (8 * $1) }
        #expect(length == captured + 16)
        #expect(offset + length <= bytes.count)
      }
    }
    #expect(regions > 0)
  }

  @Test func sarifIsValid() throws {
    guard let schema = SharedFolder.folder("schemas")?.appendingPathComponent("sarif-schema-2.1.0.json"),
      FileManager.default.fileExists(atPath: schema.path)
    else { return }
    let folder = try TemporaryFolder()
    for profile in ["standard", "github"] {
      let file = folder.file("\(profile).sarif")
      _ = try Flowlint.run(
        "lint", "lab", "captures/empty.pcap", "--config", "lint.yml", "-o", "sarif:\(file.path)",
        "--sarif-profile",
        profile)
      let answer = try Python.run(
        """
        import json, sys
        try: import jsonschema
        except ImportError: sys.exit(77)
        schema = json.load(open(sys.argv[1])); text = json.load(open(sys.argv[2]))
        errors = list(jsonschema.validators.validator_for(schema)(schema).iter_errors(text))
        print([e.message[:200] for e in errors][:5]); sys.exit(1 if errors else 0)
        """, schema.path, file.path)
      if answer.isMissing { return }
      #expect(answer.status == 0, "\(answer.output)")
    }
  }

  @Test func junitIsValid() throws {
    guard let schema = SharedFolder.folder("schemas")?.appendingPathComponent("JUnit.xsd"),
      FileManager.default.fileExists(atPath: schema.path)
    else { return }
    let folder = try TemporaryFolder()
    let file = folder.file("junit.xml")
    _ = try Flowlint.run(
      "lint", "lab", "captures/empty.pcap", "captures/cut-in-data.pcap", "--config", "lint.yml", "-o",
      "junit:\(file.path)")
    let answer = try Python.run(
      """
      import sys
      try: from lxml import etree
      except ImportError: sys.exit(77)
      schema = etree.XMLSchema(etree.parse(sys.argv[1])); good = schema.validate(etree.parse(sys.argv[2]))
      print(schema.error_log); sys.exit(0 if good else 1)
      """, schema.path, file.path)
    if !answer.isMissing { #expect(answer.status == 0, "\(answer.output)") }
  }

  /// The forms GitLab and GitHub document.
  @Test func gitlabHasWhatItsDocumentationAsksFor() throws {
    let result = try Flowlint.run(["lint"] + Self.captures + ["--config", "lint.yml", "-o", "gitlab"])
    let violations = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    #expect(!violations.isEmpty)
    var fingerprints: Set<String> = []
    for one in violations {
      #expect(one["description"] is String && one["check_name"] is String)
      #expect(["info", "minor", "major", "critical", "blocker"].contains(one["severity"] as? String))
      let location = one["location"] as? [String: Any]
      #expect(location?["path"] is String)
      #expect(((location?["lines"] as? [String: Int])?["begin"] ?? 0) >= 1)
      #expect(fingerprints.insert(one["fingerprint"] as? String ?? "").inserted)
    }
  }

  @Test func githubAnnotationsAreOneLineEach() throws {
    let result = try Flowlint.run(["lint"] + Self.captures + ["--config", "lint.yml", "-o", "github"])
    let line = /::(error|warning|notice) file=[^,:]+,line=[0-9]+,title=[^,:]+::.+/
    for one in result.output.split(separator: "\n") { #expect(one.wholeMatch(of: line) != nil, "\(one)") }
  }

  /// The configuration behind these tests leaves no key out.
  @Test func theConfigurationUsesEveryKey() throws {
    let text = try String(
      contentsOf: PackageFolder.fixtures.appendingPathComponent("lint.yml"), encoding: .utf8)
    let keys =
      ConfigKey.top + ConfigKey.section + [ConfigKey.rule] + ConfigKey.suppression + ConfigKey.contract
      + ConfigKey.sides
    for key in keys { #expect(text.contains("\"\(key.name)\":"), "\(key.name)") }
  }

  /// What lint adds to the records of `analyze` is documented too.
  @Test func jsonIsAsItsSchemaSays() throws {
    let schema = try JSONSchema(
      contentsOf: PackageFolder.root.appendingPathComponent("docs/flowlint.schema.json"))
    let folder = try TemporaryFolder()
    let document = folder.file("document.json")
    let result = try Flowlint.run(
      ["lint"] + Self.captures + ["captures/no-packets.pcap", "captures/drops.pcapng", "captures/empty.pcap"]
        + ["--config", "lint.yml", "-o", "jsonl", "-o", "json:\(document.path)"])
    #expect(result.output.contains(#""code":"LNT101""#) && result.output.contains(#""code":"LNT203""#))
    for line in result.output.split(separator: "\n") { #expect(schema.problems(in: line) == []) }
    let text = try String(contentsOf: document, encoding: .utf8)
    #expect(schema.problems(in: text, definition: "document") == [])
  }

  /// Checkstyle is XML; each finding of the concise form is an error of its file there.
  @Test func checkstyleHasEveryFindingUnderItsFile() throws {
    let arguments = ["lint"] + Self.captures + ["captures/no-packets.pcap", "--config", "lint.yml"]
    let folder = try TemporaryFolder()
    let file = folder.file("checkstyle.xml")
    let concise = try Flowlint.run(arguments + ["-o", "concise", "-o", "checkstyle:\(file.path)"]).output
    let document = CheckstyleDocument()
    let parser = XMLParser(data: try Data(contentsOf: file))
    parser.delegate = document
    #expect(parser.parse())
    #expect(document.files.keys.sorted() == (Self.captures + ["captures/no-packets.pcap"]).sorted())
    let lines = concise.split(separator: "\n")
    #expect(document.files.values.reduce(0) { $0 + $1.count } == lines.count)
    for (name, errors) in document.files {
      #expect(errors.count == lines.filter { $0.hasPrefix(name + ":") }.count)
      for error in errors {
        #expect(["info", "warning", "error"].contains(error["severity"]))
        #expect(Int(error["line"] ?? "") ?? 0 >= 1)
        #expect(error["source"]?.hasPrefix("flowlint.") == true && error["message"]?.isEmpty == false)
      }
    }
  }
}

private final class CheckstyleDocument: NSObject, XMLParserDelegate {
  var files: [String: [[String: String]]] = [:]
  private var file = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    if name == "file" {
      file = attributes["name"] ?? ""
      files[file] = []
    } else if name == "error" {
      files[file]?.append(attributes)
    }
  }
}

/// A validator of another make, where Python has it.
enum Python {
  struct Answer {
    var status: Int32
    var output: String
    /// No interpreter, or not the module.
    var isMissing: Bool { status == 77 || status == 127 }
  }

  static func run(_ script: String, _ arguments: String...) throws -> Answer {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let answer = Answer(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    if answer.isMissing { print("skipped: python3 or a module it needs is not here") }
    return answer
  }
}
