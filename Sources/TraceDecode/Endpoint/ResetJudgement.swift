/// What became of every RST of a flow, told for the stories of resets (P7, PS.5).
enum ResetJudgement {
  static func judge(
    _ evidence: FlowEvidence, story: FlowStory,
    readers: (originator: EndpointReader, responder: EndpointReader), paths: InferredPaths
  ) -> [JudgedReset] {
    guard evidence.segments.contains(where: { $0.isReset }) else { return [] }
    let continuations = nextSendings(evidence.segments)
    let toOriginator = arrivals(readers.originator)
    let toResponder = arrivals(readers.responder)
    var judged: [JudgedReset] = []
    for (index, segment) in evidence.segments.enumerated() where segment.isReset && !segment.isDuplicate {
      let receiver = segment.sender.peer
      let line = story.line(of: receiver)
      let arrival = (receiver == .originator ? toOriginator : toResponder)[index]
      let state = paths[receiver].state(at: line.arrived(segment))
      var verdict = arrival?.verdict ?? .notReceived
      if let accepted = paths[receiver].resetAccepted {
        // One RST ends a connection; what comes after it meets no socket.
        if accepted.segment == index {
          verdict = .accepted
        } else if verdict == .accepted {
          verdict = .afterClose
        }
      } else if verdict == .accepted, state == .closed || state == .timeWait {
        verdict = .afterClose
      }
      let continuation = continuations[index]
      var reset = JudgedReset(
        segment: index, sender: segment.sender, isGenuine: continuation == nil, verdict: verdict,
        expected: arrival?.expected, receiverState: state)
      reset.senderContinues = continuation
      judged.append(reset)
    }
    return judged
  }

  /// What becomes of a reset that ends a flow in which all else is in order.
  static func accepted(
    _ index: Int, _ expected: Int64, _ story: FlowStory, _ paths: InferredPaths
  ) -> JudgedReset {
    let segment = story.segments[index]
    let receiver = segment.sender.peer
    return JudgedReset(
      segment: index, sender: segment.sender, isGenuine: true, verdict: .accepted, expected: expected,
      receiverState: paths[receiver].state(at: story.line(of: receiver).arrived(segment)))
  }

  private struct Judged {
    var verdict: JudgedReset.Verdict
    var expected: Int64?
  }

  /// Verdicts by index in `FlowEvidence.segments`.
  private static func arrivals(_ reader: EndpointReader) -> [Int: Judged] {
    guard !reader.peerResets.isEmpty else { return [:] }
    var milestones = EndpointMilestones()
    reader.readOpening(&milestones)
    let inSynSent = reader.isLeftInSynSent(milestones)
    var judged: [Int: Judged] = [:]
    for arrival in reader.resetArrivals() {
      guard let index = reader.story.capturedIndex(arrival.reset) else { continue }
      judged[index] = Judged(
        verdict: reader.judge(arrival, inSynSent: inSynSent), expected: arrival.received)
    }
    return judged
  }

  /// For each RST, the next segment of its sender that is neither RST nor copy; nil when it sends nothing else.
  private static func nextSendings(_ segments: [EvidenceSegment]) -> [Int: Int] {
    var next: (originator: Int?, responder: Int?)
    var found: [Int: Int] = [:]
    for index in segments.indices.reversed() {
      let segment = segments[index]
      if segment.isReset {
        found[index] = segment.sender == .originator ? next.originator : next.responder
      } else if !segment.isDuplicate, !segment.isBadChecksum, !segment.isInjected {
        if segment.sender == .originator { next.originator = index } else { next.responder = index }
      }
    }
    return found
  }
}

extension InferredEndpoint {
  /// The state in which the endpoint was just before `time`.
  func state(at time: Int64) -> State {
    transitions.last { $0.time < time }?.to ?? initialState
  }
}
