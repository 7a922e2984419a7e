import ArgumentParser
import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A watch from its first frame to its summary: one loop on one thread, beside the capturing one.
final class WatchRun {
  private let plan: WatchPlan
  private let source: LiveSource
  private let outputs: WatchOutputs
  private let server: MetricsServer?
  private var recorder: (any Recorder)?
  private let findings: LiveFindings
  private let analyzer: Analyzer
  private var metrics = Metrics()
  private var view: WatchView?
  private let started = Clock.now
  private var failed = false
  private var told = 0
  private var lastTime: Int64 = 0
  private var stopAsked: Int64?
  private var lastFrames: Int64 = 0
  private var lastChores: Int64 = 0
  private var lastCounters: Int64 = 0
  private var lastMetrics: Int64 = 0

  /// How long the loop waits for frames before it looks at everything else. Units: nanoseconds.
  private static let wait: Int64 = 20_000_000
  private static let choresEvery: Int64 = 100_000_000
  private static let countersEvery: Int64 = 250_000_000
  private static let metricsEvery: Int64 = 1_000_000_000
  /// How long a source that was stopped may bring nothing before it is left: a silent pipe never ends. Units: nanoseconds.
  private static let patience: Int64 = 1_500_000_000

  init(
    _ plan: WatchPlan, _ source: LiveSource, _ outputs: Outputs, _ recorder: (any Recorder)?,
    _ server: MetricsServer?
  ) {
    self.plan = plan
    self.source = source
    self.outputs = WatchOutputs(outputs)
    self.recorder = recorder
    self.server = server
    findings = LiveFindings(rules: plan.rules)
    analyzer = Analyzer(options: plan.analyzer, sink: findings)
    if plan.wantsScreen, FullScreen.enter() {
      Signals.installForScreen()
      view = WatchView(
        title: source.info.path, filter: source.info.interfaces.lazy.compactMap(\.filter).first)
    }
    wire()
  }

  private func wire() {
    findings.onFinding = { [unowned self] in tell($0, before: $1) }
    findings.onWithdrawal = { [unowned self] finding in
      metrics.withdraw()
      outputs.withdraw(finding)
      view?.withdraw(finding)
    }
    findings.onFlow = { [unowned self] report in
      metrics.count(report.outcome)
      outputs.flow(report)
      view?.ended(report)
    }
    findings.onRoundTrip = { [unowned self] in metrics.count(roundTrip: $0, to: $1) }
    if plan.analyzer.frameVerdicts {
      findings.onVerdict = { [unowned self] verdict, frame, flow in
        outputs.verdict(verdict, frame, flow)
        view?.memory.verdict(verdict, frame)
      }
    }
    if view != nil {
      findings.onSegment = { [unowned self] in view?.memory.segment($0, $1) }
      findings.onEpisode = { [unowned self] in view?.memory.episode($0, $1) }
    }
  }

  private func tell(_ finding: Finding, before: Finding?) {
    if before == nil {
      told += 1
      metrics.count(finding)
      if let recorder {
        do throws(CaptureError) {
          try recorder.note(finding.severity, code: finding.code, at: finding.time ?? lastTime)
        } catch { giveUpRecording(error) }
      }
    }
    outputs.finding(finding, before: before)
    view?.finding(finding)
  }

  // MARK: - The loop

  /// Watches until it is over, then tells the summary.
  ///
  /// Errors: `ExitCode.usage` where the capture ended by itself or something could not be written.
  func run() throws {
    outputs.begin(file: source.info.path)
    server?.publish(metrics.text(analyzer, source))
    var failure: CaptureError?
    var isOver = false
    while !isOver {
      do throws(CaptureError) {
        switch try source.poll(waiting: Self.wait, { take($0) }) {
        case .frames: lastFrames = Clock.now
        case .idle(let quiet): if let quiet { analyzer.advance(to: quiet) }
        case .ended: isOver = true
        }
      } catch {
        failure = error
        isOver = true
      }
      outputs.flush()
      let now = Clock.now
      if now &- lastChores >= Self.choresEvery { chores(now) }
      if let view, view.tick(now, analyzer, state) { stop(now) }
      if shouldStop(now) { stop(now) }
      // What was captured before is still analyzed, however long that takes.
      if let stopAsked, now &- max(stopAsked, lastFrames) > Self.patience { isOver = true }
    }
    try finish(failure)
  }

