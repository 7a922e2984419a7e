import Foundation
import TestSupport
import Testing

/// `flowlint lint` as CI runs it.
@Suite struct LintTests {
  // MARK: - Exit status

  @Test func exitStatusTellsCleanFromFindingsFromUsage() throws {
    let project = try LintProject.make([
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
      ("captures/no-packets.pcap", 1, "CAP116 the capture is empty"),
      ("captures/cut-in-data.pcap", 1, "ends in the middle of a record, at octet"),
      ("captures/absurd-length.pcap", 1, "at octet"), ("captures/empty.pcap", 2, "no octets"),
      ("captures/printed.txt", 2, "printed.txt"), ("captures/drops.pcapng", 3, "dropped while capturing"),
    ] as [(String, Int32, String)])
  func poorCaptures(capture: String, status: Int32, words: String) throws {
    let project = try LintProject.make([FilePathName.last(capture): capture])
    let result = try Flowlint.run("lint", project.file(FilePathName.last(capture)).path, "-o", "concise")
    #expect(result.status == status, "\(result.output)\(result.errors)")
    #expect((result.output + result.errors).contains(words), "\(result.output)\(result.errors)")
  }

  @Test func whatCannotBeReadIsCounted() throws {
    let project = try LintProject.make()
    try Data("not a capture\n".utf8).write(to: project.file("text.pcap"))
    let paths = [project.file("text.pcap").path, "lab/clean.pcap"]
    let text = try Flowlint.run(["lint", "--isolated"] + paths)
    #expect(text.status == 2)
    #expect(text.output.contains("1 capture, 1 unreadable, "), "\(text.output)")
    #expect(text.errors.contains("text.pcap"))
    let json = try Flowlint.run(["lint", "--isolated", "-o", "jsonl"] + paths)
    #expect(json.output.contains(#"{"type":"summary","captures":1,"unreadable":1,"#))
  }

  @Test func aCaptureWithoutTCPIsAFinding() throws {
    let project = try LintProject.make()
    // One Ethernet frame of an ARP request.
    var bytes: [UInt8] = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]
    bytes += [0, 0, 0, 1, 0, 0, 0, 0, 42, 0, 0, 0, 42, 0, 0, 0]
    bytes += Array(repeating: 0xff, count: 6) + [2, 0, 0, 0, 0, 1, 8, 6] + Array(repeating: 0, count: 28)
    try Data(bytes).write(to: project.file("arp.pcap"))
    let result = try Flowlint.run("lint", project.file("arp.pcap").path, "-o", "concise")
    #expect(result.status == 1)
    #expect(result.output.contains("CAP116 the capture holds no TCP in 1 frame"))
    #expect(!result.output.contains("LNT201"), "once is enough")
    // Nor where the rule that says so is not asked.
    let unasked = try Flowlint.run("lint", project.file("arp.pcap").path, "--select", "HSK", "-o", "concise")
    #expect(unasked.status == 1)
    #expect(unasked.output.contains("LNT201 no TCP among 1 packet"))
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
    let project = try LintProject.make(["a.pcap": "lab/refused.pcap"], config: config)
    let result = try Flowlint.run("lint", project.file("a.pcap").path)
    #expect(result.status == 2)
    #expect(result.output == "")
    #expect(result.errors.contains(place), "\(result.errors)")
    #expect(result.errors.contains(remedy), "\(result.errors)")
    #expect(try Flowlint.run("config", "check", project.file(".flowlint.yml").path).status == 2)
  }

