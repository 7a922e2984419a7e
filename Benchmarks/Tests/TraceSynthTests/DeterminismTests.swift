import Testing
import TraceCapture
import TraceSynth

struct DeterminismTests {
  private func recipe(_ shape: Shape) -> Recipe {
    var recipe = Recipe(shape)
    recipe.frames = 3000
    recipe.concurrentFlows = min(recipe.concurrentFlows, 500)
    return recipe
  }

  @Test(arguments: Shape.allCases)
  func equalSeedsGiveEqualOctets(shape: Shape) throws {
    let first = try SyntheticTrace(recipe(shape), seed: 7)
    let second = try SyntheticTrace(recipe(shape), seed: 7)
    let other = try SyntheticTrace(recipe(shape), seed: 8)
    #expect(try first.octets == second.octets)
    #expect(try first.octets != other.octets)
    #expect(first.made == second.made)
  }

  /// The same on every machine: a change of these needs a new `Synthesizer.revision`.
  @Test(arguments: [
    (Shape.mix, "b9df84b31f253495"), (.bulk, "91e07b3f5e9b1bd6"), (.manyFlows, "bd3236206fa30964"),
    (.synFlood, "81cdf874e5f18272"), (.longFat, "318af3604fff41ed"), (.liveFlows, "834ce3c35f88e9ba"),
  ])
  func octetsAreThoseOfThisRevision(shape: Shape, fingerprint: String) throws {
    #expect(Synthesizer.revision == 1)
    #expect(try SyntheticTrace(recipe(shape)).fingerprint == fingerprint)
  }

  @Test func longerTraceBeginsWithTheShorter() throws {
    var longer = recipe(.mix)
    longer.frames = 5000
    let (short, long) = (try SyntheticTrace(recipe(.mix)).octets, try SyntheticTrace(longer).octets)
    #expect(short.count < long.count)
    #expect(short[...] == long[..<short.count])
  }

  @Test func formatsHoldTheSameFrames() throws {
    func listing(_ format: TraceFormat, _ reader: ReaderChoice) throws -> [String] {
      var lines: [String] = []
      try SyntheticTrace(recipe(.mix), format: format).frames(reader: reader) { frame in
        let time = frame.time / 1000
        lines.append("\(frame.number) \(time) \(frame.wireLength) \(Array(frame.bytes).hashValue)")
      }
      return lines
    }
    let expected = try listing(TraceFormat(), .record)
    #expect(expected.count == 3000)
    #expect(try listing(TraceFormat(), .libpcap) == expected)
    for nanoseconds in [false, true] {
      let format = TraceFormat(pcapng: true, nanoseconds: nanoseconds)
      #expect(try listing(format, .record) == expected)
      #expect(try listing(format, .libpcap) == expected)
    }
    #expect(try listing(TraceFormat(nanoseconds: true), .libpcap) == expected)
  }
}
