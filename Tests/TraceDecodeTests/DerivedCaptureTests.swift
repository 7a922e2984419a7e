import Foundation
import TestSupport
import Testing
import TraceDecode

/// Worse captures of every run: begun in mid-stream, with frames missing or doubled, of one direction only.
struct DerivedCaptureTests {
  static let set =
    SharedFolder.lab?.appendingPathComponent("runs")
    ?? PackageFolder.fixtures.appendingPathComponent("lab/runs")

  static func score(_ kinds: [LabDerivation], seeds: [UInt64]) throws -> LabScore {
    var score = LabScore()
    for run in try LabRun.all(in: set) where run.truth.meta.derived == nil {
      for kind in kinds {
        for seed in seeds {
          guard let worse = run.derived(kind, seed: seed) else { continue }
          for vantage in worse.vantages {
            score.add(worse, vantage, worse.recordings[vantage]?.judged() ?? Judgement())
          }
        }
      }
    }
    return score
  }

  /// `FLOWLINT_DERIVED=1` prints the figures.
  @Test(arguments: LabDerivation.allCases)
  func worseCapturesAreJudgedRight(kind: LabDerivation) throws {
    let score = try Self.score([kind], seeds: [1])
    if ProcessInfo.processInfo.environment["FLOWLINT_DERIVED"] != nil {
      print("\(kind.rawValue)\n\(score.table)")
      for (kind, errors) in score.errors.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        for error in errors { print("  \(kind.rawValue): \(error)") }
      }
    }
    // The floors are means over all scenarios; the package has the hardest of them, so there each miss has a name.
    let pooled = SharedFolder.lab == nil
    LabVerdictTests.check(
      score,
      [
        .init(kind: .retransmissionAtSender, precision: 0.99, recall: 0.99, pooled: pooled),
        .init(kind: .retransmissionAtReceiver, precision: 0.99, recall: 0.99, pooled: pooled),
        .init(kind: .holeAtReceiver, precision: 0.99, recall: 0.99, pooled: pooled),
        .init(kind: .pathNear, precision: 0, recall: 0.98, pooled: pooled),
        .init(kind: .pathFar, precision: 0, recall: 0.94, pooled: pooled),
      ])
  }
}
