/// The moments of one endpoint's life, before they are put in order and walked through.
///
/// Segments are told by their index in `FlowStory.segments`.
struct EndpointMilestones {
  /// A moment: what brought it, what proves it, when it was on the endpoint's own time line.
  struct Moment {
    var segment: Int
    /// Index of the endpoint's own segment that proves it; nil when none does.
    var proof: Int?
    /// Units: nanoseconds.
    var time: Int64
    /// Overrides what nearness and proof would give.
    var confidence: Confidence?

    init(_ segment: Int, proof: Int? = nil, time: Int64, confidence: Confidence? = nil) {
      self.segment = segment
      self.proof = proof
      self.time = time
      self.confidence = confidence
    }
  }

  enum Opening {
    /// Nothing tells that this endpoint ever had a state for the flow.
    case none
    /// Was past its opening when the capture began.
    case before(State, Confidence)
    /// Sent the SYN; `sent` may be the SYN-ACK that answers one that was not captured.
    case active(sent: Moment)
    /// Was sent a SYN and answered it.
    case passive(received: Moment)
  }

  var opening = Opening.none
  /// After SYN-SENT, the peer's SYN crossed (RFC 9293 3.5, simultaneous open).
  var crossedSyn: Moment?
  /// ESTABLISHED.
  var established: Moment?
  /// It answered the peer's SYN by RST, and has no state.
  var refusesSyn = false
  /// A RST answered its SYN: CLOSED.
  var refusal: Moment?

  var finSent: Moment?
  /// Its first FIN acknowledges the peer's FIN.
  var finAnswersFin = false
  var finAcked: Moment?
  var peerFin: Moment?
  var resetSent: Moment?
  /// The peer's FIN met no socket: it had closed before, without a packet.
  var hadNoSocket = false
  var resetAccepted: Moment?
  /// Silence that outlasts its FIN's retransmission timer: the acknowledgement came, and was not captured.
  var finAckUnseen: Moment?
  /// Index of its last segment that acknowledges the peer's FIN.
  var lastAckOfPeerFin: Int?
}
