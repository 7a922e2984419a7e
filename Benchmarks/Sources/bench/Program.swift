import CMeasure

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a measurement could not be made.
struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A command line to measure.
struct Program {
  var words: [String]
  init(_ words: String...) { self.words = words }
  init(_ words: [String]) { self.words = words }

  /// Runs it once.
  /// Errors: it could not be started, or ended with another status than 0.
  func run(output: String? = nil, errors: String? = nil) throws(BenchError) -> measured {
    let log = errors ?? "/tmp/flowlint-bench-\(getpid()).log"
    defer { if errors == nil { unlink(log) } }
    var arguments = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    let result = measure_run(arguments, output, log)
    if result.status == -1 { throw BenchError("\(words[0]) could not be started") }
    if result.status != 0 {
      throw BenchError("status \(result.status) of: \(words.joined(separator: " "))\n\(text(of: log) ?? "")")
    }
    return result
  }

  /// Whether PATH holds an executable of this name.
  static func isInstalled(_ name: String) -> Bool {
    guard let path = getenv("PATH") else { return false }
    return String(cString: path).split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }
}

extension Collection where Element: Comparable {
  /// The middle one, the higher of two.
  var median: Element? {
    let ordered = sorted()
    return ordered.isEmpty ? nil : ordered[ordered.count / 2]
  }
}

/// The content of a small file.
func text(of path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var octets: [UInt8] = []
  var character = getc(file)
  while character >= 0 {
    octets.append(UInt8(character))
    character = getc(file)
  }
  return String(decoding: octets, as: UTF8.self)
}

/// Replaces the content of a file.
func write(_ text: String, to path: String) throws(BenchError) {
  guard let file = fopen(path, "w") else { throw BenchError("\(path): \(String(cString: strerror(errno)))") }
  let written = fputs(text, file)
  if fclose(file) != 0 || written < 0 { throw BenchError("\(path) could not be written") }
}
