import TestSupport
import Testing

@testable import TraceDecode

@Suite struct WireFragmentTests {
  private static let payload = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
  private static let v4 = PacketBuilder.tcp(
    TCPSpec { $0.payload = payload }, from: PacketBuilder.v4Source, to: PacketBuilder.v4Destination)
  private static let v6 = PacketBuilder.tcp(
    TCPSpec { $0.payload = payload }, from: PacketBuilder.v6Source, to: PacketBuilder.v6Destination)

  /// The part `range` of a datagram as an Ethernet frame.
  private static func piece(
    _ range: Range<Int>, of datagram: [UInt8] = v4, id: UInt16 = 1, protocolNumber: UInt8 = 6
  ) -> [UInt8] {
    PacketBuilder.ethernet(
      PacketBuilder.ipv4(
        Array(datagram[range]), protocolNumber: protocolNumber, id: id, fragment: range.lowerBound,
        more: range.upperBound < datagram.count))
  }

  private static func piece6(_ range: Range<Int>, next: UInt8 = 6) -> [UInt8] {
    let fragment = PacketBuilder.ipv6Fragment(
      Array(v6[range]), next: next, offset: range.lowerBound, more: range.upperBound < v6.count)
    return PacketBuilder.ethernet(PacketBuilder.ipv6(fragment, next: 44), type: 0x86dd)
  }

  /// Decodes in order and says what came of each frame: s, f for a fragment kept, n, x, i.
  private func run(_ frames: [BuiltFrame], limits: Limits = Limits()) -> Run {
    var run = Run(decoder: WireDecoder(limits: limits))
    for (index, built) in frames.enumerated() {
      var built = built
      built.number = UInt64(index + 1)
      built.withFrame { frame in
        var segment = Segment()
        switch run.decoder.decode(frame, into: &segment) {
        case .segment:
          run.outcomes += "s"
          run.segments.append(segment)
          run.payloads.append(Array(run.decoder.payload(of: segment, in: frame)))
        case .fragment: run.outcomes += "f"
        case .notTCP: run.outcomes += "n"
        case .icmp: run.outcomes += "i"
        case .fault: run.outcomes += "x"
        }
      }
    }
    return run
  }

  private struct Run {
    var decoder: WireDecoder
    var outcomes = ""
    var segments: [Segment] = []
    var payloads: [[UInt8]] = []
  }

  private func frames(_ bytes: [[UInt8]]) -> [BuiltFrame] { bytes.map { BuiltFrame($0) } }

