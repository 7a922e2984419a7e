import TraceDecode

/// What became of a flow's segments on their way: which did not arrive, which were never captured, which were
/// sent again and why.
struct SegmentFates {
  /// A segment that was sent and never passed the capture point.
  struct Missing {
    var sender: Role
    var words: String
    /// The frame before which it would have passed.
    var before: UInt64
  }
  /// Frames that passed the capture point and did not arrive.
  private(set) var lost: Set<UInt64> = []
  private(set) var missing: [Missing] = []
  private(set) var repeats: [UInt64: Retransmission] = [:]

  init(_ record: FlowRecord) {
    for episode in record.episodes {
      switch episode {
      case .loss(let e): add(e)
      case .handshake(let e): add(e, record)
      case .close(let e): add(e, record.report)
      case .ack(let e) where e.kind == .lost && e.confidence >= .likely: lost.insert(e.segment.frame)
      default: break
      }
    }
  }

  private mutating func add(_ e: LossEpisode) {
    for r in e.retransmissions {
      repeats[r.segment.frame] = r
      guard r.spurious == .none else { continue }
      if r.holeOctets > 0 {
        let start = r.segment.start
        // The hole shows with the first segment that passed beyond it.
        var before = r.segment.frame
        if let hole = e.hole, hole.sender == r.segment.sender, hole.start >= start, hole.frame < before {
          before = hole.frame
        }
        var original = r.segment
        original.ack = nil
        original.sack = nil
        missing.append(Missing(sender: r.segment.sender, words: original.words, before: before))
      } else if let previous = r.previous, r.againOctets > 0 || r.segment.payload == 0 {
        lost.insert(previous.frame)
      }
    }
    if let ack = e.lostAck { lost.insert(ack.frame) }
  }

  private mutating func add(_ e: HandshakeEpisode, _ record: FlowRecord) {
    let report = record.report
    // The SYN that was answered is the first that arrived.
    if let received = report.responder.transitions.first(where: { $0.to == .synReceived }), received.cause != 0 {
      for syn in e.syns where syn.frame < received.cause { lost.insert(syn.frame) }
      let firstAnswer = e.synAcks.first?.frame ?? .max
      // A SYN sent again after one that arrived, with no SYN-ACK between: the answer was lost before the capture.
      for syn in e.syns where syn.frame > received.cause && syn.frame < firstAnswer {
        missing.append(Missing(sender: .responder, words: "SYN-ACK", before: syn.frame))
      }
    } else if e.outcome == .unanswered {
      for syn in e.syns { lost.insert(syn.frame) }
    }
    if !e.simultaneous,
      let established = report.originator.transitions.first(where: { $0.to == .established }),
      established.cause != 0
    {
      for synAck in e.synAcks where synAck.frame < established.cause { lost.insert(synAck.frame) }
    }
    if let synAck = e.lostSynAck { lost.insert(synAck.frame) }
    if let ack = e.ackPassedBeforeRepeat, !e.ackReachedResponder { lost.insert(ack.frame) }
  }

  private mutating func add(_ e: CloseEpisode, _ report: FlowReport) {
    for role in [Role.originator, .responder] {
      let side = e[role]
      if let ack = side.ackPassedBeforeRepeat {
        lost.insert(ack.frame)
        continue
      }
      // The FIN that moved the peer is the first that arrived.
      let arrived = report[role.peer].transitions.first { t in
        t.cause != 0 && side.fins.contains { $0.frame == t.cause }
      }
      guard side.finCount > 1, let arrived else { continue }
      for fin in side.fins where fin.frame < arrived.cause { lost.insert(fin.frame) }
    }
  }
}

extension RetransmissionCause {
  /// Why a segment was sent again, in a few words.
  var words: String {
    switch self {
    case .syn, .synAck, .timeout: "time-out"
    case .fast: "fast retransmission"
    case .recovery: "in recovery"
    case .tailLossProbe: "tail loss probe"
    case .lossRecovery: "after the time-out"
    case .pathMTU: "smaller path MTU"
    case .foreign: "not by the host"
    case .tooEarly: "too early"
    case .unexplained: "cause unknown"
    }
  }
}
