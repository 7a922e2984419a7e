import Testing
import TraceDecode
import TraceSynth

struct WireTests {
  @Test(arguments: Shape.allCases)
  func everyFrameDecodesWithARightChecksum(shape: Shape) throws {
    var recipe = shape.small()
    recipe.frames = min(recipe.frames, 20_000)
    var (segments, wrong, backwards) = (0, 0, 0)
    var last: Int64 = 0
    let trace = try SyntheticTrace(recipe)
    let (_, faults) = try trace.segments { segment in
      segments += 1
      if segment.checksumState != .good { wrong += 1 }
      if segment.time < last { backwards += 1 }
      last = segment.time
    }
    #expect(segments > 1000)
    #expect(wrong == 0)
    #expect(faults == 0)
    #expect(backwards == 0)
  }

  @Test func framesAreCutAtTheSnapLength() throws {
    var recipe = Recipe(.mix)
    recipe.frames = 2000
    recipe.snapLength = 77
    var (longest, cut, count) = (0, 0, 0)
    try SyntheticTrace(recipe).frames { frame in
      count += 1
      longest = max(longest, frame.bytes.count)
      if frame.bytes.count < Int(frame.wireLength) { cut += 1 }
    }
    #expect(count == 2000)
    #expect(longest == 77)
    #expect(cut > 500)
  }

  @Test func mixHasTheSharesOfItsRecipe() throws {
    var recipe = Recipe(.mix)
    recipe.concurrentFlows = 2000
    recipe.frames = 100_000
    recipe.snapLength = 65_535
    var (syns, v6, tagged, stamped, sack) = (0.0, 0.0, 0.0, 0.0, 0.0)
    let trace = try SyntheticTrace(recipe)
    let (others, _) = try trace.segments { segment in
      guard segment.flags.contains(.syn), !segment.flags.contains(.ack) else { return }
      syns += 1
      if !segment.isV4 { v6 += 1 }
      if segment.vlan != 0 { tagged += 1 }
      if segment.options.contains(.timestamps) { stamped += 1 }
      if segment.options.contains(.sackPermitted) { sack += 1 }
    }
    #expect(syns > 2000)
    #expect(abs(v6 / syns - 0.25) < 0.04)
    #expect(abs(tagged / syns - 0.1) < 0.03)
    #expect(abs(stamped / syns - 0.7) < 0.04)
    #expect(abs(sack / syns - 0.95) < 0.02)
    #expect(abs(Double(others) / Double(trace.made.frames) - 0.1) < 0.01)
  }

  @Test func floodIsSYNsFromManyAddresses() throws {
    var recipe = Recipe(.synFlood)
    recipe.frames = 5000
    recipe.duplication = 0
    var sources: Set<String> = []
    var others = 0
    _ = try SyntheticTrace(recipe).segments { segment in
      if segment.flags != .syn { others += 1 }
      sources.insert("\(segment.source):\(segment.sourcePort)")
    }
    #expect(others == 0)
    #expect(sources.count > 4990)
  }

  @Test func liveFlowsAreAllLiveAtTheEnd() throws {
    var recipe = Recipe(.liveFlows)
    recipe.concurrentFlows = 300
    recipe = recipe.scaled(by: 300 / 1_000_000)
    #expect(recipe.totalFlows == 300)
    #expect(recipe.frames == 4200)
    var (ends, last) = (0, Int64(0))
    var flows: [String: (octets: Int, last: Int64)] = [:]
    _ = try SyntheticTrace(recipe).segments { segment in
      if !segment.flags.isDisjoint(with: [.fin, .rst]) { ends += 1 }
      let hosts = [
        "\(segment.source) \(segment.sourcePort)", "\(segment.destination) \(segment.destinationPort)",
      ]
      let pair = hosts.sorted().joined(separator: " ")
      last = segment.time
      flows[pair, default: (0, 0)].octets += Int(segment.payloadLength)
      flows[pair]?.last = last
    }
    #expect(ends == 0)
    #expect(flows.count == 300)
    #expect(flows.values.allSatisfy { $0.octets > 80 })
    // No longer silent than between two exchanges.
    #expect(flows.values.allSatisfy { last - $0.last < 6_000_000_000 })
  }

  @Test func scaledRecipesKeepTheirProportions() {
    let many = Recipe(.manyFlows).scaled(by: 0.5)
    #expect(many.totalFlows == 500_000)
    #expect(many.concurrentFlows == 10_000)
    let mix = Recipe(.mix).scaled(by: 4)
    #expect(mix.frames == 40_000_000)
    #expect(mix.concurrentFlows == 25_000)
    #expect(mix.totalFlows == nil)
  }

  @Test func faultyRecipesAreRefused() throws {
    #expect(Recipe().fault == nil)
    var recipe = Recipe()
    recipe.windowSegments = 100
    #expect(recipe.fault != nil)
    #expect(throws: SynthError.self) { try SyntheticTrace(recipe) }
    recipe = Recipe()
    recipe.loss = 1.5
    #expect(recipe.fault != nil)
    recipe = Recipe()
    recipe.otherShare = 1
    #expect(recipe.fault != nil)
  }
}
