import Foundation
import TestSupport
import Testing
import TraceCapture
import TraceDecode

/// Nothing a capture holds may trap: captures with octets changed and ends missing, through everything.
struct DamageFuzzTests {
  static let captures: [URL] = {
    let folders = ["lab/runs", "lab/stacks", "traps"].map {
      PackageFolder.fixtures.appendingPathComponent($0)
    }
    let files = folders.flatMap { folder -> [URL] in
      let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
      return (found?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "pcap" }
    }
    return files.sorted { $0.path < $1.path }
  }()

  /// Octets of frames changed, near the headers for the most part.
  @Test func changedFramesAreSurvived() throws {
    for file in Self.captures {
      let recording = try Recording(path: file.path)
      if recording.records.isEmpty || recording.records.count > 300 { continue }
      for seed in 0..<4 as Range<UInt64> {
        var random = SeededGenerator("\(file.lastPathComponent) \(seed)")
        var damaged = recording
        for _ in 0..<max(4, damaged.records.count / 4) {
          let index = Int.random(in: damaged.records.indices, using: &random)
          let octets = damaged.records[index].bytes.count
          if octets == 0 { continue }
          switch Int.random(in: 0..<10, using: &random) {
          case 0:
            damaged.records[index].bytes.removeLast(Int.random(in: 0..<octets, using: &random))
          case 1:
            damaged.records[index].time = Int64(bitPattern: random.next())
          case 2:
            damaged.records[index].wireLength = UInt32(truncatingIfNeeded: random.next())
          case 3:
            damaged.records.swapAt(index, Int.random(in: damaged.records.indices, using: &random))
          case 4:
            // Numbers at the edges: sequence, acknowledgement, window.
            for at in 38..<max(38, min(52, octets)) {
              damaged.records[index].bytes[at] = Bool.random(using: &random) ? 0 : 0xff
            }
          default:
            let at = Int.random(in: 12..<max(13, min(octets, 100)), using: &random)
            if at < octets { damaged.records[index].bytes[at] = UInt8.random(in: 0...255, using: &random) }
          }
        }
        let judgement = damaged.judged()
        #expect(judgement.verdicts.keys.allSatisfy { $0 >= 1 && $0 <= UInt64(damaged.records.count) })
      }
    }
  }

  /// Octets of the file changed, its end missing: an error or fewer frames.
  @Test func changedFilesAreSurvived() throws {
    for file in Self.captures {
      let whole = [UInt8](try Data(contentsOf: file))
      if whole.count > 20_000 || whole.count < 48 { continue }
      for seed in 0..<6 as Range<UInt64> {
        var random = SeededGenerator("\(file.lastPathComponent) file \(seed)")
        var bytes = whole
        if seed % 2 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count - 24, using: &random)) }
        for _ in 0..<8 {
          let at = Int.random(in: 0..<bytes.count, using: &random)
          // The file's own header mostly stays, else nothing is read.
          if at >= 24 || seed == 5 { bytes[at] = UInt8.random(in: 0...255, using: &random) }
        }
        guard let source = try? Capture.open(bytes: bytes, name: file.lastPathComponent) else { continue }
        let recording = try Recording(source)
        #expect(recording.records.count <= bytes.count / 16)
        _ = recording.judged()
      }
    }
  }

  /// Tiny limits bend, and do not break.
  @Test func tinyLimitsAreSurvived() throws {
    var limits = Limits()
    limits.flows = 2
    limits.halfOpenFlows = 1
    limits.closedFlows = 1
    limits.segmentsPerFlow = 4
    limits.evidence = 1
    limits.findingsPerRule = 1
    limits.fragmentedDatagrams = 1
    limits.fragmentOctets = 64
    limits.bufferedOctets = 64
    limits.streamOctets = 128
    for file in Self.captures {
      let recording = try Recording(path: file.path)
      if recording.records.count > 300 { continue }
      let judgement = recording.judged(limits: limits)
      #expect(judgement.flows.count <= recording.records.count)
    }
  }
}
