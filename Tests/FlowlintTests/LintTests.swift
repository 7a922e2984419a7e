import Foundation
import TestSupport
import Testing

/// `flowlint lint` as CI runs it.
@Suite struct LintTests {
  /// Copies captures into a folder of their own, whose `.git` keeps configurations above it out.
  private static func project(
    _ captures: [String: String] = [:], config: String? = nil
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file(".git"), withIntermediateDirectories: true)
    for (name, fixture) in captures {
      let file = folder.file(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(contentsOf: PackageFolder.fixtures.appendingPathComponent(fixture)).write(to: file)
    }
    if let config { try Data(config.utf8).write(to: folder.file(".flowlint.yml")) }
    return folder
  }

  private static func withoutTime(_ text: String) -> String {
    text.replacing(/packets in [0-9.]+ [a-z]+:/, with: "packets in TIME:")
      .replacing(/"version":"[^"]*"/, with: "\"version\":\"VERSION\"")
  }

  // MARK: - Formats

  /// A configuration that uses every key, over captures of the lab, in every format.
  @Test(
    arguments: [
      "text", "concise", "json", "jsonl", "csv", "sarif", "github", "gitlab", "junit", "checkstyle",
    ])
  func goldenOutput(format: String) throws {
    let result = try Flowlint.run("lint", "lab", "--config", "lint.yml", "-o", format)
    #expect(result.status == 1)
    #expect(result.errors.contains("lint.yml:16:20: the suppression of ACK met no finding"))
    var text = Self.withoutTime(result.output)
    // The catalogue of rules is not what this is about.
    if format == "sarif" { text = text.replacing(/"rules":\[(.|\n)*\]}}}\]}/, with: "\"rules\":[]}}}]}") }
    Golden.expect(text, is: "lint.\(format)")
  }

  @Test func goldenSarifForGitHubHasLines() throws {
    let result = try Flowlint.run(
      "lint", "lab", "--config", "lint.yml", "-o", "sarif", "--sarif-profile", "github")
    #expect(result.output.contains(#""region":{"startLine":274}"#))
    #expect(!result.output.contains("byteOffset"))
  }

  /// The octets that SARIF points at are the record of the frame.
  @Test func sarifPointsAtTheRecord() throws {
    let result = try Flowlint.run("lint", "lab/loss_2.pcap", "--isolated", "-o", "sarif")
    let found = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let run = try #require((found["runs"] as? [[String: Any]])?.first)
    let bytes = try Data(contentsOf: PackageFolder.fixtures.appendingPathComponent("lab/loss_2.pcap"))
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
    let result = try Flowlint.run("lint", "lab", "--config", "lint.yml", "-o", "gitlab")
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
    let result = try Flowlint.run("lint", "lab", "--config", "lint.yml", "-o", "github")
    let line = /::(error|warning|notice) file=[^,:]+,line=[0-9]+,title=[^,:]+::.+/
    for one in result.output.split(separator: "\n") { #expect(one.wholeMatch(of: line) != nil, "\(one)") }
  }

  // MARK: - Exit status

  @Test func exitStatusTellsCleanFromFindingsFromUsage() throws {
    let project = try Self.project([
      "clean.pcap": "lab/refused.pcap", "bad.pcap": "lab/synack_lost_twice.pcap",
    ])
    func status(_ arguments: String...) throws -> Int32 {
      try Flowlint.run(["lint"] + arguments).status
    }
    let clean = project.file("clean.pcap").path
    let bad = project.file("bad.pcap").path
    #expect(try status(clean) == 0)
    #expect(try status(clean, "--fail-on", "note") == 1)
    #expect(try status(bad) == 1)
    #expect(try status(bad, "--fail-on", "error") == 0)
    #expect(try status(bad, "--exit-zero") == 0)
    #expect(try status(bad, "--ignore", "HSK") == 0)
    #expect(try status(bad, "--select", "SEQ") == 0)
    #expect(try status(bad, project.file("none.pcap").path) == 2)
    #expect(try status(bad, "--select", "HSKX") == 2)
    #expect(try status(project.url.path) == 1)
  }

  /// None of these passes silently.
  @Test(
    arguments: [
      ("captures/no-packets.pcap", 1, "no packet in the capture"),
      ("captures/cut-in-data.pcap", 1, "breaks off at byte"),
      ("captures/absurd-length.pcap", 1, "breaks off"), ("captures/empty.pcap", 2, "no octets"),
      ("captures/printed.txt", 2, "printed.txt"), ("captures/drops.pcapng", 3, "dropped while capturing"),
    ] as [(String, Int32, String)])
  func poorCaptures(capture: String, status: Int32, words: String) throws {
    let project = try Self.project([FilePathName.last(capture): capture])
    let result = try Flowlint.run("lint", project.file(FilePathName.last(capture)).path, "-o", "concise")
    #expect(result.status == status, "\(result.output)\(result.errors)")
    #expect((result.output + result.errors).contains(words), "\(result.output)\(result.errors)")
  }

  @Test func aCaptureWithoutTCPIsAFinding() throws {
    let project = try Self.project()
    // One Ethernet frame of an ARP request.
    var bytes: [UInt8] = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]
    bytes += [0, 0, 0, 1, 0, 0, 0, 0, 42, 0, 0, 0, 42, 0, 0, 0]
    bytes += Array(repeating: 0xff, count: 6) + [2, 0, 0, 0, 0, 1, 8, 6] + Array(repeating: 0, count: 28)
    try Data(bytes).write(to: project.file("arp.pcap"))
    let result = try Flowlint.run("lint", project.file("arp.pcap").path, "-o", "concise")
    #expect(result.status == 1)
    #expect(result.output.contains("no TCP among 1 packet"))
    #expect(try Flowlint.run("lint", project.file("arp.pcap").path, "--require-flows", "0").status == 0)
    #expect(try Flowlint.run("lint", "lab/refused.pcap", "--isolated", "--require-flows", "3").status == 1)
  }

  @Test(
    arguments: [
      ("version: 1\nselekt: [SEQ]\n", ".flowlint.yml:2:1: ", "did you mean select?"),
      ("version: 1\nfail-on: bad\n", ".flowlint.yml:2:10: ", "warning"),
      ("version: 1\nselect: [SEQ999]\n", ".flowlint.yml:2:10: ", "no rule called"),
      (
        "version: 1\nexpect: [{ flow: 'prot 80', at_least: 1 }]\n", ".flowlint.yml:2:19: ",
        "did you mean port?"
      ),
      (
        "version: 1\nsuppress: [{ rule: SEQ, reason: x, until: 2020-01-01 }]\n", ".flowlint.yml:2:43: ",
        "give it a later day"
      ), ("version: 1\nsuppress: [{ rule: SEQ }]\n", ".flowlint.yml:2:12: ", "without a reason"),
    ])
  func wrongConfigurationsEndTheRunBeforeAnyCapture(config: String, place: String, remedy: String) throws {
    let project = try Self.project(["a.pcap": "lab/refused.pcap"], config: config)
    let result = try Flowlint.run("lint", project.file("a.pcap").path)
    #expect(result.status == 2)
    #expect(result.output == "")
    #expect(result.errors.contains(place), "\(result.errors)")
    #expect(result.errors.contains(remedy), "\(result.errors)")
    #expect(try Flowlint.run("config", "check", project.file(".flowlint.yml").path).status == 2)
  }

  @Test func anUnreadableBaselineEndsTheRun() throws {
    let project = try Self.project(["a.pcap": "lab/refused.pcap"])
    try Data("version: 1\nfindings:\n  - { file: a.pcap, rule: NOPE1, flows: 1 }\n".utf8).write(
      to: project.file("b.yml"))
    let result = try Flowlint.run(
      "lint", project.file("a.pcap").path, "--baseline", project.file("b.yml").path)
    #expect(result.status == 2)
    #expect(result.errors.contains("b.yml:3:27: there is no rule called 'NOPE1'"), "\(result.errors)")
    let missing = try Flowlint.run(
      "lint", project.file("a.pcap").path, "--baseline", project.file("none.yml").path)
    #expect(missing.status == 2)
    #expect(missing.errors.contains("baseline create"))
  }

  // MARK: - Files

  @Test func directoriesAndPatternsComeInAFixedOrderOnceEach() throws {
    let project = try Self.project([
      "b.pcap": "lab/refused.pcap", "a/z.pcap": "lab/refused.pcap",
      "a/y.pcap.gz": "captures/deflated.pcap.gz",
      "a/.hidden/x.pcap": "lab/refused.pcap", "a/notes.txt": "captures/printed.txt",
      "c.pcap0": "captures/ring.pcap0",
    ])
    let root = project.url.path
    let whole = try Flowlint.run("lint", "--show-files", root, root + "/b.pcap").output
    let names = whole.split(separator: "\n").map { $0.split(separator: "\t")[0].dropFirst(root.count + 1) }
    #expect(names == ["a/y.pcap.gz", "a/z.pcap", "b.pcap", "c.pcap0"])
    let some = try Flowlint.run("lint", "--show-files", root + "/**/[yz].pcap*").output
    #expect(some.split(separator: "\n").count == 2)
    #expect(try Flowlint.run("lint", root + "/none-*.pcap").errors.contains("matches no file"))
    #expect(try Flowlint.run("lint", root + "/.git").errors.contains("no capture below"))
  }

  @Test func theNearestConfigurationJudgesAndGitStopsTheSearch() throws {
    let project = try Self.project(
      ["a.pcap": "lab/synack_lost_twice.pcap", "sub/b.pcap": "lab/synack_lost_twice.pcap"],
      config: "version: 1\nignore: [HSK]\n")
    try Data("version: 1\nper-file: { \"b.*\": { rules: { HSK101: off } } }\n".utf8).write(
      to: project.file("sub/.flowlint.yml"))
    let result = try Flowlint.run("lint", project.url.path, "-o", "concise")
    #expect(!result.output.contains("a.pcap:"))
    #expect(result.output.contains("b.pcap:9: warning HSK104"))
    #expect(!result.output.contains("HSK101"))
    let origin = try Flowlint.run("config", "show", "--origin", project.file("sub/b.pcap").path).output
    #expect(origin.contains("severity: off"))
    #expect(origin.contains("sub/.flowlint.yml:2:"))
  }

  // MARK: - Suppressions

  @Test func suppressionsNeedTheirFlowAndAreSaidWhenUnused() throws {
    let config = """
      version: 1
      suppress:
        - { rule: HSK, flow: "dst port 80", reason: "slow lab", until: 2099-01-01 }
        - { rule: HSK, flow: "dst port 81", reason: "elsewhere" }
      """
    let project = try Self.project(["a.pcap": "lab/synack_lost_twice.pcap"], config: config)
    let result = try Flowlint.run("lint", project.file("a.pcap").path)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("2 suppressed"))
    #expect(result.errors.contains("4:5: the suppression of HSK in 'dst port 81' met no finding"))
    #expect(!result.errors.contains("3:5"))
  }

  @Test func aPacketsCommentSuppresses() throws {
    let source = try Data(
      contentsOf: PackageFolder.fixtures.appendingPathComponent("lab/synack_lost_twice.pcap"))
    let project = try Self.project()
    func lint(_ comment: String, on frame: Int) throws -> Flowlint.Result {
      try Data(Pcapng.withComment(comment, on: frame, classic: Array(source))).write(
        to: project.file("a.pcapng"))
      return try Flowlint.run("lint", project.file("a.pcapng").path, "-o", "concise")
    }
    let both = try lint("seen\nflowlint:ignore HSK101,HSK104 the lab drops it", on: 4)
    #expect(!both.output.contains("HSK104"), "\(both.output)")
    let other = try lint("flowlint:ignore HSK101 the lab drops it", on: 2)
    #expect(!other.output.contains("HSK101"))
    #expect(other.output.contains("HSK104"))
    #expect(other.status == 1)
    #expect(try lint("flowlint:ignore HSK101 not here", on: 20).errors.contains("suppresses nothing"))
    #expect(try lint("flowlint:ignore HSK101", on: 2).errors.contains("gives no reason"))
    #expect(try lint("flowlint:ignore HSK1O1 typo", on: 2).errors.contains("did you mean HSK101?"))
  }

  // MARK: - Baselines

  @Test func aBaselineSurvivesRecordingAgain() throws {
    guard let runs = SharedFolder.lab?.appendingPathComponent("runs") else { return }
    func record(_ run: String, as file: URL) throws {
      try Data(contentsOf: runs.appendingPathComponent("\(run)/client.pcap")).write(to: file)
    }
    for scenario in ["loss_05", "loss_10", "reorder_heavy", "tail_loss"] {
      let project = try Self.project()
      let file = project.file("a.pcap")
      try record("\(scenario)-s1", as: file)
      let baseline = project.file("b.yml").path
      let judging = ["--select", "SEQ", "--select", "RST", "--fail-on", "note", "--baseline", baseline]
      #expect(try Flowlint.run(["baseline", "create", file.path] + judging).status == 0)
      #expect(try Flowlint.run(["baseline", "create", file.path] + judging).status == 2, "without --force")
      #expect(try Flowlint.run(["lint", file.path] + judging).status == 0)
      let kinds = Set(
        try String(contentsOfFile: baseline, encoding: .utf8).matches(of: #/rule: ([A-Z]+[0-9]+)/#).map {
          String($0.1)
        })
      try record("\(scenario)-s2", as: file)
      let again = try Flowlint.run(["lint", file.path, "-o", "concise"] + judging)
      let reported = Set(again.output.matches(of: #/[a-z]+ ([A-Z]{3}[0-9]{3}) /#).map { String($0.1) })
      #expect(reported.isDisjoint(with: kinds), "\(scenario): \(again.output)")
      try record("linger0-s1", as: file)
      let other = try Flowlint.run(["lint", file.path, "-o", "concise"] + judging)
      #expect(other.status == 1)
      #expect(other.output.contains(" RST"), "\(scenario)")
    }
  }

  @Test func staleEntriesAreSaidAndPruned() throws {
    let project = try Self.project(["a.pcap": "lab/synack_lost_twice.pcap", "b.pcap": "lab/rst_unread.pcap"])
    let baseline = project.file(".flowlint-baseline.yml").path
    let paths = [project.url.path, "--baseline", baseline]
    #expect(try Flowlint.run(["baseline", "create"] + paths).status == 0)
    #expect(try Flowlint.run(["baseline", "check"] + paths).status == 0)
    let known = try Flowlint.run(["lint"] + paths)
    #expect(known.status == 0)
    #expect(known.output.contains("known, in baseline"))
    // One capture is mended, another is no more.
    try FileManager.default.removeItem(at: project.file("b.pcap"))
    try Data(contentsOf: PackageFolder.fixtures.appendingPathComponent("lab/refused.pcap")).write(
      to: project.file("a.pcap"))
    let check = try Flowlint.run(["baseline", "check"] + paths)
    #expect(check.status == 1)
    #expect(check.errors.contains("HSK101 in a.pcap is gone"), "\(check.errors)")
    #expect(check.errors.contains("RST601 in b.pcap is gone"), "\(check.errors)")
    let pruned = try Flowlint.run(["baseline", "prune"] + paths)
    #expect(pruned.status == 0)
    #expect(!(try String(contentsOfFile: baseline, encoding: .utf8)).contains("RST601"))
    #expect(try !Flowlint.run(["lint"] + paths).errors.contains("is gone"))
  }

  // MARK: - Reports and the example

  @Test func statisticsCountByRule() throws {
    let result = try Flowlint.run(
      "lint", "lab/synack_lost_twice.pcap", "--isolated", "--statistics", "-o", "concise")
    #expect(result.output.contains("HSK101  syn-retransmitted"))
  }

  @Test func theExampleRepositoryIsClean() throws {
    let example = PackageFolder.root.appendingPathComponent("Examples/ci")
    let result = try Flowlint.run("lint", example.appendingPathComponent("traces").path)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.errors == "")
    #expect(result.output.contains("3 captures"))
    #expect(
      try Flowlint.run("config", "check", example.appendingPathComponent(".flowlint.yml").path).status == 0)
    // Without its configuration it is not: the configuration is what makes it so.
    #expect(try Flowlint.run("lint", example.appendingPathComponent("traces").path, "--isolated").status == 1)
  }
}

