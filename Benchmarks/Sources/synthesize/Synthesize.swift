import ArgumentParser
import TraceSynth

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Shape: ExpressibleByArgument {}

/// Writes a synthetic trace.
@main
struct Synthesize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a synthetic TCP trace: equal arguments give equal octets on every machine.",
    discussion:
      "Without options a shape has the size that published figures are for; see Benchmarks/README.md.")

  @Argument(help: "mix, bulk, many-flows, syn-flood, long-fat or live-flows.")
  var shape: Shape
  @Argument(help: "The file to write, or - for standard output.")
  var output: String
  @Option(help: "Seed of all random numbers.") var seed: UInt64 = 1
  @Option(help: "Frames at most.") var packets: Int?
  @Option(help: "Connections under way at any time.") var flows: Int?
  @Option(help: "Connections in all.") var totalFlows: Int?
  @Option(help: "Frames and connections in all, times this.") var scale = 1.0
  @Option(help: "Octets of a frame that are kept.") var snaplen: Int?
  @Option(help: "Chance that a segment is lost.") var loss: Double?
  @Option(help: "Chance that a segment is late.") var reorder: Double?
  @Option(help: "Chance that a segment is captured twice.") var dup: Double?
  @Flag(help: "No loss, reordering, copies, resets, silent ends or starts in mid-stream.") var clean = false
  @Flag(help: "Write pcapng.") var pcapng = false
  @Flag(help: "Timestamps in nanoseconds.") var nano = false

  func run() throws {
    var recipe = Recipe(shape).scaled(by: scale)
    if clean { recipe = recipe.clean() }
    if let packets { recipe.frames = packets }
    if let flows { recipe.concurrentFlows = flows }
    if let totalFlows { recipe.totalFlows = totalFlows }
    if let snaplen { recipe.snapLength = snaplen }
    if let loss { recipe.loss = loss }
    if let reorder { recipe.reordering = reorder }
    if let dup { recipe.duplication = dup }
    if let fault = recipe.fault { throw ValidationError(fault) }
    let descriptor = output == "-" ? 1 : open(output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw ValidationError("\(output): \(String(cString: strerror(errno)))") }
    let made = try Synthesizer.write(
      recipe, seed: seed, format: TraceFormat(pcapng: pcapng, nanoseconds: nano), to: descriptor)
    guard close(descriptor) == 0 else {
      throw ValidationError("\(output): \(String(cString: strerror(errno)))")
    }
    // Standard output may be the trace.
    let summary = "\(made.frames) frames, \(made.flows) flows\n"
    _ = summary.withCString { write(2, $0, strlen($0)) }
  }
}
