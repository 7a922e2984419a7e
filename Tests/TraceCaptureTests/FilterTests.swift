import Testing
import TraceCapture
import TraceDecode

@Suite struct FilterTests {
  private let file = ClassicBuilder().bytes(Conversation.records())

  @Test(
    "both readers keep the same frames under their own numbers", arguments: [ReaderChoice.record, .libpcap])
  func keeps(reader: ReaderChoice) throws {
    let options = CaptureOptions(reader: reader, filter: "tcp[tcpflags] & tcp-fin != 0")
    let (frames, info) = try drain(Capture.open(bytes: file, options: options))
    #expect(frames.map(\.number) == [6, 7])
    #expect(info.frames == 8)
  }

  @Test("a filter that nothing passes is an empty capture, not an endless one")
  func nothing() throws {
    let (frames, info) = try drain(Capture.open(bytes: file, options: CaptureOptions(filter: "udp")))
    #expect(frames.isEmpty && info.frames == 8)
  }

  @Test("frames asked for are counted after the filter")
  func maxFrames() throws {
    let options = CaptureOptions(filter: "src host 198.51.100.20", maxFrames: 2)
    #expect(try drain(Capture.open(bytes: file, options: options)).frames.map(\.number) == [2, 5])
  }

  @Test("the filter is compiled for each link type")
  func linkTypes() throws {
    let two = try #require(CaptureFixture.pcapng.first { $0.name == "two-link-types.pcapng" }).make()
    let syn = try drain(Capture.open(bytes: two, options: CaptureOptions(filter: "tcp[tcpflags] == tcp-syn")))
    #expect(syn.frames.map(\.number) == [1, 2])
    #expect(syn.info.filterRefusals.isEmpty)
    // Raw IP has no Ethernet addresses: its frames do not pass, and the capture says why.
    let ether = try drain(
      Capture.open(bytes: two, options: CaptureOptions(filter: "ether src 02:00:00:00:00:01")))
    #expect(ether.frames.allSatisfy { $0.linkType == 1 } && ether.frames.count == 4)
    #expect(ether.info.filterRefusals.map(\.linkType) == [.raw])
  }

  @Test("a bad filter is named with libpcap's reason")
  func bad() throws {
    let error = #expect(throws: CaptureError.self) {
      _ = try Capture.open(bytes: file, name: "a.pcap", options: CaptureOptions(filter: "tcp prt 80"))
    }
    #expect(error?.path == "a.pcap")
    #expect(error?.problem.hasPrefix("the filter \"tcp prt 80\" is not valid for link type EN10MB: ") == true)
    #expect(error?.problem.contains("syntax error") == true)
    #expect(error?.remedy.contains("pcap-filter(7)") == true)
  }

  @Test("a filter on an empty frame looks at nothing")
  func emptyFrame() throws {
    let empty = ClassicBuilder().bytes([TestRecord(wireLength: 60, data: [])])
    let options = CaptureOptions(filter: "ip")
    #expect(try drain(Capture.open(bytes: empty, options: options)).frames.isEmpty)
  }
}
