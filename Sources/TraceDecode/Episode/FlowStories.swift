/// Turns what is remembered of an incarnation into its episodes and into the report of its end.
public enum FlowStories {
  /// The handshake, close, reset, reuse, old-SYN and ICMP episodes of one incarnation, in order of time.
  ///
  /// Nothing for a textbook flow, at the cost of one walk over its segments and no allocation.
  ///
  /// - Parameters:
  ///   - previous: the incarnation before it on the same four-tuple, with what came late for it.
  ///   - timeWait: 2 MSL, to judge reuse by. Units: nanoseconds.
  public static func tell(
    _ evidence: FlowEvidence, _ paths: InferredPaths, _ identity: FlowIdentity,
    previous: PreviousIncarnation? = nil, timeWait: Int64 = 60_000_000_000
  ) -> [Episode] {
    let isPlain = isTextbook(evidence, paths)
    if isPlain, previous == nil { return [] }
    let view = StoryView(evidence: evidence, paths: paths, identity: identity)
    var episodes: [Episode] = []
    if isPlain {
      if let previous { tellReuse(view, previous, timeWait, &episodes) }
      return episodes
    }
    var opening = HandshakeStory(view)
    if let handshake = opening.tell(), handshake.extraordinary { episodes.append(.handshake(handshake)) }
    if let previous { tellReuse(view, previous, timeWait, &episodes) }
    for icmp in ICMPStory(view: view).tell() { episodes.append(.icmp(icmp)) }
    for oldSyn in OldSynStory(view: view).tell() { episodes.append(.oldSyn(oldSyn)) }
    var closing = CloseStory(view)
    if let close = closing.tell() { episodes.append(.close(close)) }
    for reset in ResetStory(view: view).tell() { episodes.append(.reset(reset)) }
    return episodes
  }

  /// The opening of the incarnation, textbook or not; nil when no SYN of it was captured.
  public static func handshake(_ evidence: FlowEvidence, _ paths: InferredPaths, _ identity: FlowIdentity)
    -> HandshakeEpisode?
  {
    var opening = HandshakeStory(StoryView(evidence: evidence, paths: paths, identity: identity))
    return opening.tell()
  }

  private static func tellReuse(
    _ view: StoryView, _ previous: PreviousIncarnation, _ timeWait: Int64, _ episodes: inout [Episode]
  ) {
    guard let reuse = ReuseStory(view: view, previous: previous, timeWait: timeWait).tell() else { return }
    if let recovery = OldSynStory.recovery(reuse, of: previous) {
      episodes.append(.oldSyn(recovery))
    } else {
      episodes.append(.reuse(reuse))
    }
    guard let rst = reuse.resetAfterRefusal else { return }
    // Its SYN-SENT socket sent it, so it is told here; what it does, it does to the old connection (P8).
    var reset = ResetEpisode(
      rst: rst, count: 1, validity: previous.end == .live ? .accepted : .afterClose,
      cause: .answerToOldSegment, receiverState: previous.end == .live ? .established : .timeWait)
    reset.provokedBy = reuse.answeredBy
    episodes.append(.reset(reset))
  }

  /// Whether nothing happened that an episode could be about.
  static func isTextbook(_ evidence: FlowEvidence, _ paths: InferredPaths) -> Bool {
    guard paths.resets.isEmpty, paths.injectedFins.isEmpty, evidence.icmp.isEmpty, !paths.simultaneousOpen,
      !paths.simultaneousClose, !evidence.selfConnection, !evidence.fastOpen,
      evidence.midStream || paths.originator.established != nil && paths.responder.established != nil
    else { return false }
    let ends = (paths.originator.finEnd, paths.responder.finEnd)
    switch ends {
    case (.none, .none): break
    case (.some, .some):
      guard paths.originator.finAcked != nil, paths.responder.finAcked != nil else { return false }
    default: return false
    }
    return isPlain(evidence, ends.0 ?? Int64.max, ends.1 ?? Int64.max)
  }

  /// One SYN, one SYN-ACK that fits it and comes soon, a third segment that fits both, one FIN a side.
  private static func isPlain(_ evidence: FlowEvidence, _ finO: Int64, _ finR: Int64) -> Bool {
    var syn = Int64.min
    var synEnd: Int64 = 1
    var synAckSeen = false
    var thirdSeen = evidence.midStream
    var fins = (originator: 0, responder: 0)
    for i in evidence.segments.indices {
      let flags = evidence.segments[i].flags
      let isOriginator = evidence.segments[i].sender == .originator
      if flags.isDisjoint(with: [.syn, .fin, .rst]) {
        if evidence.segments[i].payload > 0, evidence.segments[i].end >= (isOriginator ? finO : finR) {
          return false
        }
        if !thirdSeen, isOriginator, synAckSeen {
          guard evidence.segments[i].start == synEnd, evidence.segments[i].ack == 1 else { return false }
          thirdSeen = true
        }
        continue
      }
      if flags.contains(.rst) || evidence.segments[i].isInjected { return false }
      // Copies made by the capture or the network repeat nothing.
      if evidence.segments[i].isDuplicate { continue }
      if flags.contains(.fin) {
        if isOriginator { fins.originator &+= 1 } else { fins.responder &+= 1 }
        if fins.originator > 1 || fins.responder > 1 { return false }
      }
      guard flags.contains(.syn) else { continue }
      if flags.contains(.ack) {
        if isOriginator || synAckSeen || evidence.segments[i].start != 0 { return false }
        guard evidence.segments[i].ack == synEnd else { return false }
        if syn != .min, evidence.segments[i].time &- syn > 500_000_000 { return false }
        synAckSeen = true
      } else {
        if !isOriginator || syn != .min || evidence.segments[i].payload > 0 { return false }
        syn = evidence.segments[i].time
        synEnd = evidence.segments[i].end
      }
    }
    return true
  }
}
