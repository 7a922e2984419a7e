import TraceDecode
import TraceRules

/// A row a flow: chosen columns, sorted, as text, CSV, JSON Lines or Zeek's conn.log.
///
/// Limits: with a sort order, or as text, `limit` rows are kept; of more, the first by that order (the text
/// says so). Unsorted CSV, JSON Lines and Zeek keep none.
public final class FlowTable {
  public enum Form: String, CaseIterable, Sendable { case text, csv, jsonl, zeek }

  public struct Options: Sendable {
    public var form = Form.text
    public var columns: [FlowColumn] = []
    /// What to sort by; nil leaves the order of the flows' numbers in text, and of their ends elsewhere.
    public var order: FlowColumn?
    public var isDescending = false
    public var limit = 1_000_000
    public var style = Style(isColored: false)
    public init() {}
  }

  private let out: ByteOutput
  private let options: Options
  private var rows: [Row] = []
  private var total = 0
  private var file = ""

  /// A row as it will be printed.
  private struct Row {
    var key: FlowColumn.FlowCell
    var number: Int
    var severity: Severity?
    var cells: [String]
  }

  public init(to out: ByteOutput, options: Options) {
    self.out = out
    self.options = options
    switch options.form {
    case .csv: out.put((["file"] + options.columns.map(\.name)).map(csvField).joined(separator: ",") + "\r\n")
    case .zeek: out.putZeekHeading()
    case .text, .jsonl: break
    }
  }

  public func begin(file: String) { self.file = file }

  /// Takes the next flow.
  public func add(_ row: FlowRow) {
    total += 1
    if options.order == nil, options.form != .text { return out.put(line(row)) }
    let key = (options.order ?? Self.byNumber).value(row)
    let cells = options.form == .text ? options.columns.map { display($0.value(row)) } : [line(row)]
    rows.append(Row(key: key, number: row.report.flow.number, severity: row.worst?.severity, cells: cells))
    if rows.count >= options.limit * 2 { cut() }
  }

  private static let byNumber: FlowColumn = {
    // A name of `FlowColumn.named`, so that reading it cannot fail.
    do { return try FlowColumn("flow") } catch { preconditionFailure("flow is a column") }
  }()

  private func isBefore(_ a: Row, _ b: Row) -> Bool {
    if FlowColumn.isLess(a.key, b.key) { return !options.isDescending }
    if FlowColumn.isLess(b.key, a.key) { return options.isDescending }
    return a.number < b.number
  }

  private func cut() {
    rows.sort(by: isBefore)
    rows.removeLast(max(0, rows.count - options.limit))
  }

  /// Writes what was kept of one recording.
  public func end() {
    cut()
    if options.form == .text { writeText() } else { for row in rows { out.put(row.cells[0]) } }
    rows = []
    total = 0
  }

  // MARK: - Forms

  private func line(_ row: FlowRow) -> String {
    switch options.form {
    case .csv:
      return ([file] + options.columns.map { exact($0.value(row)) }).map(csvField).joined(separator: ",")
        + "\r\n"
    case .jsonl:
      let one = ByteOutput()
      one.record(row.report, file: file)
      return one.text + "\n"
    case .zeek: return ZeekConn.line(row.report)
    case .text: return ""
    }
  }

  private func writeText() {
    guard !rows.isEmpty else { return out.put("no flow\n") }
    let titles = options.columns.map(\.title)
    let widths = titles.indices.map { i in
      max(titles[i].count, rows.lazy.map { $0.cells[i].count }.max() ?? 0)
    }
    let isNumber = options.columns.map { column -> Bool in
      if case .number = column.value(Self.sample) { return true }
      return false
    }
    func put(_ cells: [String], _ tint: Style.Tint?) {
      var line = ""
      for i in cells.indices {
        if i > 0 { line += "  " }
        line += isNumber[i] ? cells[i].leftPadded(widths[i]) : cells[i].padded(widths[i])
      }
      while line.last == " " { line.removeLast() }
      out.put((tint.map { options.style(line, $0) } ?? line) + "\n")
    }
    put(titles, .dim)
    for row in rows { put(row.cells, row.severity.flatMap { $0 >= .warning ? $0.tint : nil }) }
    if total > rows.count { out.put("\(Format.grouped(total - rows.count)) more flows are not shown\n") }
  }

  /// Any row, to tell columns of numbers from columns of words.
  private static let sample: FlowRow = {
    let nowhere = SocketAddress(address: IPAddress(v4: 0), port: 0)
    let flow = FlowIdentity(number: 0, originator: nowhere, responder: nowhere, incarnation: 1, firstFrame: 0)
    return FlowRow(report: FlowReport(flow: flow), findings: [], captureStart: 0)
  }()

  private func display(_ cell: FlowColumn.FlowCell) -> String {
    switch cell {
    case .text(let text): text.isEmpty ? "-" : text
    case .number(nil, _): "-"
    case .number(let value?, let unit): unit == .octets ? Format.grouped(value) : unit.words(value)
    }
  }

  /// Times in seconds, everything else in its base unit; nothing where it is not known.
  private func exact(_ cell: FlowColumn.FlowCell) -> String {
    switch cell {
    case .text(let text): return text
    case .number(nil, _): return ""
    case .number(let value?, .time):
      let seconds = ByteOutput()
      seconds.putSeconds(value)
      return seconds.text
    case .number(let value?, .ratio):
      let digits = String(value.magnitude % 1_000_000 + 1_000_000).dropFirst()
      return "\(value / 1_000_000).\(digits)"
    case .number(let value?, _): return String(value)
    }
  }

  private func csvField(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x2c || $0 < 0x20 }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
