/// What a measure is held in.
public enum MeasureUnit: Sendable, Hashable {
  case count
  case octets
  /// Nanoseconds.
  case time
  /// Millionths.
  case ratio
  /// Octets a second.
  case rate
}

/// What a measure is called and what it says; the documentation, the schema and the records are made of it.
public struct MeasureInfo: Sendable {
  /// As METRICS has it; a record adds `_ns` to a time.
  public var name: StaticString
  public var unit: MeasureUnit
  /// Whether both sides' values add up; otherwise the larger one speaks for the flow.
  public var adds: Bool
  public var summary: StaticString

  init(_ name: StaticString, _ unit: MeasureUnit, adds: Bool = false, _ summary: StaticString) {
    self.name = name
    self.unit = unit
    self.adds = adds
    self.summary = summary
  }
}

/// A value as far as the capture tells it.
public enum MeasureValue: Sendable, Hashable {
  case unknown
  case known(Int64)
  /// It lies between these, both included: some of its cases can be read two ways.
  case between(Int64, Int64)

  init(_ value: Int64?) { self = value.map { .known($0) } ?? .unknown }
  init(_ value: UInt32) { self = .known(Int64(value)) }

  init(_ least: UInt32, upTo most: UInt32) {
    self = least < most ? .between(Int64(least), Int64(most)) : .known(Int64(least))
  }

  /// The value, or the least it can be; nil when unknown.
  public var least: Int64? {
    switch self {
    case .unknown: nil
    case .known(let value), .between(let value, _): value
    }
  }
}

/// A list of measures that a ledger keeps.
public protocol MeasureKey: RawRepresentable, CaseIterable, Sendable where RawValue == Int {
  var info: MeasureInfo { get }
}

/// The values of one list, each unknown until it is set.
public struct Measures<Key: MeasureKey>: Sendable {
  private var values: [MeasureValue]

  public init() { values = Array(repeating: .unknown, count: Key.allCases.count) }

  public subscript(key: Key) -> MeasureValue {
    get { values[key.rawValue] }
    set { values[key.rawValue] = newValue }
  }
}

/// What a ledger keeps of a flow as a whole (METRICS 2).
public enum FlowMeasure: Int, MeasureKey {
  case productive, recovery, timeoutWait, zeroWindow, idle

  public var info: MeasureInfo {
    switch self {
    case .productive:
      MeasureInfo("duration_productive", .time, "first frame to the last that brought data or progress")
    case .recovery:
      MeasureInfo("time_in_recovery", .time, "loss signal to recovery, all losses of both sides")
    case .timeoutWait: MeasureInfo("time_in_rto_wait", .time, "silence before retransmissions by time-out")
    case .zeroWindow: MeasureInfo("time_zero_window", .time, "while either side's window was closed")
    case .idle: MeasureInfo("time_idle", .time, "while neither side had anything unacknowledged")
    }
  }
}

/// What a ledger keeps of each direction, by its sender (METRICS 3).
public enum DirectionMeasure: Int, MeasureKey {
  case segsMin, mssObserved, urgent, urgentOctets, ece, cwr, peakRateSecond, peakRateRoundTrip, idleMax,
    idleTotal, turns
  case firstAckDelay
  case rexmitRecovery, rexmitForeign, rexmitUnexplained, rexmitPathMTU, lossEvents, lossUpstream
  case lossDownstream, rtoMaxBackoff, rtoFirst, rtoMin, rtoMax, reorderOctets, reorderSegs, reorderTime
  case ambiguousOrder, acksLost, acksLostL1, acksLostL2, acksLostL3, acksLostL4, acksLostL5, acksLostL6,
    dsackOctets
  case dupAckBursts, ackDelayP50, ackDelayP95, ackDelayMax, acksPerSegment, stretchAcks, sackAcks
  case sackBlocksMax, reneges, ackBeyond, ackRegressed, challengeAcks, keepAliveInterval
  case rttP50, rttP95, rttDeviation, rttStampSamples, rttStampMin, rttStampAvg, rttStampMax, rttFullSamples
  case rttFullMin, rttFullAvg, rttFullMax, rttAmbiguous, rttPostLoss, rttCumulative, srtt, rttvar
  case rtoEstimate, rttInflation
  case winAvg, zeroWindowTime, windowShrinks, windowUpdates, flightMin, flightAvg, flightWeighted, flightMax
  case initialFlightOctets, initialFlightSegs, windowFullTime, windowExceeded
  case stampRegressions, pawsDiscards, ttlChanges, ect0, ect1, ce, dfRatio, fragments
  case limitedByApplication, limitedByWindow, limitedByZeroWindow, limitedByDelayedAck
  case limitedByCongestion, limitedByLoss, limitedUnknown

