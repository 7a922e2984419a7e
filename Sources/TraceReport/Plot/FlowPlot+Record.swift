import TraceDecode

extension FlowPlot {
  /// Draws a flow that was recorded in full, segment by segment.
  public init(_ record: FlowRecord) {
    var recorder = PlotRecorder(limit: Int.max / 4)
    for passage in record.passages {
      recorder.take(passage.segment, standing: passage.standing, sack: passage.sack)
      if !passage.verdict.isEmpty { recorder.take(passage.verdict, frame: passage.segment.frame) }
    }
    for episode in record.episodes {
      if case .loss(let loss) = episode { recorder.take(loss) }
    }
    self = recorder.finish()
  }

  /// Whose data there is more of.
  public var mainSender: Role {
    func octets(_ side: PlotSide) -> Int64 { side.columns.reduce(0) { $0 &+ $1.fresh } }
    return octets(responder) > octets(originator) ? .responder : .originator
  }
}
