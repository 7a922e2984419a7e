import TraceDecode
import TraceRules

/// A flow's time-sequence graph as an SVG picture: both endpoints' states, and for each direction with data its
/// segments, acknowledgements, window edge, SACK and what went wrong. Light and dark, as the viewer prefers.
public struct SequenceSVG {
  private let record: FlowRecord
  private let plot: FlowPlot
  private let start: Int64
  private let end: Int64

  private static let width = 1120.0
  private static let panel = 380.0
  private static let left = 92.0
  private static let right = 20.0

  public init(_ record: FlowRecord) {
    self.record = record
    plot = FlowPlot(record)
    start = record.report.firstTime
    end = max(record.report.lastTime, start &+ 1000)
  }

  private var senders: [Role] {
    let carrying = [Role.originator, .responder].filter { sender in
      record.report[sender].metrics.octetsPayload > 0
    }
    return carrying.isEmpty ? [.originator] : carrying
  }

  /// The picture.
  public func write(to out: ByteOutput) {
    let height = 118 + Double(senders.count) * (Self.panel + 74)
    out.put("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
    out.decimal(Self.width)
    out.put(" ")
    out.decimal(height)
    out.put("\" font-family=\"system-ui, sans-serif\" font-size=\"12\" role=\"img\">\n<title>")
    out.putMarkup(title)
    out.put("</title>\n")
    out.put(Self.style)
    out.put("<rect class=\"bg\" width=\"100%\" height=\"100%\"/>\n<text class=\"h\" x=\"20\" y=\"30\">")
    out.putMarkup(title)
    out.put("</text>\n")
    writeBands(to: out)
    for (i, sender) in senders.enumerated() {
      SequencePanel(
        side: plot[sender], start: start, end: end,
        top: 128 + Double(i) * (Self.panel + 74), height: Self.panel, left: Self.left,
        width: Self.width - Self.left - Self.right,
        heading: "\(record.report.flow[sender]) > \(record.report.flow[sender.peer])"
      ).write(to: out)
    }
    out.put("</svg>\n")
  }

  private var title: String {
    let flow = record.report.flow
    return "flow \(flow.number): \(flow.originator) > \(flow.responder), \(record.report.outcome.name), "
      + Format.time(end &- start)
  }

  private func x(_ time: Int64) -> Double {
    let share = Double(time &- start) / Double(end &- start)
    return Self.left + min(1, max(0, share)) * (Self.width - Self.left - Self.right)
  }

  private func writeBands(to out: ByteOutput) {
    for (row, role) in [Role.originator, .responder].enumerated() {
      let y = 46 + Double(row) * 25
      out.text(Self.left - 8, y + 15, role.name, "d e")
      var state = record.report[role].initialState
      var since = start
      func draw(until time: Int64) {
        let (from, to) = (x(since), x(time))
        guard to > from else { return }
        out.put("<rect class=\"")
        out.put(state.bandClass)
        out.put("\" x=\"")
        out.decimal(from)
        out.put("\" y=\"")
        out.decimal(y)
        out.put("\" width=\"")
        out.decimal(max(0.5, to - from - 1))
        out.put("\" height=\"21\"><title>")
        out.put(state.name)
        out.put("</title></rect>\n")
        if to - from > Double(state.name.utf8.count) * 8 + 8 { out.text(from + 6, y + 15, state.name, "") }
      }
      for change in record.report.timeline(role) {
        draw(until: change.time)
        (state, since) = (change.to, max(start, change.time))
      }
      draw(until: end)
    }
  }

  private static let style: StaticString = """
    <style>
    svg{--bg:#fff;--text:#1b1f24;--dim:#5c6370;--grid:#e9ebee;--data:#39424e;--ack:#1c8a4d;--edge:#b98a1b;\
    --sack:#8a4fc4;--bad:#d1202f;--again:#e07400;--odd:#0b6fb8;--open:#f3d9a4;--est:#bfe3cb;--close:#d8ccf1;\
    --wait:#f6c5b4;--tw:#c8d9ee;--off:#eceef0}
    @media(prefers-color-scheme:dark){svg{--bg:#181b1f;--text:#e6e9ed;--dim:#9aa3af;--grid:#262b32;\
    --data:#c3cad4;--ack:#4fc983;--edge:#d9b04c;--sack:#c194f5;--bad:#ff6b6b;--again:#ffad4d;--odd:#6ab7ff;\
    --open:#5a4620;--est:#1f4a31;--close:#41325f;--wait:#65301f;--tw:#27405e;--off:#23272d}}
    text{fill:var(--text)}.h{font-size:15px;font-weight:600}.d{fill:var(--dim)}.e{text-anchor:end}\
    .m{text-anchor:middle}.bg{fill:var(--bg)}.g{stroke:var(--grid)}path,line{fill:none}\
    .data{stroke:var(--data);stroke-width:1.6}.ack{stroke:var(--ack);stroke-width:1.5}\
    .edge{stroke:var(--edge);stroke-width:1.2}.sack{stroke:var(--sack);stroke-width:1.5}\
    .bad{stroke:var(--bad);stroke-width:2.6}.again{stroke:var(--again);stroke-width:2.6}\
    .odd{stroke:var(--odd);stroke-width:2.6}text.l{font-size:10px;font-weight:700;text-anchor:middle}\
    text.bad{fill:var(--bad);stroke:none}text.again{fill:var(--again);stroke:none}\
    text.odd{fill:var(--odd);stroke:none}text.edge{fill:var(--edge);stroke:none}
    .open{fill:var(--open)}.est{fill:var(--est)}.close{fill:var(--close)}.wait{fill:var(--wait)}\
    .tw{fill:var(--tw)}.off{fill:var(--off)}
    </style>

    """
}

/// One direction of the picture.
private struct SequencePanel {
  var side: PlotSide
  var start: Int64
  var end: Int64
  var top: Double
  var height: Double
  var left: Double
  var width: Double
  var heading: String

