import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Measures flowlint; `make bench` and `make bench-gate` call it.
@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure flowlint on synthetic traces.",
    subcommands: [SpeedTable.self, Figures.self, Gate.self])
}

/// Says on standard error what is being done: the tables go to standard output.
func report(_ line: String) {
  let line = "bench: \(line)\n"
  _ = line.withCString { write(2, $0, strlen($0)) }
}

/// Units: octets.
func fileSize(_ path: String) -> Int64? {
  var status = stat()
  return stat(path, &status) == 0 ? Int64(status.st_size) : nil
}
