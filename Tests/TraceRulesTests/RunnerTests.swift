import Testing
import TraceDecode

@testable import TraceRules

/// Two rules about keep-alives, one the cause of the other.
private struct Cause: Rule {
  static let limit = RuleOption("limit", default: 1, .segments, "probes from which on it speaks")
  static let info = RuleInfo(
    code: "PRF901", name: "cause", family: .performance, severity: .warning, summary: "A cause.",
    why: "It is.",
    remedy: "see", falsePositives: "None.", options: [limit], examples: [])
  static let observes: EpisodeKind = .probe
  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .probe(let e) = episode, e.count >= out[Self.limit], let first = e.probes.first else { return }
    out.report("was the cause", at: first, why: "it is", occurrences: e.count)
  }
}

private struct Consequence: Rule {
  static let info = RuleInfo(
    code: "PRF900", name: "consequence", family: .performance, severity: .note, summary: "A consequence.",
    why: "It is.", remedy: "see", falsePositives: "None.", consequenceOf: ["cause"], examples: [])
  static let observes: EpisodeKind = [.probe, .flowEnd]
  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .probe(let e) = episode, let first = e.probes.first else { return }
    out.report("was a consequence", at: first, severity: e.failed ? .info : nil, why: "it is")
  }
}

private struct OfTimeWait: Rule {
  static let info = RuleInfo(
    code: "PRF902", name: "waits", family: .performance, severity: .note, summary: "It waits.",
    why: "It does.",
    remedy: "see", falsePositives: "None.", examples: [])
  static let observes: EpisodeKind = .flowEnd
  static let flows: FlowTraits = [.responderWaits, .midStream]
  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    out.report("waits", frame: 1, why: "it does")
  }
}

private struct OfJudged: Rule {
  static let info = RuleInfo(
    code: "PRF903", name: "judged", family: .performance, severity: .note, summary: "It was judged.",
    why: "It was.", remedy: "see", falsePositives: "None.", examples: [])
  static let observes: EpisodeKind = [.probe, .flowEnd]
  static let flows: FlowTraits = .judged
  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    out.report("was judged", frame: 1, why: "it was")
  }
}

struct RunnerTests {
  private func run(
    _ configuration: RuleRunner.Configuration = .init(), _ body: (RuleRunner) -> Void
  ) -> [Finding] {
    let runner = RuleRunner(configuration: configuration, rules: [Consequence.self, Cause.self])
    body(runner)
    return runner.finish(CaptureReport())
  }

  private func flow(_ number: Int) -> FlowIdentity {
    let end = SocketAddress(address: IPAddress(v4: 0x0a00_0001), port: UInt16(number))
    return FlowIdentity(number: number, originator: end, responder: end, incarnation: 1, firstFrame: 1)
  }

  private func probe(frame: UInt64, count: Int = 1, failed: Bool = false) -> Episode {
    let segment = SegmentRef(
      frame: frame, time: Int64(frame), recordOffset: 0, sender: .originator, flags: .ack, start: 0, end: 0,
      ack: 0, window: 0, payload: 0, seq: 0)
    return .probe(
      ProbeEpisode(
        kind: .keepAlive, sender: .originator, probes: [segment], count: count, answered: 0, interval: nil,
        failed: failed))
  }

  @Test func aConsequenceNamesItsCauseAndFindingsComeInOrderOfFrames() throws {
    let found = run { runner in
      runner.episode(probe(frame: 9), of: flow(1))
      runner.episode(probe(frame: 4), of: flow(2))
    }
    #expect(found.map(\.frame) == [4, 4, 9, 9])
    #expect(found.map(\.code) == ["PRF900", "PRF901", "PRF900", "PRF901"])
    #expect(found.map(\.id) == [1, 2, 3, 4])
    #expect(found.map(\.causedBy) == [2, nil, 4, nil])
    #expect(found[0].endpoint == .originator && found[0].evidence.map(\.isOffence) == [true])
  }

