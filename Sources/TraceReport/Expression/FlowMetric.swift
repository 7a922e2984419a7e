import TraceDecode

/// A measure of a flow that expressions and contracts can name, as METRICS and the JSON records call it.
public struct FlowMetric: Sendable {
  public var name: String
  public var unit: QuantityUnit
  /// One sentence for the documentation.
  public var summary: String
  let source: Source
  /// Whether only a ledger has it (`AnalyzerOptions.ledger`).
  public var needsLedger = false

  enum Source: Sendable {
    case flow(@Sendable (FlowReport) -> Int64?)
    /// A count of each side; without a side the two are added.
    case sum(@Sendable (DirectionMetrics) -> Int64?)
    /// A measure of each side; without a side the larger counts.
    case largest(@Sendable (DirectionMetrics, FlowReport) -> Int64?)
    /// Round trips of the side's data: has samples of its own.
    case roundTrips
  }

  /// Whether the two sides have it each for its own sending.
  public var hasSides: Bool { if case .flow = source { false } else { true } }
  public var hasSamples: Bool { if case .roundTrips = source { true } else { false } }

  /// The metric of that name; nil when there is none.
  public static func named(_ name: some StringProtocol) -> FlowMetric? { all.first { $0.name == name } }

  /// Every metric, as the documentation lists them.
  public static let all: [FlowMetric] = basic + ledger

  private static let basic: [FlowMetric] = [
    .flow("duration", .time, "first to last frame") { $0.lastTime &- $0.firstTime },
    .flow("handshake_rtt_total", .time, "SYN to the ACK that ends the handshake") { $0.handshakeRTT },
    .flow("handshake_originator_part", .time, "SYN-ACK to the ACK that answers it, at the capture point") {
      $0.handshakeOriginatorPart
    },
    .flow("handshake_responder_part", .time, "SYN to the SYN-ACK, at the capture point") {
      $0.handshakeResponderPart
    },
    .flow("syn_retries", .count, "SYNs after the first") { $0.synRetries.map(Int64.init) },
    .flow("completeness", .count, "as Wireshark has it: 1 SYN, 2 SYN-ACK, 4 ACK, 8 data, 16 FIN, 32 RST") {
      Int64($0.completeness)
    },
    .flow("rtt_to_originator", .time, "capture point to the originator and back, least seen") {
      $0.originatorHalf
    },
    .flow("rtt_to_responder", .time, "capture point to the responder and back, least seen") {
      $0.responderHalf
    },
    .flow("incarnation", .count, "which use of the four-tuple it is, from 1") { Int64($0.flow.incarnation) },
    .flow("first_frame", .count, "number of its first frame") { Int64(clamping: $0.flow.firstFrame) },
    .flow("last_frame", .count, "number of its last frame") { Int64(clamping: $0.lastFrame) },
    .sum("packets", .count, "segments") { Int64(clamping: $0.packets) },
    .sum("bytes_ip", .octets, "octets of IP packets") { Int64(clamping: $0.octetsIP) },
    .sum("packets_data", .count, "segments with payload") { Int64(clamping: $0.dataPackets) },
    .sum("bytes_payload", .octets, "payload octets, repeats included") { Int64(clamping: $0.octetsPayload) },
    .sum("bytes_unique", .octets, "distinct stream octets seen") { Int64(clamping: $0.octetsUnique) },
    .sum("bytes_acked", .octets, "octets the peer acknowledged") {
      $0.octetsAcked.map { Int64(clamping: $0) }
    },
    .sum("bytes_missing", .octets, "octets acknowledged that the capture does not hold") {
      $0.octetsMissing.map { Int64(clamping: $0) }
    },
    .sum("stream_length", .octets, "octets between SYN and FIN") {
      $0.streamLength.map { Int64(clamping: $0) }
    },
    .sum("packets_ack_flag", .count, "segments with ACK") { Int64(clamping: $0.ackSegments) },
    .sum("packets_pure_ack", .count, "segments that only acknowledge") { Int64(clamping: $0.pureAcks) },
    .sum("syn", .count, "segments with SYN") { Int64($0.synCount) },
    .sum("fin", .count, "segments with FIN") { Int64($0.finCount) },
    .sum("rst", .count, "segments with RST") { Int64($0.rstCount) },
    .sum("psh", .count, "segments with PSH") { Int64($0.pshCount) },
    .sum("zero_windows", .count, "segments that close the window") { Int64($0.zeroWindows) },
    .sum("rexmit_segs", .count, "segments sent again, those certainly so") {
      Int64($0.retransmittedSegments)
    },
    .sum("rexmit_bytes", .octets, "octets sent again") { Int64(clamping: $0.retransmittedOctets) },
    .sum("rexmit_fast", .count, "fast retransmissions") { Int64($0.retransmittedFast) },
    .sum("rexmit_rto", .count, "retransmissions by time-out") { Int64($0.retransmittedTimeout) },
    .sum("rexmit_tlp", .count, "tail loss probes") { Int64($0.retransmittedProbe) },
    .sum("rexmit_loss_recovery", .count, "retransmissions in recovery") {
      Int64($0.retransmittedLossRecovery)
    },
    .sum("rexmit_spurious", .count, "needless retransmissions") { Int64($0.retransmittedSpurious) },
    .sum("reordered_segs", .count, "segments the network reordered") { Int64($0.reorderedSegments) },
    .sum("net_duplicates", .count, "copies made by the network") { Int64($0.networkDuplicates) },
    .sum("capture_duplicates", .count, "copies made by the capture") { Int64($0.captureDuplicates) },
    .sum("dup_acks", .count, "duplicate ACKs (RFC 5681)") { Int64($0.duplicateAcks) },
    .sum("dsack_count", .count, "D-SACK blocks its peer sent about its data (RFC 2883)") { Int64($0.dsacks) },
    .sum("keepalives", .count, "keep-alives") { Int64($0.keepAlives) },
    .sum("zwp_sent", .count, "zero-window probes") { Int64($0.windowProbes) },
    .sum("bad_checksum", .count, "wrong TCP checksums") { Int64($0.badChecksums) },
    .largest("rexmit_ratio", .ratio, "segments sent again, of those with payload") { m, _ in
      m.retransmissionRatio
    },
    .largest("goodput", .rate, "distinct stream octets a second, first to last payload") { m, _ in m.goodput
    },
    .largest("throughput", .rate, "payload octets a second, first to last payload, repeats included") {
      m, _ in
      m.throughput
    },
    .largest("data_time", .time, "first to last payload") { m, _ in m.dataTime },
    .largest("first_payload_delay", .time, "flow's start to its first payload") { m, _ in m.firstPayloadDelay
    },
    .largest("last_payload_delay", .time, "flow's start to its last payload") { m, _ in m.lastPayloadDelay },
    .largest("segs_avg", .octets, "mean payload") { m, _ in m.segmentAverage },
    .largest("mss_advertised", .octets, "MSS option of the SYN") { m, _ in m.mssAdvertised.map(Int64.init) },
    .largest("segs_max", .octets, "largest payload") { m, _ in Int64(m.maxSegment) },
    .largest("win_scale", .count, "window scale shift") { m, _ in m.windowShift.map(Int64.init) },
    .largest("win_min", .octets, "smallest window advertised") { m, _ in m.windowMin.map(Int64.init) },
    .largest("win_max", .octets, "largest window advertised") { m, _ in m.windowMax.map(Int64.init) },
    .largest("ttl_min", .count, "smallest TTL") { m, _ in m.packets == 0 ? nil : Int64(m.ttlMin) },
    .largest("ttl_max", .count, "largest TTL") { m, _ in m.packets == 0 ? nil : Int64(m.ttlMax) },
    .largest("ts_hz", .count, "ticks a second of its timestamp clock") { m, _ in m.tsHz.map(Int64.init) },
    FlowMetric(
      name: "rtt", unit: .time, summary: "round trips of its data from the capture point to the peer",
      source: .roundTrips),
  ]

