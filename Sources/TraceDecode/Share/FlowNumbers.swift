/// The capture's numbers of one worker's flows, by the worker's own, from a flow's opening to its end.
///
/// Own numbers are given out one after the other, so a part of them that has ended as a whole goes as a whole.
struct FlowNumbers {
  private struct Part {
    var numbers = ContiguousArray(repeating: 0, count: FlowNumbers.partSize)
    var live = 0
  }
  private static let partSize = 256
  private var parts: ContiguousArray<Part?> = []
  /// How many parts before `parts[0]` are gone.
  private var dropped = 0

  /// The capture's number of a flow that has not ended.
  subscript(own: Int) -> Int? {
    let place = own / Self.partSize &- dropped
    guard parts.indices.contains(place), let part = parts[place] else { return nil }
    let number = part.numbers[own % Self.partSize]
    return number > 0 ? number : nil
  }

  /// Notes a flow's opening; own numbers are positive and grow.
  mutating func add(_ own: Int, _ number: Int) {
    let place = own / Self.partSize &- dropped
    guard place >= 0 else { return }
    while parts.count <= place { parts.append(Part()) }
    parts[place]?.numbers[own % Self.partSize] = number
    parts[place]?.live &+= 1
  }

  /// Forgets a flow that has ended.
  mutating func remove(_ own: Int) {
    let place = own / Self.partSize &- dropped
    guard self[own] != nil else { return }
    parts[place]?.numbers[own % Self.partSize] = 0
    parts[place]?.live &-= 1
    // The last part may still be filled.
    guard place < parts.count &- 1, parts[place]?.live == 0 else { return }
    parts[place] = nil
    guard let first = parts.firstIndex(where: { $0 != nil }), first > 1024, first > parts.count / 2 else {
      return
    }
    parts.removeFirst(first)
    dropped &+= first
  }
}
