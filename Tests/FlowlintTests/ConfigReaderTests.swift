import Foundation
import TestSupport
import Testing
import TraceDecode
import TraceRules

@testable import flowlint

@Suite struct ConfigReaderTests {
  private static let today = Day(year: 2026, month: 6, day: 15)

  private static func read(_ text: String) throws(ConfigErrors) -> Configuration {
    try ConfigReader.read(Array(text.utf8), path: ".flowlint.yml", today: today)
  }

  private static func errors(_ text: String) -> [String] {
    do throws(ConfigErrors) {
      _ = try read(text)
      return []
    } catch {
      return error.errors.map(\.description)
    }
  }

  @Test func theDesignsExampleIsRead() throws {
    let configuration = try Self.read(
      """
      version: 1
      select: [HSK, SEQ, CLS, RST, TWR, OPT, CAP]
      ignore: [vantage]
      fail-on: warning
      rules:
        handshake-slow: { severity: error, threshold: 200ms, factor: 4 }
        HSK103: off
      per-file: { "traces/lossy-*.pcapng": { ignore: [SEQ] } }
      suppress:
        - { rule: RST601, flow: "port 8443", reason: "OPS-112", until: 2027-03-01 }
      expect:
        - { flow: "dst port 443", at_least: 1 }
        - { flow: "dst port 443", metric: handshake_rtt_total.p99, max: 50ms }
        - { flow: "dst port 5432", outcome: fin, states: { originator: TIME-WAIT } }
      """)
    #expect(configuration.failOn?.value == .warning)
    #expect(configuration.all.select?.value.count == 7)
    #expect(configuration.all.rules.map(\.code) == ["HSK110", "HSK103"])
    #expect(configuration.all.rules[0].options.map(\.value.value) == [200_000_000, 4])
    #expect(configuration.all.rules[1].severity?.value == .some(nil))
    #expect(configuration.perFile.map(\.pattern.value.pattern) == ["traces/lossy-*.pcapng"])
    #expect(configuration.all.suppressions.map(\.until) == [Day(year: 2027, month: 3, day: 1)])
    #expect(configuration.all.contracts.map(\.maximum) == [nil, 50_000_000, nil])
    #expect(configuration.all.contracts[2].states == [.originator: .timeWait])
    #expect(configuration.all.contracts[2].line == 14)
  }

  /// Each kind of mistake, with the place it is at and a word of the remedy.
  @Test(
    arguments: [
      ("version: 1\nselekt: [SEQ]", "2:1", "did you mean select?"),
      ("version: 2", "1:10", "expected 1"),
      ("select: [SEQ]", "1:1", "begin with 'version: 1'"),
      ("", "1:1", "begin with 'version: 1'"),
      ("version: 1\nselect: [SEQ, SEQUENCE]", "2:15", "'flowlint rules'"),
      ("version: 1\nignore: [syn-retransmited]", "2:10", "did you mean syn-retransmitted?"),
      ("version: 1\nselect: SEQ", "2:9", "put it in [ ]"),
      ("version: 1\nfail-on: warnig", "2:10", "did you mean warning?"),
      ("version: 1\nrules: { HSK: { severity: error } }", "2:10", "expected one"),
      ("version: 1\nrules: { HSK110: { treshold: 1s } }", "2:20", "did you mean threshold?"),
      ("version: 1\nrules: { HSK110: { threshold: 50 } }", "2:31", "as 50ms"),
      ("version: 1\nrules: { HSK110: { severity: fatal } }", "2:30", "error or off"),
      ("version: 1\nsuppress:\n  - { rule: RST601 }", "3:5", "without a reason"),
      ("version: 1\nsuppress:\n  - { rule: RST601, reason: ' ' }", "3:5", "empty reason"),
      ("version: 1\nsuppress:\n  - { reason: known }", "3:5", "without 'rule'"),
      (
        "version: 1\nsuppress:\n  - { rule: RST601, reason: known, until: 2026-06-14 }", "3:43",
        "ended on 2026-06-14"
      ),
      (
        "version: 1\nsuppress:\n  - { rule: RST601, reason: known, until: 2026-02-30 }", "3:43",
        "expected a day"
      ),
      (
        "version: 1\nsuppress:\n  - { rule: RST601, reason: known, flow: \"port 80 and prot 81\" }", "3:55",
        "did you mean port?"
      ),
      (
        "version: 1\nsuppress:\n  - { rule: RST601, reason: known, flow: \"finding SEQ\" }", "3:42",
        "remove 'finding'"
      ),
      (
        "version: 1\nsuppress:\n  - { rule: RST601, reason: known, flow: port 80 and }", "3:53",
        "expected a condition"
      ),
      ("version: 1\nexpect:\n  - { at_least: 1 }", "3:5", "without 'flow'"),
      ("version: 1\nexpect:\n  - { flow: all }", "3:5", "expects nothing"),
      ("version: 1\nexpect:\n  - { flow: all, at_least: -1 }", "3:28", "number of flows"),
      ("version: 1\nexpect:\n  - { flow: all, at_least: 3, at_most: 2 }", "3:5", "exchange"),
      (
        "version: 1\nexpect:\n  - { flow: all, metric: goodputt.p99, max: 1s }", "3:26",
        "did you mean goodput?"
      ),
      ("version: 1\nexpect:\n  - { flow: all, metric: rtt.p99, max: 1 }", "3:40", "a time with its unit"),
      ("version: 1\nexpect:\n  - { flow: all, metric: rtt.p99 }", "3:26", "add min, max"),
      ("version: 1\nexpect:\n  - { flow: all, max: 1s }", "3:23", "without a metric"),
      ("version: 1\nexpect:\n  - { flow: all, outcome: finn }", "3:27", "did you mean fin?"),
      ("version: 1\nexpect:\n  - { flow: all, states: { client: CLOSED } }", "3:28", "unknown key 'client'"),
      (
        "version: 1\nexpect:\n  - { flow: all, states: { originator: TIMEWAIT } }", "3:40",
        "did you mean TIME-WAIT?"
      ),
      ("version: 1\nper-file: { \"*\": { fail-on: error } }", "2:20", "unknown key 'fail-on'"),
      ("version: 1\nselect: [SEQ", "3:1", "indentation, quotes and brackets"),
      ("version: 1\nversion: 1", "2:1", "a second time"),
      ("version: 1\n---\nversion: 1", "3:1", "a second document"),
    ])
  func mistakesHaveAPlaceAndARemedy(text: String, place: String, remedy: String) {
    let errors = Self.errors(text)
    #expect(errors.contains { $0.hasPrefix(".flowlint.yml:\(place): ") && $0.contains(remedy) }, "\(errors)")
  }

