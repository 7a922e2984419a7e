import Foundation
import TestSupport
import Testing

@testable import flowlint

/// `flowlint watch` on pipes and growing files, and what its options say.
@Suite struct WatchFileTests {
  @Test func aPipeIsWatchedToItsEnd() throws {
    let watched = try Flowlint.run("watch", "-r", "-", input: Self.fixture())
    let analyzed = try Flowlint.run("analyze", "-o", "concise", "-", input: Self.fixture())
    #expect(watched.status == 0, "\(watched.errors)")
    func told(_ text: String) -> Set<String> {
      Set(text.split(separator: "\n").map { String($0.drop { $0 != ":" }) })
    }
    #expect(!analyzed.output.isEmpty)
    #expect(told(watched.output).isSuperset(of: told(analyzed.output)))
    #expect(watched.errors.contains("1 capture, "))
  }

  /// A capture of the fixtures with something to tell.
  private static func fixture() throws -> String {
    for folder in ["lab", "captures"] {
      let url = PackageFolder.fixtures.appendingPathComponent(folder)
      let names = try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
      for name in names where name.hasSuffix(".pcap") || name.hasSuffix(".pcapng") {
        let path = "\(folder)/\(name)"
        if try Flowlint.run("analyze", "-o", "concise", path).output.contains(": warning ") { return path }
      }
    }
    throw CocoaError(.fileNoSuchFile)
  }

  @Test func aGrowingFileIsFollowed() throws {
    let whole = try Data(contentsOf: PackageFolder.fixtures.appendingPathComponent(try Self.fixture()))
    let folder = try TemporaryFolder()
    let file = folder.file("growing.pcap")
    let half = whole.count / 2
    try whole.prefix(half).write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Flowlint.path)
    process.arguments = ["watch", "--follow", file.path, "-o", "jsonl:\(folder.file("out").path)", "-q"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    // Record by record and less: what is half written is waited for.
    var rest = whole.dropFirst(half)
    while !rest.isEmpty {
      try handle.write(contentsOf: rest.prefix(max(1, whole.count / 7)))
      rest = rest.dropFirst(max(1, whole.count / 7))
      usleep(60_000)
    }
    usleep(400_000)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let text = try String(contentsOf: folder.file("out"), encoding: .utf8)
    let analyzed = try Flowlint.run("analyze", "-o", "jsonl", file.path).output
    func packets(_ lines: String) -> Substring? {
      lines.split(separator: "\n").last?.firstMatch(of: /"packets":[0-9]+/)?.0
    }
    #expect(packets(text) == packets(analyzed))
  }

  @Test(arguments: [
    ([], "Name an interface with -i"), (["-i", "lo", "-r", "-"], "exclude each other"),
    (["-i", "lo", "--ring", "files=2"], "add -w FILE"),
    (["-i", "lo", "-w", "x", "--ring", "files=0"], "write it as files=10,size=100MB"),
    (["-i", "lo", "-w", "-", "--save-on", "note"], "need a file's name"),
    (["-i", "lo", "--select", "SEQ999"], "no rule called 'SEQ999'"),
    (["-i", "lo", "-a", "weekday:3"], "CONDITION"), (["-i", "lo", "-s", "10"], "headers must fit"),
  ])
  func wrongUseIsRefused(_ arguments: [String], _ words: String) throws {
    let result = try Flowlint.run(["watch"] + arguments)
    #expect(result.status == 2)
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test func sizesAndConditionsAreRead() {
    #expect(RingSize("files=3,size=64KiB").map { [UInt64($0.files), $0.octets] } == [3, 65_536])
    #expect(RingSize("size=1MB")?.files == 10)
    for wrong in ["", "files", "files=0", "size=10", "size=9999999999999GB", "files=2;size=1MB"] {
      #expect(RingSize(wrong) == nil, "\(wrong)")
    }
    #expect(StopCondition(argument: "duration:90") == .duration(90_000_000_000))
    #expect(StopCondition(argument: "duration:250ms") == .duration(250_000_000))
    #expect(StopCondition(argument: "filesize:10") == .filesize(10_000))
    #expect(StopCondition(argument: "filesize:2MiB") == .filesize(2 << 20))
    #expect(StopCondition(argument: "packets:0") == nil)
    #expect(FileRecorder.name("a.b/trace", 7) == "a.b/trace_00007")
    #expect(FileRecorder.name("trace.pcapng", 123_456) == "trace_123456.pcapng")
  }

  @Test func keysAreWhatTerminalsSend() {
    #expect(Key.parse(Array("jk".utf8)) == [.letter("j"), .letter("k")])
    #expect(Key.parse(Array("\u{1b}[A\u{1b}OB\u{1b}[5~\u{1b}[4~".utf8)) == [.up, .down, .pageUp, .end])
    #expect(Key.parse([0x1b]) == [.escape])
    #expect(Key.parse([0x0d, 0x7f, 0x09, 0x15]) == [.enter, .backspace, .tab, .clear])
    // Sequences that mean nothing here, and octets that are no key, are passed over whole.
    #expect(Key.parse(Array("\u{1b}[1;5Cx\u{1b}[200~".utf8) + [0xff, 0x00]) == [.letter("x")])
  }

  @Test func linesAreCutByColumnsNotByColors() {
    #expect(ScreenText.clip("\u{1b}[1mabc\u{1b}[0mdef", 4) == "\u{1b}[1mabc\u{1b}[0md\u{1b}[0m")
    #expect(ScreenText.clip("a\u{07}b\u{1b}]0;x", 10) == "a?b?]0;x")
    #expect(ScreenText.fit("10.0.0.1:50000", 10) == "10.0..0000")
    #expect(ScreenText.fit("ab", 4) == "ab  ")
  }
}
