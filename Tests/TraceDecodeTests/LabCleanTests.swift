import Foundation
import TestSupport
import Testing
import TraceDecode

/// Where nothing went wrong, nothing is said to have gone wrong.
struct LabCleanTests {
  static let sets = [
    PackageFolder.fixtures.appendingPathComponent("lab/runs"),
    PackageFolder.fixtures.appendingPathComponent("lab/stacks"),
    SharedFolder.lab?.appendingPathComponent("runs"), SharedFolder.lab?.appendingPathComponent("stacks"),
  ].compactMap { $0 }

  @Test(arguments: sets)
  func cleanRunsYieldNoWarning(set: URL) throws {
    var clean = 0
    for run in try LabRun.all(in: set) where run.truth.meta.derived == nil && run.truth.isClean {
      clean += 1
      for vantage in run.vantages {
        let told = run.recordings[vantage]?.judged().told(from: .warning) ?? []
        #expect(told.isEmpty, "\(run.name) \(vantage): \(told.joined(separator: "\n"))")
      }
    }
    #expect(clean > 0)
  }

  /// What is wrong with a capture is not wrong with the network.
  @Test(arguments: [LabDerivation.cut, .capdrop, .capdup, .oneway])
  func worseCapturesOfCleanRunsYieldNoWarning(kind: LabDerivation) throws {
    let set = SharedFolder.lab?.appendingPathComponent("runs") ?? Self.sets[0]
    for run in try LabRun.all(in: set) where run.truth.meta.derived == nil && run.truth.isClean {
      for seed in [1, 2, 3] as [UInt64] {
        guard let worse = run.derived(kind, seed: seed) else { continue }
        for vantage in worse.vantages {
          let findings = worse.recordings[vantage]?.judged().findings ?? []
          let told = findings.filter { $0.severity >= .warning && !$0.code.hasPrefix("CAP") }
            .map { "\($0.code) \($0.rule) \($0.severity.name) frame \($0.frame): \($0.message)" }
          #expect(told.isEmpty, "\(worse.name) seed \(seed) \(vantage): \(told.joined(separator: "\n"))")
        }
      }
    }
  }

  /// One direction cannot show who lost what.
  @Test func oneDirectionAttributesNoLoss() throws {
    let set = SharedFolder.lab?.appendingPathComponent("runs") ?? Self.sets[0]
    let attributions: Set = [
      "segment-lost-upstream", "segment-lost-downstream", "capture-loss", "ack-lost", "handshake-ack-lost",
      "fin-ack-lost", "window-update-lost",
    ]
    for run in try LabRun.all(in: set) where run.truth.meta.derived == nil {
      guard let worse = run.derived(.oneway) else { continue }
      for vantage in worse.vantages {
        let told =
          worse.recordings[vantage]?.judged().findings.filter { attributions.contains($0.rule) } ?? []
        #expect(
          told.isEmpty,
          "\(worse.name) \(vantage): \(told.map { "\($0.code) frame \($0.frame): \($0.message)" })")
      }
    }
  }
}
