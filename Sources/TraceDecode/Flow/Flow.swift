/// One incarnation of a four-tuple: two directions, what is remembered of its segments, and its open episodes.
struct Flow: ~Copyable {
  struct Status: OptionSet {
    var rawValue: UInt32
    /// The first captured segment was a SYN without ACK.
    static let beganWithSyn = Status(rawValue: 1 << 1)
    static let midStream = Status(rawValue: 1 << 2)
    static let selfConnection = Status(rawValue: 1 << 3)
    /// A SYN-ACK passed, or the flow began without a handshake.
    static let synAckSeen = Status(rawValue: 1 << 4)
    static let established = Status(rawValue: 1 << 5)
    /// A RST passed, or both FINs did and one was acknowledged (P8.6): a SYN now opens a new incarnation.
    static let closed = Status(rawValue: 1 << 6)
    /// Segments are remembered for evidence that is still to come.
    static let dirty = Status(rawValue: 1 << 7)
    /// Its socket answered an older incarnation's segment by a RST (P8).
    static let resetForOlder = Status(rawValue: 1 << 8)
    static let queuedForEnd = Status(rawValue: 1 << 9)
    static let rolesGuessed = Status(rawValue: 1 << 10)
    static let fastOpen = Status(rawValue: 1 << 11)
    static let sawZeroWindow = Status(rawValue: 1 << 12)
    static let sawKeepAlive = Status(rawValue: 1 << 13)
    static let fromOriginator = Status(rawValue: 1 << 14)
    static let fromResponder = Status(rawValue: 1 << 15)
    static let sackSeen = Status(rawValue: 1 << 16)
    /// The log was cut by its limit while evidence was still wanted.
    static let evidenceLost = Status(rawValue: 1 << 17)
    /// SYNs came that may open a new incarnation.
    static let inLimbo = Status(rawValue: 1 << 19)
    static let reusesTimeWait = Status(rawValue: 1 << 18)
    /// Nothing but SYNs of the originator has passed.
    static let halfOpen = Status(rawValue: 1 << 20)
    /// An ordinary segment needs but `takeOrdinary`.
    static let quiet = Status(rawValue: 1 << 21)
    /// A signal machine wants to see every segment.
    static let watching = Status(rawValue: 1 << 28)
    /// Both SYNs were captured, so that windows and options are known; both offered timestamps.
    static let scaleKnown = Status(rawValue: 1 << 29)
    static let timestampsAgreed = Status(rawValue: 1 << 30)
    /// A timer of that kind is running.
    static let awaitsSettling = Status(rawValue: 1 << 24)
    static let awaitsPreview = Status(rawValue: 1 << 25)
  }
  // What every segment needs comes first, a cache line at a time; the store aligns flows to lines.

  /// The four-tuple, and which end of it originated the connection.
  let key: FlowKey
  let originatorIsLow: Bool
  var status: Status = []
  /// Index of the incarnation before this one, while it is still remembered; -1 for none.
  var older: Int32 = -1
  var newer: Int32 = -1
  /// The originator's and the responder's direction, side by side; the store's to allocate and free.
  private let directions: UnsafeMutablePointer<Direction>

  var log: SegmentLog
  /// Everything only a flow with something to tell needs.
  var dossier: Dossier?
  var lastTime: Int64 = 0
  var lastFrame: UInt64 = 0
  var previousTime: Int64 = 0

  /// The opening's records that the log has forgotten since.
  var head: [SegmentRecord] = []
  /// What only `AnalyzerOptions.ledger` keeps.
  var ledger: FlowLedger?
  var hash: UInt32 = 0
  var number: Int32 = 0
  var incarnation: Int32 = 1
  var encapsulation: Encapsulation = []
  var firstFrame: UInt64 = 0
  var firstTime: Int64 = 0
  var vlan: UInt16 = 0

  init(
    _ key: FlowKey, originatorIsLow: Bool, directions: UnsafeMutablePointer<Direction>,
    log: consuming SegmentLog = SegmentLog()
  ) {
    self.log = log
    self.key = key
    self.originatorIsLow = originatorIsLow
    self.directions = directions
    directions.initialize(to: Direction())
    (directions + 1).initialize(to: Direction())
  }

  deinit { dossier?.free() }

  /// The direction that `role` sends in; read and changed in place.
  subscript(role: Role) -> Direction {
    @inline(__always) unsafeAddress { UnsafePointer(directions + Int(role.rawValue)) }
    @inline(__always) nonmutating unsafeMutableAddress { directions + Int(role.rawValue) }
  }

  /// Where the direction that `role` sends in lies.
  @inline(__always) func pointer(_ role: Role) -> UnsafeMutablePointer<Direction> {
    directions + Int(role.rawValue)
  }

  var originator: Direction {
    @inline(__always) unsafeAddress { UnsafePointer(directions) }
    @inline(__always) nonmutating unsafeMutableAddress { directions }
  }

