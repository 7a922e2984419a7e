import TestSupport
import Testing

@testable import TraceDecode

/// Keeps what a stream came to, as text.
private final class Recorder: StreamConsumer {
  var bytes: [Role: [UInt8]] = [:]
  var data: [(Role, Range<Int64>, UInt64)] = []
  var gaps: [StreamGap] = []
  var overlaps: [StreamOverlap] = []
  var ends: [Role: StreamEnd] = [:]
  var expectedNext: [Role: Int64] = [:]
  var isInOrder = true

  func stream(_ event: StreamEvent, from sender: Role, of flow: FlowIdentity) {
    switch event {
    case .data(let data):
      if let next = expectedNext[sender], next != data.range.lowerBound { isInOrder = false }
      expectedNext[sender] = data.range.upperBound
      bytes[sender, default: []] += Array(data.bytes)
      self.data.append((sender, data.range, data.frame))
    case .gap(let gap):
      if let next = expectedNext[sender], next != gap.range.lowerBound { isInOrder = false }
      expectedNext[sender] = gap.range.upperBound
      gaps.append(gap)
    case .overlap(let overlap): overlaps.append(overlap)
    case .end(let end): ends[sender] = end
    }
  }

  func text(_ role: Role = .originator) -> String { String(decoding: bytes[role] ?? [], as: UTF8.self) }
}

/// Feeds an assembler segment by segment.
private final class Feed {
  let recorder = Recorder()
  let assembler: StreamAssembler
  let flow = FlowIdentity(
    number: 1, originator: SocketAddress(address: IPAddress(v4: 1), port: 1000),
    responder: SocketAddress(address: IPAddress(v4: 2), port: 80), incarnation: 1, firstFrame: 1)
  var frame: UInt64 = 0
  var time: Int64 = 0

  init(_ change: (inout StreamOptions) -> Void = { _ in }) {
    var options = StreamOptions()
    change(&options)
    assembler = StreamAssembler(options: options, consumer: recorder)
  }

  func send(
    _ text: String, at start: Int64, from role: Role = .originator, flags: TCPFlags = .ack,
    standing: StreamSegment.Standing = [], length: Int64? = nil, ack: Int64? = nil, knowsStart: Bool = true
  ) {
    frame += 1
    time += 1_000_000
    Array(text.utf8).withUnsafeBytes {
      assembler.accept(
        StreamSegment(
          sender: role, frame: frame, time: time, flags: flags, standing: standing, start: start,
          length: length ?? Int64($0.count), bytes: $0, ack: ack, knowsStart: knowsStart), of: flow)
    }
  }

  func acknowledge(_ ack: Int64, after seconds: Int64 = 0) {
    time += seconds * 1_000_000_000
    send("", at: 1, from: .responder, ack: ack)
  }

  func end() -> Recorder {
    assembler.end(flow)
    return recorder
  }
}

@Suite struct StreamAssemblerTests {
  @Test func handsOnAtOnceWhatIsNext() {
    let feed = Feed()
    feed.send("abc", at: 1)
    #expect(feed.recorder.text() == "abc")
    feed.send("def", at: 4)
    #expect(feed.recorder.text() == "abcdef")
    feed.send("", at: 7, flags: [.fin, .ack])
    let end = feed.end().ends[.originator]
    #expect(end?.reason == .fin)
    #expect(end?.offset == 7)
    #expect(end?.facts.delivered == 6)
    #expect(feed.assembler.heldOctets == 0)
  }

  @Test func ordersWhatCameLate() {
    let feed = Feed()
    feed.send("ghi", at: 7)
    feed.send("def", at: 4)
    #expect(feed.recorder.text().isEmpty)
    feed.send("abc", at: 1)
    #expect(feed.recorder.text() == "abcdefghi")
    #expect(feed.recorder.data.map(\.2) == [3, 2, 1])
    #expect(feed.end().isInOrder)
    #expect(feed.recorder.gaps.isEmpty)
  }

