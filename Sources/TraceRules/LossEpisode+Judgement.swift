import TraceDecode

extension LossEpisode {
  /// The retransmissions of data: a FIN lost alone is the close's story, a SYN the handshake's, and so is data
  /// that a SYN carried and its receiver left aside.
  var ofData: some BidirectionalCollection<Retransmission> {
    retransmissions.lazy.filter { $0.segment.payload > 0 && !($0.previous?.flags.contains(.syn) ?? false) }
  }
  private var concernsData: Bool { !ofData.isEmpty }

  /// The sender timed out for so long that the connection counts as dead.
  func isExhausted(timeouts limit: Int64, patience: Int64) -> Bool {
    let repeats = ofData.filter { $0.cause == .timeout }
    guard gaveUp, !asymmetric, let first = repeats.first, let last = repeats.last else { return false }
    return Int64(timeouts) >= limit || last.segment.since(first.previous ?? first.segment) >= patience
  }

  var isUpstream: Bool { (side == .upstream || side == .both) && concernsData }
  var isDownstream: Bool { (side == .downstream || side == .both) && concernsData }
  /// The loss is reported by its place, so that what repaired it need not warn again.
  var isLocated: Bool { isUpstream || isDownstream }

  /// `made good in 203.8 ms`.
  var repairWords: String {
    recoveredBy == nil ? "not made good in this capture" : "made good in \(Format.time(duration))"
  }

  /// How the receiver asked, and how it ended, to be added to what shows the loss.
  var courseWords: String {
    var words = ""
    if let signal = firstSignal {
      words += "; the receiver asked for them from \(signal.named) on"
      if duplicateAcks > 0 { words += " (\(Format.count(duplicateAcks, "duplicate ACK")))" }
    }
    if let end = recoveredBy {
      words += "; \(end.named) acknowledges everything, \(Format.time(duration)) after it began"
    }
    return words
  }
}

extension Retransmission {
  /// What marks it in a ladder: `again, 203.8 ms later`.
  var words: String { sinceLast.map { "again, \(Format.time($0)) later" } ?? "again" }

  /// `203.8 ms after the last time `; empty when that was not captured.
  var age: String { sinceLast.map { "\(Format.time($0)) after the last time " } ?? "" }

  var values: [Value] {
    var values = [Value("octets", Int64(segment.payload), .octets)]
    if let sinceLast { values.append(Value("after", sinceLast, .nanoseconds)) }
    if againOctets > 0 { values.append(Value("octets_again", Int64(againOctets), .octets)) }
    if holeOctets > 0 { values.append(Value("octets_new_here", Int64(holeOctets), .octets)) }
    if backoff > 0 { values.append(Value("backoff", Int64(backoff))) }
    return values
  }
}

extension SpuriousProof {
  /// How it is known, as a sentence; `frame` is the segment that proves it.
  func words(_ frame: SegmentRef?) -> String {
    let proof = frame?.named ?? "a segment"
    return switch self {
    case .none: "nothing proves it needless"
    case .dsack: "\(proof) reports the octets as received twice (D-SACK)"
    case .eifel: "\(proof) echoes the timestamp of an earlier copy (Eifel)"
    case .earlyAck: "\(proof) answers sooner than the path allows, so it answers an earlier copy"
    case .lateOriginal: "the original arrived after it (\(proof))"
    case .alreadyReceived:
      "all octets had passed this capture point beside the receiver, which had taken them"
    case .alreadyAcknowledged: "\(proof) had acknowledged the octets before"
    case .lostAnswer:
      "the receiver's count of packets lacks its answer to an earlier copy: that answer was lost"
    case .repeatedAck:
      "\(proof) acknowledges again with nothing out of order to call for it: it answers the repeat"
    case .finAnswered: "\(proof) shows that the FIN had been answered"
    }
  }
}

extension AckEpisode.LostProof {
  /// How it is known that an acknowledgement did not arrive, as a sentence.
  var words: String {
    switch self {
    case .none, .l1: "the data it acknowledges was sent again, after it should have arrived"
    case .l2: "the SYN-ACK it acknowledges was sent again"
    case .l3: "the FIN it acknowledges was sent again"
    case .l4: "the receiver reports the repeat as received twice (D-SACK)"
    case .l5: "the sender's later segments still echo an older timestamp"
    case .l6: "the receiver's identifications count more segments than passed"
    }
  }
}
