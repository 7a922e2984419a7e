/// What only those who watch ask for: timers, stories ahead of their end, the flows as they stand.
extension Analyzer {
  /// How long what ends a story is given to be contradicted before the story is shown. Units: nanoseconds.
  private static let previewHold: Int64 = 100_000_000

  /// Sees to it that pending decisions of the flow are looked at when they are due.
  func awaitSettling(_ index: Int) {
    guard !flows[index].pointee.status.contains(.awaitsSettling),
      let due = flows[index].pointee.nextDecision(after: now, in: self)
    else { return }
    flows[index].pointee.status.insert(.awaitsSettling)
    flows.setTimer(.settle, for: index, due: due)
  }

  /// Asks for a preview after a segment that may have decided a story.
  func considerPreview(_ index: Int) {
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

  func awaitPreview(_ index: Int) {
    guard !flows[index].pointee.status.contains(.awaitsPreview) else { return }
    flows[index].pointee.status.insert(.awaitsPreview)
    flows.setTimer(.preview, for: index, due: now &+ Self.previewHold)
  }

  func preview(_ index: Int) {
    let flow = flows[index]
    let (report, episodes, _) = flow.pointee.account(in: self)
    let isClosed = flow.pointee.status.contains(.closed)
    for episode in episodes {
      // Before its end, a close is under way; nothing is wrong with that.
      if !isClosed, case .close = episode { continue }
      sink.preview(episode, of: report.flow)
    }
  }

  /// Flows as they stand, the newest first. Limits: `limit` flows; others are not looked at.
  public func liveFlows(limit: Int) -> [LiveFlow] {
    var found: [LiveFlow] = []
    found.reserveCapacity(min(limit, flows.count))
    flows.visit(limit: limit) { found.append(LiveFlow($0.pointee)) }
    return found
  }

  /// What has been counted so far.
  public var counts: CaptureReport { report }

  /// Flows that are remembered at present, closed ones that may still be heard of included.
  public var liveFlowCount: Int { flows.count }

  /// Everything that can be said of a flow by now; nil once it has ended.
  ///
  /// Cost: the inference of its states, which a flow's end costs once.
  public func report(of number: Int) -> FlowReport? {
    guard let number = Int32(exactly: number), let index = flows.place(of: number) else { return nil }
    return flows[index].pointee.account(in: self).report
  }
}

/// What a flow's counters say of it at one moment.
public struct LiveFlow: Sendable {
  /// How far the connection has come, as far as counters tell.
  public enum Phase: UInt8, Sendable, CaseIterable {
    case opening, established, closing, closed
    public var name: String { ["opening", "established", "closing", "closed"][Int(rawValue)] }
  }
  public var flow: FlowIdentity
  public var phase: Phase
  public var packets: UInt64
  /// Payload octets, repeats included, by sender.
  public var octetsFromOriginator: UInt64
  public var octetsFromResponder: UInt64
  public var lastTime: Int64
  /// The least round trip seen, both halves together; nil until one was measured. Units: nanoseconds.
  public var roundTrip: Int64?

  init(_ flow: borrowing Flow) {
    self.flow = flow.identity
    packets = UInt64(flow.originator.packets) &+ UInt64(flow.responder.packets)
    octetsFromOriginator = flow.originator.octetsPayload
    octetsFromResponder = flow.responder.octetsPayload
    lastTime = flow.lastTime
    let halves = [flow.originator.rttMin, flow.responder.rttMin].filter { $0 != .max }
    roundTrip = halves.isEmpty ? nil : halves.reduce(0, &+)
    if flow.status.contains(.closed) {
      phase = .closed
    } else if flow.originator.known.contains(.fin) || flow.responder.known.contains(.fin) {
      phase = .closing
    } else {
      phase = flow.status.contains(.established) ? .established : .opening
    }
  }
}
