import ArgumentParser
import TraceReport

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

  /// Errors: `ExitCode.usage`, after saying which file cannot be written.
  init(_ options: OutputOptions) throws {
    for target in options.targets {
      var descriptor = STDOUT_FILENO
      if let path = target.path {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if descriptor < 0 {
          Terminal.complain("\(path): cannot be written: \(String(cString: strerror(errno))); check --output")
          throw ExitCode.usage
        }
      }
      opened.append((target, ByteOutput(descriptor: descriptor), descriptor))
    }
    writers = opened.map { Self.writer(for: $0.target, options, $0.out, $0.descriptor) }
  }

  /// The first output whose writing failed for another reason than its reader going away.
  func close() throws {
    for (target, out, descriptor) in opened {
      out.flush()
      if let failure = out.failure, failure != EPIPE {
        Terminal.complain("\(target.path ?? "standard output"): \(String(cString: strerror(failure)))")
        throw ExitCode.usage
      }
      if target.path != nil { _ = Self.closeDescriptor(descriptor) }
    }
  }

  /// Whether nobody reads any of the outputs any more.
  var areDeserted: Bool { opened.allSatisfy { $0.out.failure == EPIPE } }

  private static func closeDescriptor(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
      Darwin.close(descriptor)
    #elseif canImport(Musl)
      Musl.close(descriptor)
    #else
      Glibc.close(descriptor)
    #endif
  }

  private static func writer(
    for target: OutputTarget, _ options: OutputOptions, _ out: ByteOutput, _ descriptor: Int32
  ) -> any ReportWriter {
    switch target.format {
    case .text:
      var text = Text.Options()
      text.style = Style(isColored: options.color.applies(to: descriptor))
      text.width = Terminal.width(of: descriptor) ?? 100
      text.minimum = options.severity
      text.isQuiet = options.quiet
      return Text(to: out, options: text)
    case .concise: return Concise(to: out, minimum: options.severity)
    case .json: return JSON(to: out)
    case .jsonl: return JSONLines(to: out, frames: options.frames)
    case .csv: return CSV(to: out)
    case .neutral: return Neutral(to: out)
    }
  }
}
