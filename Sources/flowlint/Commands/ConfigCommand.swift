import ArgumentParser
import TraceReport
import TraceRules

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// `flowlint config show|check|schema`: the configuration itself.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Show what a capture would be judged by, check a configuration, print its JSON Schema.",
    subcommands: [Show.self, Check.self, Schema.self])

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: "Print what captures at this path are judged by.",
      discussion: "Exit status: 0, or 2 for a wrong configuration.")
    @Argument(help: ArgumentHelp("A capture or directory.", valueName: "path"))
    var path = "."
    @OptionGroup(title: "Judging") var options: LintOptions
    @Flag(help: "Also say where each setting comes from.") var origin = false

    func run() throws {
      let store = options.store(nil)
      let capture = FilePath.kind(path) == .directory ? FilePath.join(path, "any.pcap") : path
      do throws(ConfigErrors) {
        let settings = try store.settings(for: capture)
        let configuration = try store.configuration(for: FilePath.absolute(capture))
        let text = ConfigText(settings, configuration, capture: capture, options, showsOrigin: origin).text
        Terminal.print(text, to: STDOUT_FILENO)
      } catch {
        for one in error.errors { Terminal.complain(one.description) }
        throw ExitCode.usage
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Check configurations without linting.",
      discussion: "Exit status: 0 when all are right, else 2 with every error, its place and what to do.")
    @Argument(help: ArgumentHelp("Configurations (default: the one for this directory).", valueName: "file"))
    var files: [String] = []

    func run() throws {
      var paths = files
      if paths.isEmpty {
        guard let found = ConfigStore.search(from: FilePath.workingDirectory) else {
          Terminal.complain(
            "no .flowlint.yml here or above, up to .git; name one, or begin one with 'version: 1'")
          throw ExitCode.usage
        }
        paths = [found]
      }
      var isWrong = false
      for path in paths {
        do throws(ConfigErrors) {
          _ = try ConfigReader.read(path, today: Clock.today)
          Terminal.print("\(path): right\n", to: STDOUT_FILENO)
        } catch {
          for one in error.errors { Terminal.complain(one.description) }
          isWrong = true
        }
      }
      if isWrong { throw ExitCode.usage }
    }
  }

  struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "schema",
      abstract: "Print the JSON Schema of .flowlint.yml, for editors.",
      discussion: "Published as docs/flowlint-config.schema.json.")
    func run() { Terminal.print(ConfigSchema.text, to: STDOUT_FILENO) }
  }
}
