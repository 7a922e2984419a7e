import TraceDecode
import TraceRules

/// JUnit's XML: a suite a capture, a test case a rule that found something, or one that passes.
///
/// A rule fails by findings at or above the threshold; one whose findings are all known or suppressed is
/// skipped. Time stamps are those of the capture, so that equal captures give equal reports.
public final class JUnit: ReportWriter {
  private let out: ByteOutput
  private let threshold: Severity
  private var found: [Finding] = []
  private var silent: [(finding: Finding, silence: Silence)] = []
  private var suites = 0

  /// - Parameter threshold: The mildest severity that fails a test case.
  public init(to out: ByteOutput, threshold: Severity = .warning) {
    self.out = out
    self.threshold = threshold
    out.put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")
  }

  public func finding(_ finding: Finding) { found.append(finding) }
  public func silenced(_ finding: Finding, by silence: Silence) { silent.append((finding, silence)) }

  public func end(_ capture: CaptureRecord) {
    let rules = Dictionary(grouping: found, by: \.code).sorted { $0.key < $1.key }.map(\.value)
    let codes = Set(found.map(\.code))
    let skipped = Dictionary(grouping: silent.filter { !codes.contains($0.finding.code) }, by: \.finding.code)
      .sorted { $0.key < $1.key }.map(\.value)
    let failing = rules.filter { $0.contains { $0.severity >= threshold } }.count
    begin(
      capture.file, time: capture.report.firstTime ?? 0, tests: max(1, rules.count + skipped.count),
      failures: failing, errors: 0)
    if rules.isEmpty, skipped.isEmpty { testCase("no findings", capture.file) {} }
    for findings in rules {
      testCase("\(findings[0].code) \(findings[0].rule)", capture.file) {
        let failures = findings.filter { $0.severity >= threshold }
        if let first = failures.first { fail(first, failures, capture.file) }
      }
    }
    for group in skipped {
      testCase("\(group[0].finding.code) \(group[0].finding.rule)", capture.file) {
        out.put("<skipped")
        out.attribute("message", group[0].silence.reason)
        out.put("/>")
      }
    }
    let mild = found.filter { $0.severity < threshold }
    end(mild.map { "\($0.place(in: capture.file)): \($0.severity.name) \($0.code) \($0.sentence)" })
    found = []
    silent = []
  }

  public func failed(file: String, reason: String) {
    begin(file, time: 0, tests: 1, failures: 0, errors: 1)
    testCase("readable", file) {
      out.put("<error")
      out.attribute("message", reason)
      out.attribute("type", "unreadable")
      out.put("/>")
    }
    end([])
  }

  public func finish(_ summary: RunSummary) {
    out.put("</testsuites>\n")
    out.flush()
  }

  // MARK: - Pieces

  private func begin(_ name: String, time: Int64, tests: Int, failures: Int, errors: Int) {
    out.put("<testsuite package=\"flowlint\"")
    out.attribute("id", String(suites))
    out.attribute("name", name.isEmpty ? "-" : name)
    out.attribute("timestamp", Self.timestamp(time))
    out.put(" hostname=\"localhost\"")
    out.attribute("tests", String(tests))
    out.attribute("failures", String(failures))
    out.attribute("errors", String(errors))
    out.put(" time=\"0\">\n<properties/>\n")
    suites += 1
  }

  private func testCase(_ name: String, _ file: String, _ body: () -> Void) {
    out.put("<testcase")
    out.attribute("name", name)
    out.attribute("classname", file)
    out.put(" time=\"0\">")
    body()
    out.put("</testcase>\n")
  }

  private func fail(_ first: Finding, _ findings: [Finding], _ file: String) {
    out.put("<failure")
    let more = findings.count > 1 ? " (and \(findings.count - 1) more)" : ""
    out.attribute("message", first.sentence + more)
    out.attribute("type", first.severity.name)
    out.put(">")
    for finding in findings {
      out.xml("\(finding.place(in: file)): \(finding.severity.name): \(finding.sentence)\n")
      out.xml("  why: \(finding.why)\n  do:  \(finding.remedy)\n")
    }
    out.put("</failure>")
  }

  private func end(_ lines: [String]) {
    out.put("<system-out>")
    for line in lines { out.xml(line + "\n") }
    out.put("</system-out>\n<system-err/>\n</testsuite>\n")
  }

  /// Seconds since 1970 as ISO 8601 without a zone, in UTC. Units: nanoseconds.
  ///
  /// Source: days to civil date as in H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  static func timestamp(_ nanoseconds: Int64) -> String {
    let seconds = max(0, nanoseconds / 1_000_000_000)
    let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86400)
    let z = days + 719_468
    let era = z / 146_097
    let day = z - era * 146_097
    let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365
    let ofYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * ofYear + 2) / 153
    let civilMonth = month < 10 ? month + 3 : month - 9
    func pad(_ n: Int64, _ width: Int = 2) -> String {
      let digits = String(n)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let date = [
      pad(year + era * 400 + (civilMonth <= 2 ? 1 : 0), 4), pad(civilMonth),
      pad(ofYear - (153 * month + 2) / 5 + 1),
    ].joined(separator: "-")
    return date + "T" + [pad(rest / 3600), pad(rest / 60 % 60), pad(rest % 60)].joined(separator: ":")
  }
}
