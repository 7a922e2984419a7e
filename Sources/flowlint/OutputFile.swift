import ArgumentParser
import TraceReport

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Files that results are written to.
enum OutputFile {
  /// Makes the file, or empties it.
  ///
  /// - Parameter option: What named it, for the message.
  /// Errors: `ExitCode.usage`, after saying why the file cannot be written.
  static func open(_ path: String, option: String) throws -> Int32 {
    #if canImport(Darwin)
      let descriptor = Darwin.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    #elseif canImport(Musl)
      let descriptor = Musl.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    #else
      let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    #endif
    guard descriptor >= 0 else {
      Terminal.complain("\(path): cannot be written: \(String(cString: strerror(errno))); check \(option)")
      throw ExitCode.usage
    }
    return descriptor
  }

  static func close(_ descriptor: Int32) {
    #if canImport(Darwin)
      _ = Darwin.close(descriptor)
    #elseif canImport(Musl)
      _ = Musl.close(descriptor)
    #else
      _ = Glibc.close(descriptor)
    #endif
  }

  /// Writes a whole file; - is standard output.
  ///
  /// Errors: `ExitCode.usage`, after saying why the file cannot be written.
  static func write(_ path: String, option: String, _ body: (ByteOutput) -> Void) throws {
    let descriptor = path == "-" ? STDOUT_FILENO : try open(path, option: option)
    let out = ByteOutput(descriptor: descriptor)
    body(out)
    out.flush()
    if path != "-" { close(descriptor) }
    if let failure = out.failure, failure != EPIPE {
      Terminal.complain("\(path): \(String(cString: strerror(failure)))")
      throw ExitCode.usage
    }
  }
}
