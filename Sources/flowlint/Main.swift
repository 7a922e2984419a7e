import ArgumentParser

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The way in: parses the command line, runs the verb, and turns errors into the documented exit codes.
@main
enum Main {
  static func main() {
    // A reader that goes away is noticed by the failing write, and ends the run quietly.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try Flowlint.parseAsRoot()
      try command.run()
    } catch {
      leave(with: error)
    }
  }

  /// Help and version go to standard output and exit 0; anything else says why on standard error and exits 2,
  /// but for an exit code that a verb chose itself.
  private static func leave(with error: any Error) -> Never {
    if let code = error as? ExitCode { exit(code.rawValue) }
    let message = Flowlint.fullMessage(for: error)
    let succeeded = Flowlint.exitCode(for: error) == .success
    if !message.isEmpty { Terminal.print(message + "\n", to: succeeded ? STDOUT_FILENO : STDERR_FILENO) }
    exit(succeeded ? 0 : ExitCode.usage.rawValue)
  }
}

extension ExitCode {
  /// Wrong usage or configuration, or unreadable input.
  static let usage = ExitCode(2)
}

struct Flowlint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flowlint",
    abstract: "Says what went wrong in a TCP capture, where, how sure it is and what to do about it.",
    version: version,
    subcommands: [
      Analyze.self, Lint.self, Watch.self, Record.self, Rules.self, BaselineCommand.self, ConfigCommand.self,
      Follow.self,
      Extract.self, Annotate.self, ScriptCommand.self, Show.self,
      States.self, Flows.self, Doctor.self,
    ],
    defaultSubcommand: Analyze.self)

  static let version = "0.1.0-dev"
  /// How it signs the captures it writes.
  static let application = "flowlint \(version)"
}
