import Foundation
import TestSupport
import Testing

@testable import TraceDecode

/// Flows that were packed come back as they were, and an analysis says the same whatever was packed when.
struct PackingTests {
  private final class Teller: AnalysisSink {
    var told: [String] = []
    func episode(_ episode: Episode, of flow: FlowIdentity) { told.append("\(flow.number) \(episode)") }
    func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
      told.append("\(frame) \(verdict)")
    }
    func flowEnded(_ report: FlowReport) { told.append("\(report)") }
  }

  private func tell(_ path: String, packing: PackingPolicy) throws -> [String] {
    var options = AnalyzerOptions()
    options.packing = packing
    options.frameVerdicts = true
    let teller = Teller()
    let analyzer = Analyzer(options: options, sink: teller)
    for (i, record) in try Recording(path: path).records.enumerated() {
      record.bytes.withUnsafeBytes {
        analyzer.accept(
          Frame(
            number: UInt64(i + 1), time: record.time, recordOffset: UInt64(i), bytes: $0,
            wireLength: record.wireLength, linkType: record.linkType))
      }
    }
    _ = analyzer.finish()
    return teller.told
  }

  /// Every flow is packed after each frame and unpacked for its next one: states, stories and verdicts of all lab
  /// captures stay what they are.
  @Test func packingChangesNothing() throws {
    let folder = PackageFolder.fixtures.appendingPathComponent("lab")
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    let captures = files.filter { $0.hasSuffix(".pcap") }.sorted()
    #expect(captures.count > 10)
    for capture in captures {
      let path = folder.appendingPathComponent(capture).path
      #expect(
        try tell(path, packing: .eager) == tell(path, packing: .standard), "\(capture)")
    }
  }

  private func syn(_ i: Int, ack: Bool = false, payload: Int = 0) -> Segment {
    var s = Segment()
    let client = IPAddress(v4: 0x0a00_0001 &+ UInt32(truncatingIfNeeded: i))
    let server = IPAddress(v4: 0xc000_0201)
    (s.source, s.destination) = ack ? (server, client) : (client, server)
    (s.sourcePort, s.destinationPort) = ack ? (443, 40_000) : (40_000, 443)
    s.flags = ack ? [.syn, .ack] : .syn
    s.seq = UInt32(truncatingIfNeeded: i &* 7919)
    s.ack = ack ? s.seq &+ 1 : 0
    s.window = 64_240
    s.ttl = 64
    s.packetLength = 60
    s.time = Int64(i) * 1_000
    s.frame = UInt64(i + 1)
    return s
  }

  /// A store of that many half-open flows, in places 0, 1 and so on.
  private func store(_ count: Int) -> FlowStore {
    var store = FlowStore(policy: .standard, seed: 1)
    for i in 0..<count {
      var isLow = false
      let s = syn(i)
      let key = FlowKey(s, sourceIsLow: &isLow)
      let index = store.make(key, originatorIsLow: isLow, number: Int32(i + 1))
      let hash = key.hash(seed: 1)
      store[index].pointee.hash = hash
      store[index].pointee.status.insert(.beganWithSyn)
      store[index].pointee.log.append(SegmentRecord(s, window: 64_240), limit: 16)
      store.insert(hash, index)
      store.beginOpening(index)
    }
    return store
  }

  private func key(_ i: Int) -> FlowKey {
    var isLow = false
    return FlowKey(syn(i), sourceIsLow: &isLow)
  }

  /// Found by its key, counted as before, and gone from the packed ones once it is found.
  @Test func packedFlowsAreFound() {
    var store = store(1_000)
    for index in 0..<1_000 { store.pack(index) }
    #expect(store.packed.count == 1_000)
    #expect(store.count == 1_000)
    #expect(store.halfOpenCount == 1_000)
    for i in (0..<1_000).reversed() {
      let found = store.find(key(i), key(i).hash(seed: 1))
      #expect(found.map { store[$0].pointee.number } == Int32(i + 1))
      #expect(found.map { store[$0].pointee.log[0].seq } == UInt32(truncatingIfNeeded: i &* 7919))
    }
    #expect(store.packed.count == 0)
    #expect(store.count == 1_000)
  }

  /// A flood's oldest go first, packed or not, and whichever order they were packed in.
  @Test func theOldestHalfOpenFlowGoesFirst() {
    var store = store(300)
    for index in stride(from: 299, through: 0, by: -3) { store.pack(index) }
    var live = 300
    for expected in 1...300 {
      if let index = store.takeOldestHalfOpen() {
        #expect(store[index].pointee.number == Int32(expected))
        store.remove(store[index].pointee.hash, index)
        store.endOpening(index)
        store.free(index)
      }
      live -= 1
      #expect(store.count == live)
      #expect(store.halfOpenCount == live)
      #expect(store.find(key(expected - 1), key(expected - 1).hash(seed: 1)) == nil)
    }
  }

  /// In the order they began, though some are packed; unpacked one at a time.
  @Test func allFlowsComeInTheirOrder() {
    var store = store(500)
    for index in stride(from: 0, to: 500, by: 2) { store.pack(index) }
    var numbers: [Int32] = []
    for flow in store.takeAll() {
      if let index = store.wake(flow) { numbers.append(store[index].pointee.number) }
    }
    #expect(numbers == Array(1...500))
  }

  /// Pieces of any size keep their octets while others come, go and are moved to close gaps.
  @Test func theArenaKeepsWhatItIsGiven() {
    var arena = PackedArena()
    var kept: [Int: [UInt8]] = [:]
    var random = SystemRandomNumberGenerator()
    func matches(_ place: Int, _ octets: [UInt8]) -> Bool {
      UnsafeRawBufferPointer(start: arena[place], count: octets.count).elementsEqual(octets)
    }
    for round in 1...20_000 {
      if round % 3 == 0, let place = kept.keys.randomElement(using: &random), let octets = kept[place] {
        #expect(matches(place, octets))
        arena.free(place)
        kept[place] = nil
        while let (from, to) = arena.moveFromSparse() {
          kept[to] = kept[from]
          kept[from] = nil
        }
      } else {
        let octets = (0..<Int.random(in: 8...900)).map { UInt8(truncatingIfNeeded: $0 &* round | 1) }
        guard let place = octets.withUnsafeBytes({ arena.keep($0) }) else {
          Issue.record("no room")
          return
        }
        #expect(kept[place] == nil)
        kept[place] = octets
      }
    }
    #expect(arena.count == kept.count)
    var visited = 0
    arena.visit { _ in visited += 1 }
    #expect(visited == kept.count)
    for (place, octets) in kept { #expect(matches(place, octets)) }
    #expect([UInt8](repeating: 1, count: PackedArena.most + 1).withUnsafeBytes { arena.keep($0) } == nil)
  }

  /// What is packed as words has no octet that nobody sets.
  @Test func whatIsPackedHasNoGaps() {
    func octets<T>(_ value: T) -> Int { MemoryLayout<T>.size }
    func fields(_ value: Any) -> Int {
      Mirror(reflecting: value).children.reduce(0) { sum, child in
        sum + _openExistential(child.value, do: octets)
      }
    }
    #expect(fields(Direction()) == MemoryLayout<Direction>.stride)
    #expect(fields(SegmentRecord()) == MemoryLayout<SegmentRecord>.stride)
    #expect(MemoryLayout<Direction>.stride % MemoryLayout<PackedWords>.size == 0)
    #expect(MemoryLayout<SegmentRecord>.stride == MemoryLayout<PackedWords>.size)
  }

  /// A word comes back whatever the guess was.
  @Test func wordsComeBack() {
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 16)
    defer { scratch.deallocate() }
    let words: [PackedWords] = [
      PackedWords(repeating: 0), PackedWords(repeating: .max),
      PackedWords(0, 1, 1 << 63, 0xff00, 0, 0x100, 7, .max),
    ]
    var writer = PackedWriter(scratch)
    for w in words { writer.put(w) }
    #expect(writer.count <= words.count * PackedWriter.most)
    var reader = PackedReader(scratch)
    for w in words { #expect(reader.takeWords() == w) }
  }
}
