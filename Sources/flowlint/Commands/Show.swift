import ArgumentParser
import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

/// `flowlint show CAPTURE FLOW`: one flow as a ladder.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Draw one flow as a ladder: segments, both endpoints' states, what the applications saw.",
    usage: "flowlint show [OPTIONS] CAPTURE... FLOW",
    discussion: """
      FLOW is a flow's number, its Community ID, its four-tuple or as much of it as names one flow: \
      10.0.0.1:40000, :443, '10.0.0.1:40000>10.0.0.2:443'. Several captures are read as one recording. \
      Time counts from the flow's first frame; times behind ~ are reckoned, not captured: the capture point is \
      not beside that endpoint. An arrow that ends in x was lost; a dotted one never passed the capture point.
      """)

  @OptionGroup(title: "Reading") var reading: ReadingOptions

  @Option(
    help: ArgumentHelp(
      "Write the time-sequence graph to FILE instead of the ladder: .svg, or .xpl for xplot; - is standard output.",
      valueName: "FILE"))
  var graph: String?

  @Flag(help: "Draw every segment, long regular stretches too.")
  var all = false

  @Option(
    help: ArgumentHelp(
      "The mildest finding that is shown: info, note, warning or error.", valueName: "SEVERITY"))
  var severity: Severity = .note

  @Option(help: ArgumentHelp("Color the text: auto, always or never.", valueName: "WHEN"))
  var color: ColorChoice = .auto

  func validate() throws {
    guard reading.captures.count >= 2 else {
      throw ValidationError("Name a capture and a flow, as in: flowlint show a.pcap 3")
    }
    let name = reading.captures[reading.captures.count - 1]
    guard FlowSelector(name) != nil else {
      throw ValidationError("'\(name)' names no flow; write a number, a Community ID or ends.")
    }
    if let graph, graph != "-", !graph.hasSuffix(".svg"), !graph.hasSuffix(".xpl") {
      throw ValidationError("--graph writes .svg and .xpl; '\(graph)' ends otherwise.")
    }
  }

  func run() throws {
    do { try show() } catch let error as CaptureError {
      Terminal.complain(error.description)
      throw ExitCode.usage
    }
  }

  private func show() throws {
    let paths = Array(reading.captures.dropLast())
    guard let selector = reading.captures.last.flatMap(FlowSelector.init) else { throw ExitCode.usage }
    let number = try selector.resolve(paths, reading)
    guard let record = try readFlow(number, paths) else {
      Terminal.complain("\(paths[0]) has no flow \(number); 'flowlint flows \(paths[0])' lists them")
      throw ExitCode.usage
    }
    if let graph { return try Self.draw(record, graph) }
    let out = ByteOutput(descriptor: 1)
    var options = LadderView.Options()
    options.style = Style(isColored: color.applies(to: 1))
    options.width = Terminal.width(of: 1) ?? 80
    options.minimum = severity
    options.folds = !all
    out.put(LadderView(record, options: options).text())
    out.flush()
  }

  /// Errors: `ExitCode.usage`, after saying why the file cannot be written.
  private static func draw(_ record: FlowRecord, _ path: String) throws {
    try OutputFile.write(path, option: "--graph") { out in
      if path.hasSuffix(".xpl") {
        let plot = FlowPlot(record)
        out.xplot(plot, sender: plot.mainSender, flow: record.report.flow)
      } else {
        SequenceSVG(record).write(to: out)
      }
    }
  }

  /// Reads the recording once for everything about one flow; nil when it has none of that number.
  private func readFlow(_ number: Int, _ paths: [String]) throws -> FlowRecord? {
    var options = reading.analyzerOptions
    options.segments = true
    options.frameVerdicts = true
    // A ladder wants to know of every loss, not of the first few of a story.
    options.limits.evidence = max(options.limits.evidence, 4096)
    var rules = RuleRunner.Configuration()
    rules.findingsPerFlow = 4096
    let recorder = FlowRecorder(flow: number, runner: RuleRunner(configuration: rules))
    let analyzer = Analyzer(options: options, sink: recorder)
    let source = try reading.open(paths)
    while try source.nextBatch({ analyzer.accept($0) }) > 0, !recorder.isComplete {}
    let capture = analyzer.finish()
    if let damage = source.info.damage { Terminal.complain("\(paths[0]): cut short: \(damage.reason)") }
    return recorder.finish(capture, facts: CaptureFacts(source.info))
  }
}
