/// What the next incarnation of a four-tuple needs to know of the one before it (RULES P4).
public struct PreviousIncarnation: Sendable {
  /// What one socket address had used.
  public struct Side: Sendable {
    public var address: SocketAddress
    /// The sequence number after the highest it used, FIN included; nil when it sent nothing.
    /// Space: absolute sequence numbers.
    public var next: UInt32?
    /// Its last TSval.
    public var tsVal: UInt32?
    public init(address: SocketAddress) { self.address = address }
  }
  /// How it stood when the next SYN came.
  public enum End: UInt8, Sendable {
    /// Neither closed nor reset, as far as the capture shows.
    case live
    /// Closed by FIN on at least one side, and nobody known to be in TIME-WAIT.
    case closing
    case timeWait, reset
    /// Never established.
    case unopened
  }
  public var a: Side
  public var b: Side
  public var end: End
  /// Who is in TIME-WAIT; nil when nobody is, or both are.
  public var holder: SocketAddress?
  public var bothHold = false
  /// When TIME-WAIT (re)started. Units: nanoseconds.
  public var timeWaitFrom: Int64?
  /// A RST that reached the holder in TIME-WAIT (RFC 1337).
  public var assassin: SegmentRef?
  /// Time of its last segment.
  public var lastTime: Int64
  /// Segments with the old numbers that passed after the next incarnation's first SYN; at most `Limits.evidence`.
  public private(set) var late: [Late] = []

  /// A segment of the old connection that came late, with who sent it.
  public struct Late: Sendable {
    public var sender: SocketAddress
    public var segment: EvidenceSegment
  }

  /// Sums an incarnation up.
  public init(_ evidence: FlowEvidence, _ paths: InferredPaths, _ identity: FlowIdentity) {
    a = Self.side(.originator, evidence, identity)
    b = Self.side(.responder, evidence, identity)
    lastTime = evidence.segments.last?.time ?? evidence.captureTime
    let wait = (paths.originator.state == .timeWait, paths.responder.state == .timeWait)
    bothHold = wait.0 && wait.1
    holder = bothHold ? nil : paths.timeWaitHolder.map { identity[$0] }
    timeWaitFrom = paths.timeWaitFrom
    if holder != nil || bothHold {
      end = .timeWait
    } else if paths.originator.resetAccepted != nil || paths.responder.resetAccepted != nil
      || paths.originator.resetSent != nil || paths.responder.resetSent != nil
    {
      end = .reset
    } else if paths.originator.finEnd != nil || paths.responder.finEnd != nil {
      end = .closing
    } else if paths.originator.established != nil || paths.responder.established != nil || evidence.midStream
    {
      end = .live
    } else {
      end = .unopened
    }
    assassin = end == .timeWait ? Self.assassin(evidence, paths) : nil
  }

  /// Sums an incarnation up as it stood when the next one's first SYN passed, with what came late for it.
  ///
  /// For evidence that reaches beyond that moment: the ACK that refuses the SYN would restart TIME-WAIT in it.
  public static func standing(at time: Int64, _ evidence: FlowEvidence, _ identity: FlowIdentity) -> Self {
    var until = evidence
    until.segments.removeAll { $0.time >= time }
    if let tail = until.tailStart, tail >= until.segments.count { until.tailStart = nil }
    until.captureTime = time
    var previous = Self(until, PathInference.infer(until), identity)
    for segment in evidence.segments where segment.time >= time {
      previous.append(late: segment, from: identity[segment.sender])
    }
    return previous
  }

  private static func side(_ role: Role, _ evidence: FlowEvidence, _ identity: FlowIdentity) -> Side {
    var side = Side(address: identity[role])
    var highest = Int64.min
    for segment in evidence.segments where segment.sender == role {
      if segment.flags.contains(.rst) || segment.isInjected || segment.isBadChecksum { continue }
      if segment.end > highest {
        highest = segment.end
        side.next = segment.seq &+ UInt32(truncatingIfNeeded: segment.end &- segment.start)
      }
      if segment.hasTimestamps, side.tsVal.map({ SeqNum.difference(segment.tsVal, $0) > 0 }) ?? true {
        side.tsVal = segment.tsVal
      }
    }
    return side
  }

  /// A RST at exactly RCV.NXT that the holder met in TIME-WAIT. One that answers its refusal of a newer SYN is
  /// legal, and none.
  private static func assassin(_ evidence: FlowEvidence, _ paths: InferredPaths) -> SegmentRef? {
    guard let holder = paths.timeWaitHolder, let from = paths.timeWaitFrom else { return nil }
    guard let finEnd = paths[holder.peer].finEnd else { return nil }
    for reset in paths.resets where reset.sender == holder.peer && reset.verdict != .notReceived {
      guard evidence.segments.indices.contains(reset.segment) else { continue }
      let segment = evidence.segments[reset.segment]
      if segment.isForNewerIncarnation || segment.isBadChecksum { continue }
      if segment.time > from, segment.start == finEnd { return segment.ref }
    }
    return nil
  }

  /// Takes a segment that belongs to the old connection and passed after the new one's first SYN: the ACK that
  /// refuses it, the RST that answers that.
  public mutating func append(late segment: EvidenceSegment, from sender: SocketAddress) {
    if late.count < Limits().evidence { late.append(Late(sender: sender, segment: segment)) }
  }

  func side(of address: SocketAddress) -> Side? {
    if a.address == address { return a }
    return b.address == address ? b : nil
  }
}
