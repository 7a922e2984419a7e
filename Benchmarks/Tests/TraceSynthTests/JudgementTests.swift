import Testing
import TraceDecode
import TraceRules
import TraceSynth

/// What flowlint says of traces of which everything is known.
struct JudgementTests {
  @Test(arguments: [Shape.mix, .bulk, .manyFlows, .longFat, .liveFlows])
  func cleanShapesGiveNoFinding(shape: Shape) throws {
    let trace = try SyntheticTrace(shape.small().clean())
    let (report, findings) = try trace.judged()
    #expect(report.flows == trace.made.flows)
    #expect(trace.made.lostBefore + trace.made.lostBehind + trace.made.late + trace.made.copies == 0)
    #expect(findings.filter { $0.severity > .info }.map(\.message) == [])
  }

  /// Cut frames are a property of the capture: they may cost findings, never make them.
  @Test(arguments: [Shape.mix, .manyFlows])
  func cleanShapesGiveNoFindingWhenCut(shape: Shape) throws {
    var recipe = shape.small().clean()
    recipe.snapLength = 96
    let (_, findings) = try SyntheticTrace(recipe).judged()
    #expect(findings.filter { $0.severity > .info }.map(\.code) == [])
  }

  @Test func copiesOfTheCaptureAreCountedAndAccuseNobody() throws {
    var recipe = Shape.mix.small().clean()
    recipe.duplication = 0.01
    // Without an IPv4 identification a copy of a pure ACK is no other than a second ACK.
    recipe.ipv6Share = 0
    let trace = try SyntheticTrace(recipe)
    let (report, findings) = try trace.judged()
    #expect(trace.made.copies > 100)
    #expect(report.duplicates == UInt64(trace.made.copies))
    #expect(Set(findings.filter { $0.severity > .info }.map(\.code)) == ["CAP103"])
  }

  @Test func lossIsFoundAndNothingElse() throws {
    var recipe = Shape.mix.small().clean()
    recipe.loss = 0.01
    recipe.ipv6Share = 0
    let trace = try SyntheticTrace(recipe)
    let (report, findings) = try trace.judged()
    #expect(trace.made.lostBefore > 50)
    #expect(trace.made.lostBehind > 50)
    #expect(report.duplicates == 0)
    let warned = findings.filter { $0.severity >= .warning }
    let families = Set(warned.map { String($0.code.prefix(3)) })
    #expect(families.isSubset(of: ["SEQ", "ACK", "HSK"]), "\(Set(warned.map(\.code)).sorted())")
    #expect(warned.contains { $0.rule == "segment-lost-upstream" })
    #expect(warned.contains { $0.rule == "segment-lost-downstream" })
  }

  @Test func lateSegmentsAreNoLoss() throws {
    var recipe = Shape.mix.small().clean()
    recipe.reordering = 0.01
    let trace = try SyntheticTrace(recipe)
    let (_, findings) = try trace.judged()
    #expect(trace.made.late > 50)
    #expect(findings.contains { $0.rule == "packet-reordered" })
    #expect(!findings.contains { $0.rule.hasPrefix("segment-lost") })
    #expect(findings.allSatisfy { $0.severity < .error })
  }
}