  /// What ledgers hold; the figures of `rtt` aside, which `rtt` has itself.
  private static let ledger: [FlowMetric] =
    FlowMeasure.allCases.map { key in
      FlowMetric(key.info, .flow { $0.measures?[key].least })
    }
    + DirectionMeasure.allCases.filter { $0 != .rttP50 && $0 != .rttP95 }.map { key in
      FlowMetric(
        key.info,
        key.info.adds ? .sum { $0.measures?[key].least } : .largest { m, _ in m.measures?[key].least })
    }

  init(name: String, unit: QuantityUnit, summary: String, source: Source, needsLedger: Bool = false) {
    self.name = name
    self.unit = unit
    self.summary = summary
    self.source = source
    self.needsLedger = needsLedger
  }

  private init(_ info: MeasureInfo, _ source: Source) {
    self.init(
      name: info.name.description, unit: info.unit, summary: info.summary.description, source: source,
      needsLedger: true)
  }

  private static func flow(
    _ name: String, _ unit: QuantityUnit, _ summary: String,
    _ value: @escaping @Sendable (FlowReport) -> Int64?
  ) -> FlowMetric {
    FlowMetric(name: name, unit: unit, summary: summary, source: .flow(value))
  }

  private static func sum(
    _ name: String, _ unit: QuantityUnit, _ summary: String,
    _ value: @escaping @Sendable (DirectionMetrics) -> Int64?
  ) -> FlowMetric {
    FlowMetric(name: name, unit: unit, summary: summary, source: .sum(value))
  }

  private static func largest(
    _ name: String, _ unit: QuantityUnit, _ summary: String,
    _ value: @escaping @Sendable (DirectionMetrics, FlowReport) -> Int64?
  ) -> FlowMetric {
    FlowMetric(name: name, unit: unit, summary: summary, source: .largest(value))
  }
}