  @Test func everyMistakeIsToldAtOnceInOrderOfPlace() {
    let errors = Self.errors("version: 1\nexpect: [{ flow: all }]\nselect: [NOPE]\nfail: on")
    #expect(errors.count == 3)
    #expect(errors.map { $0.split(separator: ":")[1] } == ["2", "3", "4"])
  }

  @Test func aSuppressionHoldsThroughItsLastDay() {
    #expect(Self.errors("version: 1\nsuppress: [{ rule: SEQ, reason: x, until: 2026-06-15 }]") == [])
  }

  /// Nothing a file holds may exhaust us: nesting, and aliases that stand for ever more.
  @Test func nestingAndAliasesAreBounded() {
    let deep =
      "version: 1\nselect: " + String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
    #expect(Self.errors(deep).first?.contains("32 levels") == true)
    var bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for (name, before) in zip("bcdefghi", "abcdefgh") {
      bomb +=
        "\(name): &\(name) [" + Array(repeating: "*\(before)", count: 10).joined(separator: ", ") + "]\n"
    }
    #expect(Self.errors(bomb).first?.contains("50000 values") == true)
    #expect(Self.errors("version: 1\nselect: *nothing").first?.contains("stands for nothing") == true)
    #expect(Self.errors("version: 1\nselect: &a [*a]").first?.contains("stands for nothing") == true)
    #expect(Self.errors(String(repeating: "#", count: (1 << 20) + 1)).first?.contains("1 MiB") == true)
  }

  /// What the reader takes the published schema takes too, and what it refuses for its form the schema refuses.
  @Test func readerAndSchemaAgree() throws {
    let schema = try JSONSchema(
      contentsOf: PackageFolder.root.appendingPathComponent("docs/flowlint-config.schema.json"))
    let text = try String(
      contentsOf: PackageFolder.fixtures.appendingPathComponent("lint.yml"), encoding: .utf8)
    #expect(Self.errors(text) == [])
    #expect(schema.problems(in: text) == [])
    for wrong in [
      #"{"version":2}"#, #"{"version":1,"selekt":["SEQ"]}"#, #"{"version":1,"fail-on":"fatal"}"#,
      #"{"version":1,"suppress":[{"rule":"SEQ"}]}"#, #"{"version":1,"expect":[{"at_least":1}]}"#,
      #"{"version":1,"rules":{"HSK110":{"treshold":"1s"}}}"#,
      #"{"version":1,"expect":[{"flow":"all","states":{"originator":"TIMEWAIT"}}]}"#,
    ] {
      #expect(Self.errors(wrong) != [], "\(wrong)")
      #expect(schema.problems(in: wrong) != [], "\(wrong)")
    }
  }

