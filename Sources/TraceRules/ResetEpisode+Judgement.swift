import TraceDecode

extension ResetEpisode {
  /// A reset that its receiver may have taken, and that somebody else sent.
  ///
  /// Two marks of a foreign origin, or one and the endpoint going on as if nothing had happened.
  var looksForged: Bool {
    guard validity == .accepted || validity == .unknown else { return false }
    return foreign.rawValue.nonzeroBitCount >= 2
  }

  /// Its sender's application closed with data unread, or data came after it had closed its side.
  var closedTooEarly: Bool {
    switch cause {
    case .unreadData: true
    case .dataAfterClose, .answerToDataAfterClose: afterOwnFin && !afterFullClose && validity != .afterClose
    default: false
    }
  }
}
