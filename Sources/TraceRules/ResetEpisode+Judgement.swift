import TraceDecode

extension ResetEpisode {
  /// A reset that its receiver may have taken, and that somebody else sent.
  ///
  /// Two marks of a foreign origin, or one and the endpoint going on as if nothing had happened.
  var looksForged: Bool {
    guard validity == .accepted || validity == .unknown else { return false }
    return foreign.rawValue.nonzeroBitCount >= 2
  }
}
