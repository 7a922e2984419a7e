/// What the episodes of a flow add up to, for one sender.
struct LedgerStory {
  var recovery: UInt32 = 0
  var foreign: UInt32 = 0
  var unexplained: UInt32 = 0
  var pathMTU: UInt32 = 0
  var losses: UInt32 = 0
  var upstream: UInt32 = 0
  var downstream: UInt32 = 0
  /// Losses on an unknown side.
  var sideless: UInt32 = 0
  var backoff: Int64?
  var waits = Tally()
  var firstWait: Int64?
  var reorderOctets: Int64?
  var reorderSegs: Int64?
  var reorderTime: Int64?
  var ambiguousOrder: UInt32 = 0
  /// Acknowledgements of its data that were lost, for certain and perhaps, by the proof.
  var acksLost: UInt32 = 0
  var acksMaybeLost: UInt32 = 0
  var l1: UInt32 = 0
  var l4: UInt32 = 0
  var l5: UInt32 = 0
  var l6: UInt32 = 0
  var dsackOctets: UInt64 = 0
  var dupAckBursts: UInt32 = 0
  var reneges: UInt32 = 0
  var ackBeyond: UInt32 = 0
  var ackRegressed: UInt32 = 0
  var windowShrinks: UInt32 = 0
  var windowFull: Int64 = 0
  var windowExceeded: Int64 = 0
  var pawsDiscards: UInt32 = 0
}

extension FlowLedger {
  /// Takes a retransmission whose cause and need are known.
  func note(_ p: PendingRetransmission, by sender: Role) {
    switch p.cause {
    case .recovery: self[sender].story.recovery &+= 1
    case .foreign: self[sender].story.foreign &+= 1
    case .pathMTU: self[sender].story.pathMTU &+= 1
    case .unexplained, nil: self[sender].story.unexplained &+= 1
    case .timeout:
      self[sender].story.backoff = max(self[sender].story.backoff ?? 0, Int64(p.backoff))
      if let last = p.copies.last, p.record.time > last.record.time {
        let wait = p.record.time &- last.record.time
        if self[sender].story.firstWait == nil { self[sender].story.firstWait = wait }
        self[sender].story.waits.add(wait)
      }
      timeoutWait &+= max(0, p.quiet)
    default: break
    }
    if p.spurious == .lostAnswer { loseAck(of: sender, \.l6, .certain) }
  }

  private func loseAck(
    of sender: Role, _ proof: WritableKeyPath<LedgerStory, UInt32>, _ confidence: Confidence
  ) {
    if confidence == .certain {
      self[sender].story.acksLost &+= 1
    } else {
      self[sender].story.acksMaybeLost &+= 1
    }
    self[sender].story[keyPath: proof] &+= 1
  }

  /// Takes a story that is settled.
  func note(_ episode: Episode) {
    switch episode {
    case .loss(let e): note(e)
    case .ack(let e): note(e)
    case .window(let e):
      switch e.kind {
      case .shrunk: self[e.endpoint].story.windowShrinks &+= 1
      case .full: self[e.endpoint].story.windowFull &+= e.duration ?? 0
      case .exceeded:
        let octets = Int64(clamping: e.octets)
        self[e.endpoint].story.windowExceeded = max(self[e.endpoint].story.windowExceeded, octets)
      default: break
      }
    case .order(let e):
      if e.kind == .ambiguous { self[e.sender].story.ambiguousOrder &+= 1 }
      guard e.kind == .reordered else { return }
      func raise(_ path: WritableKeyPath<LedgerStory, Int64?>, _ value: Int64) {
        self[e.sender].story[keyPath: path] = max(self[e.sender].story[keyPath: path] ?? 0, value)
      }
      raise(\.reorderOctets, Int64(clamping: e.extentOctets))
      raise(\.reorderSegs, Int64(e.extentSegments))
      raise(\.reorderTime, e.extentTime)
    case .oddity(let e) where e.kind == .pawsDiscard:
      self[e.sender].story.pawsDiscards &+= UInt32(clamping: e.count)
    default: break
    }
  }

  private func note(_ e: LossEpisode) {
    switch e.side {
    case .nowhere: return
    case .acknowledgements: return loseAck(of: e.sender, \.l1, .likely)
    case .upstream: self[e.sender].story.upstream &+= 1
    case .downstream: self[e.sender].story.downstream &+= 1
    case .both:
      self[e.sender].story.upstream &+= 1
      self[e.sender].story.downstream &+= 1
    case .unknown: self[e.sender].story.sideless &+= 1
    }
    self[e.sender].story.losses &+= 1
    recovery &+= max(0, e.duration)
  }

