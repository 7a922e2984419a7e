/// The lists of one report, lent to the next: most flows end without asking for room.
struct SpareRoom {
  private var originator: [Transition] = []
  private var responder: [Transition] = []
  private var history: [UInt8] = []

  /// Gives an empty report room for what a textbook flow has to tell.
  mutating func lend(to report: inout FlowReport) {
    originator.reserveCapacity(8)
    responder.reserveCapacity(8)
    history.reserveCapacity(8)
    swap(&originator, &report.originator.transitions)
    swap(&responder, &report.responder.transitions)
    swap(&history, &report.history)
  }

  /// Takes the room back from a report that has been told; whoever kept a copy of it keeps the room as well.
  mutating func take(from report: inout FlowReport) {
    swap(&originator, &report.originator.transitions)
    swap(&responder, &report.responder.transitions)
    swap(&history, &report.history)
    Self.clear(&originator)
    Self.clear(&responder)
    Self.clear(&history)
  }

  /// Removes the few elements there are, which costs less than to replace them by none.
  @inline(__always)
  private static func clear<Element>(_ list: inout [Element]) {
    while !list.isEmpty { list.removeLast() }
  }
}
