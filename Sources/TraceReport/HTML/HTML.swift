import TraceDecode
import TraceRules

/// The report as one HTML file that needs nothing else: data, style and program are in it.
///
/// Limits: of a run, `findingLimit` findings, `rowLimit` flows and `pointLimit` points of drawings are written,
/// the worst and most remarkable first; the page says what was left out.
public final class HTML: ReportWriter {
  public static let findingLimit = 3000
  public static let rowLimit = 12_000
  public static let pointLimit = 450_000
  /// Findings of one rule in one capture.
  static let findingsPerRule = 300

  private let out: ByteOutput
  private let application: String
  private var isFirst = true
  private var file = ""
  private var keeper = PlotKeeper()
  private var census = StateCensus()
  private var findings: [Finding] = []
  private var rows = HTMLRows(limit: HTML.rowLimit)
  private var outcomes: [Outcome: Int] = [:]
  private var silenced = 0
  private var room = (findings: HTML.findingLimit, rows: HTML.rowLimit, points: HTML.pointLimit)
  private var failures: [(file: String, reason: String)] = []

  /// - Parameter application: Name and version, as the page's foot shows them.
  public init(to out: ByteOutput, application: String) {
    self.out = out
    self.application = application
  }

  public var wantsFrameVerdicts: Bool { true }
  public var wantsSegments: Bool { true }

  public func begin(file: String) {
    writeHead(title: file)
    self.file = file
    keeper = PlotKeeper(keptLimit: room.points)
    census = StateCensus()
    rows = HTMLRows(limit: room.rows)
    findings = []
    outcomes = [:]
    silenced = 0
  }

  public func segment(_ segment: StreamSegment, of flow: FlowIdentity) {
    keeper.segment(segment, of: flow.number)
  }

  public func verdict(_ verdict: FrameVerdict, frame: UInt64, flow: FlowIdentity) {
    keeper.verdict(verdict, frame: frame, flow: flow.number)
  }

  public func episode(_ episode: Episode, of flow: FlowIdentity) { keeper.episode(episode, of: flow.number) }

  public func flow(_ report: FlowReport) {
    keeper.end(report.flow.number)
    census.add(report)
    outcomes[report.outcome, default: 0] += 1
    rows.add(report)
  }

  public func finding(_ finding: Finding) { findings.append(finding) }

  public func withdraw(_ finding: Finding) { findings.removeAll { $0.id == finding.id } }

  public func silenced(_ finding: Finding, by silence: Silence) { silenced += 1 }

  public func failed(file: String, reason: String) { failures.append((file, reason)) }

  public func end(_ capture: CaptureRecord) {
    let plots = keeper.finish()
    let record = HTMLRecord(
      capture: capture, plots: plots, plotsReleased: keeper.released, rows: rows, census: census,
      findings: shown(), findingsFound: findings, outcomes: outcomes, silenced: silenced)
    let data = ByteOutput()
    data.put(isFirst ? "\n" : ",\n")
    isFirst = false
    record.write(to: data)
    out.putScriptSafe(data)
    room.points = max(20_000, room.points - plots.values.reduce(0) { $0 + $1.elements })
    room.rows = max(500, room.rows - rows.kept.count)
    (findings, rows, keeper) = ([], HTMLRows(limit: 0), PlotKeeper())
  }

  /// The worst findings there is room for, no rule crowding out the others.
  private func shown() -> [Finding] {
    var perRule: [String: Int] = [:]
    var shown: [Finding] = []
    for finding in findings.sorted(by: Text.isWorse) where shown.count < room.findings {
      perRule[finding.code, default: 0] += 1
      if perRule[finding.code, default: 0] <= Self.findingsPerRule { shown.append(finding) }
    }
    room.findings = max(100, room.findings - shown.count)
    return shown
  }

  public func finish(_ summary: RunSummary) {
    writeHead(title: "no capture")
    let end = ByteOutput()
    end.put("\n],\"failures\":[")
    for (i, failure) in failures.enumerated() {
      if i > 0 { end.put(",") }
      end.put("{\"file\":")
      end.json(failure.file)
      end.put(",\"reason\":")
      end.json(failure.reason)
      end.put("}")
    }
    end.put("],\"application\":")
    end.json(application)
    end.put(",\"summary\":")
    end.record(summary)
    end.put("}")
    out.putScriptSafe(end)
    out.put("</script>\n<script>\n")
    out.put(HTMLPage.script)
    out.put("</script>\n</body>\n</html>\n")
    out.flush()
  }

  // MARK: - The page

  private var hasHead = false

  private func writeHead(title: String) {
    guard !hasHead else { return }
    hasHead = true
    out.put(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
      script-src 'unsafe-inline'; img-src data:">
      <meta name="generator" content="
      """)
    out.putMarkup(application)
    out.put("\">\n<title>")
    out.putMarkup(title)
    out.put(" - flowlint</title>\n<style>\n")
    out.put(HTMLPage.style)
    out.put("</style>\n</head>\n<body>\n")
    out.put(HTMLPage.body)
    out.put("<script id=\"data\" type=\"application/json\">{\"captures\":[")
  }
}

extension ByteOutput {
  /// Appends JSON to the inside of a script element, which no string in it can end.
  func putScriptSafe(_ other: ByteOutput) {
    other.withBytes { bytes in
      var plain = 0
      for i in bytes.indices where bytes[i] == UInt8(ascii: "<") {
        put(UnsafeBufferPointer(rebasing: bytes[plain..<i]))
        put("\\u003c")
        plain = i + 1
      }
      put(UnsafeBufferPointer(rebasing: bytes[plain...]))
    }
  }

  /// Text of an element or a quoted attribute.
  func putMarkup(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "<"): put("&lt;")
      case UInt8(ascii: ">"): put("&gt;")
      case UInt8(ascii: "&"): put("&amp;")
      case UInt8(ascii: "\""): put("&quot;")
      default: put(byte)
      }
    }
  }
}
