import Synchronization
import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

/// What a watch has counted, as Prometheus reads it (text format 0.0.4). Never labelled by address.
struct Metrics {
  private struct Label: Hashable {
    var code: String
    var rule: String
    var severity: Severity
  }
  private var findings: [Label: UInt64] = [:]
  private var outcomes: [Outcome: UInt64] = [:]
  private var roundTrips = [Histogram(), Histogram()]

  private struct Histogram {
    /// Upper bounds. Units: seconds, and nanoseconds.
    static let bounds: [(text: String, value: Int64)] = [
      ("0.0001", 100_000), ("0.00025", 250_000), ("0.0005", 500_000), ("0.001", 1_000_000),
      ("0.0025", 2_500_000), ("0.005", 5_000_000), ("0.01", 10_000_000), ("0.025", 25_000_000),
      ("0.05", 50_000_000), ("0.1", 100_000_000), ("0.25", 250_000_000), ("0.5", 500_000_000),
      ("1", 1_000_000_000), ("2.5", 2_500_000_000), ("5", 5_000_000_000),
    ]
    var counts = [UInt64](repeating: 0, count: bounds.count + 1)
    var sum: Int64 = 0
    mutating func add(_ value: Int64) {
      counts[Self.bounds.firstIndex { value <= $0.value } ?? Self.bounds.count] &+= 1
      sum &+= value
    }
  }

  mutating func count(_ finding: Finding) {
    findings[Label(code: finding.code, rule: finding.rule, severity: finding.severity), default: 0] &+= 1
  }
  /// A counter never goes back: what is withdrawn is counted beside.
  mutating func withdraw() { withdrawn &+= 1 }
  private var withdrawn: UInt64 = 0
  mutating func count(_ outcome: Outcome) { outcomes[outcome, default: 0] &+= 1 }
  mutating func count(roundTrip: Int64, to role: Role) {
    roundTrips[role == .originator ? 0 : 1].add(roundTrip)
  }

  /// Everything, with what the analyzer and the source know.
  func text(_ analyzer: Analyzer, _ source: LiveSource) -> String {
    var text = ""
    func family(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: String)])
    {
      text += "# HELP flowlint_\(name) \(help)\n# TYPE flowlint_\(name) \(type)\n"
      for (labels, value) in samples { text += "flowlint_\(name)\(labels) \(value)\n" }
    }
    let counts = analyzer.counts
    let info = source.info
    family("build_info", "gauge", "Version of flowlint.", [("{version=\"\(Flowlint.version)\"}", "1")])
    family("packets_total", "counter", "Frames captured.", [("", "\(counts.packets)")])
    family("tcp_packets_total", "counter", "Frames that held a TCP segment.", [("", "\(counts.tcpPackets)")])
    family("octets_total", "counter", "Octets of the frames on the wire.", [("", "\(counts.octetsOnWire)")])
    family(
      "dropped_packets_total", "counter", "Frames lost before the analysis, by place.",
      [
        ("{place=\"kernel\"}", "\(info.droppedBySystem ?? 0)"),
        ("{place=\"interface\"}", "\(info.droppedByInterface ?? 0)"), ("{place=\"queue\"}", "0"),
      ])
    family(
      "queue_stalls_total", "counter", "Times the capture had to wait for the analysis.",
      [("", "\(source.stalls)")])
    var phases = [UInt64](repeating: 0, count: LiveFlow.Phase.allCases.count)
    analyzer.visitFlows { phases[Int($0.rawValue)] &+= 1 }
    family(
      "live_flows", "gauge", "Flows remembered at present, by how far they have come.",
      LiveFlow.Phase.allCases.map { phase in
        ("{state=\"\(phase.name)\"}", "\(phases[Int(phase.rawValue)])")
      })
    family("flows_total", "counter", "Flows seen.", [("", "\(counts.flows)")])
    family(
      "flows_ended_total", "counter", "Flows that are over, by outcome.",
      outcomes.sorted { $0.key.rawValue < $1.key.rawValue }.map {
        ("{outcome=\"\($0.key.name)\"}", "\($0.value)")
      })
    family(
      "findings_total", "counter", "Findings told, by rule and severity.",
      findings.sorted { ($0.key.code, $0.key.severity) < ($1.key.code, $1.key.severity) }.map {
        (
          "{code=\"\($0.key.code)\",rule=\"\($0.key.rule)\",severity=\"\($0.key.severity.name)\"}",
          "\($0.value)"
        )
      })
    family(
      "findings_withdrawn_total", "counter",
      "Findings told ahead of a flow's end that its end did not confirm.",
      [("", "\(withdrawn)")])
    text += "# HELP flowlint_rtt_seconds First round trip of a flow between capture point and host.\n"
    text += "# TYPE flowlint_rtt_seconds histogram\n"
    for (side, histogram) in zip(["originator", "responder"], roundTrips) {
      var sum: UInt64 = 0
      for (bound, count) in zip(Histogram.bounds, histogram.counts) {
        sum &+= count
        text += "flowlint_rtt_seconds_bucket{side=\"\(side)\",le=\"\(bound.text)\"} \(sum)\n"
      }
      sum &+= histogram.counts[Histogram.bounds.count]
      text += "flowlint_rtt_seconds_bucket{side=\"\(side)\",le=\"+Inf\"} \(sum)\n"
      text += "flowlint_rtt_seconds_sum{side=\"\(side)\"} \(Self.seconds(histogram.sum))\n"
      text += "flowlint_rtt_seconds_count{side=\"\(side)\"} \(sum)\n"
    }
    return text
  }

  private static func seconds(_ nanoseconds: Int64) -> String {
    let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    return "\(whole).\(String(rest + 1_000_000_000).dropFirst())"
  }
}
