import ArgumentParser
import TraceCapture
import TraceReport
import TraceRules

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The outputs of one run, opened when there is something to write.
final class Outputs {
  let writers: [any ReportWriter]
  private var opened: [(target: OutputTarget, out: ByteOutput, descriptor: Int32)] = []

  /// What `lint` wants otherwise than other verbs: its own rules, findings for rows, no paragraph a capture.
  struct Lint {
    var failOn = Severity.warning
  }

  /// Errors: `ExitCode.usage`, after saying which file cannot be written.
  init(_ options: OutputOptions, lint: Lint? = nil) throws {
    for target in options.targets {
      var descriptor = STDOUT_FILENO
      if let path = target.path {
        // A folder for the files of xplot; a file for everything else.
        if target.format == .xplot {
          _ = mkdir(path, 0o755)
          descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        } else {
          descriptor = try OutputFile.open(path, option: "--output")
        }
        if descriptor < 0 {
          Terminal.complain("\(path): is no folder: \(String(cString: strerror(errno))); check --output")
          throw ExitCode.usage
        }
      }
      opened.append((target, ByteOutput(descriptor: descriptor), descriptor))
    }
    writers = opened.map { Self.writer(for: $0.target, options, lint, $0.out, $0.descriptor) }
  }

  /// The first output whose writing failed for another reason than its reader going away.
  func close() throws {
    for (target, out, descriptor) in opened {
      out.flush()
      if let failure = out.failure, failure != EPIPE {
        Terminal.complain("\(target.path ?? "standard output"): \(String(cString: strerror(failure)))")
        throw ExitCode.usage
      }
      if target.path != nil { OutputFile.close(descriptor) }
    }
  }

  /// Hands over what has been gathered, for those who read along.
  func flush() { for one in opened { one.out.flush() } }

  /// Whether nobody reads any of the outputs any more.
  var areDeserted: Bool { opened.allSatisfy { $0.out.failure == EPIPE } }

  private static func writer(
    for target: OutputTarget, _ options: OutputOptions, _ lint: Lint?, _ out: ByteOutput,
    _ descriptor: Int32
  ) -> any ReportWriter {
    switch target.format {
    case .text:
      var text = Text.Options()
      text.style = Style(isColored: options.color.applies(to: descriptor))
      text.width = Terminal.width(of: descriptor) ?? 100
      text.minimum = options.severity
      text.isQuiet = options.quiet
      text.tellsCaptures = lint == nil
      return Text(to: out, options: text)
    case .concise: return Concise(to: out, minimum: options.severity)
    case .json: return JSON(to: out, fullMetrics: options.metrics == .full)
    case .jsonl: return JSONLines(to: out, frames: options.frames, fullMetrics: options.metrics == .full)
    case .csv: return lint == nil ? CSV(to: out) : FindingsCSV(to: out, minimum: options.severity)
    case .sarif:
      return SARIF(
        to: out, version: Flowlint.version, rules: LintRule.all, profile: options.sarifProfile,
        recordLength: { RecordExtent.length(of: $0, at: $1) })
    case .github: return GitHub(to: out, minimum: options.severity)
    case .gitlab: return GitLab(to: out, minimum: options.severity)
    case .junit: return JUnit(to: out, threshold: lint?.failOn ?? .warning)
    case .checkstyle: return Checkstyle(to: out, minimum: options.severity)
    case .eve: return Eve(to: out, minimum: options.severity)
    case .html: return HTML(to: out, application: Flowlint.application)
    case .neutral: return Neutral(to: out)
    case .xplot: return xplot(into: target.path ?? ".")
    }
  }

  private static func xplot(into folder: String) -> Xplot {
    var descriptors: [String: Int32] = [:]
    return Xplot(
      open: { name in
        guard let descriptor = try? OutputFile.open(folder + "/" + name, option: "--output") else {
          return nil
        }
        descriptors[name] = descriptor
        return ByteOutput(descriptor: descriptor)
      },
      close: { name, out in
        out.flush()
        if let failure = out.failure {
          Terminal.complain("\(folder)/\(name): \(String(cString: strerror(failure)))")
        }
        if let descriptor = descriptors.removeValue(forKey: name) { OutputFile.close(descriptor) }
      },
      tell: { Terminal.complain($0) })
  }
}
