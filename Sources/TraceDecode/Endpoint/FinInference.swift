/// Settles which FINs are genuine, and finds those the capture missed (PS.4, PS.6).
struct FinInference {
  private let evidence: FlowEvidence
  private let segments: [EvidenceSegment]

  /// Different FIN ends that are weighed in one direction; more are an attack, and none of those is believed.
  private static let candidateLimit = 16

  private init(_ evidence: FlowEvidence) {
    self.evidence = evidence
    segments = evidence.segments
  }

  /// The story with its FINs settled, and the indices in `FlowEvidence.segments` of those that are injected.
  static func settle(_ evidence: FlowEvidence) -> (story: FlowStory, injected: [Int]) {
    let inference = FinInference(evidence)
    var story = FlowStory(evidence)
    var virtual: [EvidenceSegment] = []
    for role in [Role.originator, .responder] {
      let candidates = inference.candidates(of: role)
      if !candidates.isEmpty {
        story.setFinEnd(inference.genuine(candidates, of: role), of: role)
      } else if let fin = inference.missed(by: role, lines: story) {
        virtual.append(fin)
        story.setFinEnd(fin.end, of: role)
      }
    }
    if evidence.midStream {
      for role in [Role.originator, .responder] where inference.isFinishing(role, story) {
        story.setFinishing(role)
      }
    }
    let injected = segmentsIndices(evidence.segments) { story.isForgedFin($0) && !$0.isBadChecksum }
    if !virtual.isEmpty { story.insertVirtual(virtual) }
    return (story, injected)
  }

  private static func segmentsIndices(
    _ segments: [EvidenceSegment], where condition: (EvidenceSegment) -> Bool
  ) -> [Int] {
    segments.indices.filter { condition(segments[$0]) }
  }

  /// The peer only acknowledges, from the capture's start to its end; `role` sends data and a FIN.
  private func isFinishing(_ role: Role, _ story: FlowStory) -> Bool {
    guard story.finEnd(of: role) != nil, story.finEnd(of: role.peer) == nil,
      evidence.tailStart == nil || evidence[role.peer].maxEnd <= 1
    else { return false }
    var acknowledgements = 0
    var data = false
    for segment in segments {
      if segment.sender == role {
        data = data || segment.payload > 0
      } else if segment.payload > 0 || !segment.flags.isDisjoint(with: [.syn, .fin, .rst]) {
        return false
      } else {
        acknowledgements &+= 1
      }
    }
    return data && acknowledgements >= 3
  }

  // MARK: Captured FINs

  private struct Candidate {
    var end: Int64
    /// Index of its first copy.
    var first: Int
  }

  /// The different ends of the FINs `role` appears to have sent.
  private func candidates(of role: Role) -> [Candidate] {
    var found: [Candidate] = []
    for (index, segment) in segments.enumerated()
    where segment.sender == role && segment.isFin && !segment.isBadChecksum && !segment.isInjected {
      if found.contains(where: { $0.end == segment.end }) || found.count == Self.candidateLimit { continue }
      found.append(Candidate(end: segment.end, first: index))
    }
    return found
  }

  /// The end of the FIN that is `role`'s own; nil when none is.
  ///
  /// The peer's acknowledgement decides. Several acknowledged ends: the one above which nothing is sent later.
  /// None acknowledged: the first that lies within the window and is not followed by data above it.
  private func genuine(_ candidates: [Candidate], of role: Role) -> Int64? {
    var highestAck = Int64.min
    for segment in segments
    where segment.sender != role && segment.hasAck && !segment.isReset && !segment.isBadChecksum {
      highestAck = max(highestAck, segment.ack)
    }
    let acknowledged = candidates.filter { $0.end <= highestAck }
    if acknowledged.count == 1 { return acknowledged[0].end }
    if let last = acknowledged.last {
      return (acknowledged.first { !isFollowedByData($0, of: role) } ?? last).end
    }
    return candidates.first { isPlausible($0, of: role) && !isFollowedByData($0, of: role) }?.end
  }

  private func isFollowedByData(_ candidate: Candidate, of role: Role) -> Bool {
    segments[(candidate.first &+ 1)...].contains {
      $0.sender == role && $0.payload > 0 && $0.end > candidate.end && !$0.isReset && !$0.isBadChecksum
    }
  }

  /// The FIN lies within the peer's window and not far beyond what was sent.
  private func isPlausible(_ candidate: Candidate, of role: Role) -> Bool {
    var edge: Int64?
    var top: Int64 = 0
    for segment in segments[..<candidate.first] where !segment.isReset {
      if segment.sender == role {
        top = max(top, segment.end)
      } else if segment.hasAck {
        edge = max(edge ?? Int64.min, segment.ack &+ Int64(segment.window))
      }
    }
    let last = candidate.end &- 1
    return last <= edge.map { $0 &+ 1 } ?? Int64.max && last <= top &+ 1 << 20
  }

  // MARK: A FIN that was not captured

  /// The FIN that the peer acknowledges though the capture never held it: one octet beyond everything seen,
  /// where its sender goes on without data, in a flow that ends. Where data is missing before it too, the peer's
  /// FIN must acknowledge it and its sender must be seen to go on from there.
  private func missed(by role: Role, lines: FlowStory) -> EvidenceSegment? {
    let story = lines
    var top = Int64.min
    var topData = evidence.tailStart == nil ? 0 : evidence[role].maxEnd
    var highestStart = Int64.min
    var highestAck = Int64.min
    var last: Int?
    var peerFin: Int?
    for (index, segment) in segments.enumerated()
    where !segment.isReset && !segment.isInjected && !segment.isBadChecksum {
      if segment.sender == role {
        last = index
        top = max(top, segment.end)
        highestStart = max(highestStart, segment.start)
        if segment.end > segment.start { topData = max(topData, segment.end) }
      } else if segment.hasAck {
        highestAck = max(highestAck, segment.ack)
        if peerFin == nil, segment.isFin { peerFin = index }
      }
    }
    guard let last, topData > 0, highestAck > topData, highestStart <= highestAck else { return nil }
    if highestAck == topData &+ 1 {
      guard peerFin != nil || top == highestAck else { return nil }
    } else {
      guard let peerFin, segments[peerFin].ack >= highestAck, highestStart == highestAck else { return nil }
    }
    var ownAck: Int64 = 0
    var betrayal: Int?
    for (index, segment) in segments.enumerated()
    where !segment.isReset && !segment.isInjected && !segment.isBadChecksum {
      if segment.sender == role {
        if segment.hasAck { ownAck = max(ownAck, segment.ack) }
      } else if segment.hasAck, segment.ack >= highestAck {
        betrayal = index
        break
      }
    }
    guard let betrayal, !(last > betrayal && segments[last].start < highestAck) else { return nil }
    let shown = segments[betrayal]
    let peer = evidence[role.peer]
    let time = shown.time &- (peer.isNear ? 0 : peer.rtt ?? 0)
    if let peerFin {
      let arrived = segments[peerFin].time &+ 2 &* story.line(of: role).oneWay
      if arrived <= time &+ 2_000_000 { ownAck = max(ownAck, segments[peerFin].end) }
    }
    return EvidenceSegment(
      frame: shown.frame, time: time, sender: role, flags: [.fin, .ack], start: highestAck &- 1,
      end: highestAck, ack: ownAck)
  }
}
