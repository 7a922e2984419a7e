import TraceDecode

extension FlowReport {
  /// The flow's `conn_state` as Zeek's conn.log would have it (`SF`, `S0`, `RSTO` ...), kept for those who know it.
  public var connState: StaticString {
    let bothOpened = originator.metrics.synCount > 0 && responder.metrics.synCount > 0
    let o = ConnPhase.of(originator.metrics, bothOpened: bothOpened)
    let r = ConnPhase.of(responder.metrics, bothOpened: bothOpened)
    let noData = originator.metrics.octetsUnique == 0 && responder.metrics.octetsUnique == 0
    switch (o, r) {
    case (.synSent, .reset): return "REJ"
    case (.reset, .reset) where noData && !bothOpened: return "REJ"
    case (.silent, .reset), (.partial, .reset): return "RSTRH"
    case (_, .reset): return "RSTR"
    case (.reset, .silent), (.reset, .partial): return "RSTOS0"
    case (.reset, _): return "RSTO"
    case (.closed, .closed): return "SF"
    case (.closed, .silent), (.closed, .partial): return "SH"
    case (.closed, _): return "S2"
    case (.silent, .closed), (.partial, .closed): return "SHR"
    case (_, .closed): return "S3"
    case (.synSent, .silent): return "S0"
    case (.established, .established): return "S1"
    default: return "OTH"
    }
  }
}

/// How far one side got, by what it sent.
private enum ConnPhase {
  case silent, partial, synSent, established, closed, reset

  static func of(_ sent: borrowing DirectionMetrics, bothOpened: Bool) -> ConnPhase {
    if sent.rstCount > 0 { return .reset }
    if sent.finCount > 0 { return .closed }
    if sent.synCount > 0 { return bothOpened ? .established : .synSent }
    return sent.packets > 0 ? .partial : .silent
  }
}
