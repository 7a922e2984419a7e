/// What a rule counts of each service, or of each pair of host and service.
///
/// Limits: `limit` of them; what belongs to others is not counted.
struct Tallies<Key: Scattered, Tally: Sendable>: Sendable {
  private var index = KeyIndex<Key>()
  /// In the order of the index.
  private var tallies: [Tally] = []
  private let limit = 4096

  mutating func update(_ key: Key, _ new: @autoclosure () -> Tally, _ change: (inout Tally) -> Void) {
    guard let place = index.place(of: key, limit: limit) else { return }
    if place == tallies.count { tallies.append(new()) }
    change(&tallies[place])
  }

  /// Those with the most of something, at most `limit` of them, in an order that never changes; none without any.
  func worst(_ limit: Int = 16, mostOf count: (Tally) -> Int, named: (Key) -> String) -> [(Key, Tally)] {
    var counts: [(place: Int, count: Int)] = []
    for (place, tally) in tallies.enumerated() {
      let number = count(tally)
      if number > 0 { counts.append((place, number)) }
    }
    guard !counts.isEmpty else { return [] }
    counts.sort { $0.count > $1.count }
    // Names are made only of those that can be among the first.
    let least = counts[min(limit, counts.count) - 1].count
    let first = counts.prefix { $0.count >= least }.map {
      (name: named(index.keys[$0.place]), place: $0.place, count: $0.count)
    }
    let inOrder = first.sorted { $0.count != $1.count ? $0.count > $1.count : $0.name < $1.name }
    return inOrder.prefix(limit).map { (index.keys[$0.place], tallies[$0.place]) }
  }
}
