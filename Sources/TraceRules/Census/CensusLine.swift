/// How many there were, over time: sampled at equal steps that grow when the capture is long.
///
/// Units: steps of the census, from its start.
struct CensusLine: Sendable {
  /// Differences from one sample to the next.
  private var deltas: [Int32] = []

  /// Counts one from sample `first` up to, not including, `end`; nil never ends.
  mutating func add(from first: Int, until end: Int?) {
    if let end, end <= first { return }
    change(at: first, by: 1)
    if let end { change(at: end, by: -1) }
  }

  private mutating func change(at step: Int, by delta: Int32) {
    if step >= deltas.count { deltas.append(contentsOf: repeatElement(0, count: step + 1 - deltas.count)) }
    deltas[step] &+= delta
  }

  /// Makes every second sample the only one.
  mutating func halve() {
    var halved: [Int32] = Array(repeating: 0, count: deltas.count / 2 + 1)
    for (i, delta) in deltas.enumerated() { halved[(i + 1) / 2] &+= delta }
    deltas = halved
  }

  /// The count at each sample, up to the last change.
  var counts: [Int] {
    var count = 0
    return deltas.map { delta in
      count += Int(delta)
      return count
    }
  }

  /// The greatest count and the first sample that has it.
  var peak: (count: Int, step: Int) {
    var best = (count: 0, step: 0)
    for (step, count) in counts.enumerated() where count > best.count { best = (count, step) }
    return best
  }
}
