import Foundation
import Testing
import TraceCapture
import TraceDecode

@Suite struct CaptureWriterTests {
  private func temporary() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("written-\(UUID()).pcap").path
  }

  private func copy(_ bytes: [UInt8], to path: String, nanoseconds: Bool, snapLength: UInt32 = 262_144) throws
  {
    let writer = try CaptureWriter(
      path: path, linkType: .ethernet, snapLength: snapLength, nanoseconds: nanoseconds)
    let source = try Capture.open(bytes: bytes)
    var failure: CaptureError?
    while try source.nextBatch({ batch in
      for frame in batch {
        do throws(CaptureError) { try writer.write(frame) } catch { failure = error }
      }
    }) > 0 {}
    try writer.close()
    #expect(failure == nil)
  }

  @Test("what is written is read again, by either reader", arguments: [true, false])
  func roundTrip(nanoseconds: Bool) throws {
    let path = temporary()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let original = ClassicBuilder(magic: 0xa1b2_3c4d, big: true).bytes(
      Conversation.records(unit: 1_000_000_000))
    try copy(original, to: path, nanoseconds: nanoseconds)
    let expected = try read(original).frames
    for reader in [ReaderChoice.record, .libpcap] {
      let (frames, info) = try drain(Capture.open(path: path, options: CaptureOptions(reader: reader)))
      #expect(info.format == (nanoseconds ? .pcapNanoseconds : .pcap))
      #expect(frames.map(\.bytes) == expected.map(\.bytes))
      #expect(frames.map(\.wireLength) == expected.map(\.wireLength))
      #expect(frames.map(\.time) == expected.map { nanoseconds ? $0.time : $0.time / 1000 * 1000 })
    }
  }

  @Test("longer frames are cut to the snapshot length")
  func snapshotLength() throws {
    let path = temporary()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try copy(ClassicBuilder().bytes(Conversation.records()), to: path, nanoseconds: false, snapLength: 60)
    let frames = try drain(Capture.open(path: path)).frames
    #expect(frames.map(\.bytes.count).max() == 60)
    #expect(frames.map(\.wireLength) == Conversation.frames.map { UInt32($0.count) })
  }

  @Test("frames of another link type, and times pcap cannot hold, are refused")
  func refusals() throws {
    let path = temporary()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let writer = try CaptureWriter(path: path, linkType: .ethernet)
    let octets: [UInt8] = [1]
    octets.withUnsafeBytes { bytes in
      let raw = Frame(number: 3, time: 0, bytes: bytes, wireLength: 1, linkType: .raw)
      let link = #expect(throws: CaptureError.self) { try writer.write(raw) }
      #expect(link?.problem == "frame 3 is of link type RAW, the file of EN10MB")
      for time in [-1, 4_294_967_296_000_000_000] as [Int64] {
        let late = Frame(number: 1, time: time, bytes: bytes, wireLength: 1, linkType: .ethernet)
        #expect(throws: CaptureError.self) { try writer.write(late) }
      }
    }
    #expect(writer.frames == 0)
  }

  @Test("a place that cannot be written to is an error at once")
  func noPlace() {
    let error = #expect(throws: CaptureError.self) {
      _ = try CaptureWriter(path: "/nowhere/at-all.pcap", linkType: .ethernet)
    }
    #expect(error?.problem == "cannot be created: No such file or directory")
  }
}