  @Test func anUnreadableBaselineEndsTheRun() throws {
    let project = try LintProject.make(["a.pcap": "lab/refused.pcap"])
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
    let project = try LintProject.make([
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
    let project = try LintProject.make(
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
    let project = try LintProject.make(["a.pcap": "lab/synack_lost_twice.pcap"], config: config)
    let result = try Flowlint.run("lint", project.file("a.pcap").path)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("2 suppressed"))
    #expect(result.errors.contains("4:5: the suppression of HSK in 'dst port 81' met no finding"))
    #expect(!result.errors.contains("3:5"))
  }

  @Test func aPacketsCommentSuppresses() throws {
    let source = try Data(
      contentsOf: PackageFolder.fixtures.appendingPathComponent("lab/synack_lost_twice.pcap"))
    let project = try LintProject.make()
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

  // MARK: - Contracts and names

  /// Percentiles are over all flows that a contract means; what no flow shows is not passed over.
  @Test func contractsBoundPercentiles() throws {
    func lint(_ contract: String, _ captures: String...) throws -> Flowlint.Result {
      let project = try LintProject.make(
        Dictionary(uniqueKeysWithValues: captures.map { (FilePathName.last($0), $0) }),
        config: "version: 1\nselect: [LNT]\nexpect:\n  - { flow: \"dst port 80\", \(contract) }\n")
      return try Flowlint.run("lint", project.url.path, "-o", "concise")
    }
    let clean = "lab/clean.pcap"
    #expect(try lint("metric: rtt.p95, max: 100ms", clean).status == 0)
    let slow = try lint("metric: rtt.p95, max: 1ms", clean)
    #expect(slow.status == 1)
    #expect(slow.output.contains("LNT101 ") && slow.output.contains("rtt.p95 is 2"), "\(slow.output)")
    #expect(slow.output.contains("above 1 ms, over 1 flow"), "\(slow.output)")
    #expect(try lint("metric: handshake_rtt_total.p99, max: 50ms", clean).status == 0)
    #expect(try lint("metric: handshake_rtt_total.p99, min: 50ms", clean).output.contains("below 50 ms"))
    // By Karn's rule a repeated SYN measures nothing: exit status 3, and not 0.
    let unknown = try lint("metric: handshake_rtt_total.p99, max: 50ms", "lab/synack_lost_twice.pcap")
    #expect(unknown.status == 3, "\(unknown.output)")
    #expect(unknown.output.contains("LNT102 "))
    #expect(try lint("outcome: reset", "lab/linger0.pcap").status == 0)
    let closed = try lint("outcome: fin", "lab/linger0.pcap")
    #expect(closed.output.contains("its outcome is reset-originator, not fin"), "\(closed.output)")
    #expect(try lint("at_least: 1", "lab/refused.pcap").output.contains("no flow matches 'dst port 80'"))
  }

  /// One name elsewhere is several rules here.
  @Test func otherToolsNamesSelect() throws {
    func codes(_ capture: String, _ word: String) throws -> Set<String> {
      let output = try Flowlint.run("lint", capture, "--isolated", "--select", word, "-o", "concise").output
      return Set(output.matches(of: #/[a-z]+ ([A-Z]{3}[0-9]{3}) /#).map { String($0.1) })
    }
    #expect(
      try codes("lab/synack_lost_twice.pcap", "tcp.analysis.retransmission") == ["HSK101", "HSK104"])
    #expect(try codes("lab/linger0.pcap", "tcp.connection.rst") == ["RST601"])
    #expect(try codes("lab/linger0.pcap", "tcp.analysis.retransmission") == [])
    let near = try Flowlint.run("lint", "lab", "--isolated", "--select", "tcp.analysis.retransmision")
    #expect(near.status == 2)
    #expect(near.errors.contains("did you mean tcp.analysis.retransmission?"), "\(near.errors)")
  }

  @Test func lintsOwnRulesAreExplainedAsTheOthers() throws {
    let page = try Flowlint.run("rules", "LNT203")
    #expect(page.status == 0)
    #expect(page.output.contains("LNT203 capture-too-poor"))
    #expect(try Flowlint.run("rules").output.contains("LNT101  error    contract-broken"))
    #expect(try Flowlint.run("rules", "contract-broken").status == 0)
    #expect(try Flowlint.run("rules", "LNT101", "--pcap", "/dev/null").errors.contains("has no examples"))
  }

  // MARK: - Reports

  @Test func statisticsCountByRule() throws {
    let result = try Flowlint.run(
      "lint", "lab/synack_lost_twice.pcap", "--isolated", "--statistics", "-o", "concise")
    #expect(result.output.contains("HSK101  syn-retransmitted"))
  }
}

enum FilePathName {
  static func last(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
