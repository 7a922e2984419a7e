/// What an analysis is told before it starts.
public struct AnalyzerOptions: Sendable {
  public var limits = Limits()
  /// Report every frame that is more than an ordinary one through `AnalysisSink.verdict`.
  public var frameVerdicts = false
  /// Keep a ledger of each flow: the measures that cost more than an addition a segment (`FlowReport.measures`,
  /// `DirectionMetrics.measures` and `rttSpread`).
  public var ledger = false
  /// Hand every segment with its payload to `AnalysisSink.segment`.
  public var segments = false
  /// Take a wrong checksum for a right one: what broke it is the capture, not the network.
  public var ignoresChecksums = false
  /// Show stories ahead of their flow's end through `AnalysisSink.preview`, for people who watch.
  public var previews = false
  /// 2 MSL, to judge TIME-WAIT by. Units: nanoseconds.
  public var timeWait: Int64 = 60_000_000_000
  /// How long a closed flow is kept for what may still come of it. Units: nanoseconds of trace time.
  public var linger: Int64 = 120_000_000_000
  /// Seeds the flow table's hash; equal seeds give equal orders of work, results never depend on it.
  public var seed: UInt64 = 0x9e37_79b9_7f4a_7c15
  /// Keeps only this share of the flows; all of them without it.
  var share: AnalysisShare?
  /// Accounts for textbook flows by `PlainFlow`, which says the same as the inference of states for less.
  var readsPlainly = true
  /// Takes ordinary segments by `Flow.takeOrdinary`, which does the same as `Flow.accept` for less.
  var takesOrdinary = true
  var packing = PackingPolicy.standard
  public init() {}
}

/// Receives what an `Analyzer` has decided, in the order it decides.
public protocol AnalysisSink: AnyObject {
  func episode(_ episode: Episode, of flow: FlowIdentity)
  func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity)
  func flowEnded(_ report: FlowReport)
  /// A segment as it was taken in; only with `AnalyzerOptions.segments`.
  func segment(_ segment: StreamSegment, of flow: FlowIdentity)
  /// A story as it looks by now, which its flow's end may still change; only with `AnalyzerOptions.previews`.
  func preview(_ episode: Episode, of flow: FlowIdentity)
  /// The first round trip between capture point and `role`'s host; only with `AnalyzerOptions.previews`.
  func roundTrip(_ nanoseconds: Int64, to role: Role, of flow: FlowIdentity)
}

extension AnalysisSink {
  public func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {}
  public func segment(_ segment: StreamSegment, of flow: FlowIdentity) {}
  public func preview(_ episode: Episode, of flow: FlowIdentity) {}
  public func roundTrip(_ nanoseconds: Int64, to role: Role, of flow: FlowIdentity) {}
}

/// The only door of `TraceDecode`: frames in, episodes and reports out.
///
/// Time is the frames' own; nothing here reads a clock.
public final class Analyzer {
  var engine: Engine

  public init(options: AnalyzerOptions = AnalyzerOptions(), sink: any AnalysisSink) {
    engine = Engine(options: options, sink: sink)
  }

  /// Takes the next frames of the capture, in the order of the capture.
  public func accept(_ frames: UnsafeBufferPointer<Frame>) { engine.accept(frames) }

  /// Takes the next frame.
  public func accept(_ frame: Frame) { engine.accept(frame) }

  /// Moves trace time on while the wire is silent, so that hold-backs expire (live capture).
  ///
  /// Frames of an earlier time must not follow: results then equal those of a run without the call.
  public func advance(to time: Int64) { engine.advance(to: time) }

  /// Settles everything that is still open and reports every flow; call once.
  public func finish() -> CaptureReport { engine.finish() }
}
