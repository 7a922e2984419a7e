import TraceDecode
import TraceReport
import TraceRules

/// What the view looks like.
extension WatchView {
  /// As many lines as the screen has rows.
  func lines(_ analyzer: Analyzer, _ state: State) -> [String] {
    guard size.columns >= 40, size.rows >= 8 else {
      return ["flowlint: this terminal is too small", "q leaves"]
    }
    var lines = [head(analyzer, state), counts(analyzer, state)]
    let room = size.rows - 3
    switch page {
    case .lists: lines += lists(analyzer, room)
    case .help: lines += detail(WatchHelp.lines, room)
    case .finding(let id): lines += detail(findingLines(id, analyzer), room)
    case .flow(let number): lines += detail(flowLines(number, analyzer), room)
    }
    lines = lines.map { ScreenText.clip($0, size.columns) }
    while lines.count < size.rows - 1 { lines.append("") }
    lines.append(foot())
    return lines
  }

  // MARK: - Head and foot

  private func head(_ analyzer: Analyzer, _ state: State) -> String {
    let counts = analyzer.counts
    var left = " flowlint  \(title)"
    if let filterOfCapture { left += "  \(filterOfCapture)" }
    var right = "\(Format.grouped(counts.packets)) packets  \(Self.clock(state.elapsed)) "
    if let recorded = state.recorded { right = "recorded \(Self.size(recorded))  " + right }
    if state.isStopping { right = "ENDING  " + right }
    if isPaused { right = "PAUSED  " + right }
    let room = size.columns - right.count - 1
    return ScreenText.bar(ScreenText.fit(left, max(0, room)) + " " + right, size.columns)
  }

  private func counts(_ analyzer: Analyzer, _ state: State) -> String {
    var words: [String] = ["\(Format.grouped(analyzer.counts.flows)) flows"]
    for severity in [Severity.error, .warning, .note] {
      let count = state.counts[severity]
      let text = "\(Format.grouped(count)) \(severity.name)\(count == 1 ? "" : "s")"
      words.append(count == 0 ? text : style(text, severity.tint))
    }
    if state.drops > 0 {
      words.append(style("\(Format.grouped(state.drops)) dropped: losses are less sure", .red))
    } else {
      words.append("none dropped")
    }
    return " " + words.joined(separator: "  ")
  }

  private func foot() -> String {
    if let typing {
      let help = message.map { "  \($0)" } ?? ""
      let field = " filter: \(typing)_"
      return ScreenText.bar(field + help, size.columns)
    }
    if let message { return ScreenText.bar(" " + message, size.columns) }
    let keys =
      switch page {
      case .lists: " j k move  Tab pane  Enter detail  / filter  s sort  space hold  ? help  q end"
      case .help, .flow: " j k scroll  g top  G end  Esc back  ? help"
      case .finding: " j k scroll  Enter the flow's ladder  Esc back  ? help"
      }
    return style(String(keys.prefix(size.columns)), .dim)
  }

  // MARK: - The lists

  private func lists(_ analyzer: Analyzer, _ room: Int) -> [String] {
    let below = max(4, min(room * 2 / 5, findings.count + 2))
    return flowLines(analyzer, room - below) + findingList(below)
  }

  private func heading(_ pane: Pane, _ words: String) -> String {
    let isHere = self.pane == pane
    let text = "\(isHere ? "=" : "-")\(isHere ? "=" : "-") \(words) "
    let line = text + String(repeating: isHere ? "=" : "-", count: max(0, size.columns - text.count))
    return style(line, isHere ? .bold : .dim)
  }

  private func flowLines(_ analyzer: Analyzer, _ room: Int) -> [String] {
    let rows = board.rows
    var words = "flows by \(board.order.rawValue)"
    if !filterText.isEmpty { words += ", \(Format.grouped(rows.count)) where \(filterText)" }
    var lines = [heading(.flows, words)]
    let columns = FlowColumns(size.columns)
    lines.append(style(columns.title, .dim))
    let shown = max(1, room - 2)
    let place = rows.firstIndex { $0.flow.flow.number == selectedFlow } ?? 0
    flowsTop = Self.top(flowsTop, showing: place, shown, of: rows.count)
    for (i, row) in rows.enumerated().dropFirst(flowsTop).prefix(shown) {
      let line = columns.line(row, analyzer.report(of: row.flow.flow.number))
      lines.append(mark(line, isSelected: i == place && pane == .flows, row.worst.map(\.severity)))
    }
    if rows.isEmpty {
      lines.append(style(filterText.isEmpty ? "  no TCP flow yet" : "  no flow is meant by the filter", .dim))
    }
    while lines.count < room { lines.append("") }
    return lines
  }

