import TraceDecode

extension CloseEpisode {
  /// Whether that side's FIN stayed unanswered long enough to say so.
  func finIsUnanswered(_ role: Role, timeouts: Int64) -> Bool {
    guard let last = self[role].fins.last, self[role].finAck == nil else { return false }
    guard !asymmetric, !endedByReset, last.frame > 0 else { return false }
    let (patience, overflow) = rto.multipliedReportingOverflow(by: timeouts)
    return !overflow && observedAfter >= patience
  }
}
