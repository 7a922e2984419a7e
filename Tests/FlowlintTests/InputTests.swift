import Foundation
import Testing

@Suite struct InputTests {
  /// Whatever keeps a capture from being read: one message that names it, nothing on standard output, exit 2.
  private func expectRefusal(_ result: Flowlint.Result, naming words: String...) {
    #expect(result.status == 2)
    #expect(result.output == "")
    for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
    #expect(result.errors.split(separator: "\n").filter { $0.hasPrefix("flowlint: ") }.count == 1)
  }

  @Test func aMissingFile() throws {
    expectRefusal(try Flowlint.run("no-such.pcap"), naming: "no-such.pcap", "no such file")
  }

  @Test(arguments: ["text", "concise", "json", "jsonl", "csv", "neutral"])
  func aMissingFileInEveryFormat(format: String) throws {
    expectRefusal(try Flowlint.run("no-such.pcap", "-o", format), naming: "no-such.pcap")
  }

  @Test func aFolder() throws {
    expectRefusal(try Flowlint.run("lab"), naming: "lab", "directory")
  }

  @Test func aFileThatIsNoCapture() throws {
    expectRefusal(try Flowlint.run("README.md"), naming: "README.md", "expected pcap or pcapng")
  }

  @Test func anEmptyInput() throws {
    expectRefusal(try Flowlint.run("-"), naming: "no octets")
  }

  @Test(.disabled(if: geteuid() == 0, "root may read everything"))
  func aFileWithoutPermission() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("secret.pcap")
    try Data([1]).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: file.path)
    expectRefusal(try Flowlint.run(file.path), naming: "secret.pcap", "ermission")
  }

  @Test func aLinkTypeNobodyDecodes() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("strange.pcap")
    var header: [UInt8] = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0]
    header += [UInt8](repeating: 0, count: 8) + [0xff, 0xff, 0, 0, 0xe7, 3, 0, 0]
    try Data(header).write(to: file)
    expectRefusal(
      try Flowlint.run(file.path), naming: "strange.pcap:@20", "999", "expected one that carries IP")
  }

  @Test func aFilterThatIsNone() throws {
    expectRefusal(
      try Flowlint.run("lab/refused.pcap", "-f", "tcp prot 80"), naming: "tcp prot 80", "pcap-filter")
  }

  @Test func anOutputThatCannotBeWritten() throws {
    expectRefusal(
      try Flowlint.run("lab/refused.pcap", "-o", "json:no-such-folder/x.json"),
      naming: "no-such-folder/x.json")
  }

  @Test func anUnreadableCaptureAmongOthersDoesNotHideThem() throws {
    let result = try Flowlint.run("no-such.pcap", "lab/refused.pcap", "-o", "jsonl")
    #expect(result.status == 2)
    #expect(result.errors.contains("no-such.pcap"))
    #expect(result.output.contains(#""file":"lab/refused.pcap""#))
    #expect(result.output.contains(#""captures":1,"#))
  }

  @Test func anUnreadableCaptureLeavesOutputsAlone() throws {
    let folder = try TemporaryFolder()
    let kept = folder.file("kept.json")
    try Data("before".utf8).write(to: kept)
    #expect(try Flowlint.run("no-such.pcap", "-o", "json:\(kept.path)").status == 2)
    #expect(try String(contentsOf: kept, encoding: .utf8) == "before")
  }

  @Test func standardInputIsACapture() throws {
    let piped = try Flowlint.run("-", "-o", "csv", input: "lab/refused.pcap")
    let named = try Flowlint.run("lab/refused.pcap", "-o", "csv")
    #expect(piped.status == 0)
    #expect(piped.output == named.output.replacingOccurrences(of: "lab/refused.pcap", with: "-"))
  }

  @Test func aFilterAndACountNarrowTheReading() throws {
    let none = try Flowlint.run("lab/refused.pcap", "-f", "tcp port 1", "-o", "jsonl")
    #expect(none.status == 0)
    #expect(none.output.contains(#""tcp_packets":0,"flows":0,"#))
    let one = try Flowlint.run("lab/refused.pcap", "-c", "1", "-o", "jsonl")
    #expect(one.output.contains(#""tcp_packets":1,"flows":1,"#))
  }

  @Test func readersAgree() throws {
    let both = try ["record", "libpcap"].map {
      try Flowlint.run("lab/loss_2.pcap", "--reader", $0, "-o", "neutral").output
    }
    #expect(both[0] == both[1])
    #expect(both[0].contains("flowlint-neutral/1"))
  }
}

@Suite struct UsageTests {
  @Test(arguments: [
    ["--no-such-option", "x.pcap"], ["--output", "yaml", "x.pcap"], ["--limit", "flows=none", "x.pcap"],
    ["--limit", "flows=0", "x.pcap"], ["--reader", "magic", "x.pcap"], [], ["rules", "NON999"],
    ["x.pcap", "--output", "json", "--output", "csv"], ["x.pcap", "--select", "NOPE"], ["-", "-"],
    ["rules", "--pcap", "x"],
  ])
  func wrongUsageSaysWhatAndExitsTwo(arguments: [String]) throws {
    let result = try Flowlint.run(arguments)
    #expect(result.status == 2)
    #expect(result.output == "")
    #expect(result.errors.contains("Error: "))
    #expect(result.errors.contains("flowlint"))
  }

  @Test func versionAndHelpGoToStandardOutput() throws {
    for option in ["--version", "--help", "-h"] {
      let result = try Flowlint.run(option)
      #expect(result.status == 0)
      #expect(!result.output.isEmpty)
      #expect(result.errors == "")
    }
  }

  @Test func theVerbMayBeLeftOut() throws {
    let without = try Flowlint.run("lab/refused.pcap", "-o", "jsonl")
    let with = try Flowlint.run("analyze", "lab/refused.pcap", "-o", "jsonl")
    #expect(without.status == 0)
    #expect(without.output == with.output)
  }

  @Test func colorFollowsOptionThenEnvironment() throws {
    func isColored(_ color: String, _ environment: [String: String] = [:]) throws -> Bool {
      try Flowlint.run("rules", "--color", color, environment: environment).output.contains("\u{1b}[")
    }
    #expect(try !isColored("auto"))
    #expect(try isColored("always"))
    #expect(try isColored("always", ["NO_COLOR": "1"]))
    #expect(try isColored("auto", ["FORCE_COLOR": "1"]))
    #expect(try !isColored("auto", ["FORCE_COLOR": "1", "NO_COLOR": "1"]))
    #expect(try !isColored("auto", ["FORCE_COLOR": "0"]))
    #expect(try !isColored("never", ["FORCE_COLOR": "1"]))
  }

  @Test func aReaderThatGoesAwayIsNoError() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      "{ \"$0\" rules; echo $? >&2; } 2>&1 >&- | cat; \"$0\" analyze \"$1\" -o jsonl --frames | head -c 1 >/dev/null",
      Flowlint.path, "lab/loss_2.pcap",
    ]
    process.currentDirectoryURL = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures")
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(String(decoding: said, as: UTF8.self) == "")
  }
}
