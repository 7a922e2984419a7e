import TraceDecode
import TraceRules

/// Suricata's EVE JSON, a record a line: findings as alerts, flows that are over as flow records.
///
/// `signature_id` is the family's place in the catalogue times 1000 and the number of the code, so that it
/// never changes; `flow_id` is the flow's number in its capture.
/// Source: Suricata user guide, "EVE JSON Format".
public final class Eve: ReportWriter {
  private let out: ByteOutput
  private let minimum: Severity

  /// - Parameter minimum: The mildest severity that becomes an alert.
  public init(to out: ByteOutput, minimum: Severity = .note) {
    self.out = out
    self.minimum = minimum
  }

  public func finding(_ finding: Finding) {
    guard finding.severity >= minimum else { return }
    begin(finding.time, "alert")
    if let flow = finding.flow { ends(flow, from: finding.endpoint ?? .originator) }
    out.put(",\"alert\":{\"action\":\"allowed\",\"gid\":1,\"signature_id\":")
    out.put(Self.signature(finding.code))
    out.put(",\"rev\":1,\"signature\":")
    out.json("\(finding.code) \(finding.rule): \(finding.message)")
    out.put(",\"category\":")
    out.json(Family(rawValue: String(finding.code.prefix(3)))?.title ?? "")
    out.put(",\"severity\":")
    out.put(Self.priority(finding.severity))
    out.put("},\"flowlint\":{\"id\":")
    out.put(finding.id)
    out.put(",\"code\":")
    out.json(finding.code)
    out.put(",\"rule\":")
    out.json(finding.rule)
    out.put(",\"severity\":\"\(finding.severity.name)\",\"confidence\":\"\(finding.confidence.name)\"")
    out.put(",\"frame\":")
    out.put(finding.frame)
    out.put(",\"occurrences\":")
    out.put(finding.occurrences)
    out.put(",\"why\":")
    out.json(finding.why)
    out.put("}}\n")
  }

  public func flow(_ report: FlowReport) {
    begin(report.lastTime, "flow")
    ends(report.flow, from: .originator)
    out.put(",\"flow\":{\"pkts_toserver\":")
    out.put(report.originator.metrics.packets)
    out.put(",\"pkts_toclient\":")
    out.put(report.responder.metrics.packets)
    out.put(",\"bytes_toserver\":")
    out.put(report.originator.metrics.octetsIP)
    out.put(",\"bytes_toclient\":")
    out.put(report.responder.metrics.octetsIP)
    out.put(
      ",\"start\":\"\(Self.timestamp(report.firstTime))\",\"end\":\"\(Self.timestamp(report.lastTime))\"")
    out.put(",\"age\":")
    out.put(max(0, report.lastTime &- report.firstTime) / 1_000_000_000)
    out.put(",\"state\":\"closed\",\"reason\":\"\(report.outcome.name)\"},\"flowlint\":{\"outcome\":\"")
    out.put("\(report.outcome.name)\",\"originator_state\":\"\(report.originator.state.name)\"")
    out.put(",\"responder_state\":\"\(report.responder.state.name)\"}}\n")
  }

  public func withdraw(_ finding: Finding) {
    guard finding.severity >= minimum else { return }
    begin(finding.time, "flowlint")
    out.put(",\"flowlint\":{\"withdrawn\":\(finding.id),\"code\":\"\(finding.code)\"}}\n")
  }

  public func finish(_ summary: RunSummary) { out.flush() }

  private func begin(_ time: Int64?, _ type: String) {
    out.put("{\"timestamp\":\"\(Self.timestamp(time ?? 0))\",\"event_type\":\"\(type)\"")
  }

  private func ends(_ flow: FlowIdentity, from role: Role) {
    out.put(",\"flow_id\":")
    out.put(flow.number)
    out.put(",\"src_ip\":\"\(flow[role].address)\",\"src_port\":\(flow[role].port)")
    out.put(",\"dest_ip\":\"\(flow[role.peer].address)\",\"dest_port\":\(flow[role.peer].port)")
    out.put(",\"proto\":\"TCP\",\"community_id\":\"")
    out.putCommunityID(CommunityIDSource(flow: flow))
    out.put("\"")
  }

  /// 1 is the gravest.
  private static func priority(_ severity: Severity) -> Int { 4 - Int(severity.rawValue) }

  static func signature(_ code: String) -> Int {
    let family = Family.allCases.firstIndex { $0.code == code.prefix(3) } ?? Family.allCases.count
    return (family + 1) * 1000 + (Int(code.dropFirst(3)) ?? 0)
  }

  /// `2026-11-21T15:01:22.123456+0000`. Units: nanoseconds.
  private static func timestamp(_ nanoseconds: Int64) -> String {
    let micros = String(max(0, nanoseconds) / 1000 % 1_000_000 + 1_000_000).dropFirst()
    return JUnit.timestamp(nanoseconds) + ".\(micros)+0000"
  }
}
