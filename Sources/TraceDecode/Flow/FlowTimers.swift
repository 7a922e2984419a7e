/// What a flow is to be visited for when nothing of it passes any more.
enum FlowTimer: UInt8 {
  /// A hold-back runs out (`Flow.settleDue`).
  case settle
  /// What its story looks like by now is to be shown ahead of its end (`AnalyzerOptions.previews`).
  case preview
  /// It has closed, and nothing of it was heard for long.
  case end
}

/// Visits to flows in order of trace time: a binary heap, so that most flows, which never ask, cost nothing.
struct FlowTimers: ~Copyable {
  struct Entry {
    var due: Int64
    /// The flow's first frame and the order of asking, so that equal times come in equal order, whatever else
    /// is waited for.
    var firstFrame: UInt64
    var ticket: UInt64
    var index: Int32
    var number: Int32
    var kind: FlowTimer

    static func < (a: Entry, b: Entry) -> Bool {
      if a.due != b.due { return a.due < b.due }
      return a.firstFrame != b.firstFrame ? a.firstFrame < b.firstFrame : a.ticket < b.ticket
    }
  }
  private var heap: [Entry] = []
  private var tickets: UInt64 = 0

  var nextDue: Int64? { heap.first?.due }

  mutating func add(_ kind: FlowTimer, index: Int32, number: Int32, firstFrame: UInt64, due: Int64) {
    tickets &+= 1
    heap.append(
      Entry(due: due, firstFrame: firstFrame, ticket: tickets, index: index, number: number, kind: kind))
    var child = heap.count &- 1
    while child > 0 {
      let parent = (child &- 1) / 2
      guard heap[child] < heap[parent] else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func pop() -> Entry? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 &* parent &+ 1, 2 &* parent &+ 2] where child < heap.count && heap[child] < heap[least]
      {
        least = child
      }
      if least == parent { return first }
      heap.swapAt(least, parent)
      parent = least
    }
  }
}