  public var info: MeasureInfo {
    switch self {
    case .segsMin: MeasureInfo("segs_min", .octets, "smallest payload")
    case .mssObserved: MeasureInfo("mss_observed", .octets, "largest payload that fits the peer's MSS option")
    case .urgent: MeasureInfo("urg", .count, adds: true, "segments with URG")
    case .urgentOctets:
      MeasureInfo("urgent_bytes", .octets, adds: true, "payload before the urgent pointer (RFC 6093)")
    case .ece: MeasureInfo("ece", .count, adds: true, "segments with ECE, SYNs included")
    case .cwr: MeasureInfo("cwr", .count, adds: true, "segments with CWR, SYNs included")
    case .peakRateSecond:
      MeasureInfo(
        "peak_rate_1s", .rate, "distinct stream octets in its fullest second, counted from its first data")
    case .peakRateRoundTrip:
      MeasureInfo("peak_rate_1rtt", .rate, "the same of its fullest round trip; both halves' first minimum")
    case .idleMax: MeasureInfo("idle_max", .time, "longest silence between two of its segments")
    case .idleTotal: MeasureInfo("idle_total", .time, "all its silences of a second or more")
    case .turns:
      MeasureInfo("turns", .count, adds: true, "times it began to send data after the peer's, or first")
    case .firstAckDelay: MeasureInfo("first_ack_delay", .time, "flow's start to its first ACK without SYN")
    case .rexmitRecovery:
      MeasureInfo(
        "rexmit_recovery", .count, adds: true, "of rexmit_fast, those after the first of their recovery")
    case .rexmitForeign:
      MeasureInfo("rexmit_foreign", .count, adds: true, "repeats by another than the sender")
    case .rexmitUnexplained:
      MeasureInfo("rexmit_unexplained", .count, adds: true, "retransmissions without a known cause")
    case .rexmitPathMTU:
      MeasureInfo(
        "rexmit_pmtu", .count, adds: true, "retransmissions in smaller segments, for the path's MTU")
    case .lossEvents:
      MeasureInfo("loss_events", .count, adds: true, "losses, each from first repeat to recovery")
    case .lossUpstream:
      MeasureInfo("loss_upstream", .count, adds: true, "of them, between the sender and the capture point")
    case .lossDownstream:
      MeasureInfo("loss_downstream", .count, adds: true, "of them, beyond the capture point")
    case .rtoMaxBackoff: MeasureInfo("rto_max_backoff", .count, "most time-outs in a row")
    case .rtoFirst:
      MeasureInfo("rto_first", .time, "wait before its first time-out, since the last transmission")
    case .rtoMin: MeasureInfo("rto_min", .time, "shortest wait before a time-out")
    case .rtoMax: MeasureInfo("rto_max", .time, "longest wait before a time-out")
    case .reorderOctets:
      MeasureInfo("reorder_extent_max_bytes", .octets, "octets that overtook a segment, at most")
    case .reorderSegs:
      MeasureInfo("reorder_extent_max_segs", .count, "segments that overtook a segment, at most")
    case .reorderTime: MeasureInfo("reorder_extent_max", .time, "how late a reordered segment came, at most")
    case .ambiguousOrder:
      MeasureInfo("ambiguous_oos", .count, adds: true, "segments out of order that may be retransmissions")
    case .acksLost:
      MeasureInfo("acks_lost", .count, adds: true, "acknowledgements of its data that did not reach it")
    case .acksLostL1:
      MeasureInfo("acks_lost_l1", .count, adds: true, "of them, shown by data repeated after an ACK")
    case .acksLostL2:
      MeasureInfo("acks_lost_l2", .count, adds: true, "of them, shown by a SYN-ACK repeated after its ACK")
    case .acksLostL3:
      MeasureInfo("acks_lost_l3", .count, adds: true, "of them, shown by a FIN repeated after its ACK")
    case .acksLostL4: MeasureInfo("acks_lost_l4", .count, adds: true, "of them, shown by D-SACK")
    case .acksLostL5: MeasureInfo("acks_lost_l5", .count, adds: true, "of them, shown by echoed timestamps")
    case .acksLostL6:
      MeasureInfo("acks_lost_l6", .count, adds: true, "of them, shown by the peer's identifications")
    case .dsackOctets:
      MeasureInfo("dsack_bytes", .octets, adds: true, "its octets that the peer reported twice")
    case .dupAckBursts:
      MeasureInfo("dup_ack_bursts3", .count, adds: true, "runs of three or more duplicate ACKs it sent")
    case .ackDelayP50:
      MeasureInfo("ack_delay_p50", .time, "data passing to its ACK, median; only beside the capture point")
    case .ackDelayP95: MeasureInfo("ack_delay_p95", .time, "the same, 95th percentile")
    case .ackDelayMax: MeasureInfo("ack_delay_max", .time, "the same, longest")
    case .acksPerSegment: MeasureInfo("acks_per_segment", .ratio, "its plain ACKs a data segment of the peer")
    case .stretchAcks:
      MeasureInfo(
        "stretch_acks", .count, adds: true, "its plain ACKs of more than two full segments in order")
    case .sackAcks: MeasureInfo("sack_acks", .count, adds: true, "its segments with SACK blocks")
    case .sackBlocksMax: MeasureInfo("sack_blocks_max", .count, "most SACK blocks in one segment")
    case .reneges:
      MeasureInfo("reneges", .count, adds: true, "times it took back octets reported by SACK (RFC 2018 8)")
    case .ackBeyond: MeasureInfo("ack_beyond", .count, adds: true, "its ACKs of what was never sent")
    case .ackRegressed: MeasureInfo("ack_regressed", .count, adds: true, "its ACKs that certainly went back")
    case .challengeAcks: MeasureInfo("challenge_acks", .count, adds: true, "its challenge ACKs (RFC 5961)")
    case .keepAliveInterval: MeasureInfo("keepalive_interval", .time, "between its keep-alives, median")
    case .rttP50:
      MeasureInfo("rtt_p50", .time, "median round trip of its data, capture point to the peer and back")
    case .rttP95: MeasureInfo("rtt_p95", .time, "95th percentile of the same")
    case .rttDeviation: MeasureInfo("rtt_stdev", .time, "standard deviation of the same")
    case .rttStampSamples:
      MeasureInfo(
        "rtt_ts_samples", .count, adds: true, "round trips by timestamps: TSval of data to its first echo")
    case .rttStampMin: MeasureInfo("rtt_ts_min", .time, "shortest of them")
    case .rttStampAvg: MeasureInfo("rtt_ts_avg", .time, "their mean")
    case .rttStampMax: MeasureInfo("rtt_ts_max", .time, "longest of them")
    case .rttFullSamples:
      MeasureInfo(
        "rtt_full_samples", .count, adds: true, "round trips of its largest segments, free of delayed ACKs")
    case .rttFullMin: MeasureInfo("rtt_full_min", .time, "shortest of them")
    case .rttFullAvg: MeasureInfo("rtt_full_avg", .time, "their mean")
    case .rttFullMax: MeasureInfo("rtt_full_max", .time, "longest of them")
    case .rttAmbiguous:
      MeasureInfo("rtt_ambiguous", .count, adds: true, "ACKs of segments sent twice: no sample (Karn)")
    case .rttPostLoss:
      MeasureInfo("rtt_post_loss", .count, adds: true, "ACKs that also cover a segment sent twice")
    case .rttCumulative:
      MeasureInfo("rtt_cumulative", .count, adds: true, "segments acknowledged along with a later one")
    case .srtt: MeasureInfo("srtt", .time, "SRTT (RFC 6298) of the whole path, at the end")
    case .rttvar: MeasureInfo("rttvar", .time, "RTTVAR (RFC 6298) of the whole path, at the end")
    case .rtoEstimate: MeasureInfo("rto_estimate", .time, "SRTT + 4 RTTVAR, without any least value")
    case .rttInflation: MeasureInfo("rtt_inflation", .ratio, "rtt_p95 to the least round trip")
    case .winAvg: MeasureInfo("win_avg", .octets, "mean window it advertised, SYNs left out")
    case .zeroWindowTime: MeasureInfo("zero_window_time", .time, "while its window was closed")
    case .windowShrinks: MeasureInfo("window_shrinks", .count, adds: true, "times its right edge went back")
    case .windowUpdates:
      MeasureInfo("window_updates", .count, adds: true, "its plain ACKs that only open the window")
    case .flightMin: MeasureInfo("flight_min_nonzero", .octets, "least it had in flight after sending data")
    case .flightAvg: MeasureInfo("flight_avg", .octets, "mean in flight after sending data")
    case .flightWeighted:
      MeasureInfo("flight_wavg", .octets, "mean over time, first data to last ACK of data")
    case .flightMax: MeasureInfo("flight_max", .octets, "most it had in flight")
    case .initialFlightOctets:
      MeasureInfo("initial_flight_bytes", .octets, "payload sent before the first ACK of data reached it")
    case .initialFlightSegs:
      MeasureInfo("initial_flight_segs", .count, "the same in segments of the peer's MSS")
    case .windowFullTime:
      MeasureInfo("window_full_time", .time, "while it waited at the edge of the peer's window")
    case .windowExceeded:
      MeasureInfo("window_exceeded_bytes", .octets, "farthest it sent beyond the peer's window")
    case .stampRegressions:
      MeasureInfo("ts_regressions", .count, adds: true, "new data with an older timestamp than before")
    case .pawsDiscards:
      MeasureInfo("paws_discards", .count, adds: true, "its segments refused by PAWS (RFC 7323 5)")
    case .ttlChanges:
      MeasureInfo("ttl_changes", .count, adds: true, "times its TTL differed from the segment before")
    case .ect0: MeasureInfo("ect0", .count, adds: true, "packets marked ECT(0)")
    case .ect1: MeasureInfo("ect1", .count, adds: true, "packets marked ECT(1)")
    case .ce: MeasureInfo("ce", .count, adds: true, "packets marked CE")
    case .dfRatio: MeasureInfo("df_ratio", .ratio, "packets that forbid fragmentation; IPv4")
    case .fragments: MeasureInfo("fragments", .count, adds: true, "segments that came in fragments")
    case .limitedByApplication:
      MeasureInfo("limiting_cause_app", .time, "while it had nothing to send: its application set the pace")
    case .limitedByWindow:
      MeasureInfo("limiting_cause_rwnd", .time, "while it stood at the edge of the peer's window")
    case .limitedByZeroWindow:
      MeasureInfo("limiting_cause_zero_window", .time, "while the peer's window was closed and data waited")
    case .limitedByDelayedAck:
      MeasureInfo(
        "limiting_cause_delayed_ack", .time, "while it waited for the held-back ACK of a small segment")
    case .limitedByCongestion:
      MeasureInfo("limiting_cause_cwnd", .time, "while ACKs let it go on: congestion window or path")
    case .limitedByLoss: MeasureInfo("limiting_cause_loss", .time, "while it repaired a loss")
    case .limitedUnknown:
      MeasureInfo("limiting_cause_unknown", .time, "its last data to the end, unacknowledged")
    }
  }
}
