import Foundation
import TestSupport
import Testing

@Suite struct StreamCommandTests {
  /// Data both ways, a repeat with other octets, a hole that was acknowledged, a second flow.
  private static let script = """
    originator 10.0.0.1:40000
    responder 10.0.0.2:80
    0.000 > S 0:0(0) win 64240 <mss 1460>
    +0.010 < S. 0:0(0) ack 1 win 65160 <mss 1460>
    +0.010 > . 1:1(0) ack 1
    +0.010 > P. 1:7(6) ack 1 data "hello "
    +0.010 > P. 7:12(5) ack 1 data "world"
    +0.500 > P. 7:12(5) ack 1 data "WORLD"
    +0.010 < P. 1:4(3) ack 12 data "one"
    +0.010 < P. 7:12(5) ack 12 data "three"
    +0.010 > . 12:12(0) ack 12
    +2.000 > F. 12:12(0) ack 12
    +0.010 < F. 12:12(0) ack 13
    +0.010 > . 13:13(0) ack 13
    flow 2
    +0.010 > S 0:0(0) win 64240
    +0.010 < S. 0:0(0) ack 1
    +0.010 > P. 1:4(3) ack 1 data "abc"
    """

  /// A capture of the script, in a folder that the caller keeps.
  private func capture(in folder: TemporaryFolder) throws -> String {
    let text = folder.file("a.txt")
    try Data(Self.script.utf8).write(to: text)
    let path = folder.file("a.pcap").path
    let result = try Flowlint.run("script", text.path, "-o", path)
    #expect(result.status == 0, "\(result.errors)")
    return path
  }

  @Test func followShowsBothSidesGapsAndConflicts() throws {
    let folder = try TemporaryFolder()
    let result = try Flowlint.run("follow", try capture(in: folder), "1")
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output == """
        flow 1  10.0.0.1:40000 > 10.0.0.2:80
        > offset 1, frame 4
        hello world
        [> octets 7-11: frame 6 has other octets than frame 5, the earlier are shown]
        < offset 1, frame 7
        one
        [< octets 4-6 are missing: acknowledged, but not in the capture]
        < offset 7, frame 8
        three
        [> FIN after 11 octets, 5 octets again]
        [< FIN after 8 octets, 3 octets missing]

        """)
  }

  @Test func followRawIsTheOctetsAlone() throws {
    let folder = try TemporaryFolder()
    let path = try capture(in: folder)
    let first = try Flowlint.run("follow", path, "1", "--format", "raw", "--direction", "originator")
    #expect(first.output == "hello world")
    #expect(first.errors.contains("other octets"))
    let last = try Flowlint.run(
      "follow", path, "1", "--format", "raw", "--direction", "originator", "--overlap", "last")
    #expect(last.output == "hello WORLD")
  }

  @Test func flowsAreNamedInManyWays() throws {
    let folder = try TemporaryFolder()
    let path = try capture(in: folder)
    for name in [":40001", "10.0.0.1:40001", "10.0.0.2:80>10.0.0.1:40001", "2"] {
      let result = try Flowlint.run("follow", path, name, "--format", "raw")
      #expect(result.output == "abc", "\(name): \(result.errors)")
    }
    let ambiguous = try Flowlint.run("follow", path, "10.0.0.1")
    #expect(ambiguous.status == 2)
    #expect(ambiguous.errors.contains("2 flows"))
    let none = try Flowlint.run("follow", path, ":9")
    #expect(none.status == 2)
    #expect(none.errors.contains("no flow"))
    #expect(try Flowlint.run("follow", path, "77").status == 2)
  }

  @Test func extractWritesAFileADirection() throws {
    let folder = try TemporaryFolder()
    let path = try capture(in: folder)
    let target = folder.file("streams")
    let result = try Flowlint.run("extract", "-d", target.path, path)
    #expect(result.status == 0, "\(result.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: target.path).sorted()
    #expect(
      names == [
        "flow1-10.0.0.1_40000-10.0.0.2_80.originator", "flow1-10.0.0.1_40000-10.0.0.2_80.responder",
        "flow2-10.0.0.1_40001-10.0.0.2_80.originator", "streams.tsv",
      ])
    let responder = try Data(contentsOf: target.appendingPathComponent(names[1]))
    #expect(Array(responder) == Array("one\0\0\0three".utf8))
    let again = try Flowlint.run("extract", "-d", target.path, path)
    #expect(again.status == 2)
    #expect(again.errors.contains("--force"))
    #expect(try Flowlint.run("extract", "-d", target.path, path, "--force").status == 0)
  }

  @Test func aScriptOfACaptureOfAScriptIsTheSame() throws {
    let folder = try TemporaryFolder()
    let path = try capture(in: folder)
    let first = try Flowlint.run("script", path, "1")
    let text = folder.file("b.txt")
    try Data(first.output.utf8).write(to: text)
    let second = folder.file("b.pcap").path
    #expect(try Flowlint.run("script", text.path, "-o", second).status == 0)
    #expect(try Flowlint.run("script", second).output == first.output)
    let several = try Flowlint.run("script", path)
    #expect(several.status == 2)
    #expect(several.errors.contains("2 flows"))
  }

  @Test func aScriptThatIsWrongSaysWhere() throws {
    let folder = try TemporaryFolder()
    let text = folder.file("wrong.txt")
    try Data("0 > X\n".utf8).write(to: text)
    let result = try Flowlint.run("script", text.path)
    #expect(result.status == 2)
    #expect(result.errors.contains("wrong.txt:1:"))
  }

  @Test func annotateCommentsAndCuts() throws {
    let folder = try TemporaryFolder()
    let output = folder.file("out.pcapng").path
    let result = try Flowlint.run(
      "annotate", "lab/synack_lost_twice.pcap", "-o", output, "--severity", "info")
    #expect(result.status == 0, "\(result.errors)")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: output))
    #expect(bytes.starts(with: [0x0a, 0x0d, 0x0d, 0x0a]))
    #expect(bytes.range(of: Data("flowlint".utf8)) != nil)
    // The copy is judged like the original.
    let before = try Flowlint.run("lab/synack_lost_twice.pcap", "-o", "concise")
    let after = try Flowlint.run(output, "-o", "concise")
    func findings(_ text: String) -> [Substring] {
      text.split(separator: "\n").map { $0.drop { $0 != " " } }
    }
    #expect(findings(before.output) == findings(after.output))
    let cut = try Flowlint.run(
      "annotate", "lab/synack_lost_twice.pcap", "-o", output, "--severity", "info", "--findings-only")
    #expect(cut.status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: output)).count < bytes.count)
    #expect(try Flowlint.run("annotate", "lab/refused.pcap", "-o", output, "--around", "3").status == 2)
    #expect(try Flowlint.run("annotate", "lab/refused.pcap", "-o", output, "--flow", "9").status == 2)
  }
}
