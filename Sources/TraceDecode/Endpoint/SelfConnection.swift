/// A socket connected to itself: every segment it sends it also receives, so the capture's one endpoint is both.
///
/// Source: RFC 9293 3.5 (simultaneous open), PS.2.
enum SelfConnection {
  static func infer(_ evidence: FlowEvidence) -> InferredPaths {
    var endpoint = InferredEndpoint()
    var state = evidence.midStream ? State.established : .closed
    endpoint.initialState = state
    endpoint.transitions.reserveCapacity(7)
    var finEnd: Int64?

    func go(_ next: State, _ segment: EvidenceSegment, receives: Bool) {
      endpoint.transitions.append(
        Transition(
          from: state, to: next, time: segment.time, cause: receives ? segment.frame : 0, proof: segment.frame
        ))
      state = next
    }
    for (index, segment) in evidence.segments.enumerated() where !segment.isBadChecksum && !segment.isInjected
    {
      let here = Milestone(segment: index, frame: segment.frame, time: segment.time)
      if segment.isReset {
        if state != .closed, state != .timeWait {
          go(.closed, segment, receives: false)
          endpoint.resetSent = here
        }
      } else if segment.isSyn {
        if state == .closed, endpoint.transitions.isEmpty {
          go(.synSent, segment, receives: false)
          endpoint.synSent = here
        }
        if state == .synSent { go(.synReceived, segment, receives: true) }
      } else if segment.isSynAck {
        if state == .closed, endpoint.transitions.isEmpty {
          // Only a socket that got its own SYN answers it: both were before the capture began.
          go(.synSent, segment, receives: false)
          go(.synReceived, segment, receives: true)
        }
        if state == .synReceived {
          go(.established, segment, receives: true)
          endpoint.established = here
        }
      } else if segment.isFin, finEnd == nil {
        finEnd = segment.end
        if state == .established || state == .synReceived {
          go(.finWait1, segment, receives: false)
          go(.closing, segment, receives: true)
        }
        endpoint.finEnd = segment.end
        endpoint.finSent = here
        endpoint.peerFinProcessed = here
      } else if let finEnd, segment.acknowledges(finEnd) {
        if state == .closing {
          go(.timeWait, segment, receives: true)
          endpoint.finAcked = here
        }
        endpoint.lastAckOfPeerFin = here
      }
    }
    endpoint.state = state
    endpoint.possibleStates = StateSet(state)
    var paths = InferredPaths()
    paths.originator = endpoint
    paths.responder = endpoint
    PathInference.concludeFlow(&paths, finAnswersFin: (false, false))
    SocketInference.view(&paths, evidence)
    return paths
  }
}
