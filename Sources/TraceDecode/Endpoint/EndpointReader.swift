/// Finds one endpoint's milestones in a story of any kind: losses, repeats, resets, gaps of the capture.
///
/// The opening is read in OpeningReader.swift, the close in ClosingReader.swift, resets in ResetReader.swift.
struct EndpointReader {
  let story: FlowStory
  let segments: [EvidenceSegment]
  let line: EndpointTimeLine
  let peerLine: EndpointTimeLine
  let role: Role

  /// Its own SYNs and SYN-ACKs, copies excluded; indices, as all below.
  private(set) var ownSyns: [Int] = []
  private(set) var ownSynAcks: [Int] = []
  /// Arrivals, copies included.
  private(set) var peerSyns: [Int] = []
  private(set) var peerSynAcks: [Int] = []
  /// Copies of its own FIN that it sent, and of the peer's that may arrive.
  private(set) var ownFins: [Int] = []
  private(set) var peerFins: [Int] = []
  private(set) var ownResets: [Int] = []
  private(set) var peerResets: [Int] = []
  /// Its first segment that is neither SYN nor RST, and the first such that acknowledges the peer's SYN.
  private(set) var firstOrdinary: Int?
  private(set) var firstAcknowledging: Int?
  /// Its first segment that acknowledges data of the peer.
  private(set) var firstDataAck: Int?
  /// Its last segment that is no RST, copies excluded.
  private(set) var lastSent: Int?
  /// Its first and last segment that acknowledges the peer's FIN, copies excluded.
  private(set) var firstFinAck: Int?
  private(set) var lastFinAck: Int?
  /// Some segment of the flow opens it.
  private(set) var sawSyn = false

  init(story: FlowStory, role: Role) {
    self.story = story
    segments = story.segments
    line = story.line(of: role)
    peerLine = story.line(of: role.peer)
    self.role = role
    let peerFinEnd = story.finEnd(of: role.peer)
    for index in segments.indices {
      let flags = segments[index].flags
      if flags.contains(.syn) { sawSyn = true }
      if story.isSent(segments[index], by: role) {
        note(sent: segments[index], at: index, peerFinEnd: peerFinEnd)
      } else if !flags.isDisjoint(with: [.syn, .fin, .rst]), story.reaches(segments[index], role) {
        if segments[index].isSyn { peerSyns.append(index) }
        if segments[index].isSynAck { peerSynAcks.append(index) }
        if segments[index].isFin { peerFins.append(index) }
        if segments[index].isReset { peerResets.append(index) }
      }
    }
  }

  private mutating func note(sent segment: EvidenceSegment, at index: Int, peerFinEnd: Int64?) {
    if segment.isReset { ownResets.append(index) }
    guard !segment.isDuplicate else { return }
    if segment.isSyn { ownSyns.append(index) }
    if segment.isSynAck { ownSynAcks.append(index) }
    if segment.isFin { ownFins.append(index) }
    if let end = peerFinEnd, segment.acknowledges(end) {
      if firstFinAck == nil { firstFinAck = index }
      lastFinAck = index
    }
    if !segment.isReset, lastSent.map({ segments[$0].time <= segment.time }) ?? true { lastSent = index }
    guard segment.isOrdinary else { return }
    if firstOrdinary == nil { firstOrdinary = index }
    if segment.hasAck {
      if firstAcknowledging == nil, segment.ack >= 1 { firstAcknowledging = index }
      if firstDataAck == nil, segment.ack >= 2 { firstDataAck = index }
    }
  }

  /// Everything the walk needs.
  func milestones() -> EndpointMilestones {
    var milestones = EndpointMilestones()
    readOpening(&milestones)
    if case .none = milestones.opening { return milestones }
    if milestones.refusal != nil { return milestones }
    readClose(&milestones)
    readResets(&milestones)
    return milestones
  }

  // MARK: What the readers share

  /// The segment at `index`.
  func segment(_ index: Int) -> EvidenceSegment { segments[index] }

  /// When the segment at `index` arrived, proved by the endpoint's own segment at `proof`.
  func arrival(of index: Int, provedBy proof: Int? = nil) -> Int64 {
    let segment = segments[index]
    return line.arrival(
      of: segment, provedBy: proof.map { segments[$0] }, soleCopy: copies(covering: segment) == 1)
  }

  private func copies(covering segment: EvidenceSegment) -> Int {
    guard segment.end > segment.start else { return 0 }
    var count = 0
    for other in segments
    where other.start <= segment.start && other.end >= segment.end && !other.isDuplicate
      && story.reaches(other, role)
    {
      count &+= 1
    }
    return count
  }

  /// The first of `acknowledgements` that arrived: none of `repeats`, the endpoint's later copies of what it
  /// acknowledges, was sent after it should have come.
  func firstBelieved(_ acknowledgements: some Sequence<Int>, unless repeats: [Int]) -> Int? {
    let lastRepeat = repeats.map { line.sent(segments[$0]) }.max() ?? Int64.min
    return acknowledgements.first { line.arrived(segments[$0]) &+ line.slack >= lastRepeat }
  }

  /// Whether the segment at `index` may have arrived before the endpoint sent the one at `sent`.
  func arrives(_ index: Int, before sent: Int) -> Bool {
    line.arrived(segments[index]) <= line.sent(segments[sent]) &+ line.slack
  }
}
