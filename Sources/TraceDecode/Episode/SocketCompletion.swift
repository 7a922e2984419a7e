/// Corrects the applications' views by what only an episode can tell: an ICMP error behind a failed `connect`,
/// a RST that a timer sent and no call.
enum SocketCompletion {
  static func complete(_ report: inout FlowReport, _ episodes: [Episode]) {
    for episode in episodes {
      switch episode {
      case .handshake(let handshake): complete(&report.originator.socket, handshake)
      case .reset(let reset): complete(&report[reset.rst.sender].socket, reset)
      case .loss(let loss) where loss.gaveUp: timeOut(&report[loss.sender].socket, at: nil)
      default: continue
      }
    }
  }

  /// An ICMP error is a soft one while SYNs are still due, and what `connect` reports when they are over.
  private static func complete(_ socket: inout SocketView, _ handshake: HandshakeEpisode) {
    guard handshake.outcome == .unreachable, handshake.gaveUp else { return }
    socket.connect = .unreachable
    socket.connectFrame = handshake.icmp.first?.frame ?? socket.connectFrame
    socket.failure = .unreachable
    socket.failureFrame = socket.connectFrame
  }

  private static func complete(_ socket: inout SocketView, _ reset: ResetEpisode) {
    guard reset.validity == .accepted else { return }
    switch reset.cause {
    case .userTimeout, .keepAliveFailed, .handshakeTimeout:
      if socket.closeCall == .abort || socket.closeCall == .closeWithUnreadData {
        socket.closeCall = .none
        socket.closeFrame = 0
      }
      if reset.cause != .handshakeTimeout { timeOut(&socket, at: reset.rst.frame) }
    case .unreadData:
      socket.closeCall = .closeWithUnreadData
      socket.closeFrame = reset.rst.frame
    default: return
    }
  }

  private static func timeOut(_ socket: inout SocketView, at frame: UInt64?) {
    guard socket.failure == .none || socket.failure == .timedOut else { return }
    socket.failure = .timedOut
    socket.failureFrame = frame ?? socket.failureFrame
  }
}