  /// `UPDATE_GOLDEN=1` rewrites it.
  @Test func goldenSchemaIsWhatTheCodeSays() throws {
    let file = PackageFolder.root.appendingPathComponent("docs/flowlint-config.schema.json")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try Data(ConfigSchema.text.utf8).write(to: file)
    }
    let published = try String(contentsOf: file, encoding: .utf8)
    #expect(published == ConfigSchema.text, "run 'make golden'")
  }

  @Test(
    arguments: [
      ("*.pcap", "a/b/x.pcap", true), ("a/*.pcap", "a/x.pcap", true), ("a/*.pcap", "a/b/x.pcap", false),
      ("a/**/*.pcap", "a/b/c/x.pcap", true), ("a/**/*.pcap", "a/x.pcap", true), ("**/x.pcap", "x.pcap", true),
      ("a/x?.pcap", "a/x1.pcap", true), ("[a-c].pcap", "b.pcap", true), ("[!a-c].pcap", "b.pcap", false),
      ("./a/x.pcap", "a/x.pcap", true), ("a*b*c", "axxbxxc", true), ("a*b*c", "axxbxx", false),
      ("../lab/*", "../lab/x", true), ("[", "[", true),
    ])
  func patterns(pattern: String, path: String, matches: Bool) {
    #expect(Glob(pattern).matches(path) == matches)
  }

  @Test func pathsAreMadeAbsoluteAndRelative() {
    #expect(FilePath.absolute("../x/./y//z", from: "/a/b") == "/a/x/y/z")
    #expect(FilePath.relative("/a/x", to: "/a/b/c") == "../../x")
    #expect(FilePath.relative("/a/b", to: "/a") == "b")
    #expect(FilePath.parent("/a") == "/")
    #expect(FilePath.parent("/") == nil)
  }
}

@Suite struct BaselineTests {
  @Test func whatIsWrittenIsRead() throws {
    var baseline = Baseline(path: "/x/b.yml")
    baseline.entries[Baseline.Key(file: "a \"b\"\\\u{1}ü.pcap", code: "SEQ206", port: 443)] = .init(flows: 3)
    baseline.entries[Baseline.Key(file: "c.pcap", code: "LNT201", port: nil)] = .init(flows: 1)
    let read = try Baseline.read(Array(baseline.text.utf8), path: "/x/b.yml")
    #expect(read.entries.mapValues(\.flows) == baseline.entries.mapValues(\.flows))
    #expect(try Baseline.read(Array(Baseline(path: "b").text.utf8), path: "b").entries.isEmpty)
  }

  @Test func halfAsManyFlowsMoreAreTheSameTrouble() {
    var baseline = Baseline(path: "/x/b.yml")
    let key = Baseline.Key(file: "a.pcap", code: "SEQ206", port: 443)
    #expect(baseline.allowance(key) == 0)
    for (flows, allowed) in [(1, 2), (2, 3), (10, 15)] {
      baseline.entries[key] = .init(flows: flows)
      #expect(baseline.allowance(key) == allowed)
    }
  }

  @Test(
    arguments: [
      ("", "1:1", "no baseline"), ("findings: []", "1:1", "version: 1"), ("version: 7", "1:10", "expected 1"),
      ("version: 1\nfindngs: []", "2:1", "did you mean findings?"),
      ("version: 1\nfindings:\n  - { file: a, rule: SEQX, flows: 1 }", "3:22", "no rule called"),
      ("version: 1\nfindings:\n  - { file: a, rule: HSK101, flows: 0 }", "3:37", "number of flows"),
      ("version: 1\nfindings:\n  - { file: a, rule: HSK101 }", "3:5", "without file, rule or flows"),
      (
        "version: 1\nfindings:\n  - { file: a, rule: HSK101, port: 70000, flows: 1 }", "3:36",
        "expected a port"
      ),
      ("version: 1\nfindings: 3", "2:11", "expected a list"), ("version: [", "2:1", "no valid YAML"),
    ])
  func mistakesHaveAPlace(text: String, place: String, words: String) {
    let error = #expect(throws: ConfigError.self) { try Baseline.read(Array(text.utf8), path: "b.yml") }
    #expect(error?.description.hasPrefix("b.yml:\(place): ") == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }
}
