import Foundation
import TraceCapture
import TraceDecode
import TraceRules
import TraceSynth

/// A trace in a file of its own that goes away with it.
final class SyntheticTrace {
  let path: String
  let made: Synthesis

  init(_ recipe: Recipe, seed: UInt64 = 1, format: TraceFormat = TraceFormat()) throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("synth-\(UUID().uuidString)").path
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    defer { close(descriptor) }
    made = try Synthesizer.write(recipe, seed: seed, format: format, to: descriptor)
  }

  deinit { unlink(path) }

  var octets: [UInt8] { get throws { Array(try Data(contentsOf: URL(fileURLWithPath: path))) } }

  /// FNV-1a, 64 bits: what a trace must be to the octet on every machine.
  var fingerprint: String {
    get throws {
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for octet in try octets { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01b3 }
      return String(hash, radix: 16)
    }
  }

  func frames(reader: ReaderChoice = .automatic, _ body: (Frame) -> Void) throws {
    let source = try Capture.open(path: path, options: CaptureOptions(reader: reader))
    while try source.nextBatch({ for frame in $0 { body(frame) } }) > 0 {}
  }

  /// Every segment of the trace; frames that could not be decoded are counted as faults.
  func segments(_ body: (Segment) -> Void) throws -> (others: Int, faults: Int) {
    var decoder = WireDecoder()
    var segment = Segment()
    var (others, faults) = (0, 0)
    try frames { frame in
      switch decoder.decode(frame, into: &segment) {
      case .segment: body(segment)
      case .fault: faults += 1
      default: others += 1
      }
    }
    return (others, faults)
  }

  /// What flowlint makes of it with all rules.
  func judged() throws -> (report: CaptureReport, findings: [Finding]) {
    let runner = RuleRunner()
    let analyzer = Analyzer(sink: runner)
    let source = try Capture.open(path: path)
    while try source.nextBatch({ analyzer.accept($0) }) > 0 {}
    let report = analyzer.finish()
    return (report, runner.finish(report))
  }
}

extension Shape {
  /// The shape with so few connections that a test is quick, whole frames, all flows to their ends where they end.
  func small() -> Recipe {
    var recipe = Recipe(self)
    recipe.concurrentFlows = min(recipe.concurrentFlows, 40)
    recipe.totalFlows = 300
    recipe.meanSegments = min(recipe.meanSegments, 60)
    recipe.persistence = min(recipe.persistence, 0.5)
    recipe.snapLength = 65_535
    recipe.frames = floodsOnly ? 2000 : 200_000
    return recipe
  }

  private var floodsOnly: Bool { self == .synFlood }
}
