import ArgumentParser
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

/// `flowlint watch -i IF [BPF...]`: the analysis while it happens.
struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Watch interfaces, a pipe or a growing file, and say what goes wrong as it happens.",
    usage: "flowlint watch -i IF [OPTIONS] [BPF...]",
    discussion: """
      On a terminal a view fills the screen (? shows its keys); else a line is written for each finding. What is \
      told ahead of a flow's end may be told again, under the same id, when its end says more, or be withdrawn. \
      SIGINT and SIGTERM end it with a summary, a second one at once; SIGUSR1 tells counts. Rights are given up \
      once interfaces are open; files are written as the user who called sudo. Exit status: 0; 2 on wrong usage, \
      where an interface cannot be opened or all are gone, or a file cannot be written.
      """)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Watch this interface; any is all of them; may be repeated.", valueName: "IF"))
  var interface: [String] = []

  @Argument(
    help: ArgumentHelp("Watch only what passes this filter (pcap-filter(7)).", valueName: "BPF"))
  var filter: [String] = []

  @Flag(name: [.customShort("D"), .long], help: "List the interfaces that can be watched.")
  var listInterfaces = false

  @Option(
    name: [.customShort("r"), .long],
    help: ArgumentHelp("Watch a pipe or file to its end; - is standard input.", valueName: "FILE"))
  var read: String?

  @Option(help: ArgumentHelp("Watch a file that is still being written.", valueName: "FILE"))
  var follow: String?

  @OptionGroup(title: "Ending") var ending: EndingOptions
  @OptionGroup(title: "Capturing") var capturing: CapturingOptions
  @OptionGroup(title: "Recording") var recording: RecordingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "Serve counts for Prometheus at /metrics; without an address on the loopback.",
      valueName: "[ADDRESS]:PORT"))
  var metrics: String?

  @Option(help: ArgumentHelp("Run only these rules; may be repeated.", valueName: "RULE"))
  var select: [String] = []

  @Option(help: ArgumentHelp("Leave these rules out; may be repeated.", valueName: "RULE"))
  var ignore: [String] = []

  @Option(
    name: .customLong("limit"),
    help: ArgumentHelp(
      "Change a bound on what traffic can make grow; NAME is one of \(LimitName.list).",
      valueName: "NAME=VALUE"))
  var limits: [LimitSetting] = []

  func validate() throws {
    if listInterfaces { return }
    switch [interface.isEmpty, read == nil, follow == nil].filter({ !$0 }).count {
    case 0: throw ValidationError("What is to be watched? Name an interface with -i; -D lists them.")
    case 1: break
    default: throw ValidationError("-i, -r and --follow exclude each other.")
    }
    let known = RuleRunner.Configuration.named(select: select, ignore: ignore)
    if let word = known.unknown.first { throw ValidationError(unknownRule(word)) }
    try output.validate()
    try recording.validate()
    // One descriptor, two kinds of octets.
    if recording.write == "-", output.outputs.contains(where: { $0.path == nil }) {
      throw ValidationError("-w - takes standard output; give the other output a path: FORMAT:PATH.")
    }
  }

  func run() throws {
    if listInterfaces { return list() }
    do { try watch() } catch let error as CaptureError {
      Terminal.complain(error.description)
      throw ExitCode.usage
    }
  }

  private func watch() throws {
    let (source, kind) = try open()
    let server = try metrics.map { try MetricsServer($0) }
    Signals.install()
    // From here on there is no right left to abuse; nothing that was captured has been looked at yet.
    let privileges = try Privileges.drop()
    #if os(Linux)
      for shortfall in privileges.shortfalls { Terminal.complain(shortfall) }
    #endif
    let plan = WatchPlan(self, kind)
    let recorder = try recording.open(source.info.interfaces)
    let outputs = try Outputs(plan.output)
    if let server {
      guard startThread({ server.run() }) else {
        Terminal.complain("--metrics: no thread to serve on; end other programs")
        throw ExitCode.usage
      }
    }
    let run = WatchRun(plan, source, outputs, recorder, server)
    try run.run()
  }

  private func open() throws(CaptureError) -> (LiveSource, WatchPlan.Kind) {
    let expression = filter.isEmpty ? nil : filter.joined(separator: " ")
    if !interface.isEmpty {
      return (try LiveSource(capturing.options(interface, expression, ending)), .interfaces)
    }
    var options = CaptureOptions(filter: expression, maxFrames: ending.frames)
    if let follow {
      let token = FollowToken()
      options.follow = token
      return (
        LiveSource(following: try Capture.open(path: follow, options: options)) { token.stop() }, .file
      )
    }
    return (LiveSource(following: try Capture.open(path: read ?? "-", options: options)), .file)
  }

  private func list() {
    let entries = LiveInterfaces.list()
    let width = entries.map(\.name.count).max() ?? 0
    for entry in entries {
      var words = [entry.isUp ? "up" : "down"]
      words += entry.addresses
      if let description = entry.description { words.append("(\(description))") }
      let name = entry.name + String(repeating: " ", count: width - entry.name.count)
      Terminal.print("\(name)  \(words.joined(separator: "  "))\n", to: STDOUT_FILENO)
    }
    if entries.isEmpty { Terminal.complain("no interface can be seen; 'flowlint doctor' tells more") }
  }
}
