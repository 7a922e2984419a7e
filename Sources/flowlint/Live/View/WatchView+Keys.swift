import TraceDecode
import TraceReport
import TraceRules

/// What keys do.
extension WatchView {
  /// True when the key means to leave.
  func press(_ key: Key) -> Bool {
    message = nil
    if typing != nil {
      type(key)
      return false
    }
    switch key {
    case .letter("q"):
      if case .lists = page { return true }
      back()
    case .escape, .backspace: back()
    case .letter("?"), .letter("h"): open(.help)
    case .letter("j"), .down: move(1)
    case .letter("k"), .up: move(-1)
    case .letter(" "): isPaused.toggle()
    case .pageDown: move(pageStep)
    case .pageUp: move(-pageStep)
    case .letter("g"), .home: move(-(1 << 40))
    case .letter("G"), .end: move(1 << 40)
    case .enter: enter()
    case .tab: if case .lists = page { pane = pane == .flows ? .findings : .flows }
    case .letter("s"):
      board.order = board.order.next
      board.sort()
      flowsTop = 0
    case .letter("/"): if case .lists = page { typing = filterText }
    case .redraw: redrawAll()
    default: break
    }
    return false
  }

  private var pageStep: Int { max(1, size.rows / 2 - 2) }

  private func open(_ page: Page) {
    if case .help = self.page, case .help = page { return }
    trail.append(self.page)
    self.page = page
    scroll = 0
  }

  private func back() {
    page = trail.popLast() ?? .lists
    scroll = 0
  }

  /// Into what is selected; from a finding on into its flow.
  private func enter() {
    switch page {
    case .lists:
      if pane == .flows, let flow = selectedFlow ?? flowNumbers.first { open(.flow(flow)) }
      if pane == .findings, let finding = selectedFinding ?? shownFindings.first?.id {
        open(.finding(finding))
      }
    case .finding(let id):
      guard let flow = findings.last(where: { $0.id == id })?.flow?.number else {
        message = "the finding is about the capture, not about a flow"
        return
      }
      open(.flow(flow))
    case .flow, .help: back()
    }
  }

  private func move(_ by: Int) {
    guard case .lists = page else {
      scroll = max(0, scroll + by)
      return
    }
    switch pane {
    case .flows: selectedFlow = Self.moved(selectedFlow, in: flowNumbers, by)
    case .findings:
      selectedFinding = Self.moved(selectedFinding, in: shownFindings.map(\.id), by)
    }
  }

  private static func moved(_ selected: Int?, in all: [Int], _ by: Int) -> Int? {
    let i = selected.flatMap { all.firstIndex(of: $0) } ?? 0
    // At the top it stays at the top, whatever comes to be there.
    return i + by <= 0 ? nil : all.isEmpty ? nil : all[min(i + by, all.count - 1)]
  }

  private var flowNumbers: [Int] { board.rows.map(\.flow.flow.number) }

  /// The newest first.
  var shownFindings: [Finding] { findings.reversed() }

  private func type(_ key: Key) {
    guard var text = typing else { return }
    switch key {
    case .letter(let letter): if text.count < 200 { text.append(letter) }
    case .backspace: if !text.isEmpty { text.removeLast() }
    case .clear: text = ""
    case .escape:
      typing = nil
      return
    case .enter:
      let words = text.split(separator: " ")
      if words.isEmpty {
        board.filter = nil
      } else {
        do { board.filter = try FlowExpression(text) } catch {
          message = error.description
          return
        }
      }
      filterText = words.isEmpty ? "" : text
      typing = nil
      flowsTop = 0
      rowsAreOld = true
      return
    default: break
    }
    typing = text
  }
}
