/// The round-trip samples of one direction, for percentiles; kept only where `AnalyzerOptions.ledger` asks.
///
/// Limits: exact up to 2,048 samples; of more, every second is kept, then every fourth, and so on.
public struct RTTSpread: Sendable, Hashable {
  /// The samples kept, in order of arrival. Units: nanoseconds.
  public private(set) var samples: [Int64] = []
  /// How many samples each kept one stands for.
  public private(set) var stride = 1
  private var skipped = 0
  private static let limit = 2048

  public init() {}

  public mutating func add(_ sample: Int64) {
    skipped &+= 1
    guard skipped >= stride else { return }
    skipped = 0
    samples.append(sample)
    guard samples.count >= Self.limit else { return }
    stride *= 2
    var kept: [Int64] = []
    kept.reserveCapacity(Self.limit)
    for i in Swift.stride(from: 1, to: samples.count, by: 2) { kept.append(samples[i]) }
    samples = kept
  }
}

extension RTTSpread {
  /// The least sample that `tenths` of a percent do not exceed (nearest rank); nil without samples.
  func percentile(_ tenths: Int) -> Int64? {
    guard !samples.isEmpty else { return nil }
    let sorted = samples.sorted()
    return sorted[min(sorted.count &- 1, max(0, (sorted.count &* tenths &+ 999) / 1000 &- 1))]
  }
}
