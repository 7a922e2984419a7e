import Foundation
import TraceCapture
import TraceDecode
import TraceRules

/// A capture held whole in memory, so that a test can change it and have it judged again.
public struct Recording: Sendable {
  /// One record of it.
  public struct Record: Sendable {
    /// Units: nanoseconds since the Unix epoch.
    public var time: Int64
    public var bytes: [UInt8]
    public var wireLength: UInt32
    public var linkType: LinkType

    public init(time: Int64, bytes: [UInt8], wireLength: UInt32? = nil, linkType: LinkType = .ethernet) {
      self.time = time
      self.bytes = bytes
      self.wireLength = wireLength ?? UInt32(clamping: bytes.count)
      self.linkType = linkType
    }
  }

  public var records: [Record]

  public init(records: [Record] = []) { self.records = records }

  /// Reads a saved capture.
  public init(path: String) throws {
    records = []
    try forEachFrame(of: path) { records.append(Record($0)) }
  }

  /// Reads what a source yields to its end.
  public init(_ source: any CaptureSource) throws {
    var records: [Record] = []
    while try source.nextBatch({ for frame in $0 { records.append(Record(frame)) } }) > 0 {}
    self.records = records
  }

  /// What flowlint makes of it.
  public func judged(
    limits: Limits = Limits(), rules: RuleRunner.Configuration = RuleRunner.Configuration(),
    ledger: Bool = false
  ) -> Judgement {
    var options = AnalyzerOptions()
    options.ledger = ledger
    options.limits = limits
    options.frameVerdicts = true
    var judgement = Judgement()
    let runner = RuleRunner(configuration: rules)
    runner.onVerdict = { verdict, frame, _ in judgement.verdicts[frame, default: []].formUnion(verdict) }
    runner.onFlow = { judgement.flows.append($0) }
    let analyzer = Analyzer(options: options, sink: runner)
    for (index, record) in records.enumerated() {
      record.bytes.withUnsafeBytes { bytes in
        analyzer.accept(
          Frame(
            number: UInt64(index + 1), time: record.time, recordOffset: UInt64(index), bytes: bytes,
            wireLength: record.wireLength, linkType: record.linkType))
      }
    }
    let report = analyzer.finish()
    judgement.findings = runner.finish(report)
    judgement.flows.sort { $0.flow.number < $1.flow.number }
    return judgement
  }
}

extension Recording.Record {
  init(_ frame: Frame) {
    self.init(
      time: frame.time, bytes: Array(frame.bytes), wireLength: frame.wireLength, linkType: frame.linkType)
  }
}

/// Verdicts, flows and findings of one recording.
public struct Judgement: Sendable {
  public var verdicts: [UInt64: FrameVerdict] = [:]
  /// In order of their first frames.
  public var flows: [FlowReport] = []
  public var findings: [Finding] = []
  public init() {}

  /// Findings of at least `severity`, one a line.
  public func told(from severity: Severity = .note) -> [String] {
    findings.filter { $0.severity >= severity }.map {
      "\($0.code) \($0.rule) \($0.severity.name) frame \($0.frame): \($0.message)"
    }
  }
}

/// A small seeded generator (SplitMix64), so that a test draws the same numbers everywhere.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// Seeded with a text, as the name of what is drawn for.
  public init(_ text: String) {
    state = text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