  private func findingList(_ room: Int) -> [String] {
    let found = shownFindings
    var lines = [heading(.findings, "findings, the newest first")]
    let shown = max(1, room - 1)
    let place = found.firstIndex { $0.id == selectedFinding } ?? 0
    findingsTop = Self.top(findingsTop, showing: place, shown, of: found.count)
    for (i, finding) in found.enumerated().dropFirst(findingsTop).prefix(shown) {
      let ends = finding.flow.map { flow -> String in
        let subject = finding.endpoint ?? .originator
        return "\(flow[subject])>\(flow[subject.peer]) "
      }
      let time = finding.time.map(Self.timeOfDay) ?? "        "
      let line =
        " \(time)  \(finding.severity.name.padded(7)) \(finding.code)  \(ends ?? "")\(finding.message)"
      lines.append(mark(line, isSelected: i == place && pane == .findings, finding.severity))
    }
    if found.isEmpty { lines.append(style("  nothing found yet", .dim)) }
    return lines
  }

  private func mark(_ line: String, isSelected: Bool, _ severity: Severity?) -> String {
    if isSelected { return ScreenText.bar(line, size.columns) }
    return severity.map { $0 >= .note ? style(line, $0.tint) : line } ?? line
  }

  /// The first row to show, so that the selected one is among them.
  private static func top(_ top: Int, showing place: Int, _ shown: Int, of count: Int) -> Int {
    var top = min(top, max(0, count - shown))
    top = max(min(top, place), place - shown + 1)
    return max(0, top)
  }

  // MARK: - Details

  private func detail(_ all: [String], _ room: Int) -> [String] {
    scroll = min(scroll, max(0, all.count - room))
    return Array(all.dropFirst(scroll).prefix(room))
  }

  private func findingLines(_ id: Int, _ analyzer: Analyzer) -> [String] {
    guard let finding = findings.last(where: { $0.id == id }) else {
      return ["", " it was withdrawn: the flow's end did not confirm it"]
    }
    var options = Text.Options()
    options.style = style
    options.width = size.columns
    let record = CaptureRecord(file: title, report: analyzer.counts)
    return [""] + Self.split(Text.words(for: finding, in: record, options: options))
  }

  private func flowLines(_ number: Int, _ analyzer: Analyzer) -> [String] {
    let found = board.findings(of: number)
    let kept = found.isEmpty ? findings.filter { $0.flow?.number == number } : found
    guard let record = memory.record(of: number, analyzer, findings: kept) else {
      return ["", " flow \(number) is over, and nothing of it is remembered any more"]
    }
    var options = LadderView.Options()
    options.style = style
    options.width = size.columns
    var lines = Self.split(LadderView(record, options: options).text())
    if record.passages.first?.segment.frame ?? .max > record.report.flow.firstFrame {
      lines.insert(style("(its first segments are no longer remembered; -w keeps all)", .dim), at: 0)
    }
    return lines
  }

  // MARK: - Words

  private static func split(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private static func two(_ n: Int64) -> String { n < 10 ? "0\(n)" : String(n) }

  /// `0:01:23`. Units: nanoseconds.
  private static func clock(_ nanoseconds: Int64) -> String {
    let seconds = nanoseconds / 1_000_000_000
    return "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
  }

  /// Of the day in UTC. Units: nanoseconds since the epoch.
  private static func timeOfDay(_ nanoseconds: Int64) -> String {
    let seconds = max(0, nanoseconds / 1_000_000_000) % 86400
    return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
  }

  private static func size(_ octets: UInt64) -> String {
    let units: [(UInt64, String)] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")]
    for (size, name) in units where octets >= size { return "\(octets / size) \(name)" }
    return "\(octets) B"
  }
}
