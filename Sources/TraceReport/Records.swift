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
    put(",\"bytes_captured\":")
    put(report.octetsCaptured)
    put(",\"bytes_on_wire\":")
    put(report.octetsOnWire)
    put(",\"first_time_ns\":")
    json(report.firstTime)
    put(",\"last_time_ns\":")
    json(report.lastTime)
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
    put(",\"shed_flows\":")
    put(report.shedFlows)
    put(",\"time_regressions\":")
    put(report.timeRegressions)
    put(",\"max_regression_ns\":")
    put(report.largestRegression)
    put(",\"duplicates\":")
    put(report.duplicates)
    put(",\"duplicates_by_capture\":")
    json(report.duplicatesAreCapture)
    put(",\"reordered_pairs\":")
    put(report.reorderedPairs)
    put(",\"bytes_missing\":")
    put(report.gapOctets)
    put(",\"bad_checksum\":")
    put(report.badChecksums)
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

  func record(_ flow: FlowReport, file: String) {
    put("{\"type\":\"flow\",\"file\":")
    json(file)
    put(",\"flow\":")
    put(flow.flow.number)
    put(",\"first_frame\":")
    put(flow.flow.firstFrame)
    put(",\"last_frame\":")
    put(flow.lastFrame)
    put(",\"first_time_ns\":")
    put(flow.firstTime)
    put(",\"last_time_ns\":")
    put(flow.lastTime)
    put(",\"community_id\":\"")
    putCommunityID(flow.communityID)
    put("\",\"encapsulation\":")
    json(encapsulation: flow.flow.encapsulation)
    put(",\"vlan\":")
    if flow.flow.vlan == 0 { put("null") } else { put(UInt64(flow.flow.vlan)) }
    put(",\"incarnation\":")
    put(flow.flow.incarnation)
    put(",\"outcome\":\"")
    put(flow.outcome.name)
    put("\",\"originator\":")
    record(flow.originator, of: flow.flow.originator)
    put(",\"responder\":")
    record(flow.responder, of: flow.flow.responder)
    put(",\"conn_state\":\"")
    put(flow.connState)
    put("\",\"history\":\"")
    flow.history.withUnsafeBufferPointer { put($0) }
    put("\",\"roles_certain\":")
    json(flow.flow.rolesCertain)
    put(",\"midstream\":")
    json(flow.midStream)
    put(",\"asymmetric\":")
    json(flow.asymmetric)
    put(",\"vantage\":\"")
    put(flow.vantage.name)
    put("\",\"active_closer\":")
    json(role: flow.activeCloser)
    put(",\"time_wait_holder\":")
    json(role: flow.timeWaitHolder)
    put(",\"time_wait_from_ns\":")
    json(flow.timeWaitFrom)
    put(",\"simultaneous_open\":")
    json(flow.simultaneousOpen)
    put(",\"simultaneous_close\":")
    json(flow.simultaneousClose)
    put(",\"reuses_time_wait\":")
    json(flow.reusesTimeWait)
    put(",\"handshake_rtt_total_ns\":")
    json(flow.handshakeRTT)
    put(",\"rtt_to_originator_ns\":")
    json(flow.originatorHalf)
    put(",\"rtt_to_responder_ns\":")
    json(flow.responderHalf)
    put(",\"shed\":")
    json(flow.evicted)
    put("}")
  }

  private func record(_ endpoint: EndpointReport, of address: SocketAddress) {
    put("{\"address\":\"")
    put(address.address)
    put("\",\"port\":")
    put(UInt64(address.port))
    put(",\"state\":\"")
    put(endpoint.state.name)
    put("\",\"state_certain\":")
    json(endpoint.possibleStates.isCertain)
    put(",\"socket\":")
    record(endpoint.socket)
    put(",\"metrics\":")
    record(endpoint.metrics)
    put(",\"transitions\":[")
    for i in endpoint.transitions.indices {
      if i > 0 { put(",") }
      record(endpoint.transitions[i])
    }
    put("]}")
  }

  private func record(_ transition: Transition) {
    put("{\"from\":\"")
    put(transition.from.name)
    put("\",\"to\":\"")
    put(transition.to.name)
    put("\",\"time_ns\":")
    put(transition.time)
    put(",\"cause_frame\":")
    jsonFrame(transition.cause)
    put(",\"proof_frame\":")
    jsonFrame(transition.proof)
    put(",\"confidence\":\"")
    put(transition.confidence.name)
    put("\"}")
  }

  private func record(_ socket: SocketView) {
    put("{\"connect\":")
    if let result = socket.connect.recordName {
      put("{\"result\":\"")
      put(result)
      put("\",\"frame\":")
      jsonFrame(socket.connectFrame)
      put("}")
    } else {
      put("null")
    }
    put(",\"accept_frame\":")
    jsonFrame(socket.acceptFrame)
    put(",\"first_write_frame\":")
    jsonFrame(socket.firstWriteFrame)
    put(",\"eof_frame\":")
    jsonFrame(socket.eofFrame)
    put(",\"close\":")
    if let call = socket.closeCall.recordName {
      put("{\"call\":\"")
      put(call)
      put("\",\"frame\":")
      jsonFrame(socket.closeFrame)
      put("}")
    } else {
      put("null")
    }
    put(",\"failure\":")
    if let errno = socket.failure.errno {
      put("{\"errno\":\"")
      put(errno)
      put("\",\"frame\":")
      jsonFrame(socket.failureFrame)
      put("}")
    } else {
      put("null")
    }
    put(",\"confidence\":\"")
    put(socket.confidence.name)
    put("\"}")
  }

  /// Appends the measures of one direction, named as METRICS of the schema.
  private func record(_ m: DirectionMetrics) {
    put("{\"packets\":")
    put(m.packets)
    put(",\"bytes_ip\":")
    put(m.octetsIP)
    put(",\"packets_data\":")
    put(m.dataPackets)
    put(",\"bytes_payload\":")
    put(m.octetsPayload)
    put(",\"bytes_unique\":")
    put(m.octetsUnique)
    put(",\"bytes_acked\":")
    json(m.octetsAcked)
    put(",\"bytes_missing\":")
    put(m.octetsMissing)
    put(",\"packets_pure_ack\":")
    put(m.pureAcks)
    put(",\"syn\":")
    put(m.synCount)
    put(",\"fin\":")
    put(m.finCount)
    put(",\"rst\":")
    put(m.rstCount)
    put(",\"psh\":")
    put(m.pshCount)
    put(",\"mss_advertised\":")
    json(m.mssAdvertised)
    put(",\"segs_max\":")
    put(m.maxSegment)
    put(",\"win_scale\":")
    json(m.windowShift)
    put(",\"win_min\":")
    json(m.windowMin)
    put(",\"win_max\":")
    json(m.windowMax)
    put(",\"zero_windows\":")
    put(m.zeroWindows)
    put(",\"rexmit_segs\":")
    jsonCount(m.retransmittedSegments, ambiguous: m.ambiguous)
    put(",\"rexmit_bytes\":")
    put(m.retransmittedOctets)
    put(",\"rexmit_fast\":")
    put(m.retransmittedFast)
    put(",\"rexmit_rto\":")
    put(m.retransmittedTimeout)
    put(",\"rexmit_tlp\":")
    put(m.retransmittedProbe)
    put(",\"rexmit_loss_recovery\":")
    put(m.retransmittedLossRecovery)
    put(",\"rexmit_spurious\":")
    put(m.retransmittedSpurious)
    put(",\"reordered_segs\":")
    jsonCount(m.reorderedSegments, ambiguous: m.ambiguous)
    put(",\"net_duplicates\":")
    put(m.networkDuplicates)
    put(",\"capture_duplicates\":")
    put(m.captureDuplicates)
    put(",\"dup_acks\":")
    put(m.duplicateAcks)
    put(",\"dsack_count\":")
    put(m.dsacks)
    put(",\"keepalives\":")
    put(m.keepAlives)
    put(",\"zwp_sent\":")
    put(m.windowProbes)
    put(",\"bad_checksum\":")
    put(m.badChecksums)
    put(",\"rtt_samples\":")
    put(m.rttSamples)
    put(",\"rtt_min_ns\":")
    json(m.rttMin)
    put(",\"rtt_avg_ns\":")
    json(m.rttSamples == 0 ? nil : m.rttSum / Int64(m.rttSamples))
    put(",\"rtt_max_ns\":")
    json(m.rttMax)
    put(",\"ttl_min\":")
    json(m.packets == 0 ? nil : m.ttlMin)
    put(",\"ttl_max\":")
    json(m.packets == 0 ? nil : m.ttlMax)
    put(",\"options\":[")
    var first = true
    for option in m.optionsOffered.recordNames {
      put(first ? "\"" : ",\"")
      first = false
      put(option)
      put("\"")
    }
    put("],\"ts_hz\":")
    json(m.tsHz)
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
    json(finding.flow?.originator.description)
    put(",\"responder\":")
    json(finding.flow?.responder.description)
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

  private func json(role: Role?) {
    guard let role else { return put("null") }
    put("\"")
    put(role.name)
    put("\"")
  }

  /// The layers around the TCP segment, or null for none.
  private func json(encapsulation: Encapsulation) {
    if encapsulation.isEmpty { return put("null") }
    put("[")
    var first = true
    for (layer, name) in Encapsulation.recordNames where encapsulation.contains(layer) {
      put(first ? "\"" : ",\"")
      first = false
      put(name)
      put("\"")
    }
    put("]")
  }
}
