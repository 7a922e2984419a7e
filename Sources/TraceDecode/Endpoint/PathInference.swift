/// Infers both endpoints' paths from an incarnation's evidence.
///
/// Not a follower that believes every packet: milestones are found on each endpoint's own time line, from what
/// it sent as proof of what reached it, and RFC 9293's diagram is walked through them.
public enum PathInference {
  /// The states, socket views and milestones of both endpoints.
  ///
  /// Cost: one cheap walk for a textbook flow; otherwise a bounded number of walks over the segments.
  public static func infer(_ evidence: FlowEvidence) -> InferredPaths {
    if evidence.selfConnection { return SelfConnection.infer(evidence) }
    if let textbook = TextbookReader.read(evidence) {
      var paths = conclude(evidence, textbook.story, textbook.originator, textbook.responder)
      if let reset = textbook.reset {
        paths.resets = [ResetJudgement.accepted(reset.segment, reset.expected, textbook.story, paths)]
      }
      return paths
    }
    let (story, injected) = FinInference.settle(evidence)
    let originator = EndpointReader(story: story, role: .originator)
    let responder = EndpointReader(story: story, role: .responder)
    var paths = conclude(evidence, story, originator.milestones(), responder.milestones())
    paths.injectedFins = injected
    paths.resets = ResetJudgement.judge(
      evidence, story: story, readers: (originator, responder), paths: paths)
    return paths
  }

  private static func conclude(
    _ evidence: FlowEvidence, _ story: FlowStory, _ originator: EndpointMilestones,
    _ responder: EndpointMilestones
  ) -> InferredPaths {
    var paths = InferredPaths()
    paths.originator = PathWalk.walk(originator, story: story, role: .originator)
    paths.responder = PathWalk.walk(responder, story: story, role: .responder)
    paths.refused = originator.refusal != nil || responder.refusal != nil
    concludeFlow(&paths, finAnswersFin: (originator.finAnswersFin, responder.finAnswersFin))
    SocketInference.view(&paths, evidence)
    return paths
  }

  /// What the two paths say together: who closed first, who waits, what crossed.
  static func concludeFlow(_ paths: inout InferredPaths, finAnswersFin: (originator: Bool, responder: Bool)) {
    noteCrossings(paths.originator.transitions, &paths)
    noteCrossings(paths.responder.transitions, &paths)
    // The passive closer's FIN covers the active closer's (P4.1).
    switch (paths.originator.finSent != nil, paths.responder.finSent != nil) {
    case (true, true):
      if finAnswersFin.originator != finAnswersFin.responder {
        paths.activeCloser = finAnswersFin.originator ? .responder : .originator
      }
    case (true, false):
      paths.activeCloser = paths.originator.initialState == .closeWait ? .responder : .originator
    case (false, true):
      paths.activeCloser = paths.responder.initialState == .closeWait ? .originator : .responder
    case (false, false): break
    }
    noteTimeWait(.responder, paths.responder, &paths)
    noteTimeWait(.originator, paths.originator, &paths)
  }

  private static func noteCrossings(_ transitions: [Transition], _ paths: inout InferredPaths) {
    var wasSynSent = false
    for transition in transitions {
      if transition.to == .synSent { wasSynSent = true }
      if transition.to == .synReceived, wasSynSent { paths.simultaneousOpen = true }
      if transition.to == .closing { paths.simultaneousClose = true }
    }
  }

  private static func noteTimeWait(_ role: Role, _ endpoint: InferredEndpoint, _ paths: inout InferredPaths) {
    guard endpoint.state == .timeWait else { return }
    let entered = endpoint.transitions.last { $0.to == .timeWait }?.time ?? Int64.min
    paths.timeWaitHolder = role
    paths.timeWaitFrom = max(entered, endpoint.lastAckOfPeerFin?.time ?? entered)
  }
}
