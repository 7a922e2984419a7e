/// What only those who watch ask for: timers, and stories ahead of their end.
extension Engine {
  /// How long what ends a story is given to be contradicted before the story is shown. Units: nanoseconds.
  private static let previewHold: Int64 = 100_000_000

  /// Sees to it that pending decisions of the flow are looked at when they are due.
  mutating func awaitSettling(_ index: Int) {
    guard !flows[index].pointee.status.contains(.awaitsSettling),
      let due = flows[index].pointee.nextDecision(after: desk.clock, among: desk.paths)
    else { return }
    flows[index].pointee.status.insert(.awaitsSettling)
    flows.setTimer(.settle, for: index, due: due)
  }

  /// Asks for a preview after a segment that may have decided a story.
  mutating func considerPreview(_ index: Int) {
    let flow = flows[index]
    // A first SYN or SYN-ACK tells nothing yet, and an ordinary close tells nothing at all.
    let isRepeat = flow.pointee.originator.synCount > 1 || flow.pointee.responder.synCount > 1
    let isClosed = flow.pointee.status.contains(.closed)
    if segment.flags.contains(.rst) || isRepeat && segment.flags.contains(.syn)
      || isClosed && (isRepeat || flow.pointee.dossier != nil)
    {
      awaitPreview(index)
    }
  }

  mutating func awaitPreview(_ index: Int) {
    guard !flows[index].pointee.status.contains(.awaitsPreview) else { return }
    flows[index].pointee.status.insert(.awaitsPreview)
    flows.setTimer(.preview, for: index, due: desk.clock &+ Self.previewHold)
  }

  mutating func preview(_ index: Int) {
    let flow = flows[index]
    let (report, episodes, _) = flow.pointee.account(in: desk, nextSyn: nil)
    let isClosed = flow.pointee.status.contains(.closed)
    for episode in episodes {
      // Before its end, a close is under way; nothing is wrong with that.
      if !isClosed, case .close = episode { continue }
      desk.sink.preview(episode, of: report.flow)
    }
  }

  /// Visits the flows whose hold-back or preview is due.
  mutating func runTimers() {
    while let timer = flows.popTimer(desk.clock) {
      let index = Int(timer.index)
      desk.turn = Turn(.timer, due: timer.due, of: timer.firstFrame)
      switch timer.kind {
      case .settle:
        flows[index].pointee.status.remove(.awaitsSettling)
        flows[index].pointee.settleDue(now: desk.clock, in: &desk)
        awaitSettling(index)
      case .preview:
        flows[index].pointee.status.remove(.awaitsPreview)
        preview(index)
      case .end: endOnceSilent(index)
      }
    }
  }

  func liveFlows(limit: Int) -> [LiveFlow] {
    var found: [LiveFlow] = []
    found.reserveCapacity(min(limit, flows.count))
    flows.visit(limit: limit) { found.append(LiveFlow($0.pointee)) }
    return found
  }

  mutating func account(of number: Int) -> (report: FlowReport, episodes: [Episode])? {
    guard let number = Int32(exactly: number), let index = flows.place(of: number) else { return nil }
    let (report, episodes, _) = flows[index].pointee.account(in: desk, nextSyn: nil)
    return (report, episodes)
  }
}
