/// A TCP connection state (RFC 9293 3.3.2).
public enum State: UInt8, Sendable, CaseIterable {
  case closed, listen, synSent, synReceived, established
  case finWait1, finWait2, closeWait, closing, lastAck, timeWait

  /// The name as the RFC prints it, `SYN-SENT`, and as it stands in the program: writing it takes no String.
  public var staticName: StaticString {
    switch self {
    case .closed: "CLOSED"
    case .listen: "LISTEN"
    case .synSent: "SYN-SENT"
    case .synReceived: "SYN-RECEIVED"
    case .established: "ESTABLISHED"
    case .finWait1: "FIN-WAIT-1"
    case .finWait2: "FIN-WAIT-2"
    case .closeWait: "CLOSE-WAIT"
    case .closing: "CLOSING"
    case .lastAck: "LAST-ACK"
    case .timeWait: "TIME-WAIT"
    }
  }
  public var name: String { staticName.description }

  /// The name as `ss` and the lab's files print it: `SYN_RCVD`.
  public var linuxName: String {
    switch self {
    case .synSent: "SYN_SENT"
    case .synReceived: "SYN_RCVD"
    case .finWait1: "FIN_WAIT_1"
    case .finWait2: "FIN_WAIT_2"
    case .closeWait: "CLOSE_WAIT"
    case .lastAck: "LAST_ACK"
    case .timeWait: "TIME_WAIT"
    default: name
    }
  }
}

/// The states an endpoint may be in; certain when one is left.
public struct StateSet: OptionSet, Hashable, Sendable {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public init(_ state: State) { rawValue = 1 << UInt16(state.rawValue) }

  /// Every state.
  public static let unknown = StateSet(rawValue: (1 << 11) &- 1)

  @inlinable public var isCertain: Bool { rawValue.nonzeroBitCount == 1 }
  public var states: [State] { State.allCases.filter { contains(StateSet($0)) } }
}

/// How sure an inference is.
public enum Confidence: UInt8, Sendable, Comparable {
  case possible, likely, certain
  public static func < (a: Confidence, b: Confidence) -> Bool { a.rawValue < b.rawValue }
  /// The name, as it stands in the program: writing it takes no String.
  public var staticName: StaticString {
    switch self {
    case .possible: "possible"
    case .likely: "likely"
    case .certain: "certain"
    }
  }
  public var name: String { staticName.description }
}

/// Who of the two: the sender of the first SYN, or the other.
///
/// In a flow whose opening was not captured the originator is the side judged likelier to have opened it.
public enum Role: UInt8, Sendable, Hashable {
  case originator, responder
  @inlinable public var peer: Role { self == .originator ? .responder : .originator }
  public var name: String { self == .originator ? "originator" : "responder" }
}

/// One change of an endpoint's state.
public struct Transition: Sendable, Hashable {
  public var from: State
  public var to: State
  /// When the endpoint changed state. Units: nanoseconds since the epoch, inferred for a far endpoint.
  public var time: Int64
  /// The frame that caused it; 0 when no frame did (a timer, the application).
  public var cause: UInt64
  /// The frame that proves it; 0 when none does and it rests on the cause having arrived.
  public var proof: UInt64
  public var confidence: Confidence

  public init(
    from: State, to: State, time: Int64, cause: UInt64, proof: UInt64, confidence: Confidence = .certain
  ) {
    self.from = from
    self.to = to
    self.time = time
    self.cause = cause
    self.proof = proof
    self.confidence = confidence
  }
}
