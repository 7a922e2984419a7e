import TraceDecode
import TraceRules

/// A whole flow as a ladder: its segments between both endpoints' states, as textbooks draw a handshake.
///
/// Losses are arrows that do not arrive; what never passed the capture point is drawn dotted.
public struct LadderView {
  public struct Options: Sendable {
    public var style = Style(isColored: false)
    /// Columns; below 80 counts as 80.
    public var width = 80
    /// The mildest finding that is shown.
    public var minimum = Severity.note
    /// Draw long regular stretches as one row.
    public var folds = true
    public init() {}
  }

  private let record: FlowRecord
  private let options: Options
  private let fates: SegmentFates
  private let frameWidth: Int
  private let timeWidth: Int
  private let lane: Int
  /// Columns of a state's name.
  private static let stateWidth = 12
  private var style: Style { options.style }

  public init(_ record: FlowRecord, options: Options = Options()) {
    self.record = record
    self.options = options
    fates = SegmentFates(record)
    frameWidth = max(5, record.passages.last.map { String($0.segment.frame).count } ?? 0)
    let longest = record.report.lastTime &- record.report.firstTime
    timeWidth = max(9, Ladder.seconds(longest).count)
    let fixed = 2 + frameWidth + 2 + timeWidth + 2 + Self.stateWidth * 2 + 4
    lane = min(72, max(30, max(80, options.width) - fixed))
  }

  private var width: Int { max(80, options.width) }

  /// The drawing, ends with a line feed.
  public func text() -> String {
    var text = heading()
    for entry in LadderScript.entries(of: record, fates, minimum: options.minimum, folds: options.folds) {
      text += draw(entry)
    }
    if record.unrecorded > 0 {
      text +=
        "\n" + Format.grouped(record.unrecorded)
        + " further segments are not drawn: more than the recorder's limit\n"
    }
    return text + footing()
  }

  // MARK: - Rows

  private func heading() -> String {
    let report = record.report
    var title = "flow \(report.flow.number)  \(report.flow.originator) > \(report.flow.responder)"
    title = style(title, .bold) + "\n"
    var words = "outcome \(report.outcome.name), captured \(report.vantage.words)"
    if report.flow.incarnation > 1 {
      words += ", use \(report.flow.incarnation) of these addresses and ports"
    }
    if report.midStream { words += ", begun before the capture" }
    if report.asymmetric { words += ", one direction only" }
    let start = report.firstTime &- record.captureStart
    if start > 0 { words += ", starts \(Format.time(start)) into the capture" }
    title += Paragraph.fill(words, head: "", width: width)
    let ends = row(left: "originator", right: "responder")
    let labels = style(
      "  " + "frame".leftPadded(frameWidth) + "  " + "time".padded(timeWidth) + "  " + ends, .dim)
    return title + "\n" + labels + "\n"
      + blank + stateRow(report.originator.initialState, report.responder.initialState) + "\n"
  }

  private var blank: String { String(repeating: " ", count: 2 + frameWidth + 2 + timeWidth + 2) }

  private func row(left: String, right: String) -> String {
    left.padded(Self.stateWidth) + String(repeating: " ", count: lane + 4) + right
  }

  private func stateRow(_ left: State?, _ right: State?) -> String {
    paint(left).0 + " |" + String(repeating: " ", count: lane) + "| " + paint(right, isLast: true).0
  }

  /// A state's name in its column.
  private func paint(_ state: State?, isLast: Bool = false) -> (String, Int) {
    let name = state?.name ?? ""
    return (
      style(name, .green) + String(repeating: " ", count: isLast ? 0 : max(0, Self.stateWidth - name.count)),
      0
    )
  }

