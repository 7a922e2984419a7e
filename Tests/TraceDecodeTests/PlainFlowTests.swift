import Foundation
import TestSupport
import Testing

@testable import TraceDecode

/// The short ways, through a textbook flow and with an ordinary segment, say what the long ways say.
struct PlainFlowTests {
  /// Everything an analysis tells, in words that hold every field.
  private final class Teller: AnalysisSink {
    var told: [String] = []
    var flows = 0
    var midStream = 0
    var closes = 0
    func episode(_ episode: Episode, of flow: FlowIdentity) {
      if case .close = episode { closes += 1 }
      told.append("\(flow.number) \(episode)")
    }
    func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
      told.append("\(frame) \(verdict)")
    }
    func flowEnded(_ report: FlowReport) {
      flows += 1
      if report.midStream { midStream += 1 }
      told.append("\(report)")
    }
    func preview(_ episode: Episode, of flow: FlowIdentity) {
      told.append("\(flow.number) early: \(episode)")
    }
    func roundTrip(_ nanoseconds: Int64, to role: Role, of flow: FlowIdentity) {
      told.append("\(flow.number) \(role) \(nanoseconds)")
    }
  }

  private static let captures: [String] = {
    let folder = PackageFolder.fixtures.appendingPathComponent("lab")
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return files.filter { $0.hasSuffix(".pcap") }.sorted().map { folder.appendingPathComponent($0).path }
  }()

  private func tell(
    _ records: ArraySlice<Recording.Record>, plainly: Bool, ordinarily: Bool = true, atOnce: Bool = false,
    early: Bool = false
  ) -> Teller {
    var options = AnalyzerOptions()
    options.readsPlainly = plainly
    options.takesOrdinary = ordinarily
    options.frameVerdicts = true
    options.previews = early
    let teller = Teller()
    let analyzer = Analyzer(options: options, sink: teller)
    if atOnce {
      let copies = records.map { UnsafeMutableRawBufferPointer.copy($0.bytes) }
      defer { for copy in copies { copy.deallocate() } }
      let frames = zip(records.indices, zip(records, copies)).map { Self.frame($0, $1.0, .init($1.1)) }
      frames.withUnsafeBufferPointer { analyzer.accept($0) }
    } else {
      for (i, record) in zip(records.indices, records) {
        record.bytes.withUnsafeBytes { analyzer.accept(Self.frame(i, record, $0)) }
      }
    }
    _ = analyzer.finish()
    return teller
  }

  private static func frame(_ i: Int, _ record: Recording.Record, _ bytes: UnsafeRawBufferPointer) -> Frame {
    Frame(
      number: UInt64(i + 1), time: record.time, recordOffset: UInt64(i), bytes: bytes,
      wireLength: record.wireLength, linkType: record.linkType)
  }

  @Test func bothWaysSayTheSame() throws {
    var flows = 0
    for path in Self.captures {
      let records = try Recording(path: path).records
      // Cut short, a flow ends in every stage of its life.
      for end in Set([records.count] + Array(1...min(24, max(1, records.count)))) where end <= records.count {
        let short = tell(records[..<end], plainly: true)
        #expect(
          short.told == tell(records[..<end], plainly: false).told,
          "\(path), the first \(end) frames")
        flows += short.flows
      }
    }
    #expect(flows > 500)
  }

  @Test func bothWaysSayTheSameFromMidStream() throws {
    var midStream = 0
    for path in Self.captures {
      let records = try Recording(path: path).records
      // Begun late, and cut short as well: openings without an end, ends without an opening.
      for start in 1..<max(2, min(12, records.count)) where start < records.count {
        for end in [start + 3, start + 9, start + 400] {
          let end = min(end, records.count)
          let short = tell(records[start..<end], plainly: true)
          #expect(
            short.told == tell(records[start..<end], plainly: false).told,
            "\(path), frames \(start) to \(end)")
          midStream += short.midStream
        }
      }
    }
    #expect(midStream > 500)
  }

  /// Where a capture ends with a FIN nothing answers it, and silence after it may say that it was answered.
  @Test func bothWaysSayTheSameAfterSilence() throws {
    var closes = 0
    for path in Self.captures {
      let records = try Recording(path: path).records
      for end in records.indices.prefix(300).suffix(8) {
        for silence: Int64 in [10_000_000, 3_500_000_000, 30_000_000_000] {
          // A frame of no TCP lets time pass.
          let late = Recording.Record(
            time: records[end].time + silence, bytes: [UInt8](repeating: 0x88, count: 60),
            linkType: records[end].linkType)
          let cut = (records[...end] + [late])[...]
          let short = tell(cut, plainly: true)
          #expect(
            short.told == tell(cut, plainly: false).told,
            "\(path), the first \(end + 1) frames and \(silence) ns of silence")
          closes += short.closes
        }
      }
    }
    #expect(closes > 50)
  }

  @Test(.enabled(if: SharedFolder.lab != nil))
  func bothWaysSayTheSameOfTheLab() throws {
    let folder = try #require(SharedFolder.lab?.appendingPathComponent("runs"))
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    for (i, file) in files.filter({ $0.hasSuffix(".pcap") }).sorted().enumerated() where i % 24 == 0 {
      let records = try Recording(path: folder.appendingPathComponent(file).path).records.prefix(2000)
      #expect(tell(records, plainly: true).told == tell(records, plainly: false).told, "\(file)")
      let late = records.dropFirst(7)
      #expect(tell(late, plainly: true).told == tell(late, plainly: false).told, "\(file), begun late")
    }
  }

  @Test(arguments: [false, true])
  func ordinarySegmentsAreTakenLikeOthers(early: Bool) throws {
    for path in Self.captures {
      let records = try Recording(path: path).records[...]
      #expect(
        tell(records, plainly: true, early: early).told
          == tell(records, plainly: true, ordinarily: false, early: early).told, "\(path)")
    }
  }

  /// Where much is lost and comes late, ordinary segments come among others all the time.
  @Test(.enabled(if: SharedFolder.lab != nil))
  func ordinarySegmentsAmongLossesAreTakenLikeOthers() throws {
    let runs = try #require(SharedFolder.lab).appendingPathComponent("runs")
    let names = try FileManager.default.contentsOfDirectory(atPath: runs.path)
    let lossy = names.filter { name in
      ["loss", "burst", "droptail", "reorder", "jitter", "ack_", "cut.", "corrupt"].contains {
        name.hasPrefix($0)
      }
    }
    #expect(lossy.count > 20)
    for name in lossy.sorted() {
      for side in ["client", "server"] {
        let path = runs.appendingPathComponent("\(name)/\(side).pcap").path
        guard FileManager.default.fileExists(atPath: path) else { continue }
        let records = try Recording(path: path).records.prefix(400)
        #expect(
          tell(records, plainly: true).told == tell(records, plainly: true, ordinarily: false).told, "\(path)"
        )
      }
    }
  }

  @Test func framesDecodedAheadAreTakenLikeSingleOnes() throws {
    for path in Self.captures {
      let records = try Recording(path: path).records[...]
      #expect(
        tell(records, plainly: true, atOnce: true).told == tell(records, plainly: true).told, "\(path)")
    }
  }
}

extension UnsafeMutableRawBufferPointer {
  /// The octets at a place of their own; the caller's to deallocate.
  fileprivate static func copy(_ octets: [UInt8]) -> Self {
    let copy = Self.allocate(byteCount: octets.count + 1, alignment: 16)
    copy.copyBytes(from: octets)
    return Self(rebasing: copy[..<octets.count])
  }
}
