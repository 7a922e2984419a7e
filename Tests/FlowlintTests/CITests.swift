import Foundation
import TestSupport
import Testing

@testable import flowlint

/// What other people's CI runs of this repository: the example, the action, the hooks, the image.
@Suite struct CITests {
  @Test func theExampleRepositoryIsClean() throws {
    let example = PackageFolder.root.appendingPathComponent("Examples/ci")
    let result = try Flowlint.run("lint", example.appendingPathComponent("traces").path)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.errors == "")
    #expect(result.output.contains("3 captures"))
    #expect(
      try Flowlint.run("config", "check", example.appendingPathComponent(".flowlint.yml").path).status == 0)
    // Without its configuration it is not: the configuration is what makes it so.
    #expect(try Flowlint.run("lint", example.appendingPathComponent("traces").path, "--isolated").status == 1)
  }

  // MARK: - The action

  private static func read(_ file: String) throws -> YAMLNode {
    let bytes = try Data(contentsOf: PackageFolder.root.appendingPathComponent(file))
    return try #require(try YAMLReader.read(Array(bytes), path: file))
  }

  /// Runs a shell script of the repository in a copy of the example, with this flowlint first in PATH.
  private static func bash(
    _ script: String, in folder: TemporaryFolder, _ environment: [String: String] = [:]
  ) throws -> Flowlint.Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bash", "-euo", "pipefail", "-c", script]
    process.currentDirectoryURL = folder.url
    let path = URL(fileURLWithPath: Flowlint.path).deletingLastPathComponent().path
    let inherited = ProcessInfo.processInfo.environment
    process.environment = inherited.merging(environment) { $1 }.merging(
      ["PATH": path + ":" + (inherited["PATH"] ?? "/usr/bin:/bin")]) { $1 }
    let (output, errors) = (folder.file("bash.out"), folder.file("bash.err"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Flowlint.Result(
      status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }

  private static func exampleRepository() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file(".git"), withIntermediateDirectories: true)
    let example = PackageFolder.root.appendingPathComponent("Examples/ci")
    for name in [".flowlint.yml", "traces", "record.sh"] {
      try FileManager.default.copyItem(at: example.appendingPathComponent(name), to: folder.file(name))
    }
    return folder
  }

  @Test func theActionLintsAndPassesItsStatusOn() throws {
    let action = try Self.read("action.yml")
    let steps = try #require(action["runs"]?["steps"]?.items)
    let lint = try #require(steps.first { $0["id"]?.text == "lint" })
    let script = try #require(lint["run"]?.text)
    let inputs = try #require(action["inputs"]?.pairs)
    /// As the runner does: the inputs' defaults, unless the workflow gives others.
    func run(_ given: [String: String], in folder: TemporaryFolder) throws -> (
      Flowlint.Result, outputs: String
    ) {
      var environment = ["GITHUB_OUTPUT": folder.file("outputs").path]
      try Data().write(to: folder.file("outputs"))
      for (name, value) in lint["env"]?.pairs ?? [] {
        let input = try #require(
          inputs.first { "${{ inputs.\($0.key.text ?? "") }}" == value.text }, "\(value.kind)")
        environment[name.text ?? ""] = given[input.key.text ?? ""] ?? input.value["default"]?.text ?? ""
      }
      let result = try Self.bash(script, in: folder, environment)
      return (result, try String(contentsOf: folder.file("outputs"), encoding: .utf8))
    }
    let folder = try Self.exampleRepository()
    let (clean, outputs) = try run(["paths": "traces", "sarif": "x.sarif"], in: folder)
    #expect(clean.status == 0, "\(clean.output)\(clean.errors)")
    #expect(outputs == "exit-code=0\n")
    let sarif = try String(contentsOf: folder.file("x.sarif"), encoding: .utf8)
    #expect(sarif.contains("sarif-2.1.0") || sarif.contains(#""version":"2.1.0""#))
    // Without the configuration the example's traces are not as they should be.
    try FileManager.default.removeItem(at: folder.file(".flowlint.yml"))
    let (bad, failed) = try run([:], in: folder)
    #expect(bad.status == 1)
    #expect(failed == "exit-code=1\n")
    #expect(
      bad.output.contains("::warning file=") && bad.output.contains("traces/upload.pcap"), "\(bad.output)")
    #expect(try run(["fail-on": "error", "paths": "traces/upload.pcap"], in: folder).0.status == 0)
    #expect(try run(["config": "none.yml"], in: folder).outputs == "exit-code=2\n")
  }

  /// The step before finds a flowlint that is there, and says what is missing where it would have to build one.
  @Test func theActionUsesTheFlowlintThatIsThere() throws {
    let steps = try #require(try Self.read("action.yml")["runs"]?["steps"]?.items)
    let script = try #require(steps.first?["run"]?.text)
    let folder = try TemporaryFolder()
    #expect(try Self.bash(script, in: folder, ["VERSION": ""]).status == 0)
  }

  @Test func workflowsOfTheExampleGiveInputsTheActionHas() throws {
    let inputs = Set(try #require(try Self.read("action.yml")["inputs"]?.pairs).compactMap(\.key.text))
    let steps = try #require(try Self.read("Examples/ci/github.yml")["jobs"]?["lint"]?["steps"]?.items)
    let use = try #require(steps.first { $0["uses"]?.text?.contains("flowlint") == true })
    for (name, _) in use["with"]?.pairs ?? [] { #expect(inputs.contains(name.text ?? ""), "\(name.kind)") }
    let gitlab = try #require(try Self.read("Examples/ci/gitlab-ci.yml")["traces"])
    let script = try #require(gitlab["script"]?.items).compactMap(\.text).joined(separator: "\n")
    let folder = try Self.exampleRepository()
    let result = try Self.bash(script, in: folder)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    for (_, report) in gitlab["artifacts"]?["reports"]?.pairs ?? [] {
      #expect(FileManager.default.fileExists(atPath: folder.file(report.text ?? "-").path), "\(report.kind)")
    }
  }

  /// With the right to capture, the command's status is the script's; without, it says so before the command runs.
  @Test func theExampleRecordsACommand() throws {
    let folder = try Self.exampleRepository()
    let result = try Self.bash("sh record.sh x.pcap sh -c 'touch ran; exit 7'", in: folder)
    let ran = FileManager.default.fileExists(atPath: folder.file("ran").path)
    if result.status == 7 {
      #expect(ran)
      #expect(FileManager.default.fileExists(atPath: folder.file("x.pcap").path))
    } else {
      #expect(result.status == 2, "\(result.output)\(result.errors)")
      #expect(!ran)
      #expect(result.errors.contains("flowlint: "), "\(result.errors)")
    }
  }

  // MARK: - Hooks and image

  @Test func theHooksJudgeWhatTheirPatternsMatch() throws {
    let hooks = try #require(try Self.read(".pre-commit-hooks.yaml").items)
    let folder = try Self.exampleRepository()
    try FileManager.default.copyItem(at: folder.file("traces/upload.pcap"), to: folder.file("traces/x.pcap0"))
    let files = try Self.bash("find . -type f | sed 's,^[.]/,,'", in: folder).output.split(separator: "\n")
    var judged: [String: Int32] = [:]
    for hook in hooks {
      let id = hook["id"]?.text ?? ""
      for key in ["name", "entry", "language", "files"] { #expect(hook[key]?.text != nil, "\(id): \(key)") }
      let pattern = try Regex(hook["files"]?.text ?? "")
      let chosen = files.filter { $0.firstMatch(of: pattern) != nil }
      let command = ([hook["entry"]?.text ?? ""] + chosen.map(String.init)).joined(separator: " ")
      judged[id] = try Self.bash(command, in: folder).status
      if id == "flowlint" { #expect(chosen.count == 4, "\(chosen)") }
      if id == "flowlint-config" { #expect(chosen == [".flowlint.yml"]) }
    }
    #expect(judged == ["flowlint": 0, "flowlint-config": 0])
  }

  /// What the image is built from is there, and its build needs what a build needs.
  @Test func theImageCopiesWhatThereIs() throws {
    let root = PackageFolder.root
    let image = try String(contentsOf: root.appendingPathComponent("Dockerfile"), encoding: .utf8)
    for line in image.split(separator: "\n") where line.hasPrefix("COPY ") && !line.contains("--from") {
      for source in line.split(separator: " ").dropFirst().dropLast() {
        #expect(FileManager.default.fileExists(atPath: root.appendingPathComponent(String(source)).path))
      }
    }
    let setup = try String(contentsOf: root.appendingPathComponent("scripts/setup"), encoding: .utf8)
    for library in ["libpcap-dev", "zlib1g-dev", "libzstd-dev", "libyaml-dev"] {
      #expect(image.contains(library) && setup.contains(library), "\(library)")
    }
  }
}

extension YAMLNode {
  fileprivate var items: [YAMLNode]? {
    guard case .sequence(let items) = content else { return nil }
    return items
  }
  fileprivate var pairs: [(key: YAMLNode, value: YAMLNode)]? {
    guard case .mapping(let pairs) = content else { return nil }
    return pairs
  }
  fileprivate subscript(_ key: String) -> YAMLNode? { pairs?.first { $0.key.text == key }?.value }
}
