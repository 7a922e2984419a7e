/// The side of a connection: who opened it, who answered.
enum Side {
  case originator, responder
  var other: Side { self == .originator ? .responder : .originator }
}

/// A value for each side of a connection.
struct Pair<Value> {
  var originator: Value
  var responder: Value
  subscript(_ side: Side) -> Value {
    get { side == .originator ? originator : responder }
    set { if side == .originator { originator = newValue } else { responder = newValue } }
  }
}

/// One end of a simulated connection.
struct Host {
  var address = Address(words: (0, 0, 0, 0))
  var port = 0
  /// Initial send sequence number.
  var iss: UInt32 = 0
  /// Octets sent up to now, SYN and FIN included: SND.NXT relative to the ISS.
  var sent: UInt32 = 0
  /// Added to the timestamp clock.
  var clockOffset: UInt32 = 0
  /// TS.Recent: what it echoes.
  var recentTimestamp: UInt32 = 0
  var ipIdentification = 0
  var hopLimit: UInt8 = 64
  /// SEG.WND of segments without SYN.
  var window = 0
  var windowShift: UInt8 = 7
}

/// The properties of a connection that last as long as it does.
struct FlowTraits {
  var isIPv6 = false
  /// VLAN tag; nil is none.
  var vlan: Int?
  var timestamps = false
  var sack = false
  /// Octets of a full segment's payload.
  var segmentSize = 1460
  /// The MSS option of both sides.
  var announcedSize = 1460
  /// From the capture point to the responder and back. Units: nanoseconds.
  var farRoundTrip: UInt64 = 0
  /// From the capture point to the originator and back. Units: nanoseconds.
  var nearRoundTrip: UInt64 = 0
  /// Between segments of one flight. Units: nanoseconds.
  var pace: UInt64 = 0
  var ending = Ending.close

  enum Ending { case close, reset, silence }
}

/// TCP header flags.
struct Flags: OptionSet {
  let rawValue: UInt8
  static let fin = Flags(rawValue: 1)
  static let syn = Flags(rawValue: 2)
  static let rst = Flags(rawValue: 4)
  static let psh = Flags(rawValue: 8)
  static let ack = Flags(rawValue: 16)
}

/// One connection as the capture point sees it: handshake, requests and responses, and an end.
///
/// The capture point is near the originator. A flow does one thing a time: `step` runs what is due and says when
/// the next thing is.
struct SimulatedFlow {
  private enum Phase {
    case syn, synAck, handshakeAck, request, requestAck, response, transfer
    case responderFin, originatorFin, lastAck, reset
  }

  var traits = FlowTraits()
  var hosts = Pair(originator: Host(), responder: Host())
  private var phase = Phase.syn
  private var exchanges = 1
  /// The response under way.
  private var transfer: Transfer?

  /// A connection that begins at `time`.
  init(at time: UInt64, world: inout World) {
    let recipe = world.recipe
    traits.isIPv6 = world.random.chance(recipe.ipv6Share)
    traits.vlan = world.random.chance(recipe.vlanShare) ? 1 + world.random.below(4000) : nil
    traits.timestamps = world.random.chance(recipe.timestampShare)
    traits.sack = world.random.chance(recipe.sackShare)
    let server = UInt32(world.random.below(2000))
    let client = UInt32(world.random.below(1 << 18))
    if traits.isIPv6 {
      hosts.originator.address.words = (0x2001_0db8, client, world.random.word32(), world.random.word32())
      hosts.responder.address.words = (0x2001_0db8, 0xffff_0000, 0, server)
    } else {
      hosts.originator.address.words.0 = 0x0a00_0000 + client
      hosts.responder.address.words.0 = 0xc612_0000 + server
    }
    // Ports without a payload protocol keep other analyzers on TCP, which is what is compared.
    let services = [9000, 9000, 9000, 9443, 9443, 7070, 5201, 9]
    hosts.originator.port = 49_152 + world.random.below(16_384)
    hosts.responder.port = services[world.random.below(8)]
    let pathSize = recipe.segmentSize ?? (world.random.below(10) == 0 ? 1460 : 1300)
    traits.announcedSize = pathSize - (traits.isIPv6 ? 20 : 0)
    traits.segmentSize = traits.announcedSize - (traits.timestamps ? 12 : 0)
    for side in [Side.originator, .responder] {
      hosts[side].iss = world.random.word32()
      hosts[side].clockOffset = world.random.word32()
      hosts[side].ipIdentification = world.random.below(1 << 16)
      hosts[side].hopLimit = side == .originator ? 64 : 57
      // Room for twice what may be under way, in units of 128 octets.
      hosts[side].window = recipe.windowSegments * 1500 / 128 * 2 + 500 + world.random.below(200)
    }
    let millisecond = 1e6 * recipe.roundTrip
    traits.nearRoundTrip = UInt64((0.05 + world.random.unit()) * 0.2 * millisecond)
    traits.farRoundTrip = UInt64((0.1 + world.random.unit() * world.random.unit() * 3) * millisecond)
    traits.pace = UInt64((0.3 + 2 * world.random.unit()) * 1e3 * recipe.pace)
    let midstream = world.random.chance(recipe.midstreamShare)
    traits.ending =
      world.random.chance(recipe.resetShare)
      ? .reset : world.random.chance(recipe.silentShare) ? .silence : .close
    while exchanges < 50, world.random.chance(recipe.persistence) { exchanges += 1 }
    if midstream {
      phase = .request
      for side in [Side.originator, .responder] {
        hosts[side].sent = UInt32(1 + world.random.below(1_000_000))
        hosts[side].recentTimestamp = World.clock(at: time) &+ hosts[side.other].clockOffset
      }
    }
  }

