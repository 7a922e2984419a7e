/// Which connection an episode or report is about.
public struct FlowIdentity: Sendable, Hashable {
  /// Number of the incarnation in its capture, from 1, in order of first frames.
  public var number: Int
  public var originator: SocketAddress
  public var responder: SocketAddress
  /// Which use of the four-tuple this is, from 1.
  public var incarnation: Int
  public var firstFrame: UInt64
  public var encapsulation: Encapsulation
  public var vlan: UInt16
  /// False when the opening was not captured and the roles are a guess.
  public var rolesCertain: Bool

  public init(
    number: Int, originator: SocketAddress, responder: SocketAddress, incarnation: Int, firstFrame: UInt64,
    encapsulation: Encapsulation = [], vlan: UInt16 = 0, rolesCertain: Bool = true
  ) {
    self.number = number
    self.originator = originator
    self.responder = responder
    self.incarnation = incarnation
    self.firstFrame = firstFrame
    self.encapsulation = encapsulation
    self.vlan = vlan
    self.rolesCertain = rolesCertain
  }
  public subscript(role: Role) -> SocketAddress { role == .originator ? originator : responder }
}

/// How a flow ended, in one word.
public enum Outcome: UInt8, Sendable {
  case fin, finSimultaneous, resetByOriginator, resetByResponder, refused, unanswered, unreachable
  case timedOut, halfOpen, open, unknown
  /// The name, as it stands in the program: writing it takes no String.
  public var staticName: StaticString {
    switch self {
    case .fin: "fin"
    case .finSimultaneous: "fin-simultaneous"
    case .resetByOriginator: "reset-originator"
    case .resetByResponder: "reset-responder"
    case .refused: "refused"
    case .unanswered: "unanswered"
    case .unreachable: "unreachable"
    case .timedOut: "timed-out"
    case .halfOpen: "half-open"
    case .open: "open"
    case .unknown: "unknown"
    }
  }
  public var name: String { staticName.description }
}

/// Where the capture was taken, seen from a flow.
public enum Vantage: UInt8, Sendable {
  case unknown, nearOriginator, nearResponder, nearBoth, middle
  /// The name, as it stands in the program: writing it takes no String.
  public var staticName: StaticString {
    switch self {
    case .unknown: "unknown"
    case .nearOriginator: "near-originator"
    case .nearResponder: "near-responder"
    case .nearBoth: "near-both"
    case .middle: "middle"
    }
  }
  public var name: String { staticName.description }
}

/// What one side sent and what is inferred of it (METRICS 3).
public struct EndpointReport: Sendable {
  public var transitions: [Transition] = []
  /// The state the flow began in for the capture.
  public var initialState = State.closed
  public var state = State.closed
  public var possibleStates = StateSet(.closed)
  public var socket = SocketView()
  public var metrics = DirectionMetrics()
  public init() {}
}

/// Counts and measures of one direction; the sender's view. nil is unknown, never 0.
public struct DirectionMetrics: Sendable {
  public var packets: UInt64 = 0
  public var octetsIP: UInt64 = 0
  public var dataPackets: UInt64 = 0
  /// Payload octets, repeats included.
  public var octetsPayload: UInt64 = 0
  /// Distinct stream octets seen.
  public var octetsUnique: UInt64 = 0
  /// Highest cumulative ACK of the peer less the SYN.
  public var octetsAcked: UInt64?
  /// Octets acknowledged or followed that the capture never held.
  public var octetsMissing: UInt64 = 0
  public var pureAcks: UInt64 = 0
  public var synCount: UInt32 = 0
  public var finCount: UInt32 = 0
  public var rstCount: UInt32 = 0
  public var pshCount: UInt32 = 0
  public var mssAdvertised: UInt16?
  public var maxSegment: UInt32 = 0
  public var windowShift: UInt8?
  public var windowMin: UInt32?
  public var windowMax: UInt32?
  public var zeroWindows: UInt32 = 0
  public var retransmittedSegments: UInt32 = 0
  public var retransmittedOctets: UInt64 = 0
  public var retransmittedFast: UInt32 = 0
  public var retransmittedTimeout: UInt32 = 0
  public var retransmittedProbe: UInt32 = 0
  public var retransmittedLossRecovery: UInt32 = 0
  public var retransmittedSpurious: UInt32 = 0
  public var reorderedSegments: UInt32 = 0
  public var networkDuplicates: UInt32 = 0
  public var captureDuplicates: UInt32 = 0
  public var ambiguous: UInt32 = 0
  public var duplicateAcks: UInt32 = 0
  public var dsacks: UInt32 = 0
  public var keepAlives: UInt32 = 0
  public var windowProbes: UInt32 = 0
  public var badChecksums: UInt32 = 0
  /// Capture point to the peer and back; nanoseconds.
  public var rttMin: Int64?
  public var rttMax: Int64?
  public var rttSum: Int64 = 0
  public var rttSamples: UInt32 = 0
  /// The samples themselves; nil unless `AnalyzerOptions.rttSpread` asked for them.
  public var rttSpread: RTTSpread?
  public var ttlMin: UInt8 = 255
  public var ttlMax: UInt8 = 0
  public var optionsOffered: TCPOptionSet = []
  /// Timestamp clock, ticks a second, when affine.
  public var tsHz: UInt32?
  public init() {}
}

/// What is known of one incarnation when it is over, or when the capture is.
public struct FlowReport: Sendable {
  public var flow: FlowIdentity
  public var communityID: CommunityIDSource
  public var originator = EndpointReport()
  public var responder = EndpointReport()
  public var outcome = Outcome.unknown
  public var firstTime: Int64 = 0
  public var lastTime: Int64 = 0
  public var lastFrame: UInt64 = 0
  /// How long the capture goes on after the flow's last frame, nanoseconds.
  public var observedAfter: Int64 = 0
  public var midStream = false
  public var asymmetric = false
  public var vantage = Vantage.unknown
  public var activeCloser: Role?
  public var timeWaitHolder: Role?
  public var timeWaitFrom: Int64?
  /// When the first SYN of the next use of the four-tuple passed; nil when none did. Units: nanoseconds.
  public var nextSyn: Int64?
  public var simultaneousOpen = false
  public var simultaneousClose = false
  public var reusesTimeWait = false
  public var sawReset = false
  public var handshakeRTT: Int64?
  public var originatorHalf: Int64?
  public var responderHalf: Int64?
  /// Evicted or shed by a limit before its end.
  public var evicted = false
  /// Zeek's connection history letters, upper case for the originator.
  public var history: [UInt8] = []

  public init(flow: FlowIdentity) {
    self.flow = flow
    communityID = CommunityIDSource(flow: flow)
  }
  @inlinable public subscript(role: Role) -> EndpointReport {
    _read { if role == .originator { yield originator } else { yield responder } }
    _modify { if role == .originator { yield &originator } else { yield &responder } }
  }
}

/// What a Community ID is computed from, so that it costs nothing until it is printed.
public struct CommunityIDSource: Sendable, Hashable {
  public var a: SocketAddress
  public var b: SocketAddress
  public init(flow: FlowIdentity) {
    a = flow.originator
    b = flow.responder
  }
}
