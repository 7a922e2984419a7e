import Foundation
import TestSupport
import Testing

/// `--workers` changes how long a run takes and nothing else.
@Suite struct WorkersTests {
  /// What a run wrote, but for how long it took.
  private func run(_ arguments: [String], workers: Int) throws -> Flowlint.Result {
    var result = try Flowlint.run(arguments + ["--workers", "\(workers)"])
    result.output = result.output.replacing(/packets in [0-9.]+ [a-zµ]+:/, with: "packets in TIME:")
    result.output = result.output.replacing(/time="[0-9.]+"/, with: "time=\"TIME\"")
    return result
  }

  private func expectTheSame(_ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) throws
  {
    let alone = try run(arguments, workers: 1)
    for workers in [2, 3] {
      let shared = try run(arguments, workers: workers)
      #expect(shared.status == alone.status, "\(arguments)", sourceLocation: sourceLocation)
      #expect(shared.errors == alone.errors, "\(arguments)", sourceLocation: sourceLocation)
      #expect(shared.output == alone.output, "\(arguments)", sourceLocation: sourceLocation)
    }
  }

  /// Several fixtures at once, each between hosts of its own.
  private static func mixed() throws -> (TemporaryFolder, String) {
    var whole = Recording()
    for (i, name) in OutputTests.captures.enumerated() {
      let path = PackageFolder.fixtures.appendingPathComponent("lab/\(name).pcap").path
      let recording = try Recording(path: path).renamed(host: UInt8(i), port: 0)
      let begin = recording.records.first?.time ?? 0
      whole = whole.interleaved(with: recording.shifted(by: 1_700_000_000_000_000_000 - begin)).0
    }
    let folder = try TemporaryFolder()
    let file = folder.file("mixed.pcap")
    try Data(whole.pcap()).write(to: file)
    return (folder, file.path)
  }

  @Test(arguments: ["text", "concise", "jsonl", "json", "csv", "neutral", "sarif", "junit", "github", "html"])
  func everyOutputIsTheSame(format: String) throws {
    let (folder, path) = try Self.mixed()
    try expectTheSame([path, "lab/loss_2.pcap", "lab/refused.pcap", "-o", format])
    withExtendedLifetime(folder) {}
  }

  @Test func whatCostsMoreIsTheSame() throws {
    let (folder, path) = try Self.mixed()
    try expectTheSame([path, "-o", "jsonl", "--flow-metrics", "full", "--frames"])
    try expectTheSame([path, "-o", "jsonl", "-c", "150", "-f", "tcp and not port 1"])
    try expectTheSame(["lint", "--isolated", path, "-o", "jsonl"])
    withExtendedLifetime(folder) {}
  }

  @Test func manyCapturesAreReadAheadAndToldInOrder() throws {
    let lab = OutputTests.captures.map { "lab/\($0).pcap" }
    let odd = ["captures/cut-in-data.pcap", "lab/none.pcap", "captures/printed.txt", "captures/cut.pcap.gz"]
    let all = odd + lab + odd.reversed() + lab
    try expectTheSame(all + ["-o", "jsonl"])
    try expectTheSame(all + ["-o", "jsonl", "--flow-metrics", "full"])
    try expectTheSame(
      ["lint", "--isolated"] + lab + ["captures/cut.pcap.gz", "-o", "jsonl", "--statistics"])
  }

  @Test(arguments: ["cut-in-data.pcap", "absurd-length.pcap", "empty.pcap", "no-packets.pcap", "cut.pcap.gz"])
  func damageIsToldTheSame(capture: String) throws {
    try expectTheSame(["captures/\(capture)", "-o", "jsonl"])
  }

  @Test func whatCannotBeReadIsSaidOnce() throws {
    let folder = try TemporaryFolder()
    let result = try Flowlint.run(folder.file("none.pcap").path, "--workers", "3")
    #expect(result.status == 2)
    #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains("no such file"))
  }

  @Test func whatIsNoFileIsReadByOne() throws {
    let input = "lab/loss_2.pcap"
    let alone = try Flowlint.run(["-", "-o", "csv"], input: input)
    let shared = try Flowlint.run(["-", "-o", "csv", "--workers", "3"], input: input)
    #expect(alone.output == shared.output && alone.output.count > 100)
  }

  @Test(arguments: ["0", "65", "-1", "many"])
  func anImpossibleNumberIsRefused(number: String) throws {
    let result = try Flowlint.run("lab/loss_2.pcap", "--workers=\(number)")
    #expect(result.status == 2)
    #expect(result.errors.contains("--workers") || result.errors.contains("workers"))
  }
}
