import TraceDecode

/// What the record of a flow says of it that follows from other values, and what its ledger holds.
extension JSONCursor {
  /// Octets that the ledger's keys and values take at most: 48 of a key, a range of two numbers.
  static let measuresLimit =
    (FlowMeasure.allCases.count + 2 * DirectionMeasure.allCases.count) * (48 + 20 + 2 * Digits.room)
    + 2 * (16 + 64 * 3) + 2 * 32 + 32

  mutating func recordDerived(_ flow: FlowReport) {
    put(",\"duration_ns\":")
    put(max(0, flow.lastTime &- flow.firstTime))
    put(",\"completeness\":")
    put(UInt64(flow.completeness))
    put(",\"handshake_originator_part_ns\":")
    json(flow.handshakeOriginatorPart)
    put(",\"handshake_responder_part_ns\":")
    json(flow.handshakeResponderPart)
    put(",\"syn_retries\":")
    json(flow.synRetries)
    switch flow.ecnMode {
    case nil: put(",\"ecn_mode\":null")
    case ECNMode.none?: put(",\"ecn_mode\":\"none\"")
    case .classic?: put(",\"ecn_mode\":\"3168\"")
    case .accurate?: put(",\"ecn_mode\":\"accecn\"")
    }
    put(",\"tfo\":")
    json(flow.fastOpen)
  }

  mutating func recordDerived(_ m: DirectionMetrics) {
    put(",\"stream_length\":")
    json(m.streamLength)
    put(",\"packets_ack_flag\":")
    put(m.ackSegments)
    put(",\"flags_union\":")
    json(m.packets == 0 ? nil : m.flagsUnion.rawValue)
    if m.dataPackets > 0 || m.firstPayloadDelay != nil || m.lastPayloadDelay != nil {
      recordRates(m)
    } else {
      put(Self.noRates)
    }
    put(",\"win_scale_known\":")
    json(m.windowScaleKnown)
    put(",\"ts_offset_epoch_ns\":")
    json(m.tsOrigin)
    switch m.ipIDModel {
    case nil: put(",\"ipid_model\":null")
    case .zero?: put(",\"ipid_model\":\"zero\"")
    case .flowCounter?: put(",\"ipid_model\":\"flow-counter\"")
    case .counter?: put(",\"ipid_model\":\"counter\"")
    case .other?: put(",\"ipid_model\":\"other\"")
    }
  }

  /// What directions without data have nothing of.
  private static let noRates: StaticString = """
    ,"segs_avg":null,"data_time_ns":null,"first_payload_delay_ns":null,"last_payload_delay_ns":null,\
    "goodput":null,"throughput":null,"rexmit_ratio":null
    """

  private mutating func recordRates(_ m: DirectionMetrics) {
    put(",\"segs_avg\":")
    json(m.segmentAverage)
    put(",\"data_time_ns\":")
    json(m.dataTime)
    put(",\"first_payload_delay_ns\":")
    json(m.firstPayloadDelay)
    put(",\"last_payload_delay_ns\":")
    json(m.lastPayloadDelay)
    put(",\"goodput\":")
    json(m.goodput)
    put(",\"throughput\":")
    json(m.throughput)
    put(",\"rexmit_ratio\":")
    if m.dataPackets > 0, m.retransmittedSegments == 0 {
      put("0.000000")
    } else {
      json(ratio: m.retransmissionRatio)
    }
  }

  mutating func recordMeasures(_ flow: FlowReport) {
    guard let measures = flow.measures else { return }
    record(measures)
    put(",\"syn_option_fallback\":")
    if let fellBack = flow.synFellBack { json(fellBack) } else { put("null") }
  }

  mutating func recordMeasures(_ m: DirectionMetrics) {
    guard let measures = m.measures else { return }
    record(measures)
    put(",\"mptcp_token\":")
    if let token = m.mptcp.derivedToken {
      put("\"")
      putHex(token)
      put("\"")
    } else {
      put("null")
    }
    put(",\"dscp_set\":")
    guard m.packets > 0 else { return put("null") }
    put("[")
    var isFirst = true
    for point in 0..<64 where m.codePoints & (1 << UInt64(point)) != 0 {
      if !isFirst { put(",") }
      isFirst = false
      put(point)
    }
    put("]")
  }

