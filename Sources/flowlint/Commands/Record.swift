import ArgumentParser
import Synchronization
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

/// `flowlint record -i IF -o OUT -- COMMAND...`: captures while a command runs, then lints.
struct Record: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Capture while a command runs, a test suite say, then lint the recording.",
    discussion: """
      The capture ends when the command has ended and every connection it shows is closed, or when the grace \
      time has passed. Exit status: the command's where that is not 0 (128 and the signal's number when one \
      killed it, 127 when there is no such command, 126 when it cannot be started), else as 'flowlint lint'. \
      Under sudo or doas only the capture is root's: the command runs as the user who called, to whom the \
      recording belongs as well.
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The interface, as lo; any is all of them.", valueName: "IF"))
  var interface: String

  @Option(
    name: [.customShort("o"), .customLong("write")],
    help: ArgumentHelp("Where the recording goes.", valueName: "OUT"))
  var out: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Record only what passes (pcap-filter(7)).", valueName: "BPF"))
  var filter: String?

  @Option(
    help: ArgumentHelp(
      "How long to wait for closing exchanges after the command has ended, as 2s.", valueName: "TIME"))
  var grace = TimeSpan(nanoseconds: 2_000_000_000)

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp("Write findings as FORMAT; as in 'flowlint lint'.", valueName: "FORMAT[:PATH]"))
  var outputs: [OutputTarget] = []

  @Option(help: ArgumentHelp("Color the text: auto, always or never.", valueName: "WHEN"))
  var color: ColorChoice = .auto

  @Flag(name: .shortAndLong, help: "Findings only.")
  var quiet = false

  @Flag(help: "Under sudo or doas, run the command as root as well, not as the user who called.")
  var keepPrivileges = false

  @OptionGroup(title: "Judging") var options: LintOptions

  @Argument(parsing: .postTerminator, help: ArgumentHelp("What to run, after --.", valueName: "command"))
  var command: [String]

  func validate() throws {
    if command.isEmpty {
      throw ValidationError("What is to be run? 'flowlint record -i IF -o OUT -- COMMAND...'")
    }
    if out == "-" || out.isEmpty {
      throw ValidationError("The recording needs a file to be linted from; give a path.")
    }
  }

  func run() throws {
    var reading = try ReadingOptions.parse([out])
    reading.captures = [out]
    var output = try OutputOptions.parse([])
    output.outputs = outputs
    output.color = color
    output.quiet = quiet
    // A wrong configuration, baseline or output is told before the command has run for an hour.
    let run = try LintRun(reading, options, output, recordings: [[out]])
    let ending: Ending
    do throws(CaptureError) {
      ending = try record(run)
    } catch {
      Terminal.complain(error.description)
      throw ExitCode.usage
    }
    guard case .ended(let status) = ending else {
      if case .notStarted(let status) = ending { throw ExitCode(status) }
      throw ExitCode.usage
    }
    try run.run()
    if !quiet { run.reportUnused() }
    let verdict = status != 0 ? status : run.outcome.exitCode
    if verdict != 0 { throw ExitCode(verdict) }
  }

  // MARK: - Recording

  /// What became of the command, with its exit status.
  private enum Ending {
    case notStarted(Int32)
    case ended(Int32)
    /// An output of the verdict cannot be written; that was said already.
    case noOutput
  }

  /// Captures while the command runs.
  private func record(_ run: LintRun) throws(CaptureError) -> Ending {
    var descriptors = OwnDescriptors()
    let wasThere = FilePath.kind(out) != nil
    let source = try LiveSource(LiveOptions(interfaces: [interface], filter: filter))
    let writer = try CaptureWriter(path: out, linkType: source.info.interfaces.first?.linkType ?? .ethernet)
    // While we still have the rights that they may need.
    do { try run.openOutputs() } catch { return .noOutput }
    descriptors.keepFromChildren()
    Interruptions.listen()
    let child: ChildProcess
    do throws(ChildProcess.Failure) {
      child = try ChildProcess(command, keepsPrivileges: keepPrivileges)
    } catch {
      Terminal.complain("\(command[0]): cannot be started: \(error.text)")
      try writer.close()
      if !wasThere { unlink(out) }
      return .notStarted(error.status)
    }
    if !keepPrivileges, !wasThere, geteuid() == 0, let (user, group) = Privileges.invokingUser() {
      _ = chown(out, user, group)
    }
    // Before the first frame is looked at, and before there is a second thread.
    do throws(CaptureError) {
      _ = try Privileges.drop(keepsUser: keepPrivileges)
    } catch {
      child.signal(SIGTERM)
      throw error
    }
    let status = try capture(source, writer, child)
    try writer.close()
    let statistics = source.info.interfaces.first?.statistics
    let drops = (statistics?.droppedBySystem ?? 0) &+ (statistics?.droppedByInterface ?? 0)
    if drops > 0 {
      Terminal.complain(
        "\(interface): \(Format.count(drops, "packet")) dropped while recording; losses found may be the recording's own"
      )
    }
    return .ended(status)
  }

  private func capture(
    _ source: LiveSource, _ writer: CaptureWriter, _ child: ChildProcess
  ) throws(CaptureError) -> Int32 {
    var connections = OpenConnections()
    var status: Int32?
    var deadline = Int64.max
    var lastFrame = Clock.now
    var failure: CaptureError?
    while failure == nil {
      if let signal = Interruptions.take() { child.signal(signal) }
      let event = try source.poll(waiting: 20_000_000) { frames in
        for frame in frames {
          connections.add(frame)
          do throws(CaptureError) { try writer.write(frame) } catch { failure = failure ?? error }
        }
      }
      if case .frames = event { lastFrame = Clock.now }
      if status == nil {
        status = child.status()
        if status != nil {
          // What passed last may still be in the kernel's hands (LiveOptions.lag).
          lastFrame = Clock.now
          deadline = lastFrame &+ max(grace.nanoseconds, Self.quiet)
        }
      }
      if event == .ended { break }
      guard status != nil else { continue }
      // The last ACKs of a close may be a moment behind; traffic of others must not keep us for ever.
      let isQuiet = event.isIdle && Clock.now &- lastFrame >= Self.quiet
      if isQuiet && connections.areAllClosed || Clock.now >= deadline { break }
    }
    // A command outlives a lost interface or a full disk: wait for it before saying so.
    while status == nil {
      if let signal = Interruptions.take() { child.signal(signal) }
      usleep(20_000)
      status = child.status()
    }
    if let failure { throw failure }
    return status ?? 127
  }

  /// Silence after which nothing is on its way to us any more. Units: nanoseconds.
  private static let quiet = 3 * LiveOptions.lag
}

/// Signals that ask us to end: the command is asked instead, and we end when it does.
enum Interruptions {
  private static let pending = Atomic<Int32>(0)

  /// The terminal sends SIGINT to the command as well; the others come to us alone.
  static func listen() {
    // Touched here: a signal must not be what initialises it.
    _ = take()
    signal(SIGINT, SIG_IGN)
    for number in [SIGTERM, SIGHUP] {
      signal(number) { number in Interruptions.pending.store(number, ordering: .relaxed) }
    }
    // Whoever starts us from a thread that blocks signals still wants to be able to end us.
    var ours = sigset_t()
    sigemptyset(&ours)
    for number in [SIGTERM, SIGHUP] { sigaddset(&ours, number) }
    sigprocmask(SIG_UNBLOCK, &ours, nil)
  }

  static func take() -> Int32? {
    let number = pending.exchange(0, ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
