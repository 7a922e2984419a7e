import TraceDecode
import TraceReport
import TraceRules

/// The last segments of all flows, so that any of them can be drawn as a ladder.
///
/// Limits: `segmentsKept` segments, `episodesKept` stories and `reportsKept` flows that are over.
struct FlowMemory {
  private struct Held {
    var flow: Int
    var passage: FlowRecord.Passage
  }
  private var held: [Held] = []
  private var next = 0
  private var verdicts: [UInt64: FrameVerdict] = [:]
  private var episodes: [(flow: Int, episode: Episode)] = []
  private var ended: [Int: FlowReport] = [:]
  private var endedOrder: [Int] = []

  private static let segmentsKept = 1 << 16
  private static let episodesKept = 4096
  private static let reportsKept = 1024

  mutating func segment(_ segment: StreamSegment, _ flow: FlowIdentity) {
    let entry = Held(flow: flow.number, passage: FlowRecord.Passage(segment))
    if held.count < Self.segmentsKept {
      held.append(entry)
    } else {
      held[next] = entry
      next = (next + 1) % held.count
    }
  }

  mutating func verdict(_ verdict: FrameVerdict, _ frame: UInt64) {
    verdicts[frame, default: []].formUnion(verdict)
    guard verdicts.count > 2 * Self.segmentsKept else { return }
    let oldest = held.isEmpty ? 0 : held[next].passage.segment.frame
    verdicts = verdicts.filter { $0.key >= oldest }
  }

  mutating func episode(_ episode: Episode, _ flow: FlowIdentity) {
    episodes.append((flow.number, episode))
    if episodes.count >= 2 * Self.episodesKept { episodes.removeFirst(Self.episodesKept) }
  }

  mutating func ended(_ report: FlowReport) {
    ended[report.flow.number] = report
    endedOrder.append(report.flow.number)
    guard endedOrder.count >= 2 * Self.reportsKept else { return }
    for number in endedOrder.prefix(Self.reportsKept) { ended[number] = nil }
    endedOrder.removeFirst(Self.reportsKept)
  }

  /// A flow for a ladder, as far as its segments are remembered; nil where nothing of it is known any more.
  func record(of flow: Int, _ analyzer: Analyzer, findings: [Finding]) -> FlowRecord? {
    let account = analyzer.account(of: flow)
    guard let report = account?.report ?? ended[flow] else { return nil }
    var record = FlowRecord(report: report)
    for entry in held[next...] + held[..<next] where entry.flow == flow {
      var passage = entry.passage
      passage.verdict = verdicts[passage.segment.frame] ?? []
      record.passages.append(passage)
    }
    record.episodes = (account?.episodes ?? []) + episodes.lazy.filter { $0.flow == flow }.map(\.episode)
    record.findings = findings
    record.captureStart = analyzer.counts.firstTime ?? report.firstTime
    return record
  }
}