  @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1]])
  func theLastMissingFragmentYieldsTheSegment(_ order: [Int]) throws {
    let ranges = [0..<400, 400..<800, 800..<1020]
    let runs = [
      run(frames(order.map { Self.piece(ranges[$0]) })), run(frames(order.map { Self.piece6(ranges[$0]) })),
    ]
    for result in runs {
      #expect(result.outcomes == "ffs")
      let segment = try #require(result.segments.first)
      #expect(segment.frame == 3)
      #expect(segment.payloadLength == 1000)
      #expect(segment.checksumState == .good)
      #expect(segment.encapsulation == .fragmented)
      #expect(!segment.truncated)
      #expect(result.payloads == [Self.payload])
      #expect(result.decoder.unfinishedDatagrams == 0)
    }
  }

  @Test func whatCameFirstStays() throws {
    var forged = Self.v4
    for index in 400..<800 { forged[index] = 0xee }
    let overlapping = run(
      frames([Self.piece(0..<480), Self.piece(400..<800, of: forged), Self.piece(640..<1020)]))
    #expect(overlapping.outcomes == "ffs")
    let octets = try #require(overlapping.payloads.first)
    #expect(Array(octets[..<460]) == Array(Self.payload[..<460]))
    #expect(octets[460..<780].allSatisfy { $0 == 0xee })
    #expect(Array(octets[780...]) == Array(Self.payload[780...]))
    #expect(overlapping.segments.first?.checksumState == .bad)
    // The same around a piece that lies in the middle.
    let around = run(
      frames([Self.piece(400..<480, of: forged), Self.piece(0..<800), Self.piece(800..<1020)]))
    #expect(around.outcomes == "ffs")
    #expect(around.payloads.first?[380..<460].allSatisfy { $0 == 0xee } == true)
    #expect(around.payloads.first?[460] == Self.payload[460])
  }

  @Test func aCopyOfAFinishedDatagramIsNoNewOne() {
    let pieces = frames([Self.piece(0..<400), Self.piece(400..<1020)])
    let copied = run(pieces + pieces)
    #expect(copied.outcomes == "fsff")
    #expect(copied.decoder.unfinishedDatagrams == 0)
    // Interleaved copies, as two mirror ports give them.
    #expect(run([pieces[0], pieces[0], pieces[1], pieces[1]]).outcomes == "ffsf")
    // The identification used again for another datagram.
    var other = Self.v4
    other[4] ^= 0x55
    let reused = run(pieces + frames([Self.piece(0..<400, of: other), Self.piece(400..<1020, of: other)]))
    #expect(reused.outcomes == "fsfs")
  }

  @Test func aCutFragmentStillGivesTheHeader() throws {
    let result = run([
      BuiltFrame(Self.piece(0..<400)).truncated(to: 96), BuiltFrame(Self.piece(400..<1020)).truncated(to: 96),
    ])
    #expect(result.outcomes == "fs")
    let segment = try #require(result.segments.first)
    #expect(segment.payloadLength == 1000)
    #expect(segment.capturedPayload == 96 - 54)
    #expect(result.payloads.first == Array(Self.payload[..<42]))
    #expect(segment.truncated)
    #expect(segment.checksumState == .unknown)
  }

  @Test func aHeaderSplitOverFragmentsIsRead() throws {
    let result = run(frames([Self.piece(0..<8), Self.piece(8..<16), Self.piece(16..<1020)]))
    #expect(result.outcomes == "ffs")
    #expect(result.segments.first?.checksumState == .good)
  }

  @Test func onlyTheFirstFragmentNamesTheNextHeader() {
    #expect(run(frames([Self.piece6(400..<1020, next: 17), Self.piece6(0..<400)])).outcomes == "fs")
  }

  @Test func timeOutIsInTraceTime() {
    var first = BuiltFrame(Self.piece(0..<400))
    first.time = 5
    var late = BuiltFrame(Self.piece(400..<1020))
    late.time = 5 + 30_000_000_000
    #expect(run([first, late]).outcomes == "fs")
    late.time += 1
    let result = run([first, late])
    #expect(result.outcomes == "ff")
    #expect(result.decoder.unfinishedDatagrams == 2)
  }

  @Test func limitsHold() {
    var few = Limits()
    few.fragmentedDatagrams = 2
    let three = run(
      frames([
        Self.piece(0..<400, id: 1), Self.piece(0..<400, id: 2), Self.piece(0..<400, id: 3),
        Self.piece(400..<1020, id: 1), Self.piece(400..<1020, id: 3),
      ]), limits: few)
    #expect(three.outcomes == "ffffs")
    // The first, the second, and the first one's other half, which still waits.
    #expect(three.decoder.unfinishedDatagrams == 3)
    var small = Limits()
    small.fragmentOctets = 2000
    let many = run(
      frames((0..<200).map { Self.piece(0..<400, id: UInt16($0)) } + [Self.piece(400..<1020, id: 199)]),
      limits: small)
    #expect(many.outcomes.last == "s")
    #expect(many.decoder.unfinishedDatagrams == 199)
    small.fragmentOctets = 100
    #expect(run(frames([Self.piece(0..<400), Self.piece(400..<1020)]), limits: small).outcomes == "ff")
  }

  @Test func contradictionsEndInAnOutcome() {
    let beyond = PacketBuilder.ethernet(
      PacketBuilder.ipv4([UInt8](repeating: 0, count: 100), fragment: 65_528, more: false))
    #expect(run(frames([beyond])).outcomes == "x")
    let empty = PacketBuilder.ethernet(PacketBuilder.ipv4([], fragment: 8, more: true))
    #expect(run(frames([empty])).outcomes == "x")
    // Two ends: the first one holds.
    let short = PacketBuilder.ethernet(
      PacketBuilder.ipv4(Array(Self.v4[400..<500]), id: 1, fragment: 400, more: false))
    #expect(run(frames([short, Self.piece(400..<1020), Self.piece(0..<400)])).outcomes == "ffs")
  }

  @Test func randomPiecesComeTogether() {
    var random = SplitMix(state: 11)
    for round in 0..<60 {
      var pieces: [[UInt8]] = []
      for start in stride(from: 0, to: 1020, by: 40) {
        let end = min(1020, start + 40 + Int(random.next() % 8) * 8)
        pieces.append(Self.piece(start..<end, id: UInt16(round)))
      }
      for index in pieces.indices.reversed() { pieces.swapAt(index, Int(random.next() % UInt64(index + 1))) }
      let result = run(frames(pieces))
      #expect(result.outcomes.filter { $0 == "s" }.count == 1)
      #expect(result.payloads == [Self.payload])
      #expect(result.segments.first?.checksumState == .good)
    }
  }

  /// A fragmented tunnel whose content is a fragment itself.
  @Test func fragmentsWithinFragments() {
    let inner = [Self.piece(0..<400), Self.piece(400..<1020)].map { Array($0.dropFirst(14)) }
    let outer = inner.enumerated().flatMap { index, packet in
      [
        Self.piece(0..<200, of: packet, id: UInt16(70 + index), protocolNumber: 4),
        Self.piece(200..<packet.count, of: packet, id: UInt16(70 + index), protocolNumber: 4),
      ]
    }
    let result = run(frames(outer))
    #expect(result.outcomes == "fffs")
    #expect(result.payloads == [Self.payload])
    #expect(result.segments.first?.encapsulation == [.fragmented, .ipInIP])
  }

  @Test func payloadOfAnEarlierReassembledSegmentIsGone() throws {
    let result = run(
      frames([
        Self.piece(0..<400, id: 1), Self.piece(400..<1020, id: 1), Self.piece(0..<400, id: 2),
        Self.piece(400..<1020, id: 2),
      ]))
    let earlier = try #require(result.segments.first)
    BuiltFrame([]).withFrame { #expect(result.decoder.payload(of: earlier, in: $0).isEmpty) }
  }
}
