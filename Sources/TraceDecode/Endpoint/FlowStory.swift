/// An incarnation's segments, with the FINs settled: which are genuine, and which the capture missed (PS.4, PS.6).
struct FlowStory {
  /// In order of time; `FlowEvidence.segments` and up to two FINs that were not captured.
  private(set) var segments: [EvidenceSegment]
  /// Index of the first segment after the leap.
  private(set) var tailStart: Int?
  let midStream: Bool
  let fastOpen: Bool
  let oneWay: Bool
  let captureTime: Int64
  private let originator: EndpointTimeLine
  private let responder: EndpointTimeLine
  /// Contiguous octets toward each endpoint where the tail begins.
  private let receivedBeforeTail: (originator: Int64, responder: Int64)
  private var originatorFinEnd: Int64?
  private var responderFinEnd: Int64?
  private var originatorIsFinishing = false
  private var responderIsFinishing = false
  /// Indices of the FINs that were not captured, ascending; both -1 when there are none.
  private var firstVirtual = -1
  private var secondVirtual = -1

  /// The story of a flow whose FINs need no judging.
  init(_ evidence: FlowEvidence) {
    segments = evidence.segments
    tailStart = evidence.tailStart
    midStream = evidence.midStream
    fastOpen = evidence.fastOpen
    oneWay = evidence.oneWay
    captureTime = evidence.captureTime
    originator = EndpointTimeLine(role: .originator, endpoint: evidence.originator)
    responder = EndpointTimeLine(role: .responder, endpoint: evidence.responder)
    receivedBeforeTail = (evidence.originator.receivedBeforeTail, evidence.responder.receivedBeforeTail)
  }

  func line(of role: Role) -> EndpointTimeLine { role == .originator ? originator : responder }
  func finEnd(of role: Role) -> Int64? { role == .originator ? originatorFinEnd : responderFinEnd }
  func receivedBeforeTail(of role: Role) -> Int64 {
    role == .originator ? receivedBeforeTail.originator : receivedBeforeTail.responder
  }

  mutating func setFinEnd(_ end: Int64?, of role: Role) {
    if role == .originator { originatorFinEnd = end } else { responderFinEnd = end }
  }

  mutating func setFinishing(_ role: Role) {
    if role == .originator { originatorIsFinishing = true } else { responderIsFinishing = true }
  }

  /// Inserts FINs that were not captured, each where its time puts it.
  mutating func insertVirtual(_ fins: [EvidenceSegment]) {
    for fin in fins.sorted(by: { $0.time < $1.time }) {
      var index = segments.count
      while index > 0, segments[index &- 1].time > fin.time { index &-= 1 }
      segments.insert(fin, at: index)
      if let tail = tailStart, index <= tail { tailStart = tail &+ 1 }
      // Ascending times: a later insertion never lies before an earlier one.
      if firstVirtual < 0 { firstVirtual = index } else { secondVirtual = index }
    }
  }

  func isVirtual(_ index: Int) -> Bool { index == firstVirtual || index == secondVirtual }

  /// The index in `FlowEvidence.segments`; nil for a FIN that was not captured.
  func capturedIndex(_ index: Int) -> Int? {
    if isVirtual(index) { return nil }
    var captured = index
    if firstVirtual >= 0, firstVirtual < index { captured &-= 1 }
    if secondVirtual >= 0, secondVirtual < index { captured &-= 1 }
    return captured
  }

  /// The capture began after the peer had closed: the peer only acknowledges, while `role` sends data and the
  /// last FIN. A guess: the other reading needs a FIN of the peer after the capture's end.
  func isFinishing(_ role: Role) -> Bool {
    role == .originator ? originatorIsFinishing : responderIsFinishing
  }

  /// A FIN that is not its apparent sender's own.
  func isForgedFin(_ segment: EvidenceSegment) -> Bool {
    segment.isFin && segment.end != finEnd(of: segment.sender)
  }

  /// `role`'s own work, copies included: neither corrupted nor known to be foreign.
  func isSent(_ segment: EvidenceSegment, by role: Role) -> Bool {
    segment.sender == role && !segment.isBadChecksum && !segment.isInjected && !isForgedFin(segment)
  }

  /// May reach `role`; a corrupted segment counts toward a far endpoint, for the damage may lie behind.
  func reaches(_ segment: EvidenceSegment, _ role: Role) -> Bool {
    segment.sender != role && !segment.isInjected && !isForgedFin(segment)
      && !(segment.isBadChecksum && line(of: role).isNear)
  }
}
