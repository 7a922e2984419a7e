import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What a watch was asked for, sorted out.
struct WatchPlan {
  enum Kind {
    case interfaces
    /// A pipe or file, whose end is the watch's.
    case file
  }
  var kind: Kind
  var rules: RuleRunner.Configuration
  var analyzer = AnalyzerOptions()
  var output: OutputOptions
  var conditions: [StopCondition]
  /// Ends the watch when so many frames have come.
  var frameBound: UInt64
  /// Whether the view is to fill the screen.
  var wantsScreen: Bool
  /// Whether a summary is to be told on standard error, because no output tells people one.
  var wantsSummary: Bool

  init(_ watch: Watch, _ kind: Kind) {
    self.kind = kind
    rules = RuleRunner.Configuration.named(select: watch.select, ignore: watch.ignore).configuration
    for limit in watch.limits { analyzer.limits[keyPath: limit.name.keyPath] = limit.value }
    rules.findingsPerFlow = analyzer.limits.findingsPerRule
    conditions = watch.ending.conditions
    frameBound = watch.ending.frames ?? .max
    output = watch.output
    let isTaken = watch.recording.write == "-"
    let toStandardOutput = output.outputs.first { $0.path == nil }
    wantsScreen = toStandardOutput == nil && !isTaken && FullScreen.isPossible && !output.quiet
    if toStandardOutput == nil, !isTaken {
      // Where the view was, its summary follows; elsewhere a line a finding.
      output.outputs.append(OutputTarget(format: wantsScreen ? .text : .concise, path: nil))
    }
    let tellsPeople = wantsScreen || toStandardOutput?.format == .text
    wantsSummary = !tellsPeople && !output.quiet
    analyzer.previews = true
    analyzer.segments = wantsScreen
    analyzer.frameVerdicts = wantsScreen || output.frames
  }
}
