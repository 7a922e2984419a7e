import TraceDecode

/// The measures of one direction in the record of its flow, named as METRICS of the schema.
///
/// Most directions have nothing to tell in one group of measures or another; a group without news is one literal.
extension JSONCursor {
  @inline(__always)
  mutating func record(_ m: borrowing DirectionMetrics, full: Bool) {
    if !full, m.isSilent { return put(Self.silent) }
    put("{\"packets\":")
    put(m.packets)
    put(",\"bytes_ip\":")
    put(m.octetsIP)
    put(",\"packets_data\":")
    put(m.dataPackets)
    put(",\"bytes_payload\":")
    put(m.octetsPayload)
    put(",\"bytes_unique\":")
    put(m.octetsUnique)
    put(",\"bytes_acked\":")
    json(m.octetsAcked)
    put(",\"bytes_missing\":")
    json(m.octetsMissing)
    put(",\"packets_pure_ack\":")
    put(m.pureAcks)
    put(",\"syn\":")
    put(m.synCount)
    put(",\"fin\":")
    put(m.finCount)
    put(",\"rst\":")
    put(m.rstCount)
    put(",\"psh\":")
    put(m.pshCount)
    put(",\"mss_advertised\":")
    json(m.mssAdvertised)
    put(",\"segs_max\":")
    put(m.maxSegment)
    put(",\"win_scale\":")
    json(m.windowShift)
    put(",\"win_min\":")
    json(m.windowMin)
    put(",\"win_max\":")
    json(m.windowMax)
    put(",\"zero_windows\":")
    put(m.zeroWindows)
    if m.isUneventful {
      put(Self.uneventful)
    } else {
      recordEvents(m)
    }
    if let least = m.rttMin, let most = m.rttMax, m.rttSamples > 0 {
      put(",\"rtt_samples\":")
      put(m.rttSamples)
      put(",\"rtt_min_ns\":")
      put(least)
      put(",\"rtt_avg_ns\":")
      put(m.rttSum / Int64(m.rttSamples))
      put(",\"rtt_max_ns\":")
      put(most)
    } else {
      put(",\"rtt_samples\":0,\"rtt_min_ns\":null,\"rtt_avg_ns\":null,\"rtt_max_ns\":null")
    }
    put(",\"ttl_min\":")
    json(m.packets == 0 ? nil : m.ttlMin)
    put(",\"ttl_max\":")
    json(m.packets == 0 ? nil : m.ttlMax)
    recordOptions(m)
    put(",\"ts_hz\":")
    json(m.tsHz)
    recordDerived(m)
    if full { recordMeasures(m) }
    put("}")
  }

  /// What most directions have nothing of.
  private static let uneventful: StaticString = """
    ,"rexmit_segs":0,"rexmit_bytes":0,"rexmit_fast":0,"rexmit_rto":0,"rexmit_tlp":0,"rexmit_loss_recovery":0,\
    "rexmit_spurious":0,"reordered_segs":0,"net_duplicates":0,"capture_duplicates":0,"dup_acks":0,\
    "dsack_count":0,"keepalives":0,"zwp_sent":0,"bad_checksum":0
    """

  /// What the record of a direction is that no segment passed in.
  private static let silent: StaticString = """
    {"packets":0,"bytes_ip":0,"packets_data":0,"bytes_payload":0,"bytes_unique":0,"bytes_acked":null,\
    "bytes_missing":0,"packets_pure_ack":0,"syn":0,"fin":0,"rst":0,"psh":0,"mss_advertised":null,\
    "segs_max":0,"win_scale":null,"win_min":null,"win_max":null,"zero_windows":0,"rexmit_segs":0,\
    "rexmit_bytes":0,"rexmit_fast":0,"rexmit_rto":0,"rexmit_tlp":0,"rexmit_loss_recovery":0,\
    "rexmit_spurious":0,"reordered_segs":0,"net_duplicates":0,"capture_duplicates":0,"dup_acks":0,\
    "dsack_count":0,"keepalives":0,"zwp_sent":0,"bad_checksum":0,"rtt_samples":0,"rtt_min_ns":null,\
    "rtt_avg_ns":null,"rtt_max_ns":null,"ttl_min":null,"ttl_max":null,"options":null,\
    "options_effective":null,"ts_hz":null,\
    "stream_length":null,"packets_ack_flag":0,"flags_union":null,"segs_avg":null,"data_time_ns":null,\
    "first_payload_delay_ns":null,"last_payload_delay_ns":null,"goodput":null,"throughput":null,\
    "rexmit_ratio":null,"win_scale_known":false,"ts_offset_epoch_ns":null,"ipid_model":null}
    """

  private mutating func recordEvents(_ m: DirectionMetrics) {
    put(",\"rexmit_segs\":")
    jsonCount(m.retransmittedSegments, ambiguous: m.ambiguous)
    put(",\"rexmit_bytes\":")
    put(m.retransmittedOctets)
    put(",\"rexmit_fast\":")
    put(m.retransmittedFast)
    put(",\"rexmit_rto\":")
    put(m.retransmittedTimeout)
    put(",\"rexmit_tlp\":")
    put(m.retransmittedProbe)
    put(",\"rexmit_loss_recovery\":")
    put(m.retransmittedLossRecovery)
    put(",\"rexmit_spurious\":")
    put(m.retransmittedSpurious)
    put(",\"reordered_segs\":")
    jsonCount(m.reorderedSegments, ambiguous: m.ambiguous)
    put(",\"net_duplicates\":")
    jsonCount(m.networkDuplicates, ambiguous: m.ambiguousDuplicates)
    put(",\"capture_duplicates\":")
    jsonCount(m.captureDuplicates, ambiguous: m.ambiguousDuplicates)
    put(",\"dup_acks\":")
    put(m.duplicateAcks)
    put(",\"dsack_count\":")
    put(m.dsacks)
    put(",\"keepalives\":")
    put(m.keepAlives)
    put(",\"zwp_sent\":")
    put(m.windowProbes)
    put(",\"bad_checksum\":")
    put(m.badChecksums)
  }
}

extension DirectionMetrics {
  /// No segment of it passed, nor anything that would speak of one.
  fileprivate var isSilent: Bool {
    packets == 0 && octetsIP | dataPackets | octetsPayload | octetsUnique | pureAcks | ackSegments == 0
      && synCount | finCount | rstCount | pshCount | maxSegment | zeroWindows | rttSamples == 0
      && octetsAcked == nil && octetsMissing == 0 && mssAdvertised == nil && windowShift == nil
      && windowMin == nil && windowMax == nil && optionsOffered == nil && optionsEffective == nil
      && tsHz == nil && streamLength == nil
      && firstPayloadDelay == nil && lastPayloadDelay == nil && !windowScaleKnown && tsOrigin == nil
      && ipIDModel == nil && isUneventful
  }

  /// Nothing was sent again, out of order, twice or for want of an answer.
  fileprivate var isUneventful: Bool {
    (retransmittedSegments | retransmittedFast | retransmittedTimeout | retransmittedProbe
      | retransmittedLossRecovery | retransmittedSpurious | reorderedSegments | networkDuplicates
      | captureDuplicates | ambiguousDuplicates | ambiguous | duplicateAcks | dsacks | keepAlives
      | windowProbes | badChecksums)
      == 0
      && retransmittedOctets == 0
  }
}