  private func take(_ frames: UnsafeBufferPointer<Frame>) {
    lastTime = frames.last?.time ?? lastTime
    if let recorder {
      do throws(CaptureError) { try recorder.write(frames) } catch { giveUpRecording(error) }
    }
    analyzer.accept(frames)
  }

  /// A full disk is no reason to stop watching.
  private func giveUpRecording(_ error: CaptureError) {
    recorder = nil
    failed = true
    say(error.description + "; watching goes on")
  }

  private func stop(_ now: Int64) {
    guard stopAsked == nil else { return }
    stopAsked = now
    source.stop()
  }

  private func shouldStop(_ now: Int64) -> Bool {
    if Signals.shouldStop || outputs.areDeserted { return true }
    return plan.conditions.contains {
      switch $0 {
      case .duration(let time): now &- started >= time
      case .filesize(let size): recorder.map { $0.octets >= size } ?? false
      case .findings(let count): told >= count
      case .packets: false
      }
    }
  }

  private func chores(_ now: Int64) {
    lastChores = now
    for notice in source.takeNotices() { say(notice) }
    if let recorder {
      do throws(CaptureError) { try recorder.flush() } catch { giveUpRecording(error) }
    }
    if now &- lastCounters >= Self.countersEvery {
      lastCounters = now
      readCounters()
    }
    if let server, now &- lastMetrics >= Self.metricsEvery {
      lastMetrics = now
      server.publish(metrics.text(analyzer, source))
    }
    if Signals.takeReport() { say(counts) }
  }

  private func readCounters() {
    let info = source.info
    findings.noteDrops(CaptureFacts(info), analyzer.counts)
    recorder?.note(info.interfaces.map(\.statistics), at: lastTime)
  }

  private func say(_ words: String) {
    if let view { view.note(words) } else { Terminal.complain(words) }
  }

  /// How things stand, in a line.
  private var counts: String {
    let report = analyzer.counts
    let info = source.info
    var words = [
      "\(Format.grouped(report.packets)) packets (\(Format.grouped(report.tcpPackets)) TCP)",
      "\(Format.grouped(report.flows)) flows, \(Format.grouped(analyzer.liveFlowCount)) remembered",
      "dropped \(info.droppedBySystem ?? 0) by the kernel, \(info.droppedByInterface ?? 0) by the interface",
      [Severity.error, .warning, .note, .info].map { "\(outputs.counts[$0]) \($0.name)" }
        .joined(separator: ", "),
    ]
    if let recorder { words.append("\(Format.grouped(recorder.octets)) octets recorded") }
    return words.joined(separator: "; ")
  }

  private var state: WatchView.State {
    WatchView.State(
      counts: outputs.counts, drops: findings.drops, elapsed: Clock.now &- started,
      recorded: recorder?.octets, isStopping: stopAsked != nil)
  }

  // MARK: - The end

  private func finish(_ failure: CaptureError?) throws {
    // Gone by itself: an interface that is no more, and not the end that was asked for.
    let isLost =
      plan.kind == .interfaces && failure == nil && stopAsked == nil
      && source.info.frames < plan.frameBound
    for notice in source.takeNotices() { say(notice) }
    readCounters()
    let report = analyzer.finish()
    let info = source.info
    findings.finish(report, facts: CaptureFacts(info))
    if let recorder {
      do throws(CaptureError) { try recorder.close() } catch { giveUpRecording(error) }
    }
    server?.publish(metrics.text(analyzer, source))
    FullScreen.restoreNow()
    for words in view?.notesForTheEnd ?? [] { Terminal.complain(words) }
    let record = CaptureRecord(file: info.path, info: info, report: report)
    let elapsed = Clock.now &- started
    try outputs.finish(record, elapsed: elapsed)
    if plan.wantsSummary { outputs.tellSummary(record, elapsed: elapsed, to: STDERR_FILENO) }
    if let failure { throw failure }
    if let damage = info.damage { Terminal.complain("\(info.path): cut short: \(damage.reason)") }
    if isLost { Terminal.complain("\(info.path): nothing is left to watch") }
    if failed || isLost { throw ExitCode.usage }
  }
}
