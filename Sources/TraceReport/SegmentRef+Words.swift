import TraceDecode

extension SegmentRef {
  /// What the segment carries, as the ladders say it: `seq 14601:16061 (1460)`, `SYN-ACK`, `ack 16061`.
  public var words: String {
    var words: [String] = []
    if flags.contains(.syn) { words.append(flags.contains(.ack) ? "SYN-ACK" : "SYN") }
    if flags.contains(.fin) { words.append("FIN") }
    if flags.contains(.rst) { words.append("RST") }
    // A FIN is told by its place in the stream; a SYN's place is always 0.
    if payload > 0 {
      words.append("seq \(start):\(start &+ Int64(payload)) (\(payload))")
    } else if flags.contains(.fin) || flags.contains(.rst) {
      words.append("seq \(start)")
    }
    if let ack, !flags.contains(.syn), payload == 0 { words.append("ack \(ack)") }
    if window == 0, flags.contains(.ack), flags.isDisjoint(with: [.rst, .syn]) { words.append("win 0") }
    var text = words.joined(separator: " ")
    if let sack {
      text += ", sack \(sack.lowerBound):\(sack.upperBound)"
      // RFC 2883 4: a block below the acknowledgement tells of octets that came twice.
      if let ack, sack.upperBound <= ack { text += " (D-SACK)" }
    }
    return text.isEmpty ? "no flags" : text
  }
}
