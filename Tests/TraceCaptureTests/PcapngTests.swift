import Testing
import TraceCapture
import TraceDecode

@Suite struct PcapngTests {
  private func fixture(_ name: String) throws -> (frames: [ReadFrame], info: CaptureInfo) {
    let fixture = try #require(CaptureFixture.pcapng.first { $0.name == name })
    return try read(fixture.make())
  }

  @Test("sections may differ in byte order; their interfaces are numbered through")
  func twoByteOrders() throws {
    let (frames, info) = try fixture("two-byte-orders.pcapng")
    #expect(frames.map(\.bytes) == Conversation.frames)
    #expect(info.sections.map(\.byteOrder) == [.little, .big])
    #expect(info.byteOrder == .little)
    #expect(frames.map(\.interface) == [0, 0, 0, 0, 1, 1, 1, 1])
    #expect(info.interfaces.map(\.section) == [0, 1])
  }

  @Test("interfaces may differ in link type and snapshot length")
  func twoLinkTypes() throws {
    let (frames, info) = try fixture("two-link-types.pcapng")
    #expect(info.interfaces.map(\.name) == ["eth0", "tun0"])
    #expect(info.linkTypes == [.ethernet, .raw])
    #expect(info.snapLengths == [262_144, 96])
    #expect(frames[0].linkType == 1 && frames[1].linkType == 101)
    #expect(frames[1].bytes == Conversation.packets[0])
  }

  @Test("one instant in five resolutions")
  func resolutions() throws {
    let (frames, info) = try fixture("time-resolutions.pcapng")
    #expect(frames.map(\.time) == Array(repeating: 1_700_000_000_500_000_000, count: 5))
    #expect(info.interfaces.map(\.resolution.description) == ["us", "ns", "2^-20 s", "10^-10 s", "ms"])
  }

  @Test("the finest resolutions neither overflow nor lose their fraction")
  func extremeResolutions() throws {
    var file = PcapngBuilder()
    file.section()
    for resolution in [0x80 | 63, 19, 0, 0x80] as [UInt8] { file.interface(options: [(9, [resolution])]) }
    file.packet([1], interface: 0, stamp: .max)
    file.packet([1], interface: 1, stamp: .max)
    file.packet([1], interface: 2, stamp: 3)
    file.packet([1], interface: 3, stamp: 3)
    let frames = try read(file.out.bytes).frames
    #expect(frames.map(\.time) == [1_999_999_999, 1_844_674_407, 3_000_000_000, 3_000_000_000])
  }

  @Test("an offset is added to every stamp")
  func offset() throws {
    let (frames, info) = try fixture("time-offset.pcapng")
    #expect(frames.map(\.time) == [1_700_000_000_250_000_000])
    #expect(info.interfaces.first?.timeOffset == 1_700_000_000)
  }

  @Test("drops are taken from the last statistics of an interface and from the packets")
  func drops() throws {
    let (_, info) = try fixture("drops.pcapng")
    #expect(info.droppedByInterface == 14)
    #expect(info.droppedBySystem == 11)
    #expect(info.dropsInRecords == 5)
    #expect(info.interfaces[0].statistics?.received == 200)
    #expect(info.hardware == "a tap" && info.operatingSystem == "an OS" && info.application == "a program")
  }

  @Test("where nothing is said of drops, nothing is known of them")
  func noDrops() throws {
    let (_, info) = try fixture("comments.pcapng")
    #expect(info.droppedByInterface == nil && info.droppedBySystem == nil && info.dropsInRecords == nil)
  }

