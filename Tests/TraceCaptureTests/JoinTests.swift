import Foundation
import Testing
import TraceCapture

@Suite struct JoinTests {
  private func path(_ name: String) -> String { fixtureFolder.appendingPathComponent(name).path }

  @Test("a ring that has gone round is read from its oldest file on, numbered through")
  func ring() throws {
    let given = ["ring.pcap0", "ring.pcap1", "ring.pcap2"].map(path)
    let source = try Capture.open(joining: given)
    #expect(source.paths == [given[1], given[2], given[0]])
    var files: [Int] = []
    var frames: [ReadFrame] = []
    while try source.nextBatch({ for frame in $0 { frames.append(ReadFrame(frame)) } }) > 0 {
      files += Array(repeating: source.fileIndex, count: frames.count - files.count)
    }
    #expect(frames.map(\.bytes) == Conversation.frames)
    #expect(frames.map(\.number) == Array(1...8))
    #expect(files == [0, 0, 0, 1, 1, 1, 2, 2])
    #expect(frames.map(\.interface) == [0, 0, 0, 1, 1, 1, 2, 2])
    #expect(source.info.frames == 8)
    #expect(source.info.interfaces.count == 3)
    #expect(source.files.map(\.frames) == [3, 3, 2])
    #expect(source.progress.fraction == 1)
  }

  @Test("a damaged file ends and the next goes on")
  func damaged() throws {
    let source = try Capture.open(joining: ["cut-in-data.pcap", "comments.pcapng"].map(path))
    let (frames, info) = try drain(source)
    #expect(frames.count == 9)
    #expect(info.damage?.kind == .cut)
    #expect(source.files.map { $0.damage != nil }.filter { $0 }.count == 1)
    #expect(info.comments.contains { $0.text == "an interface" && $0.subject != .interface(9) })
  }

  @Test("a file of the set that is no capture is named before anything is read")
  func refused() {
    let error = #expect(throws: CaptureError.self) {
      _ = try Capture.open(joining: ["ring.pcap0", "printed.txt"].map(path))
    }
    #expect(error?.path == path("printed.txt"))
  }

  @Test("frames asked for are counted over all files")
  func maxFrames() throws {
    let paths = ["ring.pcap0", "ring.pcap1", "ring.pcap2"].map(path)
    let source = try Capture.open(joining: paths, options: CaptureOptions(maxFrames: 4))
    #expect(try drain(source).frames.map(\.number) == [1, 2, 3, 4])
  }

  @Test("files without frames keep the order of their names, after the others")
  func empty() throws {
    let source = try Capture.open(joining: ["no-packets.pcap", "ring.pcap0"].map(path))
    #expect(source.paths.map { ($0 as NSString).lastPathComponent } == ["ring.pcap0", "no-packets.pcap"])
    #expect(try drain(source).frames.count == 2)
  }

  @Test(
    "names order by their numbers",
    arguments: [
      ("x.pcap2", "x.pcap10"), ("x.pcap", "x.pcap1"), ("a_00009_20260101.pcapng", "a_00010_20260101.pcapng"),
      ("x09", "x10"), ("a1b2", "a1b10"), ("x", "y"), ("x01", "x1"),
    ])
  func names(first: String, second: String) {
    #expect(RotatedSet.precedes(first, second))
    #expect(!RotatedSet.precedes(second, first))
    #expect(!RotatedSet.precedes(first, first))
  }
}
