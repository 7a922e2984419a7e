import TraceDecode

extension ReuseEpisode {
  /// The numbers that decide whether a SYN may reopen the four-tuple, in words.
  var comparison: String {
    var text = "the SYN comes \(Format.time(gap)) into TIME-WAIT, its sequence number "
    text += isnAdvance > 0 ? "\(isnAdvance) above" : "\(Int64(isnAdvance).magnitude) below"
    text += " the last one its sender used"
    switch tsAdvance {
    case .some(let ticks) where ticks > 0: text += ", its timestamp \(ticks) ticks later"
    case .some(0): text += ", its timestamp the same"
    case .some(let ticks): text += ", its timestamp \(Int64(ticks).magnitude) ticks earlier"
    case nil: text += ", without timestamps to compare"
    }
    return text
  }

  var values: [Value] {
    var values = [Value("gap", gap, .nanoseconds), Value("isn_advance", Int64(isnAdvance), .octets)]
    if let tsAdvance { values.append(Value("ts_advance", Int64(tsAdvance))) }
    return values
  }
}

extension RuleExample {
  /// An opening, a request and a close; the responder closes first and holds TIME-WAIT from 0.140 s on. Nine frames.
  static let closedByResponder =
    opening + """
      0.100 < F. 1:1(0) ack 101
      0.1001 > F. 101:101(0) ack 2
      0.140 < . 2:2(0) ack 102

      """
}