  @Test func repeatsAreIdenticalOrConflicting() {
    let feed = Feed()
    feed.send("abcdef", at: 1)
    feed.send("abcdef", at: 1)
    feed.send("cdXYgh", at: 3)
    #expect(feed.recorder.overlaps.map(\.verdict) == [.identical, .conflicting])
    #expect(feed.recorder.overlaps[1].range == 3..<7)
    #expect(feed.recorder.overlaps[1].differing == 5..<7)
    #expect(feed.recorder.overlaps[1].earlierFrame == 1)
    #expect(feed.recorder.overlaps[1].laterFrame == 3)
    #expect(feed.end().text() == "abcdefgh")
    #expect(feed.recorder.ends[.originator]?.facts.conflicts == 1)
  }

  @Test func aKeepAliveOctetIsNoConflict() {
    let feed = Feed()
    feed.send("abc", at: 1)
    feed.send("\0", at: 3, standing: .keepAlive)
    feed.send("zzz", at: 1, standing: .badChecksum)
    feed.send("zzz", at: 1, standing: .injected)
    feed.send("abc", at: 1, standing: .duplicate)
    #expect(feed.end().overlaps.isEmpty)
    #expect(feed.recorder.text() == "abc")
  }

  @Test(arguments: [
    (OverlapPolicy.first, "BBcd"), (.last, "AAAA"), (.linux, "AAcd"), (.windows, "AAcd"), (.bsd, "AAcd"),
  ])
  func policiesWhenTheLaterBeginsBefore(_ policy: OverlapPolicy, _ expected: String) {
    let feed = Feed { $0.policy = policy }
    // Behind a hole at 1: "BBcd" at 4, then "?AAAA" at 3, which begins before it and covers it.
    feed.send("BBcd", at: 4)
    feed.send(policy == .last ? "?AAAA" : "?AA", at: 3)
    feed.send("12", at: 1)
    feed.acknowledge(8)
    #expect(feed.end().text() == "12?" + expected)
    #expect(feed.recorder.isInOrder)
  }

  @Test(arguments: [
    (OverlapPolicy.first, "BBAA"), (.last, "AAAA"), (.linux, "AAAA"), (.windows, "BBAA"), (.bsd, "BBAA"),
  ])
  func policiesWhenTheLaterBeginsWithIt(_ policy: OverlapPolicy, _ expected: String) {
    let feed = Feed { $0.policy = policy }
    feed.send("BB", at: 3)
    feed.send("AAAA", at: 3)
    feed.send("12", at: 1)
    feed.acknowledge(7)
    #expect(feed.end().text() == "12" + expected)
    #expect(feed.recorder.overlaps.map(\.verdict) == [.conflicting])
  }

  @Test func lastReplacesUntilTheAcknowledgement() {
    let feed = Feed { $0.policy = .last }
    feed.send("abc", at: 1)
    feed.send("xyz", at: 1)
    feed.acknowledge(4)
    feed.send("uvw", at: 1)
    #expect(feed.end().text() == "xyz")
    #expect(feed.recorder.overlaps.map(\.keepsLater) == [true, false])
  }

  @Test func insideAnOlderSegmentNothingIsReplaced() {
    for policy in OverlapPolicy.allCases where policy != .last {
      let feed = Feed { $0.policy = policy }
      feed.send("bcdefg", at: 2)
      feed.send("XY", at: 4)
      feed.send("a", at: 1)
      #expect(feed.end().text() == "abcdefg", "\(policy)")
    }
    let feed = Feed { $0.policy = .last }
    feed.send("bcdefg", at: 2)
    feed.send("XY", at: 4)
    feed.send("a", at: 1)
    #expect(feed.end().text() == "abcXYfg")
  }

  @Test func anAcknowledgedHoleIsAGapAfterPatience() {
    let feed = Feed()
    feed.send("abc", at: 1)
    feed.send("ghi", at: 7)
    feed.acknowledge(10)
    #expect(feed.recorder.text() == "abc")
    feed.acknowledge(10, after: 2)
    #expect(feed.recorder.text() == "abcghi")
    #expect(feed.end().gaps.map(\.range) == [4..<7])
    #expect(feed.recorder.gaps.map(\.reason) == [.notCaptured])
  }

