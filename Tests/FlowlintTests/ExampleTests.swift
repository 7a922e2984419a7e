import Foundation
import TestSupport
import Testing

/// The packages under Examples, built and run as a reader of them would. `make test` asks for it.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["FLOWLINT_TEST_EXAMPLES"] == "1",
    "builds packages of their own; FLOWLINT_TEST_EXAMPLES=1 asks for it"))
struct ExampleTests {
  @Test func countResetsCountsThem() throws {
    let folder = try TemporaryFolder()
    let output = folder.file("out")
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "swift", "run", "--package-path",
      PackageFolder.root.appendingPathComponent("Examples/count-resets").path,
      "count-resets", PackageFolder.fixtures.appendingPathComponent("lab/rst_unread.pcap").path,
    ]
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let text = try String(contentsOf: output, encoding: .utf8)
    #expect(text.contains("from the originator, "), "\(text)")
  }
}
