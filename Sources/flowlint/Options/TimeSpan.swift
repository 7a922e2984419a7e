import ArgumentParser
import TraceReport
import TraceRules

/// A duration on the command line: `1.5` seconds, or with its unit, as `250ms`.
struct TimeSpan: ExpressibleByArgument {
  /// Units: nanoseconds.
  var nanoseconds: Int64

  init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  init?(argument: String) {
    let isPlain = argument.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let value = QuantityUnit.time.value(of: isPlain ? argument + "s" : argument) else { return nil }
    nanoseconds = value
  }

  var defaultValueDescription: String { TraceRules.Format.time(nanoseconds) }
}
