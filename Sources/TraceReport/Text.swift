import TraceDecode
import TraceRules

/// The report for a person: the capture and its quality, the worst findings first, how the flows ended.
///
/// Limits: of one rule, `shownPerRule` findings are told in full and the others by number.
public final class Text: ReportWriter {
  public struct Options: Sendable {
    public var style = Style(isColored: false)
    /// Columns of the terminal, to fill paragraphs by.
    public var width = 100
    /// The mildest severity that is told in full; milder ones are counted.
    public var minimum = Severity.note
    /// Findings only: no summaries.
    public var isQuiet = false
    /// A paragraph on each capture, and how its flows ended.
    public var tellsCaptures = true
    /// Findings of one rule that are told in full.
    public var shownPerRule = 3
    public init() {}
  }

  /// Consequences of one finding that are told.
  private static let shownConsequences = 4

  private let out: ByteOutput
  private let options: Options
  private var findings: [Finding] = []
  private var outcomes: [Outcome: Int] = [:]
  /// Remedies told for this capture.
  private var advised: Set<String> = []

  public init(to out: ByteOutput, options: Options = Options()) {
    self.out = out
    self.options = options
  }

  public func flow(_ report: FlowReport) { outcomes[report.outcome, default: 0] += 1 }

  public func finding(_ finding: Finding) {
    // Live, a finding may be told again when more is known of it.
    if let last = findings.last, finding.id <= last.id,
      let i = findings.firstIndex(where: { $0.id == finding.id })
    {
      findings[i] = finding
    } else {
      findings.append(finding)
    }
  }

  public func withdraw(_ finding: Finding) { findings.removeAll { $0.id == finding.id } }

  public func end(_ capture: CaptureRecord) {
    let tells = options.tellsCaptures && !options.isQuiet
    if tells { out.put(CaptureText(capture).text(options)) }
    writeFindings(capture)
    if tells { writeOutcomes() }
    findings = []
    outcomes = [:]
    advised = []
  }

  public func finish(_ summary: RunSummary) {
    if !options.isQuiet { out.put(total(summary)) }
    out.flush()
  }

  // MARK: - Findings

  /// One finding in full, as the report tells it.
  public static func words(for finding: Finding, in capture: CaptureRecord, options: Options) -> String {
    Text(to: ByteOutput(), options: options).text(finding, capture, then: [])
  }

  private func writeFindings(_ capture: CaptureRecord) {
    let all = findings.filter { $0.severity >= options.minimum }.sorted(by: Self.isWorse)
    let consequences = Consequences(among: all)
    let told = all.filter { !consequences.contains($0) }
    var shown: [String: Int] = [:]
    var left: [String: [Finding]] = [:]
    for finding in told {
      shown[finding.code, default: 0] += 1
      if shown[finding.code, default: 0] > options.shownPerRule {
        left[finding.code, default: []].append(finding)
      } else {
        out.put(text(finding, capture, then: consequences.of(finding)))
        out.put("\n")
      }
    }
    for (code, others) in left.sorted(by: { $0.key < $1.key }) {
      let frames = others.prefix(6).map { String($0.frame) }.joined(separator: ", ")
      let more = others.count > 6 ? ", ..." : ""
      out.put(
        "\(Format.grouped(others.count)) more \(code) \(others[0].rule), at frames \(frames)\(more) "
          + options.style("(--output concise tells all)", .dim) + "\n")
    }
    for (code, count) in capture.findingsOmitted.sorted(by: { $0.key < $1.key }) {
      out.put("\(Format.grouped(count)) more \(code), counted and not kept\n")
    }
    if !left.isEmpty || !capture.findingsOmitted.isEmpty { out.put("\n") }
    guard !options.isQuiet, options.tellsCaptures else { return }
    var counted: [String: Int] = [:]
    for finding in findings where finding.severity < options.minimum {
      counted["\(finding.code) \(finding.rule)", default: 0] += finding.occurrences
    }
    guard !counted.isEmpty else { return }
    let names = counted.sorted { $0.key < $1.key }.map { "\($0.key) (\(Format.grouped($0.value)))" }
    out.put(
      Paragraph.fill(
        names.joined(separator: ", "), head: "also counted: ", width: options.width))
    out.put("\n")
  }

