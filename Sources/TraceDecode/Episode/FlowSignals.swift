/// The signal machines of one flow: windows, probes, acknowledgements, gaps and odd segments.
///
/// Made only for a flow that has something for them. Most of what a machine may hold is absent most of the time and
/// large: each compares it with nil, in place, before it takes it out, which is a copy.
/// A handle on memory of its own, freed with the dossier that holds it.
struct FlowSignals {
  /// What one side does.
  struct Side {
    /// The window it grants.
    var window = WindowMachine()
    /// Its data against the window it was granted.
    var flight = FlightMachine()
    var probe = ProbeMachine()
    /// Its acknowledgements.
    var ack = AckMachine()
    /// Acknowledgements of its data that did not reach it.
    var lostAck = LostAckMachine()
    /// Octets of its stream that the capture lacks.
    var gap = GapMachine()
    var odd = OddityWatch()

    /// Asked in place, like those of the machines: as what only reads, it would have them copied to ask them.
    var isOpen: Bool {
      @inline(__always) mutating get {
        window.isOpen || flight.isOpen || probe.isOpen || ack.isOpen || lostAck.isOpen || gap.isOpen
          || odd.isOpen
      }
    }
  }
  /// The originator's and the responder's; behind a pointer, so that reaching one costs no access check and no
  /// copy.
  private let sides: UnsafeMutablePointer<Side>

  init() {
    sides = .allocate(capacity: 2)
    sides.initialize(repeating: Side(), count: 2)
  }

  func free() {
    sides.deinitialize(count: 2)
    sides.deallocate()
  }

  var isOpen: Bool { sides[0].isOpen || sides[1].isOpen }

  subscript(role: Role) -> Side {
    unsafeAddress { UnsafePointer(sides + Int(role.rawValue)) }
    nonmutating unsafeMutableAddress { sides + Int(role.rawValue) }
  }
}
