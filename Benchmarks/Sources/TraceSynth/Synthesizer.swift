/// What all flows of a trace share.
struct World {
  /// When traces begin: 2023-11-14T22:13:20Z.
  static let start: UInt64 = 1_700_000_000 * 1_000_000_000
  var recipe: Recipe
  var random: RandomSource
  var payload: PayloadPool
  var writer: TraceWriter
  var tally = Synthesis()

  /// The timestamp clock, a tick a millisecond, before a host's own offset.
  static func clock(at time: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: (time - start) / 1_000_000) }
}

/// What a synthetic trace holds, and what happened to its segments.
public struct Synthesis: Sendable, Equatable {
  public var frames = 0
  /// Connections begun; for a flood, SYNs.
  public var flows = 0
  /// Segments that were lost before the capture point: the trace does not hold them.
  public var lostBefore = 0
  /// Segments that were lost behind the capture point.
  public var lostBehind = 0
  /// Segments that came late to the capture point, or behind it to the receiver.
  public var late = 0
  /// Frames that the capture recorded twice.
  public var copies = 0
}

/// Makes synthetic traces: equal recipes, formats and seeds give equal octets on every machine.
public enum Synthesizer {
  /// Goes up when the octets made from a recipe and seed change, so that kept traces are not mistaken for new ones.
  public static let revision = 1

  /// Writes a trace to an open file descriptor.
  /// Errors: a faulty recipe, or what writing says.
  public static func write(
    _ recipe: Recipe, seed: UInt64, format: TraceFormat = TraceFormat(), to descriptor: Int32
  ) throws(SynthError) -> Synthesis {
    if let fault = recipe.fault { throw SynthError("recipe: \(fault)") }
    var random = RandomSource(seed: seed)
    let payload = PayloadPool(random: &random)
    let writer = TraceWriter(
      descriptor: descriptor, format: format, snapLength: recipe.snapLength, limit: recipe.frames)
    var world = World(recipe: recipe, random: random, payload: payload, writer: writer)
    let flows = recipe.floods ? flood(&world) : run(&world)
    try writer.finish()
    world.tally.frames = writer.written
    world.tally.flows = flows
    return world.tally
  }

  /// Runs flows side by side, each at its own times; one that ends makes room for the next.
  private static func run(_ world: inout World) -> Int {
    var flows: ContiguousArray<SimulatedFlow> = []
    var due = DueList()
    var begun = 0
    let total = world.recipe.totalFlows ?? Int.max
    func idle(_ share: Double, _ world: inout World) -> UInt64 {
      UInt64(world.random.unit() * share * world.recipe.idleGap * 1e6)
    }
    flows.reserveCapacity(min(world.recipe.concurrentFlows, total))
    for index in 0..<min(world.recipe.concurrentFlows, total) {
      let time = World.start + idle(2, &world)
      flows.append(SimulatedFlow(at: time, world: &world))
      due.add(DueList.Entry(time: time, flow: index))
      begun += 1
    }
    due.arrange()
    while let entry = due.first, !world.writer.isFull {
      let before = world.writer.written
      var next = flows[entry.flow].step(at: entry.time, world: &world)
      if next == nil, begun < total {
        begun += 1
        let time = entry.time + idle(1, &world)
        flows[entry.flow] = SimulatedFlow(at: time, world: &world)
        next = time
      }
      if world.writer.written != before {
        while world.random.chance(world.recipe.otherShare) {
          OtherTraffic.send(at: entry.time, world: &world)
        }
      }
      due.replaceFirst(with: next)
    }
    return begun
  }

  private static func flood(_ world: inout World) -> Int {
    // One flow, dressed anew for each SYN.
    var flow = SimulatedFlow(at: World.start, world: &world)
    flow.traits.announcedSize = 1460
    flow.traits.sack = true
    flow.hosts.responder.port = 9443
    var time = World.start
    while !world.writer.isFull {
      flow.traits.isIPv6 = world.random.chance(world.recipe.ipv6Share)
      flow.traits.vlan = world.random.chance(world.recipe.vlanShare) ? 7 : nil
      flow.traits.timestamps = world.random.chance(world.recipe.timestampShare)
      flow.hosts.originator.hopLimit = UInt8(40 + world.random.below(200))
      flow.hosts.originator.address.words = (
        world.random.word32(), world.random.word32(), world.random.word32(), world.random.word32()
      )
      let target = UInt32(world.random.below(4))
      if flow.traits.isIPv6 {
        flow.hosts.originator.address.words.0 = 0x2001_0db8
        flow.hosts.responder.address.words = (0x2001_0db8, 0, 0, target)
      } else {
        flow.hosts.responder.address.words.0 = 0xc612_0001 + target
      }
      flow.hosts.originator.port = 1024 + world.random.below(64_512)
      flow.hosts.originator.iss = world.random.word32()
      flow.hosts.originator.clockOffset = world.random.word32()
      flow.send(.syn, from: .originator, sequence: 0, at: time, world: &world)
      time += 500 + UInt64(world.random.below(3000))
    }
    return world.writer.written
  }
}
