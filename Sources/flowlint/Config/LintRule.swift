import TraceReport
import TraceRules

/// What `lint` itself finds: about the recording and its contracts, not about TCP.
///
/// They are named, selected and documented as the rules of `Registry` are; they always run unless ignored.
enum LintRule {
  static let contractBroken = rule(
    "LNT101", "contract-broken", .error, "The recording does not fulfil an expectation of the configuration.",
    "A contract says what the system under test must show on the wire; here it does not.",
    "look at the flows it names; if they are right, change the expectation in the configuration")
  static let contractNotJudged = rule(
    "LNT102", "contract-not-judged", .note,
    "The recording does not tell whether an expectation is fulfilled.",
    "What the capture does not hold is neither for nor against the contract.",
    "record nearer to the endpoint, from before the first connection, with a longer snapshot length")
  static let tooFewFlows = rule(
    "LNT201", "too-few-flows", .warning, "The recording holds fewer TCP flows than required.",
    "An empty recording has no findings: a test that recorded nothing would pass unseen.",
    "check that the capture ran on the interface the traffic takes, with the right filter and rights")
  static let captureCut = rule(
    "LNT202", "capture-cut", .warning, "The capture ends in the middle of a record, or is damaged.",
    "What came after was not judged.",
    "stop the capture in order (SIGINT, not SIGKILL) and check the disk; record again")
  static let captureTooPoor = rule(
    "LNT203", "capture-too-poor", .note, "The capture lacks too much for a verdict on the network.",
    "Findings would describe the recording, not the traffic.",
    "record with a larger buffer (tcpdump -B), closer to an endpoint, in both directions")

  /// What the rules call the same, where they run: lint speaks only where they do not.
  static let twins = [tooFewFlows.code: "CAP116", captureCut.code: "CAP117"]

  static let infos = [contractBroken, contractNotJudged, tooFewFlows, captureCut, captureTooPoor]
  static let family = "LNT"
  static let title = "Of 'flowlint lint' itself"

  private static func rule(
    _ code: String, _ name: String, _ severity: Severity, _ summary: String, _ why: String, _ remedy: String
  ) -> RuleInfo {
    RuleInfo(
      code: code, name: name, family: .capture, severity: severity, summary: summary, why: why,
      remedy: remedy,
      falsePositives: "", examples: [])
  }

  /// Every rule a configuration can name.
  static var all: [RuleInfo] { Registry.infos + infos }

  static func info(_ code: String) -> RuleInfo? { all.first { $0.code == code } }

  /// As `Registry.codes`, lint's own rules included.
  static func codes(for word: String) -> Set<String>? {
    if word == "ALL" { return Set(all.map(\.code)) }
    if word == family { return Set(infos.map(\.code)) }
    if let own = infos.first(where: { $0.code == word || $0.name == word }) { return [own.code] }
    return Registry.codes(for: word)
  }

  static func suggestion(for word: String) -> String? {
    let names = all.flatMap { [$0.name, $0.code] + $0.aliases } + Family.allCases.map(\.code) + [family]
    return Registry.nearest(to: word, among: names)
  }
}

extension RuleOption {
  private var quantity: QuantityUnit? {
    switch unit {
    case .nanoseconds: .time
    case .octets: .octets
    case .none, .segments, .perSecond: .count
    case .percent: nil
    }
  }

  /// The value a configuration gives; nil when it is none of the option's kind.
  func value(of text: String) -> Int64? {
    if let quantity { return quantity.value(of: text) }
    return QuantityUnit.count.value(of: text.hasSuffix("%") ? String(text.dropLast()) : text)
  }

  var expectation: String { quantity?.expectation ?? "a percentage, as 2%" }
}
