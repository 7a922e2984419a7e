/// Flows by when they are due: a binary heap, ties in order of the flows.
struct DueList {
  struct Entry {
    var time: UInt64
    var flow: Int
  }

  private var heap: ContiguousArray<Entry> = []

  var first: Entry? { heap.first }

  /// Adds an entry; `arrange` must follow.
  mutating func add(_ entry: Entry) { heap.append(entry) }

  mutating func arrange() {
    for i in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(i) }
  }

  /// Gives the first entry a new time, or removes it.
  mutating func replaceFirst(with time: UInt64?) {
    if let time {
      heap[0].time = time
    } else {
      heap[0] = heap[heap.count - 1]
      heap.removeLast()
    }
    if !heap.isEmpty { sink(0) }
  }

  private static func precedes(_ a: Entry, _ b: Entry) -> Bool {
    a.time < b.time || (a.time == b.time && a.flow < b.flow)
  }

  private mutating func sink(_ start: Int) {
    let entry = heap[start]
    var i = start
    while true {
      var child = 2 * i + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, Self.precedes(heap[child + 1], heap[child]) { child += 1 }
      guard Self.precedes(heap[child], entry) else { break }
      heap[i] = heap[child]
      i = child
    }
    heap[i] = entry
  }
}
