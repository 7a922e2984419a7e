import TraceDecode
import TraceRules

/// The version of the records' keys: a key never changes its meaning within one.
public let schemaVersion = 1

/// The JSON records that `JSON` and `JSONLines` share; docs/flowlint.schema.json describes them.
extension ByteOutput {
  func record(_ capture: CaptureRecord) {
    let report = capture.report
    put("{\"type\":\"capture\",\"schema_version\":")
    put(schemaVersion)
    put(",\"file\":")
    json(capture.file)
    put(",\"format\":")
    json(capture.format)
    put(",\"link_types\":")
    jsonStrings(capture.linkTypes)
    put(",\"packets\":")
    put(report.packets)
    put(",\"tcp_packets\":")
    put(report.tcpPackets)
    put(",\"flows\":")
    put(report.flows)
    put(",\"tcp_flows\":")
    put(report.fourTuples)
    put(",\"bytes_captured\":")
    put(report.octetsCaptured)
    put(",\"bytes_on_wire\":")
    put(report.octetsOnWire)
    put(",\"first_time_ns\":")
    json(report.firstTime)
    put(",\"last_time_ns\":")
    json(report.lastTime)
    put(",\"duration_ns\":")
    json(report.firstTime.flatMap { first in report.lastTime.map { max(0, $0 &- first) } })
    put(",\"byte_order\":")
    json(capture.byteOrder)
    put(",\"snaplen\":")
    json(report.snapLength)
    put(",\"truncated_at\":")
    json(capture.truncatedAt)
    put(",\"truncated_packets\":")
    put(report.truncatedPackets)
    put(",\"drops\":")
    if report.dropsByInterface == nil, report.dropsBySystem == nil {
      put("null")
    } else {
      put("{\"interface\":")
      json(report.dropsByInterface)
      put(",\"system\":")
      json(report.dropsBySystem)
      put("}")
    }
    put(",\"filter_accepted\":")
    json(report.acceptedByFilter)
    put(",\"shed_flows\":")
    put(report.shedFlows)
    put(",\"time_regressions\":")
    put(report.timeRegressions)
    put(",\"max_regression_ns\":")
    put(report.largestRegression)
    put(",\"clock_steps\":")
    put(report.clockSteps.count)
    put(",\"duplicates\":")
    put(report.duplicates)
    put(",\"duplicates_by_capture\":")
    json(report.duplicatesAreCapture)
    let hasCopies = report.duplicates > 0
    put(",\"duplicate_lag_ns\":")
    json(hasCopies ? report.duplicateLag : nil)
    put(",\"duplicates_other_ttl\":")
    json(hasCopies ? report.duplicatesWithOtherTTL : nil)
    put(",\"duplicates_other_link\":")
    json(hasCopies ? report.duplicatesWithOtherLink : nil)
    put(",\"reordered_pairs\":")
    put(report.reorderedPairs)
    put(",\"bytes_missing\":")
    put(report.gapOctets)
    put(",\"capture_loss_ratio_bytes\":")
    json(ratio: report.lossRatio)
    put(",\"capture_loss_ratio_acks\":")
    json(ratio: report.ackLossRatio)
    put(",\"bad_checksum\":")
    put(report.badChecksums)
    put(",\"rewritten_checksum\":")
    put(report.rewrittenChecksums)
    put(",\"offload_checksum\":")
    put(report.offloadChecksums)
    put(",\"super_segments\":")
    put(report.superSegments)
    put(",\"asymmetric_flows\":")
    put(report.asymmetricFlows)
    put(",\"midstream_flows\":")
    put(report.midStreamFlows)
    put(",\"fragments\":")
    put(report.fragments)
    put(",\"fragments_unfinished\":")
    put(report.fragmentsUnfinished)
    put(",\"not_tcp\":")
    put(report.notTCP)
    put(",\"undecodable\":{")
    var first = true
    for (name, count) in report.undecodableByName {
      if !first { put(",") }
      first = false
      json(name)
      put(":")
      put(count)
    }
    put("},\"findings_omitted\":{")
    for (i, omitted) in capture.findingsOmitted.sorted(by: { $0.key < $1.key }).enumerated() {
      if i > 0 { put(",") }
      json(omitted.key)
      put(":")
      put(omitted.value)
    }
    put("},\"not_judged\":")
    jsonStrings(capture.notJudged)
    put("}")
  }

