import TraceDecode
import TraceRules

/// A figure over many values.
public enum Statistic: Sendable, Hashable {
  case least, largest, average, sum, samples
  /// Units: tenths of a percent, 1 to 999.
  case percentile(Int)

  /// `min`, `max`, `avg`, `sum`, `samples`, `p50`, `p99.9`; nil for anything else.
  public init?(_ name: some StringProtocol) {
    switch name {
    case "min": self = .least
    case "max": self = .largest
    case "avg": self = .average
    case "sum": self = .sum
    case "samples": self = .samples
    default:
      guard name.first == "p" else { return nil }
      let parts = name.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
      guard (1...2).contains(parts.count), parts[0].count <= 2, let whole = Int(parts[0]), whole >= 0 else {
        return nil
      }
      var tenths = whole * 10
      if parts.count == 2 {
        guard parts[1].count == 1, let digit = Int(parts[1]) else { return nil }
        tenths += digit
      }
      guard (1...999).contains(tenths) else { return nil }
      self = .percentile(tenths)
    }
  }

  /// The figure over `values`, each with the number of values it stands for; nil over none.
  ///
  /// A percentile is the least value that at least so many percent do not exceed (nearest rank).
  public func over(_ values: [(value: Int64, weight: Int)]) -> Int64? {
    guard !values.isEmpty else { return nil }
    let weight = values.reduce(0) { $0 &+ $1.weight }
    switch self {
    case .least: return values.lazy.map(\.value).min()
    case .largest: return values.lazy.map(\.value).max()
    case .samples: return Int64(weight)
    case .sum, .average:
      let sum = values.reduce(0.0) { $0 + Double($1.value) * Double($1.weight) }
      let result = self == .sum ? sum : sum / Double(max(1, weight))
      return Int64(max(-9e18, min(9e18, result)))
    case .percentile(let tenths):
      let sorted = values.sorted { $0.value < $1.value }
      let rank = max(1, (weight * tenths + 999) / 1000)
      var seen = 0
      for (value, weight) in sorted {
        seen += weight
        if seen >= rank { return value }
      }
      return sorted.last?.value
    }
  }
}

/// `[originator.|responder.]NAME[.STATISTIC]`.
public struct MetricReference: Sendable {
  public var metric: FlowMetric
  public var side: Role?
  public var statistic: Statistic?
  /// As written.
  public var text: String

  /// What the value is measured in.
  public var unit: QuantityUnit { statistic == .samples ? .count : metric.unit }

  /// Whether only a flow's ledger tells it (`AnalyzerOptions.ledger`).
  public var needsLedger: Bool {
    if metric.needsLedger { return true }
    guard metric.hasSamples, case .percentile = statistic else { return false }
    return true
  }

  /// Reads a metric as written; `column` is where it begins.
  public init(_ text: String, column: Int = 1) throws(FlowExpressionError) {
    var rest = text[...]
    var side: Role?
    for (prefix, role) in Self.sides where rest.hasPrefix(prefix) {
      side = role
      rest = rest.dropFirst(prefix.count)
      break
    }
    let at = column + (text.count - rest.count)
    let name = rest.prefix { $0 != "." }
    var statistic: Statistic?
    var metric = FlowMetric.named(name)
    if rest.count > name.count {
      let word = rest.dropFirst(name.count + 1)
      statistic = Statistic(word)
      if metric != nil, statistic == nil {
        throw FlowExpressionError(
          column: at + name.count + 1, problem: "'\(word)' is no statistic",
          remedy: "expected min, max, avg, sum, samples or a percentile, as p99")
      }
    } else if metric == nil, name.hasPrefix("rtt_"), let known = Statistic(name.dropFirst(4)) {
      // rtt_min and its like, as the records call them.
      metric = FlowMetric.named("rtt")
      statistic = known
    }
    guard let metric else {
      let known = FlowMetric.all.map(\.name)
      let hint = Registry.nearest(to: String(name), among: known).map { "did you mean \($0)?" }
      throw FlowExpressionError(
        column: at, problem: "there is no metric called '\(name)'",
        remedy: hint ?? "docs/flow-expressions.md lists them")
    }
    guard side == nil || metric.hasSides else {
      throw FlowExpressionError(
        column: column, problem: "\(metric.name) belongs to the flow, not to one of its sides",
        remedy: "write \(metric.name)")
    }
    self.metric = metric
    self.side = side
    self.statistic = statistic
    self.text = text
  }

  private static let sides: [(String, Role)] = [
    ("originator.", .originator), ("responder.", .responder), ("src.", .originator), ("dst.", .responder),
  ]

  /// The value in one flow; nil when the capture does not tell.
  public func value(in flow: FlowReport) -> Int64? {
    switch metric.source {
    case .flow(let read): return read(flow)
    case .sum(let read):
      if let side { return read(flow[side].metrics) }
      guard let a = read(flow.originator.metrics), let b = read(flow.responder.metrics) else { return nil }
      return a &+ b
    case .largest(let read):
      let sides = side.map { [$0] } ?? [.originator, .responder]
      return sides.compactMap { read(flow[$0].metrics, flow) }.max()
    case .roundTrips:
      let sides = side.map { [$0] } ?? [.originator, .responder]
      let values = sides.compactMap { roundTrip(flow[$0].metrics) }
      return statistic == .samples ? values.reduce(0, &+) : statistic == .least ? values.min() : values.max()
    }
  }

  private func roundTrip(_ m: DirectionMetrics) -> Int64? {
    switch statistic {
    case .samples: return Int64(m.rttSamples)
    case .least: return m.rttMin
    case .largest: return m.rttMax
    case .sum: return m.rttSamples == 0 ? nil : m.rttSum
    case .average, nil: return m.rttSamples == 0 ? nil : m.rttSum / Int64(m.rttSamples)
    case .percentile: return m.rttSpread.flatMap { statistic?.over(Self.weighted($0)) }
    }
  }

  /// What one flow adds to a figure over many: its round trips, or its one value.
  public func samples(in flow: FlowReport) -> [(value: Int64, weight: Int)] {
    if metric.hasSamples, case .percentile = statistic {
      let sides = side.map { [$0] } ?? [.originator, .responder]
      return sides.flatMap { side in flow[side].metrics.rttSpread.map(Self.weighted) ?? [] }
    }
    return value(in: flow).map { [($0, 1)] } ?? []
  }

  private static func weighted(_ spread: RTTSpread) -> [(value: Int64, weight: Int)] {
    spread.samples.map { ($0, spread.stride) }
  }
}
