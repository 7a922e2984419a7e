/// The signal machines of one flow: windows, probes, acknowledgements, gaps and odd segments.
///
/// Made only for a flow that has something for them.
final class FlowSignals {
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

    var isOpen: Bool {
      window.isOpen || flight.isOpen || probe.isOpen || ack.isOpen || lostAck.isOpen || gap.isOpen
        || odd.isOpen
    }
  }
  var originator = Side()
  var responder = Side()

  var isOpen: Bool { originator.isOpen || responder.isOpen }

  subscript(role: Role) -> Side {
    _read { if role == .originator { yield originator } else { yield responder } }
    _modify { if role == .originator { yield &originator } else { yield &responder } }
  }
}
