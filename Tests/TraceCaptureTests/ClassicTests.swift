import Testing
import TraceCapture
import TraceDecode

@Suite struct ClassicTests {
  private func fixture(_ name: String) throws -> (frames: [ReadFrame], info: CaptureInfo) {
    let fixture = try #require(CaptureFixture.classic.first { $0.name == name })
    return try read(fixture.make())
  }

  @Test(
    "every byte order and time unit gives the same instants",
    arguments: [
      ("us-little.pcap", CaptureFormat.pcap, ByteOrder.little, 7000), ("us-big.pcap", .pcap, .big, 7000),
      ("ns-little.pcap", .pcapNanoseconds, .little, 7), ("ns-big.pcap", .pcapNanoseconds, .big, 7),
      ("modified.pcap", .pcapModified, .little, 7000),
    ] as [(String, CaptureFormat, ByteOrder, Int64)])
  func variants(name: String, format: CaptureFormat, order: ByteOrder, past: Int64) throws {
    let (frames, info) = try fixture(name)
    #expect(info.format == format)
    #expect(info.byteOrder == order)
    #expect(info.reader == .record)
    #expect(info.linkTypes == [.ethernet])
    #expect(
      frames.map(\.time) == (0..<8).map { 1_700_000_000_000_000_000 + Int64($0) * 10_000_000 + past })
    #expect(frames.map(\.bytes) == Conversation.frames)
    #expect(frames.map(\.wireLength) == Conversation.frames.map { UInt32($0.count) })
  }

  @Test("record offsets are those of the record headers")
  func offsets() throws {
    let (frames, _) = try fixture("us-little.pcap")
    var expected: UInt64 = 24
    for frame in frames {
      #expect(frame.recordOffset == expected)
      expected += 16 + UInt64(frame.bytes.count)
    }
    let modified = try fixture("modified.pcap").frames
    #expect(modified[1].recordOffset == UInt64(24 + 24 + modified[0].bytes.count))
  }

  @Test(
    "lengths are told apart in the versions that swapped them",
    arguments: ["version-2.2.pcap", "version-2.3-both-orders.pcap", "version-543-dgux.pcap"])
  func swappedLengths(name: String) throws {
    let (frames, info) = try fixture(name)
    #expect(info.snapLengths == [60])
    #expect(frames.map(\.bytes) == Conversation.frames.map { Array($0.prefix(60)) })
    #expect(frames.map(\.wireLength) == Conversation.frames.map { UInt32($0.count) })
  }

  @Test("octets beyond the header's snapshot length are not handed over, as by libpcap")
  func snapshotLength() throws {
    let (frames, _) = try fixture("longer-than-snapshot.pcap")
    #expect(frames[3].bytes.count == 60)
    #expect(frames[3].wireLength == 72)
    #expect(frames[4].number == 5)
  }

  @Test("a file that carries this system's DLT_RAW instead of LINKTYPE_RAW is raw IP")
  func rawAsDLT() throws {
    let (frames, info) = try fixture("raw-as-dlt.pcap")
    #expect(info.linkTypes == [.raw])
    #expect(frames[0].linkType == LinkType.raw.rawValue)
  }

  @Test("the check sequence length in the link type field is no part of the link type")
  func frameCheckSequence() throws {
    let info = try read(ClassicBuilder(linkField: 0x2400_0001).bytes(Conversation.records())).info
    #expect(info.linkTypes == [.ethernet])
    #expect(info.interfaces.first?.frameCheckOctets == 4)
  }

  @Test("times after 2038 are not negative, whoever reads", arguments: [ReaderChoice.record, .libpcap])
  func unsignedSeconds(reader: ReaderChoice) throws {
    for big in [false, true] {
      let record = TestRecord(seconds: 4_000_000_000, fraction: 999_999, data: Conversation.frames[0])
      let frames = try read(ClassicBuilder(big: big).bytes([record]), reader).frames
      #expect(frames.map(\.time) == [4_000_000_000_999_999_000])
    }
  }

  @Test("a record larger than the read block is one frame")
  func largeRecord() throws {
    // USBPcap frames may be 1 MiB long, which is all of a block without the record's header.
    let data = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let file = ClassicBuilder(snapLength: 1 << 20, linkField: 249)
      .bytes([TestRecord(data: [1, 2, 3]), TestRecord(data: data), TestRecord(data: [4])])
    let (frames, info) = try read(file)
    #expect(frames.map(\.bytes.count) == [3, 1 << 20, 1])
    #expect(frames[1].bytes == data)
    #expect(info.damage == nil)
  }

  @Test("link headers that libpcap rewrites are left to libpcap when they come from the other byte order")
  func rewrittenHeaders() throws {
    // NFLOG: family, version, resource, then a TLV of length 8 in the writer's order.
    let data: [UInt8] = [2, 0, 0, 0, 0, 8, 0, 9, 1, 2, 3, 4]
    let (frames, info) = try read(ClassicBuilder(big: true, linkField: 239).bytes([TestRecord(data: data)]))
    #expect(info.reader == .libpcap)
    #expect(frames.first?.bytes == [2, 0, 0, 0, 8, 0, 9, 0, 1, 2, 3, 4])
  }
}