enum FilePathName {
  static func last(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
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

/// A classic capture (little-endian, nanoseconds or microseconds) written as pcapng with one comment.
enum Pcapng {
  static func withComment(_ comment: String, on frame: Int, classic: [UInt8]) -> [UInt8] {
    func word(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(classic[at + $1]) << UInt32(8 * $1) } }
    func octets(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
    func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + Array(repeating: 0, count: (4 - bytes.count % 4) % 4) }
    func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
      let length = octets(UInt32(body.count + 12))
      return octets(type) + length + body + length
    }
    let nanoseconds = word(0) == 0xa1b2_3c4d
    var out = block(0x0a0d_0d0a, octets(0x1a2b_3c4d) + [1, 0, 0, 0] + Array(repeating: 0xff, count: 8))
    let resolution: [UInt8] = nanoseconds ? [9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0] : []
    out += block(1, octets(word(20) & 0xffff) + octets(word(16)) + resolution)
    var at = 24
    var number = 1
    while at + 16 <= classic.count {
      let captured = Int(word(at + 8))
      let ticks = UInt64(word(at)) * (nanoseconds ? 1_000_000_000 : 1_000_000) + UInt64(word(at + 4))
      var body = octets(0) + octets(UInt32(ticks >> 32)) + octets(UInt32(truncatingIfNeeded: ticks))
      body += octets(UInt32(captured)) + octets(word(at + 12))
      body += padded(Array(classic[(at + 16)..<(at + 16 + captured)]))
      if number == frame {
        let text = Array(comment.utf8)
        body += [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)] + padded(text) + [0, 0, 0, 0]
      }
      out += block(6, body)
      at += 16 + captured
      number += 1
    }
    return out
  }
}
