/// What an endpoint's application must have called or seen; every frame number 0 means "not seen".
public struct SocketView: Sendable, Hashable {
  public enum Connect: UInt8, Sendable {
    /// This side did not call connect, or its call was not captured.
    case none
    case pending, ok, refused, timedOut, unreachable, aborted
  }
  public enum CloseCall: UInt8, Sendable {
    case none
    /// A FIN, and nothing tells close from shutdown.
    case closeOrShutdown
    /// Data was accepted after the FIN: shutdown(SHUT_WR).
    case shutdownWrite
    /// Data after the FIN was answered by RST: close().
    case close
    /// RST instead of FIN: linger 0, or an abort.
    case abort
    /// RST because received data was left unread.
    case closeWithUnreadData
  }
  public enum Failure: UInt8, Sendable {
    case none, refused, reset, brokenPipe, timedOut, unreachable
    /// The errno's name.
    public var errno: String? { staticErrno?.description }

    /// The errno's name, as it stands in the program.
    public var staticErrno: StaticString? {
      switch self {
      case .none: nil
      case .refused: "ECONNREFUSED"
      case .reset: "ECONNRESET"
      case .brokenPipe: "EPIPE"
      case .timedOut: "ETIMEDOUT"
      case .unreachable: "EHOSTUNREACH"
      }
    }
  }
  public var connect = Connect.none
  public var connectFrame: UInt64 = 0
  /// accept() could return from this frame on.
  public var acceptFrame: UInt64 = 0
  public var firstWriteFrame: UInt64 = 0
  /// read() returns 0 from this frame on.
  public var eofFrame: UInt64 = 0
  public var closeCall = CloseCall.none
  public var closeFrame: UInt64 = 0
  public var failure = Failure.none
  public var failureFrame: UInt64 = 0
  public var confidence = Confidence.certain

  public init() {}
}