  @Test("comments are kept with what they are about")
  func comments() throws {
    let (_, info) = try fixture("comments.pcapng")
    #expect(
      info.comments == [
        CaptureComment(subject: .section(0), text: "a section"),
        CaptureComment(subject: .interface(0), text: "an interface"),
        CaptureComment(subject: .frame(2), text: "first"),
        CaptureComment(subject: .frame(2), text: "second, \u{e9}"),
      ])
  }

  @Test("comments beyond the limit are counted, not kept")
  func manyComments() throws {
    var file = PcapngBuilder()
    file.section()
    file.interface()
    let comment: PcapngBuilder.Option = (1, [UInt8](repeating: 0x61, count: 1000))
    for _ in 0..<3000 { file.packet([1], options: [comment]) }
    let info = try read(file.out.bytes).info
    #expect(info.comments.count == 1048)
    #expect(info.comments.count + Int(info.commentsOmitted) == 3000)
  }

  @Test("simple packets have no time and are as long as the snapshot length lets them be")
  func simplePackets() throws {
    let (frames, _) = try fixture("simple-packets.pcapng")
    #expect(frames.map(\.bytes) == Conversation.frames.map { Array($0.prefix(60)) })
    #expect(frames.map(\.wireLength) == Conversation.frames.map { UInt32($0.count) })
    #expect(frames.allSatisfy { $0.time == 0 })
  }

  @Test("obsolete packet blocks count drops in a field, where 65535 is unknown")
  func obsoletePackets() throws {
    let (frames, info) = try fixture("obsolete-packets.pcapng")
    #expect(frames.map(\.bytes) == Conversation.frames)
    #expect(frames.last?.time == 1_700_000_000_000_007_000)
    #expect(info.dropsInRecords == 7)
  }

  @Test("a section of a later version is passed over")
  func laterVersion() throws {
    let (frames, info) = try fixture("later-version.pcapng")
    #expect(frames.count == 2)
    #expect(info.sectionsSkipped == 1)
    #expect(info.sections.count == 3)
  }

  @Test(
    "the second length of the first section header is not judged, as libpcap does not",
    arguments: [ReaderChoice.record, .libpcap])
  func firstTrailer(reader: ReaderChoice) throws {
    var bytes = try #require(CaptureFixture.pcapng.first { $0.name == "time-offset.pcapng" }).make()
    bytes[24] = 99
    let (frames, info) = try read(bytes, reader)
    #expect(frames.count == 1 && info.damage == nil)
  }

  @Test(
    "lengths that contradict the block stop the reading where they stand",
    arguments: [
      0, 4, 8, 11, 13, 0x7fff_fffc, 0xffff_fffc, 0xffff_ffff, 16 << 20, (16 << 20) + 4,
    ] as [UInt32])
  func hostileBlockLengths(length: UInt32) throws {
    var file = PcapngBuilder()
    file.section()
    file.interface()
    file.packet(Conversation.frames[0])
    let place = UInt64(file.out.bytes.count)
    file.out.put(UInt32(6))
    file.out.put(length)
    file.out.bytes += [UInt8](repeating: 0, count: 64)
    let (frames, info) = try read(file.out.bytes)
    #expect(frames.count == 1)
    #expect(info.truncatedAt == place)
  }

  @Test(
    "captured lengths that contradict the block stop the reading",
    arguments: [61, 262_145, 0xffff_ffff] as [UInt32])
  func hostileCapturedLengths(length: UInt32) throws {
    var file = PcapngBuilder()
    file.section()
    file.interface()
    file.block(6) {
      for value in [0, 0, 0, length, 60] as [UInt32] { $0.put(value) }
      $0.bytes += [UInt8](repeating: 0, count: 60)
    }
    let (frames, info) = try read(file.out.bytes)
    #expect(frames.isEmpty)
    #expect(info.damage?.kind == .corrupt)
  }

  @Test("options of a packet that reach beyond their block are dropped, the packet is not")
  func brokenPacketOptions() throws {
    var file = PcapngBuilder()
    file.section()
    file.interface()
    file.block(6) {
      for value in [0, 0, 0, 4, 4] as [UInt32] { $0.put(value) }
      $0.bytes += [1, 2, 3, 4]
      $0.put(UInt16(1))
      $0.put(UInt16(0xffff))
    }
    let (frames, info) = try read(file.out.bytes)
    #expect(frames.map(\.bytes) == [[1, 2, 3, 4]])
    #expect(info.comments.isEmpty && info.damage == nil)
  }
}