  var responder: Direction {
    @inline(__always) unsafeAddress { UnsafePointer(directions + 1) }
    @inline(__always) nonmutating unsafeMutableAddress { directions + 1 }
  }

  var originatorAddress: SocketAddress { originatorIsLow ? key.low : key.high }
  var responderAddress: SocketAddress { originatorIsLow ? key.high : key.low }

  /// Who sends a segment of this flow.
  func role(of s: borrowing Segment) -> Role { role(sourceIsLow: key.isLow(sourceOf: s)) }

  /// Who sends a segment of this flow whose source is the lower end of its key, or the higher.
  @inline(__always)
  func role(sourceIsLow: Bool) -> Role { sourceIsLow == originatorIsLow ? .originator : .responder }

  var identity: FlowIdentity {
    FlowIdentity(
      number: Int(number), originator: originatorAddress, responder: responderAddress,
      incarnation: Int(incarnation), firstFrame: firstFrame, encapsulation: encapsulation, vlan: vlan,
      rolesCertain: !status.contains(.rolesGuessed))
  }

  /// Only one side speaks in the capture, for more than four frames.
  var isOneWay: Bool {
    !status.contains(.selfConnection)
      && (originator.packets == 0 || responder.packets == 0) && originator.packets &+ responder.packets > 4
  }

  /// The dossier, made on first need.
  @discardableResult
  mutating func openDossier() -> Dossier {
    if let dossier { return dossier }
    let new = Dossier()
    dossier = new
    return new
  }

  var sackPermitted: Bool {
    let both = originator.known.contains(.syn) && responder.known.contains(.syn)
    if both { return originator.known.contains(.sackPermitted) && responder.known.contains(.sackPermitted) }
    return status.contains(.sackSeen) || originator.known.contains(.sackPermitted)
      || responder.known.contains(.sackPermitted)
      || !(originator.known.contains(.syn) || responder.known.contains(.syn))
  }
}

/// What the halves of the path look like from the capture point (P0.6).
struct PathView {
  var rtt: (originator: Int64?, responder: Int64?)
  var near: (originator: Bool, responder: Bool)
  /// Unknown, and the other half is too small to tell.
  var unknown: (originator: Bool, responder: Bool)

  func rtt(_ role: Role) -> Int64 { (role == .originator ? rtt.originator : rtt.responder) ?? 0 }
  func isNear(_ role: Role) -> Bool { role == .originator ? near.originator : near.responder }
  /// Whether the distance to `role` was measured.
  func knows(_ role: Role) -> Bool {
    total > 0 && !(role == .originator ? unknown.originator : unknown.responder)
  }
  var total: Int64 { (rtt.originator ?? 0) &+ (rtt.responder ?? 0) }
}

extension Flow {
  /// The path as known by now, by its own round trips or, where it has none, by those of `paths`.
  @inline(__always)
  func pathView(among paths: borrowing HostPaths) -> PathView {
    let own = (originator.rttMin, responder.rttMin)
    if own.0 != .max, own.1 != .max, !status.contains(.selfConnection) {
      // What is asked for every segment while a loss waits: `pathView(halves:)` for a path of which all is known.
      let total = own.0 &+ own.1
      let bound = total < 1_000_000 ? .max : max(total &* 15 / 100, 500_000)
      return PathView(rtt: own, near: (own.0 <= bound, own.1 <= bound), unknown: (false, false))
    }
    return guessedPathView(among: paths)
  }

  private func guessedPathView(among paths: borrowing HostPaths) -> PathView {
    let own = (originator.rttMin, responder.rttMin)
    let o = originatorAddress.address
    let r = responderAddress.address
    return pathView(
      halves: own.0 != .max ? own.0 : paths.rtt(of: o, towards: r),
      own.1 != .max ? own.1 : paths.rtt(of: r, towards: o))
  }

  /// The path as known by now, of its halves towards originator and responder; nil where nothing tells.
  func pathView(halves o: Int64?, _ r: Int64?) -> PathView {
    let tiny: Int64 = 500_000
    var view = PathView(
      rtt: (o ?? 0, r ?? 0), near: (true, true),
      unknown: (o == nil && r.map { $0 < tiny } ?? false, r == nil && o.map { $0 < tiny } ?? false))
    if status.contains(.selfConnection) { return view }
    let total = view.total
    if isOneWay {
      view.near = (originator.packets > 0, responder.packets > 0)
    } else {
      let bound = max(total &* 15 / 100, tiny)
      view.near = (view.rtt(.originator) <= bound, view.rtt(.responder) <= bound)
    }
    if view.unknown.originator { view.near.originator = false }
    if view.unknown.responder { view.near.responder = false }
    if total < 1_000_000, !isOneWay, !view.unknown.originator, !view.unknown.responder {
      view.near = (true, true)
    }
    return view
  }
}
