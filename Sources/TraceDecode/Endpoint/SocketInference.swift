/// What each application must have called or seen (DESIGN 3, QUESTIONS.md), read from its endpoint's path.
struct SocketInference {
  private let segments: [EvidenceSegment]
  private let captureTime: Int64
  private let role: Role
  private let endpoint: InferredEndpoint
  private let peer: InferredEndpoint
  private var view = SocketView()

  /// Sends of one range, the first included, that make a give-up likely when nothing answers.
  private static let exhaustion = 4

  /// Fills in the socket views of both endpoints.
  static func view(_ paths: inout InferredPaths, _ evidence: FlowEvidence) {
    for role in [Role.originator, .responder] {
      var inference = SocketInference(
        segments: evidence.segments, captureTime: evidence.captureTime, role: role, endpoint: paths[role],
        peer: paths[role.peer])
      inference.open()
      inference.use()
      inference.close()
      inference.fail()
      paths[role].socket = inference.view
    }
  }

  private init(
    segments: [EvidenceSegment], captureTime: Int64, role: Role, endpoint: InferredEndpoint,
    peer: InferredEndpoint
  ) {
    self.segments = segments
    self.captureTime = captureTime
    self.role = role
    self.endpoint = endpoint
    self.peer = peer
  }

  private mutating func weaken(to confidence: Confidence) {
    view.confidence = min(view.confidence, confidence)
  }

  // MARK: connect and accept

  private mutating func open() {
    guard let first = endpoint.transitions.first else { return }
    let established = endpoint.transitions.first { $0.to == .established }
    if first.to == .synSent {
      view.connectFrame = first.proof
      if let established {
        view.connect = .ok
        view.connectFrame = established.cause != 0 ? established.cause : established.proof
        weaken(to: established.confidence)
      } else if let closed = endpoint.transitions.first(where: { $0.to == .closed }) {
        view.connect = endpoint.resetSent == nil ? .refused : .aborted
        view.connectFrame = closed.cause != 0 ? closed.cause : closed.proof
        weaken(to: closed.confidence)
      } else {
        view.connect = .pending
        judgeSilence()
      }
    } else if endpoint.isPassiveOpener, let established {
      view.acceptFrame = established.cause != 0 ? established.cause : established.proof
      weaken(to: established.confidence)
    }
  }

  /// SYNs without an answer, and then none where the next was due: the kernel gave up, or the application did.
  private mutating func judgeSilence() {
    var last: EvidenceSegment?
    var gap: Int64 = 0
    var count = 0
    for segment in segments where segment.sender == role && segment.isSyn && !segment.isDuplicate {
      if let last { gap = segment.time &- last.time }
      last = segment
      count &+= 1
    }
    guard let last, count > 2, captureTime &- last.time > 2 &* gap &+ 1_000_000_000 else { return }
    view.connect = .timedOut
    view.connectFrame = last.frame
    weaken(to: .likely)
  }

  // MARK: write and read

  private mutating func use() {
    let write = segments.first {
      $0.payload > 0 && $0.sender == role && !$0.isDuplicate && !$0.isReset && !$0.isProbe
    }
    view.firstWriteFrame = write?.frame ?? 0
    let ended = endpoint.transitions.contains {
      $0.to == .closeWait || $0.to == .closing || $0.from == .finWait2 && $0.to == .timeWait
    }
    if ended, let fin = endpoint.peerFinProcessed { view.eofFrame = fin.frame }
  }

  // MARK: close

  private mutating func close() {
    if let fin = endpoint.finSent {
      view.closeCall = .closeOrShutdown
      view.closeFrame = fin.frame
      guard let index = fin.segment else { return weaken(to: .likely) }
      judgeHalfClose(fin: index)
    } else if let reset = endpoint.resetSent, view.connect != .aborted {
      judgeAbort(reset)
    }
  }

  /// What became of data that arrived after its FIN tells close from shutdown.
  private mutating func judgeHalfClose(fin index: Int) {
    let fin = segments[index]
    guard fin.hasAck else { return }
    var isDataSent = false
    for segment in segments[(index &+ 1)...] where !segment.isDuplicate && !segment.isBadChecksum {
      if segment.sender != role {
        isDataSent = isDataSent || segment.payload > 0 && segment.start >= fin.ack && !segment.isReset
      } else if isDataSent {
        if segment.isReset {
          view.closeCall = .close
          return
        }
        let acknowledged = min(segment.hasAck ? segment.ack : 0, peer.finEnd.map { $0 &- 1 } ?? Int64.max)
        if acknowledged > fin.ack {
          // Octets beyond those under way when the FIN left: an application that still reads.
          view.closeCall = .shutdownWrite
          weaken(to: .likely)
          return
        }
      }
    }
  }

  /// A RST instead of a FIN. Without ACK it comes from no socket: nobody called anything.
  private mutating func judgeAbort(_ reset: Milestone) {
    guard !endpoint.hadNoSocket, let index = reset.segment, segments[index].hasAck else { return }
    view.closeCall = .abort
    view.closeFrame = reset.frame
    let last = segments[..<index].last { $0.payload > 0 && !$0.isDuplicate && !$0.isReset }
    guard let last, last.sender != role else { return weaken(to: .likely) }
    // The peer's data was the last to pass, and nothing was written in answer.
    view.closeCall = .closeWithUnreadData
    weaken(to: .possible)
  }

  // MARK: errors

  private mutating func fail() {
    if view.connect == .refused {
      view.failure = .refused
      view.failureFrame = view.connectFrame
    } else if view.connect == .timedOut {
      view.failure = .timedOut
      view.failureFrame = view.connectFrame
    } else if let reset = endpoint.resetAccepted {
      let from = endpoint.transitions.last { $0.to == .closed }?.from
      switch from {
      case .established: view.failure = .reset
      case .closeWait: view.failure = .brokenPipe
      case .finWait1, .finWait2:
        // After close() nobody is left to see it.
        if view.closeCall == .shutdownWrite { view.failure = .reset }
      default: break
      }
      if view.failure != .none { view.failureFrame = reset.frame }
    } else if let frame = lastUnansweredRepeat() {
      view.failure = .timedOut
      view.failureFrame = frame
      weaken(to: .likely)
    }
  }

  /// The frame of the last repeat of a range that nothing answered, sent often enough for a give-up, and after
  /// which no repeat came although it was due, or a RST showed the end.
  private func lastUnansweredRepeat() -> UInt64? {
    guard endpoint.finAcked == nil else { return nil }
    var last: EvidenceSegment?
    var gap: Int64 = 0
    var earliest: Int64 = 0
    var count = 0
    for segment in segments.reversed() where !segment.isReset && !segment.isInjected {
      if segment.sender != role {
        // An answer, or a FIN that found the socket gone.
        if segment.isFin, endpoint.hadNoSocket || last == nil { continue }
        break
      }
      if segment.isDuplicate { continue }
      guard segment.payload > 0 || segment.isProbe || segment.isFin else { break }
      guard let newest = last else {
        last = segment
        earliest = segment.time
        count = 1
        continue
      }
      guard segment.start == newest.start else { continue }
      if count == 1 { gap = earliest &- segment.time }
      earliest = segment.time
      count &+= 1
    }
    guard let last, count >= Self.exhaustion else { return nil }
    let isOver =
      endpoint.hadNoSocket || endpoint.resetSent != nil
      || captureTime &- last.time > 2 &* gap &+ 1_000_000_000
    return isOver ? last.frame : nil
  }
}
