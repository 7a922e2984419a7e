import Testing
import TraceDecode
import TraceScript

@testable import TraceRules

/// Runs a script through the whole of the analysis, as a capture of that content would be.
func findings(of script: Script, configuration: RuleRunner.Configuration = .init()) -> [Finding] {
  let runner = RuleRunner(configuration: configuration)
  var options = AnalyzerOptions()
  if let limit = script.notes.flowLimit { options.limits.flows = limit }
  let analyzer = Analyzer(options: options, sink: runner)
  script.forEachFrame { analyzer.accept($0) }
  var facts = CaptureFacts()
  facts.truncatedAt = script.notes.truncatedAt
  facts.dropsBySystem = script.notes.droppedBySystem
  facts.dropsByInterface = script.notes.droppedByInterface
  facts.snapLength = script.notes.snapLength
  return runner.finish(analyzer.finish(), facts: facts)
}

/// Every example of every rule, judged by all rules at once.
struct ExampleTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var code: String
    var example: RuleExample
    var testDescription: String { "\(code) \(example.fires ? "fires" : "clean"): \(example.title)" }
  }
  static let cases = Registry.infos.flatMap { info in info.examples.map { Case(code: info.code, example: $0) }
  }

  @Test(arguments: cases)
  func findsWhatItMarks(example: Case) throws {
    let script = try Script.parse(example.example.script)
    let found = findings(of: script)
    let told = found.map {
      "\($0.code)@\($0.frame) flow \($0.flow?.number ?? 0) \($0.severity.name): \($0.message)"
    }
    .joined(separator: "\n")
    for mark in script.expectations {
      let met = found.contains { finding in
        guard finding.code == mark.code else { return false }
        switch mark.place {
        case .frame(let frame): return finding.frame == frame
        case .flow: return finding.flow != nil
        case .capture: return finding.flow == nil
        }
      }
      #expect(met, "line \(mark.line): no \(mark.code) at \(mark.place); found:\n\(told)")
    }
    if !example.example.fires {
      #expect(!found.contains { $0.code == example.code }, "a clean example; found:\n\(told)")
    }
    let marked = Set(script.expectations.map(\.code))
    let unmarked = found.filter { $0.severity >= .warning && !marked.contains($0.code) }
    #expect(unmarked.isEmpty, "unmarked: \(unmarked.map(\.code)); found:\n\(told)")
  }

  /// One line, a clause, and the evidence in words.
  @Test func findingsReadWell() throws {
    for example in Self.cases {
      for finding in findings(of: try Script.parse(example.example.script)) {
        let text = "\(example.code): \(finding.code) \(finding.message)"
        #expect(!finding.message.contains("\n") && !finding.message.hasSuffix("."), "\(text)")
        #expect(finding.message.first?.isUppercase == false, "\(text)")
        #expect(!finding.why.isEmpty && !finding.why.hasSuffix("."), "\(text): \(finding.why)")
        #expect(!finding.message.contains("  ") && !finding.why.contains("  "), "\(text): \(finding.why)")
        #expect(finding.evidence.filter(\.isOffence).count <= 1, "\(text)")
        #expect(
          finding.evidence.map(\.segment.frame) == finding.evidence.map(\.segment.frame).sorted(), "\(text)")
      }
    }
  }
}