  func record(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity, file: String) {
    put("{\"type\":\"frame\",\"file\":")
    json(file)
    put(",\"frame\":")
    put(frame)
    put(",\"flow\":")
    put(flow.number)
    put(",\"verdicts\":[")
    for (i, name) in verdict.names.enumerated() {
      put(i == 0 ? "\"" : ",\"")
      put(name)
      put("\"")
    }
    put("]}")
  }

  func record(_ finding: Finding, file: String) {
    put("{\"type\":\"finding\",\"file\":")
    json(file)
    put(",\"id\":")
    put(finding.id)
    put(",\"code\":")
    json(finding.code)
    put(",\"rule\":")
    json(finding.rule)
    put(",\"severity\":\"")
    put(finding.severity.name)
    put("\",\"confidence\":\"")
    put(finding.confidence.name)
    put("\",\"frame\":")
    jsonFrame(finding.frame)
    put(",\"byte_offset\":")
    json(finding.recordOffset.flatMap { $0 == 0 ? nil : $0 })
    put(",\"time_ns\":")
    json(finding.time)
    put(",\"flow\":")
    json(finding.flow?.number)
    put(",\"originator\":")
    json(finding.flow?.originator)
    put(",\"responder\":")
    json(finding.flow?.responder)
    put(",\"endpoint\":")
    json(role: finding.endpoint)
    put(",\"message\":")
    json(finding.message)
    put(",\"why\":")
    json(finding.why)
    put(",\"do\":")
    json(finding.remedy)
    put(",\"alternatives\":")
    jsonStrings(finding.alternatives)
    put(",\"evidence\":[")
    for (i, evidence) in finding.evidence.enumerated() {
      if i > 0 { put(",") }
      put("{\"frame\":")
      jsonFrame(evidence.segment.frame)
      put(",\"time_ns\":")
      put(evidence.segment.time)
      put(",\"endpoint\":\"")
      put(evidence.segment.sender.name)
      put("\",\"what\":")
      json(evidence.segment.words)
      put(",\"note\":")
      json(evidence.note.isEmpty ? nil : evidence.note)
      put("}")
    }
    put("],\"values\":{")
    for (i, value) in finding.values.enumerated() {
      if i > 0 { put(",") }
      json(value.recordName)
      put(":")
      put(value.amount)
    }
    put("},\"caused_by\":")
    json(finding.causedBy)
    put(",\"occurrences\":")
    put(finding.occurrences)
    put("}")
  }

  func record(_ summary: RunSummary) {
    put("{\"type\":\"summary\",\"captures\":")
    put(summary.captures)
    put(",\"unreadable\":")
    put(summary.unreadable)
    put(",\"flows\":")
    put(summary.flows)
    put(",\"packets\":")
    put(summary.packets)
    put(",\"findings\":{")
    for (i, severity) in Severity.allCases.reversed().enumerated() {
      if i > 0 { put(",") }
      json(severity.name)
      put(":")
      put(summary.findings[severity])
    }
    put("},\"not_judged\":")
    jsonStrings(summary.notJudged)
    put("}")
  }

  private func jsonStrings(_ texts: [String]) {
    put("[")
    for (i, text) in texts.enumerated() {
      if i > 0 { put(",") }
      json(text)
    }
    put("]")
  }

  func json(role: Role?) {
    guard let role else { return put("null") }
    put("\"")
    put(role.name)
    put("\"")
  }
}
