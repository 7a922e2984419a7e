/// What every story reads: the segments of an incarnation on the time lines of its two endpoints.
///
/// A segment passes the capture point at its own time; it left its sender half a round trip before and
/// reaches its receiver half a round trip after, nothing of which is exact. One view serves all stories of a flow.
final class StoryView {
  let evidence: FlowEvidence
  let paths: InferredPaths
  let identity: FlowIdentity
  /// Which segments are FINs of a foreign hand; empty when none is.
  private let isForgedFin: [Bool]

  init(evidence: FlowEvidence, paths: InferredPaths, identity: FlowIdentity) {
    self.evidence = evidence
    self.paths = paths
    self.identity = identity
    var forged: [Bool] = []
    if !paths.injectedFins.isEmpty {
      forged = [Bool](repeating: false, count: evidence.segments.count)
      for i in paths.injectedFins where forged.indices.contains(i) { forged[i] = true }
    }
    isForgedFin = forged
  }

  private func isForged(_ i: Int) -> Bool {
    segments[i].isInjected || !isForgedFin.isEmpty && isForgedFin[i]
  }

  var segments: [EvidenceSegment] { evidence.segments }

  /// When the segment left its sender. Units: nanoseconds.
  func sent(_ segment: EvidenceSegment) -> Int64 {
    segment.time &- evidence[segment.sender].oneWay
  }

  /// When the segment reached the peer of its sender, if it did. Units: nanoseconds.
  func arrived(_ segment: EvidenceSegment) -> Int64 {
    segment.time &+ evidence[segment.sender.peer].oneWay
  }

  /// How much later than its due time something may still be ordinary. Units: nanoseconds.
  ///
  /// Wider than the slack of the state inference: this one accuses the network of a loss.
  func slack(_ role: Role) -> Int64 {
    let end = evidence[role]
    if end.isNear { return 1_000_000 }
    guard !end.isUnknownDistance, let rtt = end.rtt else { return 250_000_000 }
    return 5_000_000 &+ rtt / 2
  }

  /// A whole round trip, where both halves are known. Units: nanoseconds.
  var roundTrip: Int64? {
    guard let a = evidence.originator.rtt, let b = evidence.responder.rtt else { return nil }
    return a &+ b
  }

  /// A retransmission time-out to judge silence by: never below RFC 6298's second. Units: nanoseconds.
  var retransmissionTimeout: Int64 { max(1_000_000_000, 2 &* (roundTrip ?? 0)) }

  /// A segment its sender's stack sent in this incarnation: no copy, not forged.
  func isSending(_ i: Int) -> Bool {
    !segments[i].isDuplicate && !isForged(i)
  }

  /// A segment that its receiver could take: intact and not forged. Copies arrive like originals.
  func isArrival(_ i: Int) -> Bool {
    !segments[i].isBadChecksum && !isForged(i)
  }

  /// How long the capture goes on after `time`. Units: nanoseconds, never negative.
  func observed(after time: Int64) -> Int64 { max(0, evidence.captureTime &- time) }

  /// Time of the flow's last segment.
  var lastTime: Int64 {
    var last = Int64.min
    for segment in segments where segment.time > last { last = segment.time }
    return last
  }

  /// The last acknowledgement that should have prevented `repeated` from being sent, and did not.
  ///
  /// - Parameters:
  ///   - repeated: index of a segment sent again.
  ///   - acknowledged: the octet whose acknowledgement makes the repeat needless.
  /// Source: RULES P3 L2, L3: the ACK passed the capture point earlier than half a round trip before.
  func acknowledgement(contradictedBy repeated: Int, of acknowledged: Int64) -> Int? {
    let again = segments[repeated]
    let sender = again.sender
    let leaves = sent(again)
    var found: Int?
    for i in 0..<repeated where isArrival(i) {
      let segment = segments[i]
      guard segment.sender != sender, segment.hasAck, segment.ack >= acknowledged,
        !segment.flags.contains(.rst), !segment.flags.contains(.syn)
      else { continue }
      if arrived(segment) &+ slack(sender) < leaves { found = i }
    }
    return found
  }

  /// Whether `later` echoes the timestamp of `earlier`, and of nothing before it: a proof of arrival (P3 L5).
  func echoes(_ later: Int, _ earlier: Int) -> Bool {
    let answer = segments[later]
    let origin = segments[earlier]
    guard answer.hasTimestamps, origin.hasTimestamps else { return false }
    let lead = SeqNum.difference(answer.tsEcr, origin.tsVal)
    guard lead >= 0 else { return false }
    if lead > 0 { return true }
    for i in 0..<earlier where segments[i].sender == origin.sender && segments[i].hasTimestamps {
      if segments[i].tsVal == origin.tsVal { return false }
    }
    return true
  }

  /// Appends to a list of evidence that is bounded while its counter is not.
  static func note(_ segment: EvidenceSegment, in list: inout [SegmentRef]) {
    if list.count < Self.shown { list.append(segment.ref) }
  }

  /// Segment references an episode shows.
  static let shown = Limits().evidence
}
