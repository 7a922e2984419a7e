/// Adds to the applications' views what only an episode can tell: which call closed, and what failed how.
enum SocketCompletion {
  static func complete(
    _ report: inout FlowReport, _ evidence: FlowEvidence, _ paths: InferredPaths, _ episodes: [Episode]
  ) {
    for episode in episodes {
      switch episode {
      case .handshake(let handshake): complete(&report, handshake)
      case .reset(let reset): complete(&report, reset, paths)
      default: continue
      }
    }
    for role in [Role.originator, .responder] { findShutdown(&report[role].socket, role, evidence, paths) }
    if report.outcome == .timedOut { completeTimeout(&report, evidence) }
  }

  /// What `connect` returned, where the opening did not go by the book.
  private static func complete(_ report: inout FlowReport, _ handshake: HandshakeEpisode) {
    var socket = report.originator.socket
    switch handshake.outcome {
    case .refused:
      socket.connect = .refused
      socket.connectFrame = handshake.refusal?.frame ?? socket.connectFrame
      socket.failure = .refused
      socket.failureFrame = socket.connectFrame
    case .unreachable where handshake.gaveUp:
      socket.connect = .unreachable
      socket.connectFrame = handshake.icmp.first?.frame ?? 0
      socket.failure = .unreachable
      socket.failureFrame = socket.connectFrame
    case .unanswered, .unreachable:
      guard !handshake.asymmetric else { return }
      socket.connect = handshake.gaveUp ? .timedOut : .pending
      // Its application may have given up before its stack did.
      socket.confidence = min(socket.confidence, handshake.synCount >= 4 ? .likely : .possible)
      if handshake.gaveUp { socket.failure = .timedOut }
    case .abortedByOriginator:
      if socket.connect == .none || socket.connect == .pending { socket.connect = .aborted }
    case .established, .halfOpen, .resetInSynReceived: return
    }
    report.originator.socket = socket
  }

  /// The call behind a reset at its sender, and the error it makes at its receiver.
  private static func complete(_ report: inout FlowReport, _ reset: ResetEpisode, _ paths: InferredPaths) {
    let sender = reset.rst.sender
    guard reset.validity == .accepted, reset.cause != .answerToOldSegment, reset.foreign.rawValue == 0 else {
      return
    }
    switch reset.cause {
    case .dataAfterClose: report[sender].socket.closeCall = .close
    case .abort, .unreadData:
      if reset.afterOwnFin { break }
      report[sender].socket.closeCall = reset.cause == .abort ? .abort : .closeWithUnreadData
      report[sender].socket.closeFrame = reset.rst.frame
      // Data that was acknowledged and not read looks the same as a linger time of 0.
      report[sender].socket.confidence = min(report[sender].socket.confidence, .likely)
    case .userTimeout, .keepAliveFailed:
      report[sender].socket.failure = .timedOut
      report[sender].socket.failureFrame = reset.rst.frame
    default: break
    }
    let receiver = sender.peer
    guard report[receiver].socket.failure == .none else { return }
    switch reset.receiverState {
    case .closeWait: report[receiver].socket.failure = .brokenPipe
    case .established, .synReceived, .finWait1, .finWait2: report[receiver].socket.failure = .reset
    default: return
    }
    report[receiver].socket.failureFrame = reset.rst.frame
  }

  /// Data that was taken and acknowledged after the FIN: its sender can still read, so it did not `close`.
  private static func findShutdown(
    _ socket: inout SocketView, _ role: Role, _ evidence: FlowEvidence, _ paths: InferredPaths
  ) {
    guard socket.closeCall == .closeOrShutdown, let fin = paths[role].finSent else { return }
    var toBeAcked: Int64?
    for segment in evidence.segments where !segment.isBadChecksum && !segment.isInjected {
      if segment.flags.contains(.rst) { continue }
      if segment.sender == role {
        guard let end = toBeAcked, segment.hasAck, segment.ack >= end else { continue }
        socket.closeCall = .shutdownWrite
        return
      }
      let arrival = segment.time &+ evidence[role].oneWay
      if segment.payload > 0, !segment.isRetransmission, arrival > fin.time, toBeAcked == nil {
        toBeAcked = segment.start &+ Int64(segment.payload)
      }
    }
  }

  /// The side whose repeats nobody answered.
  private static func completeTimeout(_ report: inout FlowReport, _ evidence: FlowEvidence) {
    guard let last = evidence.segments.last(where: { $0.isRetransmission }) else { return }
    if report[last.sender].socket.failure == .none { report[last.sender].socket.failure = .timedOut }
  }
}
