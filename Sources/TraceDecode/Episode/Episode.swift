/// One story of a flow, told when its evidence is settled.
///
/// Indirect, for the stories are large and are shown to many rules.
public indirect enum Episode: Sendable {
  case handshake(HandshakeEpisode)
  case icmp(ICMPEpisode)
  case close(CloseEpisode)
  case reset(ResetEpisode)
  case reuse(ReuseEpisode)
  case oldSyn(OldSynEpisode)
  case loss(LossEpisode)
  case ack(AckEpisode)
  case window(WindowEpisode)
  case probe(ProbeEpisode)
  case order(OrderEpisode)
  case oddity(OddityEpisode)

  /// What it is; one bit.
  public var kind: EpisodeKind {
    switch self {
    case .handshake(let opening): opening.isLoneSyn ? .loneSyn : .handshakeBeyondSyn
    case .icmp: .icmp
    case .close: .close
    case .reset: .reset
    case .reuse: .reuse
    case .oldSyn: .oldSyn
    case .loss: .loss
    case .ack: .ack
    case .window: .window
    case .probe: .probe
    case .order: .order
    case .oddity: .oddity
    }
  }
}

/// The kinds of episode a rule may ask for.
public struct EpisodeKind: OptionSet, Hashable, Sendable {
  public var rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// Any opening.
  public static let handshake: EpisodeKind = [.handshakeBeyondSyn, .loneSyn]
  /// An opening that is more than one SYN.
  public static let handshakeBeyondSyn = EpisodeKind(rawValue: 1 << 0)
  public static let icmp = EpisodeKind(rawValue: 1 << 1)
  public static let close = EpisodeKind(rawValue: 1 << 2)
  public static let reset = EpisodeKind(rawValue: 1 << 3)
  public static let reuse = EpisodeKind(rawValue: 1 << 4)
  public static let oldSyn = EpisodeKind(rawValue: 1 << 5)
  public static let loss = EpisodeKind(rawValue: 1 << 6)
  public static let ack = EpisodeKind(rawValue: 1 << 7)
  public static let window = EpisodeKind(rawValue: 1 << 8)
  public static let probe = EpisodeKind(rawValue: 1 << 9)
  public static let order = EpisodeKind(rawValue: 1 << 10)
  public static let oddity = EpisodeKind(rawValue: 1 << 11)
  /// The flow is over (`FlowReport`).
  public static let flowEnd = EpisodeKind(rawValue: 1 << 12)
  /// The capture is over (`CaptureReport`).
  public static let captureEnd = EpisodeKind(rawValue: 1 << 13)
  /// An opening of which one SYN was captured and nothing else: of no interest to those who look for repeats.
  public static let loneSyn = EpisodeKind(rawValue: 1 << 14)
}
