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
      var command = try plainCommand() ?? Flowlint.parseAsRoot()
      try command.run()
    } catch {
      leave(with: error)
    }
  }

  /// The verb that the first argument plainly names, or `analyze` where it is a capture; nil for all else.
  ///
  /// Building the tree of all verbs takes longer than reading a small capture. What is wrong with a command line,
  /// and help, is the whole tree's to say.
  private static func plainCommand() -> (any ParsableCommand)? {
    var arguments = Array(CommandLine.arguments.dropFirst())
    guard let first = arguments.first, !first.hasPrefix("-"), first != "help" else { return nil }
    // No verb has a dot or a slash in its name, and most captures have.
    let isPath = first.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }
    let verbs = isPath ? [] : Flowlint.configuration.subcommands
    guard let verb = verbs.first(where: { $0.configuration.commandName == first }) else {
      return try? Analyze(plainly: arguments) ?? Analyze.parse(arguments)
    }
    guard verb.configuration.subcommands.isEmpty else { return nil }
    arguments.removeFirst()
    if verb == Analyze.self, let command = Analyze(plainly: arguments) { return command }
    return try? verb.parse(arguments)
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
