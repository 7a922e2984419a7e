import Foundation
import TestSupport
import Testing
import TraceDecode

@testable import TraceCapture

/// The blocks of a pcapng in one byte order, as type and octets.
private func blocks(_ bytes: [UInt8], big: Bool = false) -> [(type: UInt32, bytes: [UInt8])] {
  func word(_ at: Int) -> UInt32 {
    let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: UInt32.self) }
    return big ? UInt32(bigEndian: value) : UInt32(littleEndian: value)
  }
  var list: [(UInt32, [UInt8])] = []
  var at = 0
  while at + 12 <= bytes.count {
    let length = Int(word(at + 4))
    list.append((word(at), Array(bytes[at..<(at + length)])))
    at += length
  }
  return list
}

/// Runs the annotator from memory to memory, by way of two files.
private func annotate(_ bytes: [UInt8], _ annotations: Annotations) throws -> (
  bytes: [UInt8], result: AnnotationResult
) {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("annotate-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let input = folder.appendingPathComponent("in").path
  let output = folder.appendingPathComponent("out.pcapng").path
  try Data(bytes).write(to: URL(fileURLWithPath: input))
  let result = try Annotator.copy(input, to: output, annotations)
  return (Array(try Data(contentsOf: URL(fileURLWithPath: output))), result)
}

private func fixture(_ name: String) throws -> [UInt8] {
  Array(try Data(contentsOf: PackageFolder.fixtures.appendingPathComponent("captures/\(name)")))
}

/// A frame without its place in the file, which comments move.
private func contents(_ frames: [ReadFrame]) -> [ReadFrame] {
  frames.map {
    var frame = $0
    frame.recordOffset = 0
    return frame
  }
}

@Suite struct AnnotatorTests {
  private let twoComments: Annotations = {
    var annotations = Annotations()
    annotations.section = "on the whole"
    annotations.frames = [1: ["first", "second"]]
    return annotations
  }()

  @Test(arguments: [
    "comments.pcapng", "drops.pcapng", "obsolete-packets.pcapng", "other-blocks.pcapng",
    "simple-packets.pcapng",
    "time-offset.pcapng", "time-resolutions.pcapng", "two-byte-orders.pcapng", "two-link-types.pcapng",
    "us-little.pcap", "us-big.pcap", "ns-little.pcap", "ns-big.pcap", "modified.pcap", "version-2.2.pcap",
    "raw-as-dlt.pcap", "packed.pcap.zst", "comments.pcapng.gz",
  ])
  func everyFrameStays(_ name: String) throws {
    let before = try fixture(name)
    let (after, result) = try annotate(before, twoComments)
    let (old, oldInfo) = try read(before)
    let (new, newInfo) = try read(after)
    #expect(contents(new) == contents(old))
    #expect(result.framesWritten == UInt64(old.count))
    #expect(result.commentsWritten == 3)
    #expect(result.commentsLeft == 0)
    let added = newInfo.comments.filter { !oldInfo.comments.contains($0) }
    #expect(added.contains(CaptureComment(subject: .section(0), text: "on the whole")))
    #expect(
      added.filter { $0.subject == .frame(1) }.map(\.text).suffix(2) == ["first", "second"])
    #expect(oldInfo.comments.allSatisfy { newInfo.comments.contains($0) })
    #expect(newInfo.interfaces.map(\.linkType) == oldInfo.interfaces.map(\.linkType))
    #expect(newInfo.interfaces.map(\.resolution) == oldInfo.interfaces.map(\.resolution))
    #expect(newInfo.interfaces.map(\.statistics) == oldInfo.interfaces.map(\.statistics))
  }

  @Test func withoutAnnotationsAPcapngIsCopiedOctetByOctet() throws {
    for name in ["comments.pcapng", "two-byte-orders.pcapng", "other-blocks.pcapng", "simple-packets.pcapng"]
    {
      let before = try fixture(name)
      #expect(try annotate(before, Annotations()).bytes == before, "\(name)")
    }
  }

  @Test func onlyTheCommentedBlockChanges() throws {
    let before = try fixture("comments.pcapng")
    var annotations = Annotations()
    annotations.frames = [1: ["new"]]
    let after = try annotate(before, annotations).bytes
    let old = blocks(before)
    let new = blocks(after)
    #expect(old.map(\.type) == new.map(\.type))
    let changed = zip(old, new).filter { $0.0.bytes != $0.1.bytes }
    #expect(changed.count == 1)
    #expect(changed.first?.0.type == 6)
  }

  @Test func aSimplePacketBecomesAnEnhancedOneOnlyForAComment() throws {
    let before = try fixture("simple-packets.pcapng")
    let (after, result) = try annotate(before, twoComments)
    #expect(result.simplePacketsConverted == 1)
    let types = blocks(after).map(\.type)
    #expect(types.filter { $0 == 6 }.count == blocks(before).filter { $0.type == 6 }.count + 1)
  }

  @Test func aSectionThatSaysItsLengthSaysTheNewOne() throws {
    var out = ByteBuilder()
    out.put(0x0a0d_0d0a as UInt32)
    out.put(28 as UInt32)
    out.put(0x1a2b_3c4d as UInt32)
    out.put(1 as UInt16)
    out.put(0 as UInt16)
    out.put(20 + 36 as UInt64)
    out.put(28 as UInt32)
    for value in [1, 20, 1, 0, 20] as [UInt32] { out.put(value) }
    for value in [6, 36, 0, 0, 0, 4, 4, 0x6463_6261, 36] as [UInt32] { out.put(value) }
    let (after, _) = try annotate(out.bytes, twoComments)
    let section = blocks(after)[0].bytes
    let length = section.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 16, as: UInt64.self) }
    #expect(length == UInt64(after.count - section.count))
  }

  @Test func framesThatAreNotKeptAreLeftOut() throws {
    let before = try fixture("us-little.pcap")
    let (frames, _) = try read(before)
    try #require(frames.count >= 2)
    var annotations = twoComments
    var kept = FrameSet()
    kept.insert(2)
    annotations.kept = kept
    let (after, result) = try annotate(before, annotations)
    #expect(result.framesWritten == 1)
    #expect(result.commentsLeft == 2)
    #expect(try read(after).frames.map(\.bytes) == [frames[1].bytes])
  }

  @Test func aCutCaptureIsCopiedUpToTheCut() throws {
    let whole = try fixture("comments.pcapng")
    let (after, result) = try annotate(Array(whole.dropLast(3)), Annotations())
    #expect(result.damage?.kind == .cut)
    #expect(whole.starts(with: after))
    #expect(try read(after).info.damage == nil)
  }

  @Test func aLongCommentIsCutBetweenCharacters() {
    let octets = Annotator.octets(String(repeating: "a", count: 65_534) + "é")
    #expect(octets.count == 65_534)
    #expect(Annotator.octets("short").count == 5)
  }

  @Test func theInputIsNotOverwritten() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("same-\(UUID().uuidString)").path
    let before = try fixture("comments.pcapng")
    try Data(before).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(throws: CaptureError.self) { try Annotator.copy(path, to: path, Annotations()) }
    #expect(Array(try Data(contentsOf: URL(fileURLWithPath: path))) == before)
  }

  @Test func framesNearOthers() {
    var set = FrameSet()
    set.insert(3)
    set.insert(100)
    set.widen(by: 2)
    #expect((0..<110).filter { set.contains(UInt64($0)) } == [1, 2, 3, 4, 5, 98, 99, 100, 101, 102])
  }
}
