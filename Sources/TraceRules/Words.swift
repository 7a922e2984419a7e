import TraceDecode

extension SegmentRef {
  /// `frame 12`.
  var named: String { "frame \(frame)" }

  /// Time since another segment passed. Units: nanoseconds.
  func since(_ earlier: SegmentRef) -> Int64 { time &- earlier.time }

  /// `seq 1:101`, the stream offsets it covers.
  var range: String { "seq \(start):\(end)" }

  func evidence(_ note: String = "") -> Evidence { Evidence(self, note) }
}

extension Collection where Element == SegmentRef {
  func evidence(_ note: String = "") -> [Evidence] { map { Evidence($0, note) } }

  /// `frame 2`, `frames 2, 5 and 9`, `frames 2, 3, 4, 5 and 3 more`.
  var frames: String { "\(count == 1 ? "frame" : "frames") " + Format.list(shortened(map { "\($0.frame)" })) }

  /// How long each came after the one before: `1 s and 2 s`.
  var gaps: String {
    Format.list(shortened(zip(dropFirst(), self).map { Format.time($0.since($1)) }))
  }

  private func shortened(_ items: [String]) -> [String] {
    items.count > 5 ? items.prefix(4) + ["\(items.count - 4) more"] : items
  }
}

extension Optional where Wrapped == SegmentRef {
  func evidence(_ note: String = "") -> [Evidence] { map { [Evidence($0, note)] } ?? [] }
}

extension ResetEpisode.Cause {
  /// Why a reset was sent, as the end of a sentence.
  var words: String {
    switch self {
    case .answerToSyn: "it answers a SYN: nobody listens there"
    case .answerToSynAck: "it answers a SYN-ACK that its sender had not asked for, or no longer wanted"
    case .answerToOldSegment: "it answers a segment of an earlier connection"
    case .unreadData: "its sender closed with received data left unread"
    case .dataAfterClose, .answerToDataAfterClose: "data came after its sender had closed"
    case .abort: "its sender closed abortively (SO_LINGER 0, or the process was ended)"
    case .userTimeout: "its sender gave up after retransmitting in vain"
    case .keepAliveFailed: "its sender's keep-alives went unanswered"
    case .middleboxExpiry: "a middlebox answered, its entry for the idle connection expired"
    case .halfOpen: "its sender no longer knows the connection: restarted, or its state expired"
    case .handshakeTimeout: "its sender gave up the handshake"
    case .unknown: "nothing in the capture tells why"
    }
  }
}

extension ResetEpisode.Foreign {
  /// What marks the reset as not its endpoint's own, one entry a mark.
  var marks: [String] {
    let all: [(ResetEpisode.Foreign, String)] = [
      (.ttl, "its TTL differs from the endpoint's other packets"),
      (.ipID, "its IP identification breaks the endpoint's count"),
      (.tooFast, "it came sooner than the path allows"),
      (.bare, "it has no window, no options and identification 0"),
      (.senderContinues, "the endpoint went on sending as if it had not sent it"),
      (.bothEnds, "both ends were reset within one round trip"),
    ]
    return all.compactMap { contains($0.0) ? $0.1 : nil }
  }
}

extension ICMPError {
  /// What the error says, as a noun: `host unreachable`.
  var words: String {
    switch kind {
    case .networkUnreachable: "network unreachable"
    case .hostUnreachable: "host unreachable"
    case .protocolUnreachable: "protocol unreachable"
    case .portUnreachable: "port unreachable"
    case .administrativelyProhibited: "administratively prohibited"
    case .fragmentationNeeded: "fragmentation needed"
    case .packetTooBig: "packet too big"
    case .timeExceeded: "time exceeded"
    case .sourceQuench: "source quench"
    case .redirect: "redirect"
    case .parameterProblem: "parameter problem"
    case .otherUnreachable: "unreachable (code \(code))"
    }
  }
}

extension RuleExample {
  /// An ordinary opening and one request, seen beside the originator over a 40 ms path; five frames.
  static let opening = """
    0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
    0.0401 > . 1:1(0) ack 1 win 502
    0.050 > P. 1:101(100) ack 1 win 502
    0.090 < . 1:1(0) ack 101 win 501

    """

  /// The same, with room for 600 octets at the responder; five frames.
  static let narrowOpening = """
    0.000 > S 0:0(0) win 64240 <mss 1460>
    0.040 < S. 0:0(0) ack 1 win 600 <mss 1460>
    0.0401 > . 1:1(0) ack 1
    0.050 > P. 1:101(100) ack 1
    0.090 < . 1:1(0) ack 101 win 500

    """
}

extension DecodeFault.Key {
  /// What was wrong, where: `with a truncated TCP header`.
  var words: String {
    let place =
      switch layer {
      case .link: "link"
      case .tunnel: "tunnel"
      case .ipv4: "IPv4"
      case .ipv6: "IPv6"
      case .tcp: "TCP"
      case .icmp: "ICMP"
      }
    return switch cause {
    case .truncated: "with a truncated \(place) header"
    case .badLength: "with a wrong length in the \(place) header"
    case .badVersion: "with a wrong version in the \(place) header"
    case .unknownLinkType: "of an unknown link type"
    case .unknownEncapsulation: "with an unknown \(place) encapsulation"
    case .tooDeep: "in too many tunnels"
    case .opaque: "encrypted or compressed by the \(place) layer"
    }
  }
}
