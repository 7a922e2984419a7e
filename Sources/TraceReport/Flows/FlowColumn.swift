import TraceDecode
import TraceRules

/// One column of the flow table: a name of METRICS, or one of those that are no number.
public struct FlowColumn: Sendable {
  /// As it was asked for; the heading in CSV.
  public var name: String
  /// The heading for people.
  public var title: String
  let value: @Sendable (FlowRow) -> FlowCell

  /// A value of a cell, which sorts and prints.
  enum FlowCell: Sendable {
    case text(String)
    /// nil is not known.
    case number(Int64?, QuantityUnit)
  }

  /// Columns that are no metrics, as the documentation lists them.
  public static let named: [(name: String, summary: String)] = [
    ("flow", "the flow's number"), ("originator", "who opened it, address and port"),
    ("responder", "the other end"), ("start", "first frame, since the capture began"),
    ("duration", "first to last frame"), ("outcome", "how it ended"),
    ("state_originator", "its last RFC 9293 state"), ("state_responder", "its last RFC 9293 state"),
    ("states", "the last states of originator and responder"),
    ("losses", "segments sent again, by why"), ("conn_state", "Zeek's code"), ("history", "Zeek's letters"),
    ("community_id", "Community ID, version 1"),
    ("vantage", "where the capture was taken"), ("vlan", "the innermost VLAN"),
    ("active_closer", "who closed first"), ("time_wait_holder", "who holds TIME-WAIT"),
    ("findings", "what was found, note and worse"), ("worst", "the worst finding"),
  ]

  /// What a table shows that is not told which columns.
  public static let standard = [
    "flow", "originator", "responder", "duration", "outcome", "states", "originator.bytes_unique",
    "responder.bytes_unique", "rtt_to_originator", "rtt_to_responder", "losses", "worst",
  ]

  /// The column of that name: one of `named`, or a metric as expressions write it.
  public init(_ name: String) throws(FlowExpressionError) {
    self.name = name
    title = name
    switch name {
    case "flow": value = { .number(Int64($0.report.flow.number), .count) }
    case "originator": value = { .text($0.report.flow.originator.description) }
    case "responder": value = { .text($0.report.flow.responder.description) }
    case "start": value = { .number($0.report.firstTime &- $0.captureStart, .time) }
    case "outcome": value = { .text($0.report.outcome.name) }
    case "state_originator": value = { .text($0.report.originator.state.name) }
    case "state_responder": value = { .text($0.report.responder.state.name) }
    case "states": value = { .text("\($0.report.originator.state.name) \($0.report.responder.state.name)") }
    case "losses": value = { .text($0.losses) }
    case "conn_state": value = { .text($0.report.connState.description) }
    case "history": value = { .text(String(decoding: $0.report.history, as: UTF8.self)) }
    case "community_id": value = { .text($0.report.communityIDText) }
    case "vantage": value = { .text($0.report.vantage.name) }
    case "vlan": value = { .number($0.report.flow.vlan == 0 ? nil : Int64($0.report.flow.vlan), .count) }
    case "active_closer": value = { .text($0.report.activeCloser?.name ?? "") }
    case "time_wait_holder": value = { .text($0.report.timeWaitHolder?.name ?? "") }
    case "findings":
      value = { .number(Int64($0.findings.lazy.filter { $0.severity >= .note }.count), .count) }
    case "worst":
      value = { row in
        guard let worst = row.worst else { return .text("") }
        return .text("\(worst.severity.name) \(worst.rule)")
      }
    default:
      let metric = try MetricReference(name)
      value = { .number(metric.value(in: $0.report), metric.unit) }
      title = Self.titles[name] ?? name
      needsLedger = metric.needsLedger
    }
  }

  /// Whether the analysis must keep ledgers for it (`AnalyzerOptions.ledger`).
  public private(set) var needsLedger = false

  private static let titles = [
    "originator.bytes_unique": "octets >", "responder.bytes_unique": "< octets", "rexmit_segs": "again",
    "rtt_to_originator": "< rtt", "rtt_to_responder": "rtt >", "duration": "lasts",
  ]

  static func isLess(_ a: FlowCell, _ b: FlowCell) -> Bool {
    switch (a, b) {
    case (.text(let x), .text(let y)): x < y
    // What is not known comes last whichever way.
    case (.number(let x, _), .number(let y, _)): (x ?? .max) < (y ?? .max)
    default: false
    }
  }
}

/// A flow, and what was found in it.
public struct FlowRow: Sendable {
  public var report: FlowReport
  public var findings: [Finding]
  /// Units: nanoseconds since the epoch.
  public var captureStart: Int64

  public init(report: FlowReport, findings: [Finding], captureStart: Int64) {
    self.report = report
    self.findings = findings
    self.captureStart = captureStart
  }

  /// `3 fast, 1 time-out`; empty when nothing was sent again.
  var losses: String {
    let sides = [report.originator.metrics, report.responder.metrics]
    func sum(_ count: (DirectionMetrics) -> UInt32) -> UInt64 { sides.reduce(0) { $0 &+ UInt64(count($1)) } }
    let causes: [(UInt64, String)] = [
      (sum(\.retransmittedFast), "fast"), (sum(\.retransmittedTimeout), "time-out"),
      (sum(\.retransmittedProbe), "probe"), (sum(\.retransmittedLossRecovery), "recovery"),
    ]
    let all = sum(\.retransmittedSegments)
    let named = causes.reduce(0) { $0 &+ $1.0 }
    var words = causes.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    if all > named { words.append("\(all - named) other") }
    let needless = sum(\.retransmittedSpurious)
    if needless > 0 { words.append("\(needless) needless") }
    return words.joined(separator: ", ")
  }

  var worst: Finding? {
    findings.filter { $0.severity >= .note }.min(by: Text.isWorse)
  }
}
