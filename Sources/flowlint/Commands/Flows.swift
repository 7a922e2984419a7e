import ArgumentParser
import TraceCapture
import TraceDecode
import TraceReport
import TraceRules

/// `flowlint flows CAPTURE...`: a row a flow.
struct Flows: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flows",
    abstract: "List flows: a row each, columns and order as asked.",
    discussion: """
      Columns are metrics, as originator.rexmit_segs, rtt_min or goodput, or one of: \
      \(FlowColumn.named.map(\.name).joined(separator: ", ")). --where takes a flow expression, as \
      'port 443 and rtt_min > 50ms' or 'finding SEQ206'. Of what was found, only a flow's own findings count.
      """)

  @OptionGroup(title: "Reading") var reading: ReadingOptions

  @Option(name: .customLong("where"), help: ArgumentHelp("List only these flows.", valueName: "EXPRESSION"))
  var condition: FlowCondition?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Sort by a column; - before it for the greatest first.", valueName: "COLUMN"))
  var sort: String?

  @Option(help: ArgumentHelp("Columns, with commas between them.", valueName: "NAMES"))
  var columns: String?

  @Option(help: ArgumentHelp("Show at most N flows of each capture.", valueName: "N"))
  var head: Int?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("How to print: text, csv, jsonl or zeek.", valueName: "FORMAT"))
  var output: FlowTable.Form = .text

  @Option(help: ArgumentHelp("Color the text: auto, always or never.", valueName: "WHEN"))
  var color: ColorChoice = .auto

  func validate() throws {
    if let head, head < 1 { throw ValidationError("--head takes a number from 1 on.") }
    if sort?.isEmpty == true || sort == "-" { throw ValidationError("--sort takes a column's name.") }
    _ = try tableOptions()
  }

  func run() throws {
    let options = try tableOptions()
    let out = ByteOutput(descriptor: 1)
    let table = FlowTable(to: out, options: options)
    var isUnreadable = false
    for paths in reading.recordings {
      do throws(CaptureError) { try list(paths, table, options, out) } catch {
        Terminal.complain(error.description)
        isUnreadable = true
      }
    }
    out.flush()
    if isUnreadable { throw ExitCode.usage }
  }

  private func list(
    _ paths: [String], _ table: FlowTable, _ options: FlowTable.Options, _ out: ByteOutput
  ) throws(CaptureError) {
    let source = try reading.open(paths)
    var analysis = reading.analyzerOptions
    analysis.ledger =
      condition?.expression.needsLedger == true || options.columns.contains { $0.needsLedger }
      || options.order?.needsLedger == true
    var start: Int64?
    var found: [Int: [Finding]] = [:]
    let runner = RuleRunner()
    // A finding reaches its flow's row before the flow is reported; what comes later is about the capture.
    runner.onFinding = { finding in
      if let flow = finding.flow?.number { found[flow, default: []].append(finding) }
    }
    runner.onFlow = { [condition] report in
      let findings = found.removeValue(forKey: report.flow.number) ?? []
      if condition?.expression.matches(report, findings: findings) == false { return }
      table.add(FlowRow(report: report, findings: findings, captureStart: start ?? report.firstTime))
    }
    let analyzer = Analyzer(options: analysis, sink: runner)
    table.begin(file: paths[0])
    while try source.nextBatch({ frames in
      if start == nil { start = frames.first?.time }
      analyzer.accept(frames)
    }) > 0, out.failure == nil {}
    _ = analyzer.finish()
    if reading.recordings.count > 1, output == .text { out.put("\(paths[0])\n") }
    table.end()
    if let damage = source.info.damage { Terminal.complain("\(paths[0]): cut short: \(damage.reason)") }
  }

  private func tableOptions() throws -> FlowTable.Options {
    var options = FlowTable.Options()
    options.form = output
    options.style = Style(isColored: color.applies(to: 1))
    if let head { options.limit = head }
    let names = columns.map { $0.split(separator: ",").map { $0.trimmingBlanks } } ?? FlowColumn.standard
    options.columns = try names.map(column)
    if options.columns.isEmpty { throw ValidationError("--columns names no column.") }
    if let sort {
      options.isDescending = sort.hasPrefix("-")
      options.order = try column(options.isDescending ? String(sort.dropFirst()) : sort)
    } else if head != nil {
      options.order = try column("flow")
    }
    return options
  }

  private func column(_ name: String) throws -> FlowColumn {
    do { return try FlowColumn(name) } catch {
      throw ValidationError("'\(name)' is no column: \(error.problem); \(error.remedy)")
    }
  }
}

extension FlowTable.Form: ExpressibleByArgument {}

/// The condition of `--where`.
struct FlowCondition: ExpressibleByArgument {
  var expression: FlowExpression

  init?(argument: String) {
    do { expression = try FlowExpression(argument) } catch {
      Terminal.complain("--where:\n" + error.picture(of: argument))
      return nil
    }
  }
}

extension Substring {
  /// Without blanks at either end.
  fileprivate var trimmingBlanks: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
