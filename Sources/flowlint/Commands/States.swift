import ArgumentParser
import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

/// `flowlint states CAPTURE`: how many endpoints were in which state.
struct States: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "states",
    abstract: "Count endpoints by state, over time or at a moment, as ss would have on each host.",
    discussion: """
      Without --at: each service and each host that uses it, with the peak and the course of every state. With \
      --at: what ss -ant | awk '{n[$1]++} END {for (s in n) print s, n[s]}' would have printed there and then, \
      but for sockets that sent nothing. States are inferred from one capture point: what no packet shows \
      (the expiry of FIN-WAIT-2, a process that died without a word) is not in them.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, csv }

  @OptionGroup(title: "Reading") var reading: ReadingOptions

  @Option(
    help: ArgumentHelp(
      "The moment: seconds from the capture's first frame, as 1.5 or 250ms; @ before seconds since 1970; may be repeated.",
      valueName: "TIME"))
  var at: [CaptureMoment] = []

  @Option(help: ArgumentHelp("How long TIME-WAIT lasts, as 60s: 2 MSL.", valueName: "TIME"))
  var timeWait: TimeSpan = TimeSpan(nanoseconds: 60_000_000_000)

  @Option(name: .shortAndLong, help: ArgumentHelp("How to print: text or csv.", valueName: "FORMAT"))
  var output: Format = .text

  @Option(help: ArgumentHelp("Color the text: auto, always or never.", valueName: "WHEN"))
  var color: ColorChoice = .auto

  func run() throws {
    let out = ByteOutput(descriptor: 1)
    var isUnreadable = false
    for paths in reading.recordings {
      do throws(CaptureError) { try count(paths, out) } catch {
        Terminal.complain(error.description)
        isUnreadable = true
      }
    }
    out.flush()
    if isUnreadable { throw ExitCode.usage }
  }

  private func count(_ paths: [String], _ out: ByteOutput) throws(CaptureError) {
    let source = try reading.open(paths)
    let taker = CensusTaker(moments: at, timeWait: timeWait.nanoseconds)
    var options = reading.analyzerOptions
    options.timeWait = timeWait.nanoseconds
    let analyzer = Analyzer(options: options, sink: taker)
    while try source.nextBatch({ frames in
      if let first = frames.first { taker.begin(at: first.time) }
      analyzer.accept(frames)
    }) > 0, out.failure == nil {}
    _ = analyzer.finish()
    var options2 = StatesText.Options()
    options2.style = Style(isColored: color.applies(to: 1))
    options2.width = Terminal.width(of: 1) ?? 100
    let text = StatesText(options: options2)
    if reading.recordings.count > 1 { out.put("\(paths[0])\n") }
    switch (taker.roll, output) {
    case (let roll?, .text): out.put(text.text(roll, start: taker.start ?? 0))
    case (let roll?, .csv): out.put(StatesText.csv(roll, start: taker.start ?? 0))
    case (nil, .text): out.put(text.text(taker.census))
    case (nil, .csv): out.put(StatesText.csv(taker.census))
    }
    if let damage = source.info.damage { Terminal.complain("\(paths[0]): cut short: \(damage.reason)") }
  }
}

/// Counts flows as they are reported, once it is known when the capture began.
private final class CensusTaker: AnalysisSink {
  private let moments: [CaptureMoment]
  private let timeWait: Int64
  private(set) var start: Int64?
  private(set) var census: StateCensus
  /// nil when no moment was asked for.
  private(set) var roll: StateRoll?

  init(moments: [CaptureMoment], timeWait: Int64) {
    self.moments = moments
    self.timeWait = timeWait
    census = StateCensus(timeWait: timeWait)
  }

  func begin(at time: Int64) {
    guard start == nil else { return }
    start = time
    census = StateCensus(timeWait: timeWait, start: time)
    if !moments.isEmpty {
      roll = StateRoll(moments: moments.map { $0.time(from: time) }, timeWait: timeWait)
    }
  }

  func episode(_ episode: Episode, of flow: FlowIdentity) {}

  func flowEnded(_ report: FlowReport) {
    if moments.isEmpty { census.add(report) } else { roll?.add(report) }
  }
}

/// A moment of a capture: since its first frame, or since 1970.
struct CaptureMoment: ExpressibleByArgument {
  /// Units: nanoseconds.
  var nanoseconds: Int64
  var isAbsolute: Bool

  init?(argument: String) {
    isAbsolute = argument.hasPrefix("@")
    guard let span = TimeSpan(argument: isAbsolute ? String(argument.dropFirst()) : argument) else {
      return nil
    }
    nanoseconds = span.nanoseconds
  }

  /// Units: nanoseconds since the epoch.
  func time(from start: Int64) -> Int64 { isAbsolute ? nanoseconds : start &+ nanoseconds }
}
