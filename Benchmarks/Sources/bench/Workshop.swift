import ArgumentParser
import TraceSynth

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the programs and the traces are.
struct Workshop: ParsableArguments {
  @Option(help: "The flowlint to measure, a release build.") var flowlint: String
  @Option(help: "The folder of the benchmark's own programs.") var tools: String
  @Option(help: "The folder that traces are kept in; those of the full table take 5.5 GB.") var traces: String

  /// Reads a capture and throws it away.
  func base(_ mode: String, _ trace: String) -> Program { Program("\(tools)/base", mode, trace) }

  /// The full analysis: every rule, all flows and findings as JSON lines; by one worker, unless told otherwise.
  func analysis(_ trace: String, reader: String = "auto", workers: Int = 1, _ more: [String] = []) -> Program
  {
    Program(
      [flowlint, "analyze", "-o", "jsonl", "--reader", reader, "--workers", "\(workers)"] + more + [trace])
  }

  /// A file of the workshop's own.
  func scratch(_ name: String) -> String { "\(traces)/\(name)" }

  /// The trace of a shape with a recipe's frames and connections in all, made now if it was not before.
  func trace(_ shape: Shape, _ recipe: Recipe) throws(BenchError) -> String {
    let total = recipe.totalFlows.map { "-\($0)flows" } ?? ""
    let path = scratch("\(shape.rawValue)-\(recipe.frames)\(total)-r\(Synthesizer.revision).pcap")
    if access(path, R_OK) == 0 { return path }
    if mkdir(traces, 0o755) != 0, errno != EEXIST {
      throw BenchError("\(traces): \(String(cString: strerror(errno)))")
    }
    // Under another name until it is whole: a broken run must not leave half a trace behind.
    let unfinished = path + ".part"
    // By a process of its own: Linux counts what this one takes at its peak into the peaks of its children.
    var synthesize = Program(
      "\(tools)/synthesize", shape.rawValue, unfinished, "--seed", String(shape.benchmarkSeed), "--packets",
      String(recipe.frames))
    if let total = recipe.totalFlows { synthesize.words += ["--total-flows", String(total)] }
    _ = try synthesize.run()
    guard rename(unfinished, path) == 0 else {
      throw BenchError("\(path): \(String(cString: strerror(errno)))")
    }
    return path
  }

  /// The number of frames in a trace, as libpcap counts them; leaves the trace in the page cache.
  func frames(in trace: String) throws(BenchError) -> Int {
    let output = scratch("count")
    _ = try base("next", trace).run(output: output)
    guard let word = text(of: output)?.split(separator: " ").first, let count = Int(word) else {
      throw BenchError("\(tools)/base printed no count for \(trace)")
    }
    return count
  }
}

extension Shape {
  /// Each shape has numbers of its own, so that no two traces share addresses.
  var benchmarkSeed: UInt64 { UInt64((Shape.allCases.firstIndex(of: self) ?? 0) + 1) }
}

extension Shape: ExpressibleByArgument {}
