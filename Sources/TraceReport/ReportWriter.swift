import TraceDecode
import TraceRules

/// One output format; a run feeds any number of them with the same events.
///
/// Order of calls: for each capture `begin`, then verdicts, flows and findings as they are decided, then `end`;
/// after the last capture `finish`.
public protocol ReportWriter: AnyObject {
  /// Whether `verdict` is to be called, which costs the analysis something.
  var wantsFrameVerdicts: Bool { get }
  /// Whether `segment` and `episode` are to be called, which costs the analysis more.
  var wantsSegments: Bool { get }
  /// Whether flows are to come with what only ledgers hold, which costs the analysis more.
  var wantsLedger: Bool { get }
  func begin(file: String)
  /// A segment as it was taken in, before its flow's report; its octets are lent for the call.
  func segment(_ segment: StreamSegment, of flow: FlowIdentity)
  func episode(_ episode: Episode, of flow: FlowIdentity)
  func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity)
  func flow(_ report: FlowReport)
  func finding(_ finding: Finding)
  /// Takes back a finding of that id, shown ahead of its flow's end (live only), which its end did not confirm.
  func withdraw(_ finding: Finding)
  /// A finding that is known and not reported; it comes among the others.
  func silenced(_ finding: Finding, by silence: Silence)
  func end(_ capture: CaptureRecord)
  /// A capture that could not be read, or not to its end.
  func failed(file: String, reason: String)
  func finish(_ summary: RunSummary)
}

extension ReportWriter {
  public var wantsFrameVerdicts: Bool { false }
  public var wantsSegments: Bool { false }
  public var wantsLedger: Bool { false }
  public func begin(file: String) {}
  public func segment(_ segment: StreamSegment, of flow: FlowIdentity) {}
  public func episode(_ episode: Episode, of flow: FlowIdentity) {}
  public func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {}
  public func flow(_ report: FlowReport) {}
  public func finding(_ finding: Finding) {}
  public func withdraw(_ finding: Finding) {}
  public func silenced(_ finding: Finding, by silence: Silence) {}
  public func failed(file: String, reason: String) {}
  public func end(_ capture: CaptureRecord) {}
}

/// Why a finding is not reported.
public enum Silence: Sendable, Hashable {
  /// It is no more than what the baseline holds.
  case baseline
  /// A configuration says so, at `place` (file:line:column).
  case configuration(reason: String, place: String)
  /// A comment in the capture says so.
  case comment(reason: String)

  /// Why, for people.
  public var reason: String {
    switch self {
    case .baseline: "known, in the baseline"
    case .configuration(let reason, _), .comment(let reason): reason
    }
  }
}

/// What is known of one capture file when it has been read.
public struct CaptureRecord: Sendable {
  public var file: String
  /// `pcap`, `pcapng`; nil when not known.
  public var format: String?
  /// LINKTYPE_ names, as `EN10MB`.
  public var linkTypes: [String] = []
  /// `little` or `big`; nil when not known.
  public var byteOrder: String?
  /// Byte offset where the file ends before its records do; nil when it is whole.
  public var truncatedAt: UInt64?
  /// Findings that were counted and not kept, by code.
  public var findingsOmitted: [String: Int] = [:]
  public var report: CaptureReport

  public init(file: String, report: CaptureReport) {
    self.file = file
    self.report = report
  }

  /// What could not be judged in this capture, in words.
  public var notJudged: [String] {
    var reasons: [String] = []
    if report.offloadChecksums > 0 {
      let hosts = report.offloadHosts.prefix(3).map(\.description)
      reasons.append(
        "checksums (left to the network card\(hosts.isEmpty ? "" : " on " + Format.list(hosts)))")
    }
    func add(_ count: Int, _ noun: String, _ words: String) {
      if count > 0 { reasons.append("\(Format.grouped(count)) \(noun)\(count == 1 ? "" : "s") \(words)") }
    }
    add(report.midStreamFlows, "flow", "seen only from mid-stream")
    add(report.asymmetricFlows, "flow", "seen in one direction only")
    add(Int(clamping: report.shedFlows), "flow", "dropped at a limit")
    add(Int(clamping: report.undecodable.values.reduce(0, &+)), "frame", "that could not be decoded")
    return reasons
  }
}

/// How many findings of each severity.
public struct SeverityCounts: Sendable, Hashable {
  private var counts = [0, 0, 0, 0]
  public init() {}
  /// All severities together.
  public var total: Int { counts.reduce(0, +) }
  public subscript(severity: Severity) -> Int {
    get { counts[Int(severity.rawValue)] }
    set { counts[Int(severity.rawValue)] = newValue }
  }
}

/// Totals of a run.
public struct RunSummary: Sendable {
  public var captures = 0
  /// Captures that could not be read, or not to their end.
  public var unreadable = 0
  public var flows = 0
  public var packets: UInt64 = 0
  public var findings = SeverityCounts()
  /// Findings that are not reported: those of the baseline, and those suppressed.
  public var known = 0
  public var suppressed = 0
  /// What could not be judged, in words, each once.
  public var notJudged: [String] = []
  /// Wall time of the run, as its caller measured it; nil leaves it out. Units: nanoseconds.
  public var elapsed: Int64?
  public init() {}

  /// Adds one capture; its findings are counted as they come.
  public mutating func add(_ capture: CaptureRecord) {
    captures += 1
    flows += capture.report.flows
    packets &+= capture.report.packets
    for reason in capture.notJudged where !notJudged.contains(reason) { notJudged.append(reason) }
  }
}