  /// The octets that are shown: the data, and the window's edge where it is near.
  private var range: (low: Double, high: Double) {
    var low = Int64.max
    var high = Int64.min
    for run in side.runs.points { (low, high) = (min(low, run.low), max(high, run.high)) }
    for mark in side.marks.points where mark.kind != .reset {
      (low, high) = (min(low, mark.low), max(high, mark.high))
    }
    for ack in side.acks.points { (low, high) = (min(low, ack.ack), max(high, ack.ack)) }
    guard low < high else { return (0, 1) }
    let size = Double(high) - Double(low)
    let edge = Double(side.acks.points.lazy.map(\.edge).max() ?? high)
    let top = edge > Double(high) && edge < Double(high) + size * 0.7 ? edge : Double(high)
    return (Double(low) - size * 0.04, top + size * 0.06)
  }

  func write(to out: ByteOutput) {
    let (low, high) = range
    func y(_ place: Int64) -> Double {
      top + height - min(1, max(0, (Double(place) - low) / (high - low))) * height
    }
    func x(_ time: Int64) -> Double {
      left + min(1, max(0, Double(time &- start) / Double(end &- start))) * width
    }
    out.text(left, top - 8, heading, "")
    if side.acks.points.contains(where: { Double($0.edge) > high }) {
      out.text(left + width, top - 8, "where the window edge runs along the top, it lies above", "d e")
    }
    for value in Ticks.values(from: max(0, low), to: high, count: 7, least: 1) {
      let at = top + height - (value - low) / (high - low) * height
      out.line(left, at, left + width, at, "g")
      out.text(left - 8, at + 4, Ticks.octets(value), "d e")
    }
    let seconds = Double(end &- start) / 1e9
    for value in Ticks.values(from: 0, to: seconds, count: 9) {
      let at = left + value / seconds * width
      out.line(at, top + height, at, top + height + 5, "g")
      out.text(at, top + height + 19, value == 0 ? "0" : Format.time(Int64(value * 1e9)), "d m")
    }
    writeSteps(to: out, "edge", x) { y($0.edge) }
    writeSteps(to: out, "ack", x) { y($0.ack) }
    writeStrokes(to: out, "data", side.runs.points) { (x($0.time), y($0.low), x($0.until), y($0.high)) }
    writeStrokes(to: out, "sack", side.sacks.points) { (x($0.time), y($0.low), x($0.time), y($0.high)) }
    var counts: [PlotMark.Kind: Int] = [:]
    var last = (x: -100.0, y: -100.0)
    for mark in (side.marks.points + side.losses.points).sorted(by: { $0.time < $1.time }) {
      counts[mark.kind, default: 0] += mark.count
      let at = x(mark.time)
      if mark.high > mark.low, mark.kind.drawsBar {
        out.line(at, max(y(mark.low), y(mark.high) + 2), at, y(mark.high), mark.kind.inkClass)
      }
      let label =
        mark.kind == .lost || mark.kind == .missing ? (y(mark.low) + y(mark.high)) / 2 + 4 : y(mark.high) - 4
      // Letters that would cover each other are left out.
      if abs(at - last.x) < 8, abs(label - last.y) < 9 { continue }
      last = (at, label)
      out.text(at, label, mark.kind.svgLetter, "l \(mark.kind.inkClass)")
    }
    writeLegend(to: out, counts)
  }

  private func writeSteps(
    to out: ByteOutput, _ name: StaticString, _ x: (Int64) -> Double, _ y: (PlotAck) -> Double
  ) {
    guard let first = side.acks.points.first else { return }
    out.put("<path class=\"")
    out.put(name)
    out.put("\" d=\"M")
    out.decimal(x(first.time))
    out.put(" ")
    out.decimal(y(first))
    for ack in side.acks.points.dropFirst() {
      out.put("H")
      out.decimal(x(ack.time))
      out.put("V")
      out.decimal(y(ack))
    }
    out.put("H")
    out.decimal(left + width)
    out.put("\"/>\n")
  }

