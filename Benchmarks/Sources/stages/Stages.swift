import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Receives what an analysis decides, and drops it.
private final class Discard: AnalysisSink {
  func episode(_ episode: Episode, of flow: FlowIdentity) {}
  func flowEnded(_ report: FlowReport) {}
}

/// A part of the way from a file to findings, each with all parts before it.
private struct Stage: Sendable {
  var name: String
  /// Runs over the capture; returns how many frames it saw.
  var run: @Sendable (_ path: String) throws -> Int
}

private func read(_ path: String, _ reader: ReaderChoice, _ body: (UnsafeBufferPointer<Frame>) -> Void) throws
  -> Int
{
  let source = try Capture.open(path: path, options: CaptureOptions(reader: reader))
  var frames = 0
  while true {
    let count = try source.nextBatch(body)
    if count == 0 { return frames }
    frames += count
  }
}

private let stages = [
  Stage(name: "read, libpcap") { try read($0, .libpcap) { _ in } },
  Stage(name: "read, record") { try read($0, .record) { _ in } },
  Stage(name: "+ decode") { path in
    var decoder = WireDecoder()
    var segment = Segment()
    return try read(path, .record) { frames in
      for frame in frames { _ = decoder.decode(frame, into: &segment) }
    }
  },
  Stage(name: "+ flows and episodes") { path in
    let sink = Discard()
    let analyzer = Analyzer(sink: sink)
    let frames = try read(path, .record) { analyzer.accept($0) }
    // The analyzer does not keep its sink alive.
    return withExtendedLifetime(sink) {
      _ = analyzer.finish()
      return frames
    }
  },
  Stage(name: "+ rules") { path in
    let runner = RuleRunner()
    let analyzer = Analyzer(sink: runner)
    let frames = try read(path, .record) { analyzer.accept($0) }
    runner.finish(analyzer.finish())
    return frames
  },
  Stage(name: "+ JSON lines") { path in
    let output = ByteOutput(descriptor: open("/dev/null", O_WRONLY))
    let writer = JSONLines(to: output)
    let runner = RuleRunner()
    runner.onFlow = { writer.flow($0) }
    let analyzer = Analyzer(sink: runner)
    writer.begin(file: path)
    let frames = try read(path, .record) { analyzer.accept($0) }
    for finding in runner.finish(analyzer.finish()) { writer.finding(finding) }
    output.flush()
    return frames
  },
]

/// User and system time of this process. Units: nanoseconds.
private func processTime() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

private func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
  let gap = String(repeating: " ", count: max(0, width - text.count))
  return left ? gap + text : text + gap
}

/// Tells where the time of an analysis goes.
@main
enum Main {
  static func main() throws {
    guard CommandLine.arguments.count > 1 else {
      print(
        "usage: stages CAPTURE [RUNS]\n\nThe least CPU time a frame of RUNS runs (5), each stage with those before it."
      )
      exit(2)
    }
    let path = CommandLine.arguments[1]
    let runs = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 5
    print(padded("stage", 24) + padded("ns/frame", 10, left: true) + padded("more", 10, left: true))
    var before = 0
    for stage in stages {
      var least = Int64.max
      for _ in 0..<max(1, runs) {
        let start = processTime()
        let frames = try stage.run(path)
        least = min(least, (processTime() - start) / Int64(max(1, frames)))
      }
      let more = stage.name.hasPrefix("+") ? String(Int(least) - before) : ""
      print(padded(stage.name, 24) + padded(String(least), 10, left: true) + padded(more, 10, left: true))
      before = Int(least)
    }
  }
}