  private func note(_ e: AckEpisode) {
    let count = UInt32(clamping: e.count)
    switch e.kind {
    case .lost:
      switch e.proof {
      case .l4: loseAck(of: e.sender.peer, \.l4, e.confidence)
      case .l5: loseAck(of: e.sender.peer, \.l5, e.confidence)
      default: loseAck(of: e.sender.peer, \.l1, e.confidence)
      }
    case .dsack: self[e.sender.peer].story.dsackOctets &+= e.octets
    case .sackReneged: self[e.sender].story.reneges &+= count
    case .duplicateBurst: self[e.sender].story.dupAckBursts &+= 1
    case .beyondSent: self[e.sender].story.ackBeyond &+= count
    case .regressed: self[e.sender].story.ackRegressed &+= count
    default: break
    }
  }

  /// Acknowledgements of its SYN-ACK and of its FIN that passed, and did not keep it from repeating them (P3.L2,
  /// P3.L3): lost, or dropped at its door.
  private func lostAtEnds(of role: Role, _ episodes: [Episode]) -> (opening: UInt32, close: UInt32) {
    var lost: (opening: UInt32, close: UInt32) = (0, 0)
    for episode in episodes {
      switch episode {
      case .handshake(let e):
        let isLost =
          e.synAckAfterAck?.sender == role && e.ackPassedBeforeRepeat != nil && !e.ackReachedResponder
        if isLost { lost.opening &+= 1 }
      case .close(let e):
        let side = role == .originator ? e.originator : e.responder
        if side.ackPassedBeforeRepeat != nil { lost.close &+= 1 }
      default: break
      }
    }
    return lost
  }

  func fillStories(_ m: inout Measures<DirectionMeasure>, _ role: Role, _ context: Context) {
    let story = self[role].story
    m[.rexmitRecovery] = MeasureValue(story.recovery)
    m[.rexmitForeign] = MeasureValue(story.foreign)
    m[.rexmitUnexplained] = MeasureValue(story.unexplained)
    m[.rexmitPathMTU] = MeasureValue(story.pathMTU)
    m[.lossEvents] = MeasureValue(story.losses)
    m[.lossUpstream] = MeasureValue(story.upstream, upTo: story.upstream &+ story.sideless)
    m[.lossDownstream] = MeasureValue(story.downstream, upTo: story.downstream &+ story.sideless)
    m[.rtoMaxBackoff] = MeasureValue(story.backoff)
    m[.rtoFirst] = MeasureValue(story.firstWait)
    m[.rtoMin] = MeasureValue(story.waits.least)
    m[.rtoMax] = MeasureValue(story.waits.greatest)
    m[.reorderOctets] = MeasureValue(story.reorderOctets)
    m[.reorderSegs] = MeasureValue(story.reorderSegs)
    m[.reorderTime] = MeasureValue(story.reorderTime)
    m[.ambiguousOrder] = MeasureValue(0, upTo: story.ambiguousOrder)
    m[.windowFullTime] = .known(story.windowFull)
    m[.windowExceeded] = .known(story.windowExceeded)
    m[.windowShrinks] = MeasureValue(story.windowShrinks)
    m[.pawsDiscards] = MeasureValue(story.pawsDiscards)
    m[.ackRegressed] = MeasureValue(story.ackRegressed)
    guard !context.isOneWay else { return }
    let ends = lostAtEnds(of: role, context.episodes)
    m[.acksLost] = MeasureValue(
      story.acksLost, upTo: story.acksLost &+ story.acksMaybeLost &+ ends.opening &+ ends.close)
    m[.acksLostL1] = MeasureValue(story.l1)
    m[.acksLostL2] = MeasureValue(ends.opening)
    m[.acksLostL3] = MeasureValue(ends.close)
    m[.reneges] = MeasureValue(story.reneges)
    m[.acksLostL4] = MeasureValue(story.l4)
    m[.acksLostL5] = MeasureValue(story.l5)
    m[.acksLostL6] = MeasureValue(story.l6)
    m[.dsackOctets] = .known(Int64(clamping: story.dsackOctets))
    m[.dupAckBursts] = MeasureValue(story.dupAckBursts)
    m[.ackBeyond] = MeasureValue(story.ackBeyond)
  }
}
