import Foundation
import TestSupport
import Testing

/// `flowlint baseline` and what `lint` makes of it.
@Suite struct BaselineCommandTests {
  @Test func aBaselineSurvivesRecordingAgain() throws {
    let runs = SharedFolder.lab?.appendingPathComponent("runs")
    /// The two of the package, and more where they are.
    func capture(_ run: String) -> URL? {
      let own = PackageFolder.fixtures.appendingPathComponent("lint/\(run).pcap")
      if FileManager.default.fileExists(atPath: own.path) { return own }
      return runs?.appendingPathComponent("\(run)/client.pcap")
    }
    func record(_ run: String, as file: URL) throws {
      try Data(contentsOf: try #require(capture(run))).write(to: file)
    }
    for scenario in ["loss_10", "loss_05", "reorder_heavy", "tail_loss"]
    where capture("\(scenario)-s1") != nil {
      let project = try LintProject.make()
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
      try Data(contentsOf: PackageFolder.fixtures.appendingPathComponent("lab/linger0.pcap")).write(to: file)
      let other = try Flowlint.run(["lint", file.path, "-o", "concise"] + judging)
      #expect(other.status == 1)
      #expect(other.output.contains(" RST"), "\(scenario)")
    }
  }

  @Test func staleEntriesAreSaidAndPruned() throws {
    let project = try LintProject.make([
      "a.pcap": "lab/synack_lost_twice.pcap", "b.pcap": "lab/rst_unread.pcap",
    ])
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

  /// Each configuration has its own, beside it; entries are named from there, wherever the run is started.
  @Test func everyConfigurationHasItsBaseline() throws {
    let project = try LintProject.make(
      ["a.pcap": "lab/synack_lost_twice.pcap", "sub/b.pcap": "lab/linger0.pcap"], config: "version: 1\n")
    try Data("version: 1\n".utf8).write(to: project.file("sub/.flowlint.yml"))
    #expect(try Flowlint.run("lint", project.url.path).status == 1)
    #expect(try Flowlint.run("baseline", "create", project.url.path).status == 0)
    let own = try String(contentsOf: project.file(".flowlint-baseline.yml"), encoding: .utf8)
    let inner = try String(contentsOf: project.file("sub/.flowlint-baseline.yml"), encoding: .utf8)
    #expect(own.contains(#"file: "a.pcap", rule: HSK101, port: 80, flows: 1"#), "\(own)")
    #expect(inner.contains(#"file: "b.pcap", rule: RST601, port: 80, flows: 1"#), "\(inner)")
    #expect(!own.contains("b.pcap") && !inner.contains("a.pcap"))
    #expect(!own.contains("CAP114"), "what is merely counted needs no entry")
    #expect(try Flowlint.run("lint", project.url.path).status == 0)
    #expect(try Flowlint.run("lint", project.file("sub").path).status == 0)
    // The inner one knows nothing of what the outer one accepts.
    try Data(contentsOf: PackageFolder.fixtures.appendingPathComponent("lab/synack_lost_twice.pcap")).write(
      to: project.file("sub/b.pcap"))
    #expect(try Flowlint.run("lint", project.url.path).status == 1)
  }
}
