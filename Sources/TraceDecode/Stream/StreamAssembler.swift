/// How streams are put together.
public struct StreamOptions: Sendable {
  public var policy = OverlapPolicy.first
  /// Hand on octets; false hands on ranges only, and holds no octet.
  public var keepsBytes = true
  public var limits = Limits()
  /// Octets of each direction kept after they were handed on, to compare repeats with.
  public var historyOctets = 64 << 10
  /// How long a hole that was acknowledged may still be filled by frames the capture holds late.
  /// Units: nanoseconds of trace time.
  public var patience: Int64 = 1_000_000_000
  public init() {}
}

/// Receives the streams of a capture as they come together.
public protocol StreamConsumer: AnyObject {
  func stream(_ event: StreamEvent, from sender: Role, of flow: FlowIdentity)
}

/// Puts the segments of flows together to their two streams of octets: in order, each octet once, what is
/// missing marked, what came twice judged.
///
/// Feed it what `AnalysisSink.segment` receives, and every end of a flow.
/// Limits: what a flow holds is bounded by `Limits.bufferedOctets`, all flows together by
/// `Limits.streamOctets`; at either, holes are given up (`StreamGap.Reason.overflow`).
public final class StreamAssembler {
  private final class Streams {
    let flow: FlowIdentity
    var originator: StreamDirection
    var responder: StreamDirection
    var cost = 0

    init(_ flow: FlowIdentity, _ options: StreamOptions) {
      self.flow = flow
      originator = StreamDirection(options: options)
      responder = originator
    }

    subscript(role: Role) -> StreamDirection {
      _read { if role == .originator { yield originator } else { yield responder } }
      _modify { if role == .originator { yield &originator } else { yield &responder } }
    }
  }

  public let options: StreamOptions
  private unowned let consumer: any StreamConsumer
  private var streams: [Int: Streams] = [:]
  private var cost = 0

  public init(options: StreamOptions = StreamOptions(), consumer: any StreamConsumer) {
    self.options = options
    self.consumer = consumer
  }

  /// Octets held for all flows, with what holding them costs.
  public var heldOctets: Int { cost }

  /// Takes the next segment of a flow.
  public func accept(_ segment: StreamSegment, of flow: FlowIdentity) {
    // None of these brings the receiver an octet it has not.
    guard segment.standing.isEmpty else { return }
    let known = streams[flow.number]
    // Nothing is kept of a flow before its first octet.
    guard known != nil || segment.length > 0 else { return }
    let streams = known ?? Streams(flow, options)
    if known == nil { self.streams[flow.number] = streams }

    let sender = segment.sender
    if let ack = segment.ack, !segment.flags.contains(.rst) {
      streams[sender.peer].acknowledge(ack, frame: segment.frame, time: segment.time) {
        consumer.stream($0, from: sender.peer, of: streams.flow)
      }
    }
    streams[sender].accept(segment) { consumer.stream($0, from: sender, of: streams.flow) }
    if streams.originator.isComplete, streams.responder.isComplete {
      streams.originator.forgetHistory()
      streams.responder.forgetHistory()
    }
    bound(streams, sender)
  }

  private func bound(_ streams: Streams, _ sender: Role) {
    tally(streams)
    let room = cost > options.limits.streamOctets ? 0 : options.limits.bufferedOctets
    if streams.cost > room || streams.cost > 0 && streams[sender].isOverlong {
      let other = room == 0 ? 0 : streams[sender.peer].cost
      streams[sender].drain(to: max(0, room - other)) { consumer.stream($0, from: sender, of: streams.flow) }
      if room == 0 {
        streams[sender.peer].drain(to: 0) { consumer.stream($0, from: sender.peer, of: streams.flow) }
      }
      tally(streams)
    }
  }

  private func tally(_ streams: Streams) {
    let now = streams.originator.cost + streams.responder.cost
    cost += now - streams.cost
    streams.cost = now
  }

  /// Hands on what is left of a flow and ends its streams.
  public func end(_ flow: FlowIdentity) {
    guard let streams = streams.removeValue(forKey: flow.number) else { return }
    cost -= streams.cost
    for role in [Role.originator, .responder] {
      streams[role].finish { consumer.stream($0, from: role, of: streams.flow) }
    }
  }

  /// Ends every flow that is still open, in the order they began.
  public func finish() {
    for number in streams.keys.sorted() {
      if let flow = streams[number]?.flow { end(flow) }
    }
  }
}
