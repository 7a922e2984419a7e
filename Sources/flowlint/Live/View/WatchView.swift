import TraceDecode
import TraceReport
import TraceRules

/// The view that fills the terminal while a watch goes on: flows above, findings below, either in detail.
///
/// It only looks: nothing that is done to it changes what is found.
final class WatchView {
  /// What the run tells the view each time.
  struct State {
    var counts: SeverityCounts
    var drops: UInt64
    var elapsed: Int64
    /// Octets; nil when nothing is recorded.
    var recorded: UInt64?
    var isStopping: Bool
  }

  enum Page {
    case lists
    case help
    case finding(Int)
    case flow(Int)
  }

  enum Pane { case flows, findings }

  let title: String
  let filterOfCapture: String?
  let style = Style(isColored: ColorChoice.auto.applies(to: 1))
  var memory = FlowMemory()
  var board = FlowBoard()
  /// The newest last.
  var findings: [Finding] = []
  var page = Page.lists
  /// Where Escape leads back to, the last last.
  var trail: [Page] = []
  var pane = Pane.flows
  /// nil is the first, whichever that comes to be.
  var selectedFlow: Int?
  var selectedFinding: Int?
  var flowsTop = 0
  var findingsTop = 0
  /// First line of a detail that is shown.
  var scroll = 0
  var isPaused = false
  /// The filter while it is typed.
  var typing: String?
  var filterText = ""
  /// Said in the last line until the next key.
  var message: String?
  private(set) var notes: [String] = []
  private var notesOmitted = 0
  /// The filter or the order has changed since the rows were made.
  var rowsAreOld = false

  var size = FullScreen.size
  private var drawn: [String] = []
  private var isDirty = true
  private var lastRefresh: Int64 = 0
  private var refreshCost: Int64 = 0

  static let findingsKept = 2000
  private static let notesKept = 64
  /// Units: nanoseconds.
  private static let refreshEvery: Int64 = 250_000_000

  init(title: String, filter: String?) {
    self.title = title
    filterOfCapture = filter
  }

  // MARK: - What happens

  func finding(_ finding: Finding) {
    board.finding(finding)
    if let i = findings.lastIndex(where: { $0.id == finding.id }) {
      findings[i] = finding
    } else if finding.severity >= .note {
      findings.append(finding)
      if findings.count >= 2 * Self.findingsKept { findings.removeFirst(Self.findingsKept) }
    }
  }

  func withdraw(_ finding: Finding) {
    board.withdraw(finding)
    findings.removeAll { $0.id == finding.id }
  }

  func ended(_ report: FlowReport) {
    memory.ended(report)
    board.ended(report.flow.number)
  }

  /// Says something that is no finding: in the last line now, and on standard error at the end.
  func note(_ words: String) {
    message = words
    isDirty = true
    if notes.count < Self.notesKept { notes.append(words) } else { notesOmitted += 1 }
  }

  var notesForTheEnd: [String] {
    notes + (notesOmitted > 0 ? ["\(notesOmitted) more such messages"] : [])
  }

  // MARK: - The loop's part

  /// Takes keys and draws when it is time to; true when the person wants to leave.
  func tick(_ now: Int64, _ analyzer: Analyzer, _ state: @autoclosure () -> State) -> Bool {
    switch FullScreen.presence {
    case .gone: return true
    case .behind: return false
    case .front: break
    }
    if Signals.takeResume() {
      FullScreen.take()
      drawn = []
      isDirty = true
    }
    if Signals.takeResize() || drawn.isEmpty {
      size = FullScreen.size
      drawn = []
      isDirty = true
    }
    guard let typed = FullScreen.typed() else { return true }
    for key in Key.parse(typed) {
      isDirty = true
      if press(key) { return true }
    }
    let isDue = now &- lastRefresh >= max(Self.refreshEvery, 20 &* refreshCost)
    guard isDirty || isDue else { return false }
    if rowsAreOld || isDue && (!isPaused || lastRefresh == 0) {
      rowsAreOld = false
      board.refresh(analyzer, now)
      refreshCost = Clock.now &- now
    }
    if isDue { lastRefresh = now }
    isDirty = false
    show(lines(analyzer, state()))
    return false
  }

  /// Writes the lines that differ from those on the screen.
  private func show(_ lines: [String]) {
    var text = drawn.isEmpty ? "\u{1b}[2J" : ""
    for (i, line) in lines.prefix(size.rows).enumerated() where i >= drawn.count || drawn[i] != line {
      // Erased first: at the margin the cursor stands on the last column, which would go with the rest.
      text += "\u{1b}[\(i + 1);1H\u{1b}[K\(line)"
    }
    drawn = lines
    if !text.isEmpty { Terminal.print(text, to: 1) }
  }

  func redrawAll() { drawn = [] }
}