  /// Severity first, then how sure it is, then where it stands in the capture.
  static func isWorse(_ a: Finding, _ b: Finding) -> Bool {
    if a.severity != b.severity { return a.severity > b.severity }
    if a.confidence != b.confidence { return a.confidence > b.confidence }
    if a.frame != b.frame { return a.frame < b.frame }
    return a.id < b.id
  }

  private func text(_ finding: Finding, _ capture: CaptureRecord, then: [Finding]) -> String {
    let style = options.style
    var text = style(finding.place(in: capture.file), .bold) + ": "
    text += style(finding.severity.name, finding.severity.tint) + " \(finding.code) \(finding.rule)\n"
    let ends = finding.ends.map { "  \($0.from) > \($0.to)" }
    // Where both do not fit on a line, the message has one of its own.
    if let ends, ends.count + 4 + finding.message.count > options.width {
      text += ends + "\n" + Paragraph.fill(finding.message, head: "    ", width: options.width)
    } else {
      text += Paragraph.fill(finding.message, head: ends.map { $0 + "    " } ?? "  ", width: options.width)
    }
    if !finding.evidence.isEmpty {
      let rows = finding.evidence.map { Ladder.Row($0.segment, note: $0.note, isMarked: $0.isOffence) }
      let origin = capture.report.firstTime ?? rows[0].segment.time
      text += "\n" + Ladder(rows: rows, origin: origin).text(width: options.width, style: style)
    }
    text += "\n"
    func say(_ label: String, _ words: String) {
      guard !words.isEmpty else { return }
      let filled = Paragraph.fill(words, head: "  " + label.padded(7), width: options.width)
      text += "  " + style(label, .dim) + filled.dropFirst(2 + label.count)
    }
    say("why", finding.why)
    // Once is enough: findings of one rule stand together.
    if advised.insert(finding.remedy).inserted { say("do", finding.remedy) }
    say("sure", Self.sureness(finding))
    if let cause = finding.causedBy, let root = findings.first(where: { $0.id == cause }) {
      say("from", "\(root.code) \(root.rule)" + (root.frame == 0 ? "" : " at frame \(root.frame)"))
    }
    for (i, one) in then.prefix(Self.shownConsequences).enumerated() {
      let frame = one.frame == 0 ? "" : " frame \(one.frame):"
      say(i == 0 ? "then" : "", "\(one.code) \(one.rule),\(frame) \(one.message)")
    }
    if then.count > Self.shownConsequences {
      say("", "and \(Format.grouped(then.count - Self.shownConsequences)) more")
    }
    if finding.occurrences > 1 {
      say(
        "more",
        "\(Format.grouped(finding.occurrences)) times in all\(finding.flow == nil ? "" : " in this flow")")
    }
    let pointers = Self.pointers(finding)
    let fits = 9 + pointers.joined(separator: "     ").count <= options.width
    text += "  " + style("show", .dim) + "   " + pointers.joined(separator: fits ? "     " : "\n         ")
    return text + "\n"
  }

  private static func sureness(_ finding: Finding) -> String {
    guard !finding.alternatives.isEmpty else { return finding.confidence.name }
    return "\(finding.confidence.name): it could also be that " + Format.list(finding.alternatives, "or that")
  }

  /// Commands and filters that show more of it.
  private static func pointers(_ finding: Finding) -> [String] {
    var frames = finding.evidence.map(\.segment.frame)
    if frames.isEmpty, finding.frame != 0 { frames = [finding.frame] }
    let rule = "flowlint rules \(finding.code)"
    guard !frames.isEmpty else { return [rule] }
    let numbers = frames.map(String.init).joined(separator: ",")
    return [rule, "Wireshark: frame.number in {\(numbers)}"]
  }

  // MARK: - Totals

