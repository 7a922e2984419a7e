import TraceDecode
import TraceReport
import TraceRules

/// The flows of the view: which are shown, in what order, and how fast they are.
///
/// Limits: `flowsLooked` flows; of more, the newest.
struct FlowBoard {
  struct Row {
    var flow: LiveFlow
    /// Payload octets a second, both ways, over the last second.
    var rate: UInt64
    var worst: Worst?
    var octets: UInt64 { flow.octetsFromOriginator &+ flow.octetsFromResponder }
  }

  struct Worst {
    var severity: Severity
    var code: String
    var message: String
  }

  enum Order: String, CaseIterable {
    case worst, rate, rtt, octets, recent, number

    var next: Order {
      let all = Order.allCases
      let i = all.firstIndex(of: self) ?? 0
      return all[(i + 1) % all.count]
    }
  }

  var order = Order.worst
  var filter: FlowExpression? { didSet { verdicts = [:] } }
  private(set) var rows: [Row] = []
  /// Flows there are, those that the filter leaves out included.
  private(set) var total = 0
  /// What was found in each flow that is remembered.
  private var findings: [Int: [Finding]] = [:]
  private var octets: [Int: UInt64] = [:]
  private var rates: [Int: UInt64] = [:]
  private var measured: Int64 = 0
  /// What the filter said of a flow when it had so many packets and findings.
  private var verdicts: [Int: (packets: UInt64, findings: Int, isMeant: Bool)] = [:]

  private static let flowsLooked = 100_000
  private static let findingsKept = 64
  /// Units: nanoseconds.
  private static let rateOver: Int64 = 1_000_000_000

  mutating func finding(_ finding: Finding) {
    guard let flow = finding.flow?.number else { return }
    if let i = findings[flow]?.firstIndex(where: { $0.id == finding.id }) {
      findings[flow]?[i] = finding
    } else if findings[flow]?.count ?? 0 < Self.findingsKept {
      findings[flow, default: []].append(finding)
    }
  }

  mutating func withdraw(_ finding: Finding) {
    guard let flow = finding.flow?.number else { return }
    findings[flow]?.removeAll { $0.id == finding.id }
  }

  mutating func ended(_ flow: Int) { findings[flow] = nil }

  /// In order of frames.
  func findings(of flow: Int) -> [Finding] { (findings[flow] ?? []).sorted { $0.frame < $1.frame } }

  /// Looks at the flows as they are now. Units: `now` in nanoseconds.
  mutating func refresh(_ analyzer: Analyzer, _ now: Int64) {
    let live = analyzer.liveFlows(limit: Self.flowsLooked)
    total = analyzer.liveFlowCount
    measureRates(live, now)
    rows = live.compactMap { flow in
      guard isMeant(flow, analyzer) else { return nil }
      let worst = findings[flow.flow.number]?.max { $0.severity < $1.severity }
      return Row(
        flow: flow, rate: rates[flow.flow.number] ?? 0,
        worst: worst.map { Worst(severity: $0.severity, code: $0.code, message: $0.message) })
    }
    sort()
  }

  private mutating func measureRates(_ live: [LiveFlow], _ now: Int64) {
    let time = now &- measured
    guard time >= Self.rateOver else { return }
    var current: [Int: UInt64] = [:]
    var fresh: [Int: UInt64] = [:]
    current.reserveCapacity(live.count)
    for flow in live {
      let sum = flow.octetsFromOriginator &+ flow.octetsFromResponder
      let number = flow.flow.number
      current[number] = sum
      let grown = sum &- min(sum, octets[number] ?? (measured == 0 ? sum : 0))
      if grown > 0 { fresh[number] = UInt64(Double(grown) * 1e9 / Double(time)) }
    }
    (octets, rates, measured) = (current, fresh, now)
  }

  /// Whether the filter means the flow; asked anew only when something has happened to it.
  private mutating func isMeant(_ flow: LiveFlow, _ analyzer: Analyzer) -> Bool {
    guard let filter else { return true }
    let number = flow.flow.number
    let found = findings[number] ?? []
    if let known = verdicts[number], known.packets == flow.packets, known.findings == found.count {
      return known.isMeant
    }
    let isMeant = analyzer.report(of: number).map { filter.matches($0, findings: found) } ?? false
    if verdicts.count > 2 * Self.flowsLooked { verdicts = [:] }
    verdicts[number] = (flow.packets, found.count, isMeant)
    return isMeant
  }

  mutating func sort() {
    func rank(_ row: Row) -> Int64 {
      switch order {
      case .worst: row.worst.map { Int64($0.severity.rawValue) + 1 } ?? 0
      case .rate: Int64(clamping: row.rate)
      case .rtt: row.flow.roundTrip ?? -1
      case .octets: Int64(clamping: row.octets)
      case .recent: row.flow.lastTime
      case .number: 0
      }
    }
    rows.sort { a, b in
      let (x, y) = (rank(a), rank(b))
      // Of equals the newest first, so that rows stay where they are.
      return x != y ? x > y : a.flow.flow.number > b.flow.flow.number
    }
  }
}