  @Test func aFrameThatTheCaptureHoldsLateFillsTheHole() {
    let feed = Feed()
    feed.send("abc", at: 1)
    feed.send("ghi", at: 7)
    feed.acknowledge(10)
    feed.send("def", at: 4)
    #expect(feed.end().text() == "abcdefghi")
    #expect(feed.recorder.gaps.isEmpty)
  }

  @Test func aHoleNobodyAcknowledgedIsMarkedAtTheEnd() {
    let feed = Feed()
    feed.send("abc", at: 1)
    feed.send("ghi", at: 7)
    feed.acknowledge(4, after: 100)
    #expect(feed.recorder.text() == "abc")
    #expect(feed.end().text() == "abcghi")
    #expect(feed.recorder.gaps.map(\.reason) == [.neverSent])
    #expect(feed.recorder.ends[.originator]?.reason == .open)
  }

  @Test func theSnapshotLengthLeavesGaps() {
    let feed = Feed()
    feed.send("abc", at: 1, length: 10)
    feed.send("klm", at: 11, length: 10)
    #expect(feed.recorder.text() == "abcklm")
    #expect(feed.end().gaps.map(\.range) == [4..<11, 14..<21])
    #expect(feed.recorder.gaps.allSatisfy { $0.reason == .cut })
    #expect(feed.recorder.isInOrder)
  }

  @Test func aWholeSegmentFillsWhatACutOneLeft() {
    let feed = Feed()
    feed.send("e", at: 5, length: 4)
    feed.send("efgh", at: 5)
    feed.send("abcd", at: 1)
    #expect(feed.end().text() == "abcdefgh")
    #expect(feed.recorder.gaps.isEmpty)
  }

  @Test func theBufferIsBounded() {
    let feed = Feed {
      $0.limits.bufferedOctets = 20_000
      $0.historyOctets = 1000
    }
    let block = String(repeating: "x", count: 1000)
    feed.send("a", at: 1)
    for i in 0..<100 {
      feed.send(block, at: 100 + Int64(i) * 1000)
      #expect(feed.assembler.heldOctets <= 22_000)
    }
    #expect(feed.recorder.gaps.map(\.reason) == [.overflow])
    #expect(feed.recorder.gaps.map(\.range) == [2..<100])
    #expect(feed.end().bytes[.originator]?.count == 100_001)
    #expect(feed.recorder.ends[.originator]?.facts.overflowed == true)
    #expect(feed.recorder.isInOrder)
  }

  @Test func theNumberOfWaitingSegmentsIsBounded() {
    let feed = Feed { $0.limits.segmentsPerFlow = 16 }
    for i in 0..<200 { feed.send("y", at: 10 + Int64(i) * 2) }
    #expect(feed.assembler.heldOctets < 70_000)
    #expect(feed.end().bytes[.originator]?.count == 200)
    #expect(feed.recorder.isInOrder)
  }

  @Test func allFlowsTogetherAreBounded() {
    let feed = Feed { $0.limits.streamOctets = 5000 }
    for i in 0..<100 { feed.send(String(repeating: "z", count: 500), at: 10 + Int64(i) * 500) }
    #expect(feed.assembler.heldOctets <= 5700)
    #expect(feed.end().bytes[.originator]?.count == 50_000)
  }

  @Test func offsetsGoBeyondFourGigabytes() {
    let feed = Feed()
    let far: Int64 = 5 << 32
    feed.send("abc", at: far, knowsStart: false)
    feed.acknowledge(far + 3)
    feed.send("def", at: far + 3, knowsStart: false)
    #expect(feed.end().text() == "abcdef")
    #expect(feed.recorder.data.last?.1 == (far + 3)..<(far + 6))
  }

  @Test func noWindowReachesThatFar() {
    let feed = Feed()
    feed.send("abc", at: 1)
    feed.send("zzz", at: 1 << 31)
    #expect(feed.end().text() == "abc")
    #expect(feed.recorder.ends[.originator]?.facts.outOfReach == 1)
    #expect(feed.recorder.gaps.isEmpty)
  }

