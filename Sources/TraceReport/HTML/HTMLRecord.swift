import TraceDecode
import TraceRules

/// One capture as the page's program reads it: Page/data.js is the other end.
///
/// Times are microseconds, of a capture from its first frame, of a drawing from its flow's first frame; lists of
/// numbers are flat, a fixed number a point, and hold differences where values grow.
struct HTMLRecord {
  var capture: CaptureRecord
  var plots: [Int: FlowPlot]
  var plotsReleased: Int
  var rows: HTMLRows
  var census: StateCensus
  /// Those that are written, and all of them.
  var findings: [Finding]
  var findingsFound: [Finding]
  var outcomes: [Outcome: Int]
  var silenced: Int

  private var start: Int64 { capture.report.firstTime ?? 0 }

  func write(to out: ByteOutput) {
    var rows = rows
    let flows = rows.finish()
    let report = capture.report
    out.put("{\"record\":")
    out.record(capture)
    out.put(",\"start_us\":")
    out.put(start / 1000)
    out.put(",\"duration_us\":")
    out.put(max(0, (report.lastTime ?? start) &- start) / 1000)
    out.put(",\"quality\":")
    out.strings(CaptureText(capture).doubts)
    out.put(",\"outcomes\":[")
    out.list(outcomes.sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }) {
      outcome, count in
      out.put("[\"")
      out.put(outcome.name)
      out.put("\",\"")
      out.put(outcome.meaning)
      out.put("\",")
      out.put(count)
      out.put("]")
    }
    out.put("],\"counts\":{")
    out.list(Severity.allCases.reversed()) { severity in
      out.json(severity.name)
      out.put(":")
      out.put(findingsFound.lazy.filter { $0.severity == severity }.count)
    }
    out.put("},\"silenced\":")
    out.put(silenced)
    out.put(",\"findings_left\":")
    out.put(findingsFound.count - findings.count)
    out.put(",\"flows_left\":")
    out.put(rows.released)
    out.put(",\"plots_left\":")
    out.put(plotsReleased)
    writeFindings(to: out)
    writeFlows(flows, to: out)
    out.put(",\"plots\":{")
    out.list(flows.filter { plots[$0.flow.number] != nil }) { flow in
      guard let plot = plots[flow.flow.number] else { return }
      out.put("\"")
      out.put(flow.flow.number)
      out.put("\":")
      HTMLPlot(plot: plot, report: flow).write(to: out)
    }
    out.put("}")
    writeCensus(to: out)
    out.put("}")
  }

  /// Microseconds since the capture began.
  private func micros(_ time: Int64) -> Int64 { (time &- start) / 1000 }

  // MARK: - Findings

  private func writeFindings(to out: ByteOutput) {
    let remedies = Dictionary(
      findings.map { ($0.remedy, 0) }, uniquingKeysWith: { a, _ in a }
    ).keys.sorted()
    let place = Dictionary(
      remedies.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    out.put(",\"remedies\":")
    out.strings(remedies)
    out.put(",\"findings\":[")
    out.list(findings) { finding in
      out.put("\n{\"id\":")
      out.put(finding.id)
      out.put(",\"code\":")
      out.json(finding.code)
      out.put(",\"rule\":")
      out.json(finding.rule)
      out.put(",\"severity\":\"")
      out.put(finding.severity.name)
      out.put("\",\"confidence\":\"")
      out.put(finding.confidence.name)
      out.put("\",\"frame\":")
      out.put(finding.frame)
      out.put(",\"time\":")
      out.json(finding.time.map(micros))
      out.put(",\"flow\":")
      out.json(finding.flow?.number)
      out.put(",\"ends\":")
      out.json(finding.ends.map { "\($0.from) > \($0.to)" })
      out.put(",\"message\":")
      out.json(finding.message)
      out.put(",\"why\":")
      out.json(finding.why)
      out.put(",\"remedy\":")
      out.put(place[finding.remedy] ?? 0)
      out.put(",\"alternatives\":")
      out.strings(finding.alternatives)
      out.put(",\"from\":")
      out.json(finding.causedBy)
      out.put(",\"times\":")
      out.put(finding.occurrences)
      out.put(",\"ladder\":[")
      out.list(finding.evidence) { evidence in
        out.put("[")
        out.put(evidence.segment.frame)
        out.put(",")
        out.put(micros(evidence.segment.time))
        out.put(evidence.segment.sender == .originator ? ",0," : ",1,")
        out.json(evidence.segment.words)
        out.put(",")
        out.json(evidence.note)
        out.put(evidence.isOffence ? ",1]" : ",0]")
      }
      out.put("]}")
    }
    out.put("]")
  }

  // MARK: - Flows

  /// Columns in the order of Page/data.js.
  private func writeFlows(_ flows: [FlowReport], to out: ByteOutput) {
    var worst: [Int: (severity: Severity, count: Int)] = [:]
    for finding in findingsFound {
      guard let flow = finding.flow?.number, finding.severity >= .note else { continue }
      let before = worst[flow]
      worst[flow] = (max(before?.severity ?? .info, finding.severity), (before?.count ?? 0) + 1)
    }
    out.put(",\"flows\":[")
    out.list(flows) { flow in
      let (o, r) = (flow.originator, flow.responder)
      out.put("\n[")
      out.put(flow.flow.number)
      out.put(",\"")
      out.put(flow.flow.originator)
      out.put("\",\"")
      out.put(flow.flow.responder)
      out.put("\",")
      out.put(micros(flow.firstTime))
      out.put(",")
      out.put(max(0, flow.lastTime &- flow.firstTime) / 1000)
      out.put(",\"")
      out.put(flow.outcome.name)
      out.put("\",\"")
      out.put(o.state.name)
      out.put(o.possibleStates.isCertain ? "\",\"" : "?\",\"")
      out.put(r.state.name)
      out.put(r.possibleStates.isCertain ? "\"," : "?\",")
      for count in [o.metrics.packets, r.metrics.packets, o.metrics.octetsUnique, r.metrics.octetsUnique] {
        out.put(count)
        out.put(",")
      }
      for time in [flow.originatorHalf, flow.responderHalf, flow.handshakeRTT] {
        out.json(time.map { $0 / 1000 })
        out.put(",")
      }
      out.put(o.metrics.retransmittedSegments &+ r.metrics.retransmittedSegments)
      out.put(",")
      out.put(o.metrics.zeroWindows &+ r.metrics.zeroWindows)
      out.put(",")
      out.put(worst[flow.flow.number].map { Int($0.severity.rawValue) } ?? 0)
      out.put(",")
      out.put(worst[flow.flow.number]?.count ?? 0)
      out.put(",\"")
      flow.history.withUnsafeBufferPointer { out.put($0) }
      out.put("\",\"")
      out.put(flow.vantage.words)
      out.put("\",")
      out.put((flow.midStream ? 1 : 0) + (flow.asymmetric ? 2 : 0) + (flow.flow.rolesCertain ? 0 : 4))
      out.put("]")
    }
    out.put("]")
  }

  // MARK: - States

  /// Services, the busiest first.
  private static let groupLimit = 24
  private static let censusColumns = 320

  private func writeCensus(to out: ByteOutput) {
    let groups = census.groups.sorted {
      $0.value.flows != $1.value.flows ? $0.value.flows > $1.value.flows : $0.key < $1.key
    }
    out.put(",\"census\":{\"groups_left\":")
    out.put(max(0, groups.count - Self.groupLimit))
    out.put(",\"time_wait_us\":")
    out.put(census.timeWait / 1000)
    out.put(",\"groups\":[")
    out.list(groups.prefix(Self.groupLimit)) { group, tally in
      let total = census.counts(group, nil)
      let width = max(1, (total.count + Self.censusColumns - 1) / Self.censusColumns)
      out.put("\n{\"name\":")
      out.json(group.name)
      out.put(",\"side\":")
      out.put(group.isOriginator ? 0 : 1)
      out.put(",\"flows\":")
      out.put(tally.flows)
      out.put(",\"start\":")
      out.put(micros(census.time(of: 0)))
      out.put(",\"step\":")
      out.put(census.step &* Int64(width) / 1000)
      out.put(",\"states\":[")
      out.list(census.states(of: group)) { state in
        let peak = census.peak(group, state)
        out.put("[\"")
        out.put(state.name)
        out.put("\",")
        out.put(peak.count)
        out.put(",")
        out.put(micros(peak.time))
        out.put(",[")
        let counts = census.counts(group, state)
        out.list(stride(from: 0, to: counts.count, by: width)) { from in
          out.put(counts[from..<min(counts.count, from + width)].max() ?? 0)
        }
        out.put("]]")
      }
      out.put("]}")
    }
    out.put("]}")
  }
}

extension ByteOutput {
  /// Appends each element with a comma before all but the first.
  func list<Elements: Sequence>(_ elements: Elements, _ body: (Elements.Element) -> Void) {
    var isFirst = true
    for element in elements {
      if !isFirst { put(",") }
      isFirst = false
      body(element)
    }
  }

  /// A list of strings.
  func strings(_ texts: [String]) {
    put("[")
    list(texts) { json($0) }
    put("]")
  }
}
