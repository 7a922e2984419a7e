import TraceDecode
import TraceReport
import TraceRules

/// A value and where it was written.
struct Located<Value: Sendable>: Sendable {
  var value: Value
  var line: Int
  var column: Int
}

/// What a `.flowlint.yml` says.
struct Configuration: Sendable {
  /// As it is named in messages.
  var path: String
  /// Absolute; patterns of `per-file` are relative to it.
  var directory: String
  var failOn: Located<Severity>?
  /// What is said of every capture.
  var all = Section()
  /// What is said of some, in order; later sections go before earlier ones.
  var perFile: [(pattern: Located<Glob>, section: Section)] = []

  /// Settings that can be given for every capture, or for those of a pattern.
  struct Section: Sendable {
    /// Words for `Registry.codes`; nil where it is not said.
    var select: Located<[String]>?
    var ignore: [Located<String>] = []
    var rules: [RuleSetting] = []
    var suppressions: [Suppression] = []
    var contracts: [Contract] = []
  }

  /// What is said of one rule.
  struct RuleSetting: Sendable {
    var code: String
    var line: Int
    var column: Int
    var severity: Located<Severity?>?
    var options: [(name: String, value: Located<Int64>)] = []
  }

  /// Findings that are known and not to be reported.
  struct Suppression: Sendable {
    var codes: Set<String>
    /// As written.
    var rule: String
    var flow: FlowExpression?
    var reason: String
    var until: Day?
    var line: Int
    var column: Int
  }

  /// The sections that concern a capture, the weakest first.
  func sections(for capture: String) -> [Section] {
    let path = FilePath.relative(capture, to: directory)
    return [all] + perFile.filter { $0.pattern.value.matches(path) }.map(\.section)
  }
}

/// A condition that a recording must fulfil.
struct Contract: Sendable {
  var flow: FlowExpression
  var atLeast: Int?
  var atMost: Int?
  var metric: MetricReference?
  /// Units: the metric's.
  var minimum: Int64?
  var maximum: Int64?
  /// As written, and what it means; empty where it is not said.
  var outcomeText = ""
  var outcomes: [Outcome] = []
  var states: [Role: State] = [:]
  var line: Int
  var column: Int
}

/// A day of the Gregorian calendar.
struct Day: Sendable, Hashable, Comparable, CustomStringConvertible {
  var year: Int
  var month: Int
  var day: Int

  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// Reads `2027-03-01`.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.count) == [4, 2, 2], let year = Int(parts[0]), year >= 1970,
      let month = Int(parts[1]), (1...12).contains(month), let day = Int(parts[2]), day >= 1
    else { return nil }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= days[month - 1] else { return nil }
    self.init(year: year, month: month, day: day)
  }

  static func < (a: Day, b: Day) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }

  var description: String {
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    return "\(year)-\(two(month))-\(two(day))"
  }
}
