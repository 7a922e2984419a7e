import TraceDecode

/// The JSON record of a flow: both endpoints with their states, socket views and measures.
extension ByteOutput {
  /// - Parameter full: whether what a ledger holds is told as well.
  func record(_ flow: FlowReport, file: String, full: Bool = false) {
    record(flow, head: FlowRecordHead(file: file), full: full)
  }

  func record(_ flow: FlowReport, head: FlowRecordHead, full: Bool) {
    put(head.octets)
    let transitions = flow.originator.transitions.count + flow.responder.transitions.count
    var limit = JSONCursor.flowLimit + transitions * JSONCursor.transitionLimit + flow.history.count
    if full { limit += JSONCursor.measuresLimit }
    compose(atMost: limit) { $0.record(flow, full: full) }
  }
}

/// What the records of all flows of one file begin with.
struct FlowRecordHead {
  fileprivate let octets: [UInt8]

  init(file: String) {
    let out = ByteOutput()
    out.put("{\"type\":\"flow\",\"file\":")
    out.json(file)
    out.put(",\"flow\":")
    octets = out.bytes
  }
}

extension JSONCursor {
  /// Octets that the rest of a flow's record takes at most: 4,800 of keys and names, 160 numbers, two addresses.
  fileprivate static let flowLimit = 4800 + 600 + 160 * numberLimit + 2 * IPAddress.textLimit + Phrase.room
  /// Octets that a transition takes at most: 130 of keys and names, three numbers.
  fileprivate static let transitionLimit = 160 + 3 * numberLimit

  fileprivate mutating func record(_ flow: FlowReport, full: Bool) {
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

  private mutating func record(_ endpoint: borrowing EndpointReport, of address: SocketAddress, full: Bool) {
    put("{\"address\":\"")
    put(address.address)
    put("\",\"port\":")
    put(UInt64(address.port))
    put(FlowPhrases.state(endpoint))
    put(",\"socket\":")
    record(endpoint.socket)
    put(",\"metrics\":")
    record(endpoint.metrics, full: full)
    put(",\"transitions\":[")
    if endpoint.transitions.isEmpty { return put("]}") }
    for transition in endpoint.transitions {
      record(transition)
      put(",")
    }
    // The last comma gives way.
    at -= 1
    put("]}")
  }

  private mutating func record(_ transition: Transition) {
    put(FlowPhrases.transition(transition))
    put(transition.time)
    put(",\"cause_frame\":")
    jsonFrame(transition.cause)
    put(",\"proof_frame\":")
    jsonFrame(transition.proof)
    put(FlowPhrases.confidence(transition.confidence))
  }

  private mutating func record(_ socket: SocketView) {
    if socket.isUntouched {
      put(Self.untouched)
      return put(FlowPhrases.confidence(socket.confidence))
    }
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
    put(FlowPhrases.confidence(socket.confidence))
  }

  private static let untouched: StaticString = """
    {"connect":null,"accept_frame":null,"first_write_frame":null,"eof_frame":null,"close":null,"failure":null
    """
}

extension SocketView {
  /// The application called nothing and saw nothing.
  fileprivate var isUntouched: Bool {
    connect == .none && closeCall == .none && failure == .none
      && acceptFrame | firstWriteFrame | eofFrame == 0
  }
}