  /// Runs what is due at `time`; returns when the next thing is due, or nil when the flow is over.
  mutating func step(at time: UInt64, world: inout World) -> UInt64? {
    let think = UInt64(world.random.unit() * 2e6)
    switch phase {
    case .syn:
      send(.syn, from: .originator, sequence: 0, at: time, world: &world)
      // Lost behind the capture point: sent again after the initial RTO (RFC 6298, 2.1).
      if world.random.chance(world.recipe.loss) {
        world.tally.lostBehind += 1
        return time + 1_000_000_000
      }
      hosts.originator.sent = 1
      return then(.synAck, time + traits.farRoundTrip)
    case .synAck:
      send([.syn, .ack], from: .responder, sequence: 0, at: time, world: &world)
      hosts.responder.sent = 1
      return then(.handshakeAck, time + traits.nearRoundTrip)
    case .handshakeAck:
      send(.ack, from: .originator, at: time, world: &world)
      return then(.request, time + think / 10)
    case .request:
      let count = 80 + world.random.below(900)
      send([.psh, .ack], from: .originator, payload: count, at: time, world: &world)
      hosts.originator.sent &+= UInt32(count)
      return then(world.random.flip() ? .response : .requestAck, time + traits.farRoundTrip)
    case .requestAck:
      send(.ack, from: .responder, at: time, world: &world)
      return then(.response, time + think)
    case .response:
      let segments = world.random.heavyTail(mean: world.recipe.meanSegments)
      let octets = (segments - 1) * traits.segmentSize + 1 + world.random.below(traits.segmentSize)
      transfer = Transfer(octets: octets, flow: self, at: time, window: world.recipe.windowSegments)
      return then(.transfer, time)
    case .transfer:
      return stepTransfer(at: time, think: think, world: &world)
    case .responderFin:
      send([.fin, .ack], from: .responder, at: time, world: &world)
      hosts.responder.sent &+= 1
      return then(.originatorFin, time + traits.nearRoundTrip)
    case .originatorFin:
      send([.fin, .ack], from: .originator, at: time, world: &world)
      hosts.originator.sent &+= 1
      return then(.lastAck, time + traits.farRoundTrip)
    case .lastAck:
      send(.ack, from: .responder, at: time, world: &world)
      return nil
    case .reset:
      send([.rst, .ack], from: .originator, at: time, world: &world)
      return nil
    }
  }

  private mutating func then(_ next: Phase, _ time: UInt64) -> UInt64 {
    phase = next
    return time
  }

  private mutating func stepTransfer(at time: UInt64, think: UInt64, world: inout World) -> UInt64? {
    // Taken out while it runs, because it sends through the flow that holds it.
    guard var running = transfer.take() else { return nil }
    guard running.isComplete else {
      let next = running.step(at: time, flow: &self, world: &world)
      transfer = running
      return next
    }
    hosts.responder.sent = running.end
    exchanges -= 1
    if exchanges > 0 {
      return then(.request, time + UInt64(world.random.unit() * world.recipe.idleGap * 1e6))
    }
    switch traits.ending {
    case .silence: return nil
    case .reset: return then(.reset, time + think)
    case .close: return then(.responderFin, time + think)
    }
  }

  /// Sends what follows what `side` sent before, acknowledging all that the other side sent.
  mutating func send(
    _ flags: Flags, from side: Side, sequence: UInt32? = nil, payload: Int = 0, at time: UInt64,
    world: inout World
  ) {
    sendSegment(
      flags, from: side, sequence: sequence ?? hosts[side].sent, acknowledging: hosts[side.other].sent,
      payload: payload, blocks: [], at: time, world: &world)
    // Nothing outside a transfer is lost, so the other side has it by the time it answers.
    hosts[side.other].recentTimestamp = World.clock(at: time) &+ hosts[side].clockOffset
  }
}
