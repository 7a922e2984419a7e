import ArgumentParser
import TraceCapture
import TraceDecode
import TraceReport

struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what happened in captures: their quality, the findings, how every flow ended.")

  @Argument(help: "Captures to read; - is standard input.")
  var captures: [String]

  @Option(help: "FORMAT[:PATH]")
  var output: [String] = []

  func run() throws {
    let out = ByteOutput(descriptor: 1)
    let writers: [any ReportWriter] = output.map { format -> any ReportWriter in
      switch format {
      case "neutral": Neutral(to: out)
      case "json": JSON(to: out)
      default: JSONLines(to: out)
      }
    }
    let analysis = Analysis(writers: writers, options: AnalyzerOptions())
    for path in captures {
      do throws(CaptureError) {
        try analysis.run(try StandInCapture(path: path), file: path)
      } catch {
        Terminal.complain(error.description)
        throw ExitCode.usage
      }
    }
    analysis.finish()
  }
}
