/// One endpoint's own time: what it sends left it half a round trip before the capture point saw it,
/// what goes to it arrives as much later (PS, method).
struct EndpointTimeLine {
  let role: Role
  let isNear: Bool
  /// Units: nanoseconds, 0 when near.
  let oneWay: Int64
  /// What the estimate of a moment may be off by. Units: nanoseconds.
  let slack: Int64
  /// Its timestamp clock, where it is fine enough to date a sending by. Units: ticks a second.
  private let clockHz: Int64?
  private let clockOffset: Int64
  private let clockReference: UInt32

  init(role: Role, endpoint: EndpointEvidence) {
    self.role = role
    isNear = endpoint.isNear
    oneWay = max(0, endpoint.oneWay)
    slack = endpoint.isNear ? 500_000 : 1_000_000 &+ (oneWay / 20 &* 6)
    let hz = endpoint.tsHz ?? 0
    clockHz = hz >= 250 && !endpoint.isNear && oneWay > 0 ? hz : nil
    clockOffset = endpoint.tsOffset
    clockReference = endpoint.tsReference
  }

  func sent(_ segment: EvidenceSegment) -> Int64 { segment.time &- oneWay }
  func arrived(_ segment: EvidenceSegment) -> Int64 { segment.time &+ oneWay }

  /// When `segment` arrived, where `proof` is the endpoint's first segment that shows it had (PS.7).
  ///
  /// - Parameter soleCopy: whether no other segment could have brought the same news.
  func arrival(
    of segment: EvidenceSegment, provedBy proof: EvidenceSegment?, soleCopy: @autoclosure () -> Bool
  ) -> Int64 {
    arrival(
      ofSegmentAt: segment.time, provedAt: proof?.time,
      stamp: proof.flatMap { $0.hasTimestamps ? $0.tsVal : nil }, soleCopy: soleCopy())
  }

  /// The same by the numbers that count.
  ///
  /// - Parameter stamp: the timestamp of the proof, where it has one.
  @inline(__always)
  func arrival(
    ofSegmentAt time: Int64, provedAt proof: Int64?, stamp: UInt32?, soleCopy: @autoclosure () -> Bool
  ) -> Int64 {
    let estimate = time &+ oneWay
    guard !isNear, let proof else { return estimate }
    let latest = max(time, proof &- oneWay)
    if latest < estimate { return latest }
    let lag = latest &- estimate
    // One of the two crossings was slow; the endpoint's own clock tells which. A lag of a delayed
    // acknowledgement (36-52 ms) says nothing about the path.
    guard lag > 2_000_000, lag < 150_000_000, !(36_000_000...52_000_000).contains(lag), let hz = clockHz,
      let stamp, soleCopy()
    else { return estimate }
    let ticks = Int64(SeqNum.difference(stamp, clockReference))
    let tick = 1_000_000_000 / hz
    let byClock = clockOffset &+ ticks &* 1_000_000_000 / hz &- oneWay &+ tick / 2
    return min(max(estimate, byClock), latest)
  }
}

extension EvidenceSegment {
  var isReset: Bool { flags.contains(.rst) }
  /// A SYN without ACK.
  var isSyn: Bool { flags.intersection([.syn, .ack, .rst]) == .syn }
  var isSynAck: Bool { flags.intersection([.syn, .ack, .rst]) == [.syn, .ack] }
  /// A FIN that closes; a FIN beside SYN or RST does not.
  var isFin: Bool { flags.intersection([.fin, .syn, .rst]) == .fin }
  /// Neither SYN nor RST.
  var isOrdinary: Bool { flags.intersection([.syn, .rst]).isEmpty }
  /// Acknowledges everything below `offset`, and is no RST.
  func acknowledges(_ offset: Int64) -> Bool { hasAck && ack >= offset && !isReset }
}