  private func draw(_ entry: LadderEntry) -> String {
    switch entry {
    case .segment(let i, let tail, let head): return drawSegment(record.passages[i], tail: tail, head: head)
    case .state(let role, let state, let time):
      let isFar = !record.report.isNear(role)
      let at = (isFar ? "~" : "") + Ladder.seconds(time &- record.report.firstTime)
      let place = "  " + String(repeating: " ", count: frameWidth + 1) + at.leftPadded(timeWidth + 1) + "  "
      return trimmed(
        style(place, .dim) + stateRow(role == .originator ? state : nil, role == .responder ? state : nil))
    case .socket(let role, let words):
      let inner = Self.stateWidth * 2 + lane + 4
      let padded = role == .originator ? words : words.leftPadded(inner)
      return trimmed(blank + style(padded, .cyan))
    case .missing(let gap):
      let words = gap.words
      let body = arrow(words, from: gap.sender, isLost: true, isDotted: true)
      return trimmed(
        blank + String(repeating: " ", count: Self.stateWidth) + " |" + style(body, .red) + "|")
        + laneNote("lost before the capture point")
    case .finding(let finding): return drawFinding(finding)
    case .quiet(let time):
      let words = " \(Format.time(time)) later "
      let side = max(0, lane - words.count) / 2
      let dots = String(String(repeating: ". ", count: lane).prefix(side))
      return trimmed(
        blank + String(repeating: " ", count: Self.stateWidth) + " |"
          + style((dots + words + String(dots.reversed())).padded(lane), .dim) + "|")
    case .folded(let range): return drawFold(range)
    }
  }

  private func drawSegment(_ passage: FlowRecord.Passage, tail: State?, head: State?) -> String {
    let segment = passage.segment
    let isMarked = record.findings.contains { $0.frame == segment.frame && $0.severity >= options.minimum }
    let (left, right) = segment.sender == .originator ? (tail, head) : (head, tail)
    let isLost =
      fates.lost.contains(segment.frame) || !passage.standing.isDisjoint(with: [.badChecksum, .injected])
    let place =
      (isMarked ? "> " : "  ") + String(segment.frame).leftPadded(frameWidth) + "  "
      + Ladder.seconds(segment.time &- record.report.firstTime).leftPadded(timeWidth) + "  "
    var words = segment.words
    var more: [String] = []
    if words.count > lane - 5, let comma = words.firstIndex(of: ",") {
      more.append(String(words[comma...].dropFirst(2)))
      words = String(words[..<comma])
    }
    // The length can be reckoned from the range.
    if words.count > lane - 5, words.last == ")", let open = words.lastIndex(of: " ") {
      words = String(words[..<open])
    }
    let drawn = arrow(words, from: segment.sender, isLost: isLost)
    let repeated = fates.repeats[segment.frame]
    let body = isLost ? style(drawn, .red) : repeated != nil ? style(drawn, .yellow) : drawn
    let line =
      (isMarked ? style(place, .bold) : place) + paint(left).0 + " |" + body + "| "
      + paint(right, isLast: true).0
    more += notes(passage, repeated)
    return trimmed(line) + more.map(laneNote).joined()
  }

  /// What is said below a segment's arrow.
  private func notes(_ passage: FlowRecord.Passage, _ repeated: SegmentFates.Repeat?) -> [String] {
    var notes: [String] = []
    let verdict = passage.verdict
    if let repeated {
      var words = "again: " + repeated.words
      if let since = repeated.since {
        let timed = "\(words), \(Format.time(since))"
        words = timed.count <= lane ? timed : words
      }
      notes.append(words)
      if repeated.isNeedless { notes.append("not needed: it had arrived") }
    }
    if let words = fates.notes[passage.segment.frame] { notes.append(words) }
    if let turn = fates.turns[passage.segment.frame] { notes.append(turn) }
    if verdict.contains(.keepAlive) { notes.append("keep-alive") }
    if verdict.contains(.zeroWindowProbe) { notes.append("zero-window probe") }
    if verdict.contains(.outOfOrder) { notes.append("out of order") }
    if verdict.contains(.lateOriginal) { notes.append("late: its repeat overtook it") }
    if verdict.contains(.windowFull) { notes.append("fills the window") }
    if passage.standing.contains(.badChecksum) {
      notes.append("wrong checksum: dropped")
    } else if passage.standing.contains(.injected) {
      notes.append("not of this connection")
    } else if passage.standing.contains(.duplicate) {
      notes.append("a copy: captured twice")
    }
    return notes
  }

