import TraceDecode

/// What makes a flow that is over matter to a rule: most flows matter to few.
public struct FlowTraits: OptionSet, Hashable, Sendable {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Every flow has it.
  public static let any = FlowTraits(rawValue: 1 << 0)
  /// The rule was shown an episode of this flow, and of none other since.
  public static let judged = FlowTraits(rawValue: 1 << 1)
  /// Its opening was not captured.
  public static let midStream = FlowTraits(rawValue: 1 << 2)
  /// SYN and SYN-ACK passed.
  public static let answered = FlowTraits(rawValue: 1 << 3)
  /// The capture ended before it.
  public static let unfinished = FlowTraits(rawValue: 1 << 4)
  /// It is known where on its path the capture was taken.
  public static let placed = FlowTraits(rawValue: 1 << 5)
  /// Data was sent again.
  public static let retransmitted = FlowTraits(rawValue: 1 << 6)
  /// The originator, or the responder, was left in TIME-WAIT.
  public static let originatorWaits = FlowTraits(rawValue: 1 << 7)
  public static let responderWaits = FlowTraits(rawValue: 1 << 8)

  /// Either side sent a hundred segments of data.
  public static let busy = FlowTraits(rawValue: 1 << 9)
  /// An offer of ECN was answered by marks that mean nothing.
  public static let ecnRefusedOddly = FlowTraits(rawValue: 1 << 10)

  /// One more than the greatest raw value, which the last trait above makes.
  static let combinations = Int(ecnRefusedOddly.rawValue) << 1

  /// All traits that a report shows; `judged` is between the rule and its runner.
  init(of report: borrowing FlowReport) {
    self = .any
    if report.midStream { insert(.midStream) }
    if report.originator.metrics.synCount > 0, report.responder.metrics.synCount > 0 { insert(.answered) }
    if report.outcome == .open || report.outcome == .halfOpen { insert(.unfinished) }
    if report.vantage != .unknown { insert(.placed) }
    if report.originator.metrics.retransmittedSegments | report.responder.metrics.retransmittedSegments != 0 {
      insert(.retransmitted)
    }
    if max(report.originator.metrics.dataPackets, report.responder.metrics.dataPackets) >= 100 {
      insert(.busy)
    }
    if report.ecnOddAnswer != nil { insert(.ecnRefusedOddly) }
    switch report.timeWaitHolder {
    case .originator: insert(.originatorWaits)
    case .responder: insert(.responderWaits)
    case nil: break
    }
  }
}
