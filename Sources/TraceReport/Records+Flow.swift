import TraceDecode

/// The JSON record of a flow: both endpoints with their states, socket views and measures.
extension ByteOutput {
  /// - Parameter full: whether what a ledger holds is told as well.
  func record(_ flow: FlowReport, file: String, full: Bool = false) {
    put("{\"type\":\"flow\",\"file\":")
    json(file)
    let transitions = flow.originator.transitions.count + flow.responder.transitions.count
    var limit = JSONCursor.flowLimit + transitions * JSONCursor.transitionLimit + flow.history.count
    if full { limit += JSONCursor.measuresLimit }
    compose(atMost: limit) { $0.record(flow, full: full) }
  }
}

extension JSONCursor {
  /// Octets that the rest of a flow's record takes at most: 4,400 of keys and names, 160 numbers, two addresses.
  fileprivate static let flowLimit = 4800 + 600 + 160 * numberLimit + 2 * IPAddress.textLimit
  /// Octets that a transition takes at most: 130 of keys and names, three numbers.
  fileprivate static let transitionLimit = 160 + 3 * numberLimit

  fileprivate mutating func record(_ flow: FlowReport, full: Bool) {
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
    put(flow.outcome.staticName)
    put("\",\"originator\":")
    record(flow.originator, of: flow.flow.originator, full: full)
    put(",\"responder\":")
    record(flow.responder, of: flow.flow.responder, full: full)
    put(",\"conn_state\":\"")
    put(flow.connState)
    put("\",\"history\":\"")
    put(flow.history)
    put("\",\"roles_certain\":")
    json(flow.flow.rolesCertain)
    put(",\"midstream\":")
    json(flow.midStream)
    put(",\"asymmetric\":")
    json(flow.asymmetric)
    put(",\"vantage\":\"")
    put(flow.vantage.staticName)
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
    recordDerived(flow)
    if full { recordMeasures(flow) }
    put("}")
  }

  private mutating func record(_ endpoint: EndpointReport, of address: SocketAddress, full: Bool) {
    put("{\"address\":\"")
    put(address.address)
    put("\",\"port\":")
    put(UInt64(address.port))
    put(",\"state\":\"")
    put(endpoint.state.staticName)
    put("\",\"state_certain\":")
    json(endpoint.possibleStates.isCertain)
    put(",\"socket\":")
    record(endpoint.socket)
    put(",\"metrics\":")
    record(endpoint.metrics, full: full)
    put(",\"transitions\":[")
    for i in endpoint.transitions.indices {
      if i > 0 { put(",") }
      record(endpoint.transitions[i])
    }
    put("]}")
  }

  private mutating func record(_ transition: Transition) {
    put("{\"from\":\"")
    put(transition.from.staticName)
    put("\",\"to\":\"")
    put(transition.to.staticName)
    put("\",\"time_ns\":")
    put(transition.time)
    put(",\"cause_frame\":")
    jsonFrame(transition.cause)
    put(",\"proof_frame\":")
    jsonFrame(transition.proof)
    put(",\"confidence\":\"")
    put(transition.confidence.staticName)
    put("\"}")
  }

  private mutating func record(_ socket: SocketView) {
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
    if let errno = socket.failure.staticErrno {
      put("{\"errno\":\"")
      put(errno)
      put("\",\"frame\":")
      jsonFrame(socket.failureFrame)
      put("}")
    } else {
      put("null")
    }
    put(",\"confidence\":\"")
    put(socket.confidence.staticName)
    put("\"}")
  }

  /// Appends the measures of one direction, named as METRICS of the schema.
  private mutating func record(_ m: DirectionMetrics, full: Bool) {
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
    json(m.octetsMissing)
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
    if m.isUneventful {
      put(Self.uneventful)
    } else {
      recordEvents(m)
    }
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
    put(",\"options\":")
    json(options: m.optionsOffered)
    put(",\"options_effective\":")
    json(options: m.optionsEffective)
    put(",\"ts_hz\":")
    json(m.tsHz)
    recordDerived(m)
    if full { recordMeasures(m) }
    put("}")
  }

  /// What most directions have nothing of.
  private static let uneventful: StaticString = """
    ,"rexmit_segs":0,"rexmit_bytes":0,"rexmit_fast":0,"rexmit_rto":0,"rexmit_tlp":0,"rexmit_loss_recovery":0,\
    "rexmit_spurious":0,"reordered_segs":0,"net_duplicates":0,"capture_duplicates":0,"dup_acks":0,\
    "dsack_count":0,"keepalives":0,"zwp_sent":0,"bad_checksum":0
    """

  private mutating func recordEvents(_ m: DirectionMetrics) {
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
    jsonCount(m.networkDuplicates, ambiguous: m.ambiguousDuplicates)
    put(",\"capture_duplicates\":")
    jsonCount(m.captureDuplicates, ambiguous: m.ambiguousDuplicates)
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
  }
}

extension DirectionMetrics {
  /// Nothing was sent again, out of order, twice or for want of an answer.
  fileprivate var isUneventful: Bool {
    (retransmittedSegments | retransmittedFast | retransmittedTimeout | retransmittedProbe
      | retransmittedLossRecovery | retransmittedSpurious | reorderedSegments | networkDuplicates
      | captureDuplicates | ambiguousDuplicates | ambiguous | duplicateAcks | dsacks | keepAlives
      | windowProbes | badChecksums)
      == 0
      && retransmittedOctets == 0
  }
}
