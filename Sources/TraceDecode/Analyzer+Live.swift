/// The capture while it is still going on.
extension Analyzer {
  /// Flows as they stand, the newest first. Limits: `limit` flows; others are not looked at.
  public func liveFlows(limit: Int) -> [LiveFlow] { engine.liveFlows(limit: limit) }

  /// How far each flow that is remembered has come.
  public func visitFlows(_ body: (LiveFlow.Phase) -> Void) {
    engine.flows.visit(limit: .max) { body(LiveFlow.Phase($0.pointee)) }
  }

  /// What has been counted so far.
  public var counts: CaptureReport { engine.desk.report }

  /// Flows that are remembered at present, closed ones that may still be heard of included.
  public var liveFlowCount: Int { engine.flows.count }

  /// Everything that can be said of a flow by now; nil once it has ended.
  ///
  /// Cost: the inference of its states, which a flow's end costs once.
  public func report(of number: Int) -> FlowReport? { engine.account(of: number)?.report }

  /// The same with the stories told at a flow's end, as they look by now.
  public func account(of number: Int) -> (report: FlowReport, episodes: [Episode])? {
    engine.account(of: number)
  }
}

/// What a flow's counters say of it at one moment.
public struct LiveFlow: Sendable {
  /// How far the connection has come, as far as counters tell.
  public enum Phase: UInt8, Sendable, CaseIterable {
    case opening, established, closing, closed
    public var name: String { ["opening", "established", "closing", "closed"][Int(rawValue)] }

    init(_ flow: borrowing Flow) {
      if flow.status.contains(.closed) {
        self = .closed
      } else if flow.originator.known.contains(.fin) || flow.responder.known.contains(.fin) {
        self = .closing
      } else {
        self = flow.status.contains(.established) ? .established : .opening
      }
    }
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
    phase = Phase(flow)
  }
}
