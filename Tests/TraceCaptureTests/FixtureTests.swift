import Foundation
import Testing
import TraceCapture

/// `Tests/Fixtures/captures`.
let fixtureFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Fixtures/captures")

@Suite struct FixtureTests {
  static let updates = ProcessInfo.processInfo.environment["UPDATE_FIXTURES"] == "1"

  @Test("a fixture is what its builder makes; UPDATE_FIXTURES=1 writes it", arguments: CaptureFixture.all)
  func current(_ fixture: CaptureFixture) throws {
    let file = fixtureFolder.appendingPathComponent(fixture.name)
    let made = Data(fixture.make())
    if Self.updates { try made.write(to: file) }
    #expect(
      try Data(contentsOf: file) == made, "run the tests with UPDATE_FIXTURES=1, then look at the difference")
  }

  @Test("every fixture is in the README's table, and every file has a builder")
  func listed() throws {
    let readme = try String(
      contentsOf: fixtureFolder.deletingLastPathComponent().appendingPathComponent("README.md"),
      encoding: .utf8)
    let made = Set(CaptureFixture.all.map(\.name)).union(CompressorTests.files)
    let files = try FileManager.default.contentsOfDirectory(atPath: fixtureFolder.path)
    for file in files {
      #expect(readme.contains("`\(file)`"), "\(file) is not in Tests/Fixtures/README.md")
      #expect(made.contains(file), "nothing makes \(file)")
    }
  }

  @Test("a fixture gives the frames it holds, and its damage", arguments: CaptureFixture.all)
  func reads(_ fixture: CaptureFixture) throws {
    let path = fixtureFolder.appendingPathComponent(fixture.name).path
    guard let frames = fixture.frames else {
      let error = #expect(throws: CaptureError.self) { try drain(Capture.open(path: path)) }
      let words = error.map(\.description) ?? ""
      #expect(words.contains(fixture.refusal) && words.hasPrefix(path), "\(words)")
      #expect(error?.remedy.isEmpty == false)
      return
    }
    let result = try drain(Capture.open(path: path))
    #expect(result.frames.count == frames)
    #expect(result.info.frames == UInt64(frames))
    #expect(result.info.damage?.kind == fixture.damage)
    #expect(result.frames.map(\.number) == (0..<frames).map { UInt64($0) + 1 })
    if let damage = result.info.damage { #expect(damage.framesBefore == UInt64(frames)) }
  }
}