  private func laneNote(_ words: String) -> String {
    let side = max(0, lane - words.count) / 2
    let inner = (String(repeating: " ", count: side) + words).padded(lane)
    return trimmed(
      blank + String(repeating: " ", count: Self.stateWidth) + " |" + style(inner, .dim) + "|")
  }

  /// An arrow across the lane with words in it; a lost one ends in an x short of the other side.
  private func arrow(_ words: String, from sender: Role, isLost: Bool, isDotted: Bool = false) -> String {
    let reach = isLost ? max(words.count + 5, lane * 5 / 6) : lane
    let length = min(reach, lane)
    // Of words that do not fit, the arrow carries what it can.
    let label = " " + String(words.prefix(max(0, length - 5))) + " "
    let line = max(0, length - label.count - 1)
    let before = min(2, line)
    func shaft(_ n: Int) -> String {
      isDotted ? String(String(repeating: "- ", count: n).prefix(n)) : String(repeating: "-", count: n)
    }
    let tip = isLost ? "x" : sender == .originator ? ">" : "<"
    let blank = String(repeating: " ", count: lane - before - label.count - max(0, line - before) - 1)
    if sender == .originator { return shaft(before) + label + shaft(line - before) + tip + blank }
    return blank + tip + String(shaft(line - before).reversed()) + label + shaft(before)
  }

  private func drawFinding(_ finding: Finding) -> String {
    let head = "    ! "
    let words = "\(finding.severity.name) \(finding.code) \(finding.rule): "
    let who = finding.endpoint.map { "the \($0.name) " } ?? ""
    let filled = Paragraph.fill(words + who + finding.message, head: head, width: width)
    return filled.split(separator: "\n").map { style(String($0), finding.severity.tint) + "\n" }.joined()
  }

  private func drawFold(_ range: Range<Int>) -> String {
    var octets: [UInt64] = [0, 0]
    var counts: [Int] = [0, 0]
    var probes = 0
    for passage in record.passages[range] {
      let side = passage.segment.sender == .originator ? 0 : 1
      counts[side] += 1
      octets[side] &+= UInt64(passage.segment.payload)
      if !passage.verdict.isDisjoint(with: [.keepAlive, .zeroWindowProbe]) { probes += 1 }
    }
    let time =
      record.passages[range.upperBound - 1].segment.time &- record.passages[range.lowerBound].segment.time
    func side(_ i: Int, _ arrow: String) -> String? {
      guard counts[i] > 0 else { return nil }
      return "\(counts[i]) \(arrow)" + (octets[i] > 0 ? " with \(Format.grouped(octets[i])) octets" : "")
    }
    var words = [side(0, "->"), side(1, "<-")].compactMap { $0 }.joined(separator: ", ")
    if probes > 0 { words += ", \(probes) of them probes" }
    let text = "\(range.count) more in \(Format.time(time)): \(words)"
    let place = "  " + ":".leftPadded(frameWidth) + "  " + ":".leftPadded(timeWidth) + "  "
    let filled = Paragraph.fill(text, head: place, width: width).split(separator: "\n")
    return filled.map { style(String($0), .dim) + "\n" }.joined()
  }

  private func footing() -> String {
    let report = record.report
    func end(_ role: Role) -> String {
      let e = report[role]
      return e.possibleStates.isCertain
        ? e.state.name : e.possibleStates.states.map(\.name).joined(separator: " or ")
    }
    var words = "ends with the originator \(end(.originator)), the responder \(end(.responder))"
    if let holder = report.timeWaitHolder, let from = report.timeWaitFrom {
      words +=
        "; the \(holder.name) holds TIME-WAIT from \(Ladder.seconds(from &- report.firstTime)) on, for 2 MSL"
    }
    return "\n" + Paragraph.fill(words, head: "", width: width)
  }

  /// A line without blanks at its end.
  private func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }
}

extension Vantage {
  /// Where the capture was taken, after "captured".
  var words: String {
    switch self {
    case .unknown: "at an unknown place"
    case .nearOriginator: "near the originator"
    case .nearResponder: "near the responder"
    case .nearBoth: "near both"
    case .middle: "between the two"
    }
  }
}
