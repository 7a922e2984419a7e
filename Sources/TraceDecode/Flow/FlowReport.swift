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
  @inline(__always)
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
  /// Highest cumulative ACK of the peer, without SYN and FIN; mid-stream, from the first octet seen.
  public var octetsAcked: UInt64?
  /// Octets acknowledged or followed that the capture never held; nil when only one direction was captured.
  public var octetsMissing: UInt64?
  /// Octets between SYN and FIN.
  public var streamLength: UInt64?
  /// First and last payload since the flow's start, repeats included; nanoseconds.
  public var firstPayloadDelay: Int64?
  public var lastPayloadDelay: Int64?
  public var ackSegments: UInt64 = 0
  public var pureAcks: UInt64 = 0
  public var synCount: UInt32 = 0
  public var finCount: UInt32 = 0
  public var rstCount: UInt32 = 0
  public var pshCount: UInt32 = 0
  /// All control bits it ever set.
  public var flagsUnion: TCPFlags = []
  public var mssAdvertised: UInt16?
  public var maxSegment: UInt32 = 0
  public var windowShift: UInt8?
  /// Both SYNs were captured, so that windows are scaled as they should be.
  public var windowScaleKnown = false
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
  /// Those certainly so.
  public var reorderedSegments: UInt32 = 0
  public var networkDuplicates: UInt32 = 0
  public var captureDuplicates: UInt32 = 0
  /// Copies that either the network or the capture made.
  public var ambiguousDuplicates: UInt32 = 0
  /// Segments that either came out of order or were sent again; counted as neither.
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
  public var ttlMin: UInt8 = 255
  public var ttlMax: UInt8 = 0
  /// What its SYN offered; nil when that was not captured.
  public var optionsOffered: TCPOptionSet?
  /// ISS; nil where no SYN of it was captured.
  public var initialSequence: UInt32?
  /// Of them, those that both SYNs agreed on, and its MSS; nil unless both were captured.
  public var optionsEffective: TCPOptionSet?
  /// Who it is in Multipath TCP; only with a ledger.
  public var mptcp = MPTCPIdentity()
  /// Timestamp clock, ticks a second, when affine.
  public var tsHz: UInt32?
  /// When that clock stood at 0, had it never wrapped. Units: nanoseconds since the epoch.
  public var tsOrigin: Int64?
  public var ipIDModel: IPIDModel?
  /// What only a ledger tells, apart: most reports have none, and are the cheaper to hand about.
  private var ledger: DirectionLedger?
  @inline(__always)
  public init() {}
}

extension DirectionMetrics {
  /// What only a ledger tells; nil unless `AnalyzerOptions.ledger` asked for it.
  public var measures: Measures<DirectionMeasure>? {
    get { ledger?.measures }
    set { ledger = DirectionLedger(measures: newValue, spread: rttSpread, codePoints: codePoints) }
  }
  /// The round-trip samples themselves; nil unless `AnalyzerOptions.ledger` asked for them.
  public var rttSpread: RTTSpread? {
    get { ledger?.spread }
    set { ledger = DirectionLedger(measures: measures, spread: newValue, codePoints: codePoints) }
  }
  /// The differentiated-services code points it used, one bit each; with `measures`.
  public var codePoints: UInt64 {
    get { ledger?.codePoints ?? 0 }
    set { ledger = DirectionLedger(measures: measures, spread: rttSpread, codePoints: newValue) }
  }
}

/// What a ledger holds of one direction.
private final class DirectionLedger: Sendable {
  let measures: Measures<DirectionMeasure>?
  let spread: RTTSpread?
  let codePoints: UInt64

  init(measures: Measures<DirectionMeasure>?, spread: RTTSpread?, codePoints: UInt64) {
    self.measures = measures
    self.spread = spread
    self.codePoints = codePoints
  }
}

/// How a host numbers its IPv4 packets.
public enum IPIDModel: UInt8, Sendable {
  case zero
  /// Counts this flow's packets one by one.
  case flowCounter
  /// Counts up by little, with other flows' packets in between.
  case counter
  /// No order.
  case other
}

/// What the two SYNs agreed on about congestion marks.
public enum ECNMode: UInt8, Sendable {
  case none
  /// RFC 3168.
  case classic
  /// RFC 9768.
  case accurate
}

/// What is known of one incarnation when it is over, or when the capture is.
public struct FlowReport: Sendable {
  public var flow: FlowIdentity
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
  /// Its halves at the capture point: SYN-ACK to ACK, and SYN to SYN-ACK.
  public var handshakeOriginatorPart: Int64?
  public var handshakeResponderPart: Int64?
  /// SYNs after the first; nil when none was captured.
  public var synRetries: UInt32?
  /// A repeated SYN offered less than the first; nil without a ledger, or when no SYN was captured.
  public var synFellBack: Bool?
  /// nil unless both SYNs were captured.
  public var ecnMode: ECNMode?
  /// The marks of a SYN-ACK that answer an offer of ECN and agree on nothing.
  public var ecnOddAnswer: TCPFlags?
  /// The SYN carried data.
  public var fastOpen = false
  /// What of a connection the capture holds, as Wireshark's tcp.completeness has it: 1 SYN, 2 SYN-ACK, 4 ACK,
  /// 8 data, 16 FIN, 32 RST.
  public var completeness: UInt8 = 0
  /// What only a ledger tells; nil unless `AnalyzerOptions.ledger` asked for it.
  public var measures: Measures<FlowMeasure>?
  public var originatorHalf: Int64?
  public var responderHalf: Int64?
  /// Evicted or shed by a limit before its end.
  public var evicted = false
  /// Zeek's connection history letters, upper case for the originator.
  public var history: [UInt8] = []

  /// Inlined, as are those of its parts: reports are large, and are made in their place.
  @inline(__always)
  public init(flow: FlowIdentity) { self.flow = flow }
  public var communityID: CommunityIDSource { CommunityIDSource(flow: flow) }
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