  @Test func thresholdsSeveritiesAndSelectionAreTheConfigurations() {
    var configuration = RuleRunner.Configuration()
    configuration.settings = ["PRF901": ["limit": 3]]
    configuration.severities = ["PRF900": .error]
    let found = run(configuration) { runner in
      runner.episode(probe(frame: 1, count: 2), of: flow(1))
      runner.episode(probe(frame: 2, count: 3, failed: true), of: flow(1))
    }
    #expect(found.map(\.code) == ["PRF900", "PRF900", "PRF901"])
    #expect(found.map(\.severity) == [.error, .info, .warning], "what a rule calls harmless stays so")
    #expect(found[0].causedBy == nil && found[1].causedBy == found[2].id)

    configuration.disabled = ["PRF901"]
    #expect(
      run(configuration) { $0.episode(probe(frame: 1, count: 5), of: flow(1)) }.map(\.code) == ["PRF900"])
  }

  @Test func aLimitCutsWhatIsShownNotWhatIsCounted() {
    var configuration = RuleRunner.Configuration()
    configuration.findingsPerFlow = 2
    let found = run(configuration) { runner in
      for frame in 1...10 { runner.episode(probe(frame: UInt64(frame)), of: flow(1)) }
      runner.episode(probe(frame: 11), of: flow(2))
    }
    let causes = found.filter { $0.code == "PRF901" }
    #expect(causes.map(\.frame) == [1, 2, 11])
    #expect(causes.map(\.occurrences) == [1, 9, 1])

    configuration.findingsPerRule = 3
    let runner = RuleRunner(configuration: configuration, rules: [Cause.self])
    for number in 1...10 { runner.episode(probe(frame: UInt64(number)), of: flow(number)) }
    #expect(runner.findings.count == 3 && runner.uncollected == ["PRF901": 7])
  }

  /// What is only counted is a cause all the same, and is not put into words.
  @Test func aCountedCauseStillHasItsConsequence() {
    var configuration = RuleRunner.Configuration()
    configuration.findingsPerFlow = 2
    let found = run(configuration) { runner in
      // Two flows take turns.
      for frame in 1...6 {
        runner.episode(probe(frame: UInt64(frame), count: 3), of: flow(1))
        runner.episode(probe(frame: UInt64(frame + 100)), of: flow(2))
      }
    }
    let first = found.filter { $0.flow?.number == 1 && $0.code == "PRF901" }
    #expect(first.map(\.occurrences) == [3, 15])
    let second = found.filter { $0.flow?.number == 2 }
    #expect(second.map(\.code) == ["PRF900", "PRF901", "PRF900", "PRF901"])
    #expect(second.filter { $0.code == "PRF900" }.allSatisfy { $0.causedBy != nil })
    #expect(second.map(\.occurrences) == [1, 1, 5, 5])
  }

  @Test func aRuleIsToldOfTheFlowsItHasAUseFor() {
    let runner = RuleRunner(rules: [OfTimeWait.self, OfJudged.self])
    var report = FlowReport(flow: flow(1))
    runner.flowEnded(report)
    report.timeWaitHolder = .responder
    runner.flowEnded(report)
    runner.episode(probe(frame: 3), of: flow(2))
    runner.flowEnded(report)
    runner.flowEnded(FlowReport(flow: flow(2)))
    #expect(runner.findings.map(\.code) == ["PRF902", "PRF902", "PRF903"])
    #expect(runner.findings.last?.flow?.number == 2)
  }

  @Test func servicesAreNumberedInOrderAndUpToALimit() {
    var index = KeyIndex<SocketAddress>()
    let keys = (0..<3000).map {
      SocketAddress(address: IPAddress(v4: 0x0a00_0000 + $0 / 7), port: UInt16($0 % 7))
    }
    for (number, key) in keys.enumerated() {
      #expect(index.place(of: key, limit: 2000) == (number < 2000 ? number : nil))
    }
    for number in [0, 1, 1999] { #expect(index.place(of: keys[number], limit: 2000) == number) }
    #expect(index.count == 2000 && index.keys == Array(keys.prefix(2000)))
  }

  @Test func aStreamGetsEachFindingOnceAndItsTrueCountAtTheEnd() {
    var configuration = RuleRunner.Configuration()
    configuration.findingsPerFlow = 1
    let runner = RuleRunner(configuration: configuration, rules: [Cause.self])
    var streamed: [Finding] = []
    var amended: [Finding] = []
    var flows = 0
    runner.onFinding = { streamed.append($0) }
    runner.onAmendment = { amended.append($0) }
    runner.onFlow = { _ in flows += 1 }
    for frame in 1...5 { runner.episode(probe(frame: UInt64(frame)), of: flow(1)) }
    runner.flowEnded(FlowReport(flow: flow(1)))
    #expect(streamed.count == 1 && amended.map(\.occurrences) == [5] && amended[0].id == streamed[0].id)
    #expect(runner.finish(CaptureReport()).isEmpty && flows == 1)
  }

  @Test func droppedFramesWeakenWhatRestsOnThem() {
    var facts = CaptureFacts()
    facts.dropsBySystem = 5
    var loss = LossEpisode(sender: .originator, side: .downstream, confidence: .certain)
    guard case .probe(let e) = probe(frame: 3) else { return }
    var segment = e.probes[0]
    segment.payload = 100
    loss.retransmissions = [Retransmission(segment: segment, cause: .timeout, confidence: .certain)]
    loss.count = 1
    let runner = RuleRunner()
    runner.episode(.loss(loss), of: flow(1))
    let found = runner.finish(CaptureReport(), facts: facts).filter { $0.code.hasPrefix("SEQ") }
    #expect(found.map(\.code) == ["SEQ202", "SEQ207"])
    #expect(
      found.allSatisfy { $0.confidence == .likely && $0.alternatives.last?.contains("5 frames") == true })
    #expect(found.map(\.severity) == [.warning, .note] && found[1].causedBy == found[0].id)
  }

  @Test func selectionsNameWhatTheyDoNotKnow() {
    var configuration = RuleRunner.Configuration()
    #expect(configuration.select(["HSK", "fin-ack-lost"], ignore: ["HSK101", "nonsense"]) == ["nonsense"])
    #expect(configuration.disabled.contains("HSK101") && configuration.disabled.contains("SEQ201"))
    #expect(!configuration.disabled.contains("HSK102") && !configuration.disabled.contains("CLS502"))
  }
}