  private mutating func record<Key>(_ measures: Measures<Key>) {
    for key in Key.allCases {
      put(",\"")
      put(key.info.name)
      put(key.info.unit == .time ? "_ns\":" : "\":")
      switch measures[key] {
      case .unknown: put("null")
      case .known(let value): json(value, key.info.unit)
      case .between(let least, let most):
        put("{\"min\":")
        json(least, key.info.unit)
        put(",\"max\":")
        json(most, key.info.unit)
        put("}")
      }
    }
  }

  private mutating func json(_ value: Int64, _ unit: MeasureUnit) {
    if unit == .ratio { json(ratio: value) } else { put(value) }
  }

  /// A share, with six digits of fraction. Units: millionths.
  private mutating func json(ratio: Int64?) {
    guard let ratio else { return put("null") }
    put(ratio / 1_000_000)
    put(".")
    putDigits(ratio.magnitude % 1_000_000)
  }

  /// Eight digits.
  private mutating func putHex(_ value: UInt32) {
    var shift: UInt32 = 32
    while shift > 0 {
      shift -= 4
      let digit = UInt8(truncatingIfNeeded: value >> shift & 15)
      put(digit < 10 ? 48 &+ digit : 87 &+ digit)
    }
  }

  private mutating func putDigits(_ millionths: UInt64) {
    var place: UInt64 = 100_000
    while place > 0 {
      put(48 &+ UInt8(truncatingIfNeeded: millionths / place % 10))
      place /= 10
    }
  }

  /// What the SYN of one side offered, and what of it both agreed on, which is mostly the same.
  mutating func recordOptions(_ m: borrowing DirectionMetrics) {
    put(",\"options\":")
    let start = at
    json(options: m.optionsOffered)
    let length = at - start
    put(",\"options_effective\":")
    guard m.optionsEffective == m.optionsOffered else { return json(options: m.optionsEffective) }
    UnsafeMutableRawPointer(at).copyMemory(from: start, byteCount: length)
    at += length
  }

  /// The names of TCP options, or null when nobody saw what was offered.
  private mutating func json(options: TCPOptionSet?) {
    guard let options else { return put("null") }
    put("[")
    var rest = options.intersection(FlowPhrases.namedOptions).rawValue
    if rest == 0 { return put("]") }
    while rest != 0 {
      put(phrases.option(rest.trailingZeroBitCount))
      rest &= rest &- 1
    }
    // The last comma gives way.
    at -= 1
    put("]")
  }
}

extension ByteOutput {
  /// A share, with six digits of fraction, or null. Units: millionths.
  func json(ratio: Int64?) {
    guard let ratio else { return put("null") }
    put(ratio / 1_000_000)
    put(".")
    put(ratio.magnitude % 1_000_000, digits: 6)
  }
}

extension CaptureReport {
  /// Octets the capture lacks, of all that it shows to have been sent. Units: millionths; nil for no octets.
  var lossRatio: Int64? {
    let all = gapOctets &+ octetsUnique
    return all == 0 ? nil : Int64(Double(gapOctets) * 1e6 / Double(all))
  }

  /// Acknowledgements of what the capture lacks, of all (Zeek's gaps to acks). Units: millionths; nil for none.
  var ackLossRatio: Int64? {
    acknowledgements == 0 ? nil : Int64(Double(gapAcks) * 1e6 / Double(acknowledgements))
  }
}

/// What follows from a direction's counters; nil where that is not known.
extension DirectionMetrics {
  /// First to last payload. Units: nanoseconds.
  var dataTime: Int64? { firstPayloadDelay.flatMap { first in lastPayloadDelay.map { $0 &- first } } }
  /// Mean payload. Units: octets.
  var segmentAverage: Int64? { dataPackets == 0 ? nil : Int64(clamping: octetsPayload / dataPackets) }
  /// Distinct octets a second of data time.
  var goodput: Int64? { rate(octetsUnique) }
  /// Payload octets a second of data time, repeats included.
  var throughput: Int64? { rate(octetsPayload) }
  /// Segments sent again of those with payload. Units: millionths.
  var retransmissionRatio: Int64? {
    dataPackets == 0 ? nil : Int64(clamping: UInt64(retransmittedSegments) &* 1_000_000 / dataPackets)
  }

  private func rate(_ octets: UInt64) -> Int64? {
    guard let time = dataTime, time > 0, octets > 0 else { return nil }
    return Int64(min(Double(octets) * 1e9 / Double(time), 1e18))
  }
}