  @Test func aLeapThatBothSidesAgreeOnIsAGap() {
    let feed = Feed()
    let far: Int64 = 1 << 31
    feed.send("abc", at: 1)
    feed.acknowledge(far)
    feed.send("xyz", at: far)
    feed.acknowledge(far + 3, after: 2)
    #expect(feed.end().text() == "abcxyz")
    #expect(feed.recorder.gaps.map(\.range) == [4..<far])
  }

  @Test func theSynThatCountsMayBeAnotherOne() {
    // Two SYN-ACKs with other numbers; the peer took the one that was not expected.
    for place in [Int64(1) << 31, -(Int64(1) << 31)] {
      let feed = Feed()
      feed.acknowledge(place)
      feed.send("?", at: 9, from: .responder, ack: place)
      feed.send("abc", at: place)
      feed.send("def", at: place + 3)
      #expect(feed.end().text() == "abcdef")
      #expect(feed.recorder.gaps.map(\.range) == [1..<9])
    }
  }

  @Test func aStartInMidStreamWaitsForTheAcknowledgement() {
    let feed = Feed()
    feed.send("def", at: 4, knowsStart: false)
    feed.send("abc", at: 1, knowsStart: false)
    #expect(feed.recorder.text().isEmpty)
    feed.acknowledge(7)
    #expect(feed.end().text() == "abcdef")
    #expect(feed.recorder.gaps.isEmpty)
  }

  @Test func octetsBeforeTheStreamAreLeftOut() {
    let feed = Feed()
    feed.send("xyz", at: -10)
    feed.send("wxyz", at: -1)
    feed.send("\0", at: 0)
    feed.send("abc", at: 1)
    feed.send("vwxyz", at: -20)
    // "wxyz" reaches the stream's first two octets with its last two.
    #expect(feed.end().text() == "yzc")
    #expect(feed.recorder.overlaps.map(\.range) == [1..<3])
    #expect(feed.recorder.isInOrder)
  }

  @Test func whatAResetCarriesIsNoData() {
    let feed = Feed()
    feed.send("abc", at: 1)
    feed.send("No Route", at: 4, flags: [.rst, .ack])
    #expect(feed.end().text() == "abc")
    #expect(feed.recorder.ends[.originator]?.reason == .reset)
  }

  @Test func theEndCanBeMissing() {
    let feed = Feed()
    feed.send("abc", at: 1)
    feed.acknowledge(10)
    #expect(feed.end().gaps.map(\.range) == [4..<10])
    let closed = Feed()
    closed.send("abc", at: 1)
    // The FIN was not captured; its acknowledgement was.
    closed.acknowledge(5)
    #expect(closed.end().gaps.isEmpty)
  }

  @Test func rangesOnlyHoldNoOctets() {
    let feed = Feed { $0.keepsBytes = false }
    feed.send("def", at: 4)
    feed.send("abc", at: 1)
    #expect(feed.recorder.data.map(\.1) == [1..<4, 4..<7])
    #expect(feed.end().text().isEmpty)
    #expect(feed.recorder.ends[.originator]?.facts.delivered == 6)
  }

  /// Any order of any cuts of a stream, overlapping at will, gives the stream.
  @Test func anyOrderGivesTheStream() {
    var random = SystemRandomNumberGenerator()
    let whole = (0..<500).map { UInt8(97 + $0 * 7 % 26) }
    for policy in OverlapPolicy.allCases {
      for _ in 0..<20 {
        let feed = Feed { $0.policy = policy }
        var parts: [Range<Int>] = stride(from: 0, to: 500, by: 25).map { $0..<($0 + 25) }
        for _ in 0..<30 {
          let start = Int.random(in: 0..<499, using: &random)
          parts.append(start..<min(500, start + Int.random(in: 1..<80, using: &random)))
        }
        for part in parts.shuffled(using: &random) {
          feed.send(String(decoding: whole[part], as: UTF8.self), at: Int64(part.lowerBound) + 1)
        }
        feed.acknowledge(501)
        let result = feed.end()
        #expect(result.bytes[.originator] == whole, "\(policy)")
        #expect(result.overlaps.allSatisfy { $0.verdict == .identical })
        #expect(result.isInOrder)
      }
    }
  }
}