  private func writeStrokes<Point>(
    to out: ByteOutput, _ name: StaticString, _ points: [Point],
    _ place: (Point) -> (Double, Double, Double, Double)
  ) {
    guard !points.isEmpty else { return }
    out.put("<path class=\"")
    out.put(name)
    out.put("\" d=\"")
    for point in points {
      let (x0, y0, x1, y1) = place(point)
      out.put("M")
      out.decimal(x0)
      out.put(" ")
      out.decimal(max(y0, y1 + 1))
      out.put("L")
      out.decimal(x1)
      out.put(" ")
      out.decimal(y1)
    }
    out.put("\"/>\n")
  }

  private func writeLegend(to out: ByteOutput, _ counts: [PlotMark.Kind: Int]) {
    var at = left
    let y = top + height + 42
    func entry(_ words: String, _ ink: String, letter: String?) {
      if let letter {
        out.text(at + 6, y, letter, "l \(ink)")
      } else {
        out.line(at, y - 4, at + 13, y - 4, ink)
      }
      out.text(at + 19, y, words, "d")
      at += 34 + Double(words.count) * 6.6
    }
    entry("segments", "data", letter: nil)
    entry("acknowledged", "ack", letter: nil)
    entry("window edge", "edge", letter: nil)
    if !side.sacks.isEmpty { entry("SACK", "sack", letter: nil) }
    for kind in PlotMark.Kind.allCases where kind != .syn && kind != .fin {
      guard let count = counts[kind], at < left + width - 90 else { continue }
      entry("\(kind.name) \(Format.grouped(count))", kind.inkClass, letter: kind.svgLetter)
    }
  }
}

/// Round numbers along an axis.
private enum Ticks {
  static func values(from low: Double, to high: Double, count: Double, least: Double = 0) -> [Double] {
    let rough = max(least, (high - low) / count)
    guard rough > 0, rough.isFinite else { return [] }
    var step = 1.0
    while step > rough { step /= 10 }
    while step * 10 <= rough { step *= 10 }
    for factor in [2.0, 5, 10] where step * factor >= rough {
      step *= factor
      break
    }
    var values: [Double] = []
    var value = (low / step).rounded(.up) * step
    while value <= high, values.count < 50 {
      values.append(value)
      value += step
    }
    return values
  }

  static func octets(_ value: Double) -> String {
    for (unit, name) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= unit {
      let tenths = (value / unit * 10).rounded()
      let whole = Int64(tenths) / 10
      return Int64(tenths) % 10 == 0 ? "\(whole) \(name)" : "\(whole).\(Int64(tenths) % 10) \(name)"
    }
    return String(Int64(value))
  }
}

extension PlotMark.Kind {
  fileprivate var inkClass: String {
    switch self {
    case .timeout, .lost, .missing, .reset: "bad"
    case .again, .fast, .recovery, .pathMTU: "again"
    case .spurious, .tailLossProbe, .outOfOrder, .duplicate, .keepAlive, .zeroWindowProbe: "odd"
    case .zeroWindow: "edge"
    case .syn, .fin: "d"
    }
  }

  fileprivate var drawsBar: Bool {
    switch self {
    case .lost, .missing, .syn, .fin, .reset, .zeroWindow: false
    default: true
    }
  }

  fileprivate var svgLetter: String {
    switch self {
    case .lost: "\u{2715}"
    case .missing: "\u{25ef}"
    default: "\(letter)"
    }
  }
}

extension State {
  /// The colour of the state in a band.
  fileprivate var bandClass: StaticString {
    switch self {
    case .closed, .listen: "off"
    case .synSent, .synReceived: "open"
    case .established: "est"
    case .finWait1, .finWait2, .closing, .lastAck: "close"
    case .closeWait: "wait"
    case .timeWait: "tw"
    }
  }
}

extension ByteOutput {
  /// A coordinate, to a tenth.
  fileprivate func decimal(_ value: Double) {
    let tenths = Int64((value * 10).rounded())
    if tenths < 0 { put("-") }
    put(tenths.magnitude / 10)
    if tenths % 10 != 0 {
      put(".")
      put(tenths.magnitude % 10)
    }
  }

  fileprivate func line(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, _ name: String) {
    put("<line class=\"\(name)\" x1=\"")
    decimal(x0)
    put("\" y1=\"")
    decimal(y0)
    put("\" x2=\"")
    decimal(x1)
    put("\" y2=\"")
    decimal(y1)
    put("\"/>\n")
  }

  fileprivate func text(_ x: Double, _ y: Double, _ words: String, _ name: String) {
    put("<text class=\"\(name)\" x=\"")
    decimal(x)
    put("\" y=\"")
    decimal(y)
    put("\">")
    putMarkup(words)
    put("</text>\n")
  }
}
