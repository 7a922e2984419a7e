import Foundation
import TestSupport
import Testing
import TraceCapture

/// The record reader and libpcap, frame for frame.
@Suite struct ReaderAgreementTests {
  /// Where the two may differ: libpcap stops at what one handle cannot express, or at a packet longer than its
  /// interface's snapshot length. What it gave up to there must agree all the same.
  static func expectAgreement(path: String) {
    let record = Result { try drain(Capture.open(path: path, options: CaptureOptions(reader: .record))) }
    let libpcap = Result { try drain(Capture.open(path: path, options: CaptureOptions(reader: .libpcap))) }
    switch (record, libpcap) {
    case (.success(let ours), .success(let theirs)):
      let shared = theirs.frames.count
      #expect(ours.frames.count >= shared, "\(path): libpcap reads more")
      for (index, frame) in theirs.frames.enumerated().prefix(ours.frames.count) {
        let mine = ours.frames[index].seenByLibpcap
        guard mine != frame.seenByLibpcap else { continue }
        #expect(mine == frame.seenByLibpcap, "\(path): frame \(index + 1)")
        return
      }
      guard ours.frames.count > shared else {
        // The end is the same one, too.
        if theirs.info.damage?.kind == .cut { #expect(ours.info.damage?.kind == .cut, "\(path)") }
        if theirs.info.damage == nil { #expect(ours.info.damage == nil, "\(path)") }
        return
      }
      let reason = theirs.info.damage?.reason ?? ""
      let allowed =
        theirs.info.damage?.kind == .unsupported || reason.contains("bigger than snaplen")
        // A section of the other byte order looks to libpcap like a block of absurd length.
        || Set(ours.info.sections.map(\.byteOrder)).count > 1
      #expect(theirs.info.format == .pcapng && allowed, "\(path): libpcap ends early: \(reason)")
    case (.failure(let ours as CaptureError), .failure(let theirs as CaptureError)):
      #expect(ours == theirs)
    default: Issue.record("\(path): only one of the readers refuses: \(record) \(libpcap)")
    }
  }

  @Test("over the fixtures", arguments: CaptureFixture.all)
  func fixtures(_ fixture: CaptureFixture) {
    Self.expectAgreement(path: fixtureFolder.appendingPathComponent(fixture.name).path)
  }

  private static func files(in folder: URL?) -> [String] {
    guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
      return []
    }
    let notes: Set = ["tsv", "md", "txt"]
    return names.sorted().map { folder.appendingPathComponent($0).path }.filter { path in
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      return exists && !isFolder.boolValue && !notes.contains((path as NSString).pathExtension)
    }
  }

  @Test("over the traces that fool others", .enabled(if: SharedFolder.traps != nil))
  func traps() {
    let paths = Self.files(in: SharedFolder.traps)
    #expect(!paths.isEmpty)
    for path in paths { Self.expectAgreement(path: path) }
  }

  @Test(
    "over the corpus", .enabled(if: SharedFolder.corpus != nil), arguments: ["", "compressed", "malformed"])
  func corpus(_ part: String) {
    let paths = Self.files(
      in: SharedFolder.corpus.map { part.isEmpty ? $0 : $0.appendingPathComponent(part) })
    #expect(!paths.isEmpty)
    for path in paths { Self.expectAgreement(path: path) }
  }
}
