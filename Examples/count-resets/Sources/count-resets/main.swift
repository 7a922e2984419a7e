// Prints, for each flow of a capture that saw a reset, how many each side sent.
// usage: swift run --package-path Examples/count-resets count-resets CAPTURE
import TraceCapture
import TraceDecode

final class Resets: AnalysisSink {
  func episode(_ episode: Episode, of flow: FlowIdentity) {}
  func flowEnded(_ report: FlowReport) {
    guard report.sawReset else { return }
    let (from, to) = (report.originator.metrics.rstCount, report.responder.metrics.rstCount)
    print(
      "\(report.flow.originator) > \(report.flow.responder): \(from) from the originator, \(to) from the responder"
    )
  }
}

let source = try Capture.open(path: CommandLine.arguments.dropFirst().first ?? "-")
let sink = Resets()
let analyzer = Analyzer(sink: sink)
while try source.nextBatch({ analyzer.accept($0) }) > 0 {}
_ = analyzer.finish()
