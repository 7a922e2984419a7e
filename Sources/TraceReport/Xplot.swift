import TraceDecode
import TraceRules

/// Time-sequence graphs as files for xplot, two a flow: `CAPTURE.flow-1.originator.xpl`.
///
/// Limits: `flowLimit` flows a run, the first that end; the rest is counted.
public final class Xplot: ReportWriter {
  public static let flowLimit = 1000

  private let open: (String) -> ByteOutput?
  private let close: (String, ByteOutput) -> Void
  private let tell: (String) -> Void
  private var keeper = PlotKeeper()
  private var name = ""
  private var written = 0
  private var left = 0

  /// - Parameters:
  ///   - open: Makes the file of that name; nil when that is not possible.
  ///   - close: Called when such a file is complete.
  ///   - tell: Told what was left out, in words.
  public init(
    open: @escaping (String) -> ByteOutput?, close: @escaping (String, ByteOutput) -> Void,
    tell: @escaping (String) -> Void
  ) {
    self.open = open
    self.close = close
    self.tell = tell
  }

  public var wantsFrameVerdicts: Bool { true }
  public var wantsSegments: Bool { true }

  public func begin(file: String) {
    name = file.split(separator: "/").last.map(String.init) ?? "capture"
    keeper = PlotKeeper(limit: 200_000, liveLimit: 4_000_000)
  }

  public func segment(_ segment: StreamSegment, of flow: FlowIdentity) {
    keeper.segment(segment, of: flow.number)
  }

  public func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
    keeper.verdict(verdict, frame: frame, flow: flow.number)
  }

  public func episode(_ episode: Episode, of flow: FlowIdentity) { keeper.episode(episode, of: flow.number) }

  public func flow(_ report: FlowReport) {
    guard let plot = keeper.take(report.flow.number) else { return }
    guard written < Self.flowLimit else {
      left += 1
      return
    }
    written += 1
    for role in [Role.originator, .responder] where plot[role].hasData {
      let file = "\(name).flow-\(report.flow.number).\(role.name).xpl"
      guard let out = open(file) else { continue }
      out.xplot(plot, sender: role, flow: report.flow)
      close(file, out)
    }
  }

  public func finding(_ finding: Finding) {}

  public func finish(_ summary: RunSummary) {
    guard left > 0 else { return }
    tell(
      "xplot: \(Format.count(left, "flow")) beyond the first \(Format.grouped(Self.flowLimit)) not drawn; "
        + "choose with --filter")
  }
}

extension ByteOutput {
  /// Appends one direction's time-sequence graph for xplot.
  public func xplot(_ plot: FlowPlot, sender: Role, flow: FlowIdentity) {
    XplotText(side: plot[sender], from: flow[sender], to: flow[sender.peer]).write(to: self)
  }
}