  private func writeOutcomes() {
    guard !outcomes.isEmpty else { return }
    out.put("flows by outcome\n")
    let width = max(8, Format.grouped(outcomes.values.max() ?? 0).count + 2)
    let ordered = outcomes.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.key.rawValue < $1.key.rawValue
    }
    for (outcome, count) in ordered {
      let number = Format.grouped(count).leftPadded(width)
      out.put("\(number)  \(outcome.name.padded(18))\(outcome.meaning)\n")
    }
    out.put("\n")
  }

  private func total(_ summary: RunSummary) -> String {
    var text = Format.count(summary.captures, "capture") + ", "
    if summary.unreadable > 0 {
      text += options.style("\(Format.grouped(summary.unreadable)) unreadable", Severity.error.tint) + ", "
    }
    text += Format.grouped(summary.flows) + (summary.flows == 1 ? " flow, " : " flows, ")
    text += Format.grouped(summary.packets) + (summary.packets == 1 ? " packet" : " packets")
    if let elapsed = summary.elapsed { text += " in \(Self.elapsed(elapsed))" }
    let counts = [Severity.error, .warning, .note].map { severity in
      let count = summary.findings[severity]
      let words = "\(Format.grouped(count)) \(severity.name)\(count == 1 ? "" : "s")"
      return count == 0 ? words : options.style(words, severity.tint)
    }
    text += ": " + counts.joined(separator: ", ")
    let silent = [
      summary.known > 0 ? "\(Format.grouped(summary.known)) known, in baseline" : nil,
      summary.suppressed > 0 ? "\(Format.grouped(summary.suppressed)) suppressed" : nil,
    ].compactMap { $0 }
    text += (silent.isEmpty ? "" : " (\(silent.joined(separator: ", ")))") + "\n"
    if !summary.notJudged.isEmpty {
      text += Paragraph.fill(
        summary.notJudged.joined(separator: ", "), head: "not judged: ", width: options.width)
    }
    return text
  }

  /// Seconds with two decimals, more where they would be 0. Units: nanoseconds.
  private static func elapsed(_ nanoseconds: Int64) -> String {
    nanoseconds < 10_000_000 ? Format.time(nanoseconds) : Format.time(nanoseconds / 10_000_000 * 10_000_000)
  }
}

/// Findings that another one brought about: they are told with it.
private struct Consequences {
  private var byRoot: [Int: [Finding]] = [:]
  private var members: Set<Int> = []

  init(among findings: [Finding]) {
    let known = Dictionary(findings.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for finding in findings {
      var root = finding
      // A chain has as many links as there are kinds of consequences; more is a circle.
      for _ in 0..<8 {
        guard let cause = root.causedBy, let next = known[cause], next.severity >= finding.severity else {
          break
        }
        root = next
      }
      guard root.id != finding.id, root.causedBy.flatMap({ known[$0] }) == nil else { continue }
      byRoot[root.id, default: []].append(finding)
      members.insert(finding.id)
    }
  }

  func contains(_ finding: Finding) -> Bool { members.contains(finding.id) }
  func of(_ finding: Finding) -> [Finding] {
    (byRoot[finding.id] ?? []).sorted { ($0.frame, $0.id) < ($1.frame, $1.id) }
  }
}

extension Severity {
  /// How it is colored for people.
  public var tint: Style.Tint {
    switch self {
    case .error: .red
    case .warning: .yellow
    case .note: .cyan
    case .info: .dim
    }
  }
}

extension Outcome {
  /// What the outcome means, for people.
  var meaning: String {
    switch self {
    case .fin: "both sides closed"
    case .finSimultaneous: "both sides closed at once"
    case .resetByOriginator: "the originator reset it"
    case .resetByResponder: "the responder reset it"
    case .refused: "the responder refused it"
    case .unanswered: "no answer to the SYN"
    case .unreachable: "ICMP says it cannot be reached"
    case .timedOut: "one side gave up on the other's silence"
    case .halfOpen: "SYN-ACK sent, never acknowledged"
    case .open: "still open when the capture ended"
    case .unknown: "cannot be told from this capture"
    }
  }
}
