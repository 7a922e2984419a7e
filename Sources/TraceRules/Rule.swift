import TraceDecode

/// One judgement about TCP conduct, in one file: what it is called, what it watches, when it speaks.
///
/// A rule sees only the kinds of episode it asked for, so it costs nothing on traffic that has none of them.
/// Its own state is for what spans flows; what concerns one flow is in the episode already.
public protocol Rule: Sendable {
  static var info: RuleInfo { get }
  /// The kinds of episode that `judge` is called with; `flowEnd` and `captureEnd` ask for the other two calls.
  static var observes: EpisodeKind { get }
  /// The flows that `flowEnded` is called with: those that have one of these traits; all unless said.
  static var flows: FlowTraits { get }
  init()
  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings)
  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings)
  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings)
}

extension Rule {
  public static var flows: FlowTraits { .any }
  public mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {}
  public mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {}
  public mutating func captureEnded(
    _ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings
  ) {}
}
