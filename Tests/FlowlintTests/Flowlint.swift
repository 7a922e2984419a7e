import Foundation
import TestSupport

/// The built binary, run as a person runs it.
enum Flowlint {
  struct Result {
    var status: Int32
    var output: String
    var errors: String
  }

  /// Beside the test bundle, where SwiftPM puts both; FLOWLINT names another.
  static let path: String = {
    if let given = ProcessInfo.processInfo.environment["FLOWLINT"] { return given }
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    for _ in 0..<5 {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("flowlint").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
    }
    return PackageFolder.root.appendingPathComponent(".build/debug/flowlint").path
  }()

  static func run(
    _ arguments: String..., environment: [String: String] = [:], input: String? = nil
  ) throws -> Result {
    try run(arguments, environment: environment, input: input)
  }

  /// Runs it in Tests/Fixtures, so that captures are named the same everywhere.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], input: String? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = PackageFolder.fixtures
    var variables = ProcessInfo.processInfo.environment
    for name in ["NO_COLOR", "FORCE_COLOR"] { variables[name] = nil }
    process.environment = variables.merging(environment) { $1 }
    // Files, not pipes: a full pipe would stop the process that nobody reads from yet.
    let folder = try TemporaryFolder()
    let output = folder.file("out")
    let errors = folder.file("err")
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput =
      try input.map { try FileHandle(forReadingFrom: PackageFolder.fixtures.appendingPathComponent($0)) }
      ?? FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}

/// A folder that goes away with the value that made it.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("flowlint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}
