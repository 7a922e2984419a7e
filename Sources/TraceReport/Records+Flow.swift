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
  fileprivate static let flowLimit = 4800 + 600 + 160 * Digits.room + 2 * IPAddress.textLimit + Phrase.room
  /// Octets that a transition takes at most: 130 of keys and names, three numbers.
  fileprivate static let transitionLimit = 160 + 3 * Digits.room

  fileprivate mutating func record(_ flow: FlowReport, full: Bool) {
    put(flow.flow.number)
    put(",\"first_frame\":")
    put(flow.flow.firstFrame)
    put(",\"last_frame\":")
    put(flow.lastFrame)
    put(",\"first_time_ns\":")
    put(time: flow.firstTime)
    put(",\"last_time_ns\":")
    put(time: flow.lastTime)
    put(",\"community_id\":\"")
    putCommunityID(flow.communityID)
    if flow.flow.encapsulation.isEmpty, flow.flow.vlan == 0 {
      put("\",\"encapsulation\":null,\"vlan\":null,\"incarnation\":")
    } else {
      put("\",\"encapsulation\":")
      json(encapsulation: flow.flow.encapsulation)
      put(",\"vlan\":")
      if flow.flow.vlan == 0 { put("null") } else { put(UInt64(flow.flow.vlan)) }
      put(",\"incarnation\":")
    }
    put(flow.flow.incarnation)
    put(phrases.outcome(flow.outcome))
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
    put(phrases.vantage(flow.vantage))
    put(",\"active_closer\":")
    json(role: flow.activeCloser)
    put(",\"time_wait_holder\":")
    json(role: flow.timeWaitHolder)
    put(",\"time_wait_from_ns\":")
    json(time: flow.timeWaitFrom)
    if flow.simultaneousOpen || flow.simultaneousClose || flow.reusesTimeWait {
      put(",\"simultaneous_open\":")
      json(flow.simultaneousOpen)
      put(",\"simultaneous_close\":")
      json(flow.simultaneousClose)
      put(",\"reuses_time_wait\":")
      json(flow.reusesTimeWait)
    } else {
      put(",\"simultaneous_open\":false,\"simultaneous_close\":false,\"reuses_time_wait\":false")
    }
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
    put(phrases.state(endpoint))
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
    put(phrases.transition(transition))
    put(time: transition.time)
    put(",\"cause_frame\":")
    jsonFrame(transition.cause)
    put(",\"proof_frame\":")
    jsonFrame(transition.proof)
    put(phrases.confidence(transition.confidence))
  }

  private mutating func record(_ socket: SocketView) {
    if socket.isUntouched {
      put(Self.untouched)
      return put(phrases.confidence(socket.confidence))
    }
    put(phrases.connect(socket.connect))
    if socket.connect != .none {
      jsonFrame(socket.connectFrame)
      put("}")
    }
    put(",\"accept_frame\":")
    jsonFrame(socket.acceptFrame)
    put(",\"first_write_frame\":")
    jsonFrame(socket.firstWriteFrame)
    put(",\"eof_frame\":")
    jsonFrame(socket.eofFrame)
    put(phrases.close(socket.closeCall))
    if socket.closeCall != .none {
      jsonFrame(socket.closeFrame)
      put("}")
    }
    if let errno = socket.failure.staticErrno {
      put(",\"failure\":{\"errno\":\"")
      put(errno)
      put("\",\"frame\":")
      jsonFrame(socket.failureFrame)
      put("}")
    } else {
      put(",\"failure\":null")
    }
    put(phrases.confidence(socket.confidence))
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
