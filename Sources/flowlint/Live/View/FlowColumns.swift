import TraceDecode
import TraceReport
import TraceRules

/// The columns of the view's list of flows, as the terminal is wide.
struct FlowColumns {
  private let ends: Int
  private let state: Int
  /// Full names of states fit.
  private let isWide: Bool
  private static let number = 6
  private static let rtt = 8
  private static let rate = 6
  private static let octets = 9
  private static let code = 6

  init(_ columns: Int) {
    isWide = columns >= 116
    state = isWide ? 25 : 17
    let fixed = Self.number + state + Self.rtt + Self.rate + Self.code + 5
    // Two IPv4 sockets take 45 columns; of what is left, half is the findings'.
    ends =
      isWide
      ? 45 + min(48, max(0, columns - fixed - Self.octets - 1 - 45) / 2) : max(10, columns - fixed)
  }

  var title: String {
    row("flow", "originator > responder", "states", "rtt", "bit/s", "octets", "worst")
  }

  func line(_ row: FlowBoard.Row, _ report: FlowReport?) -> String {
    let flow = row.flow.flow
    return self.row(
      String(flow.number), Self.ends(flow, ends), states(report) ?? row.flow.phase.name,
      row.flow.roundTrip.map(Format.time) ?? "-",
      row.rate == 0 ? "-" : Self.bits(row.rate), Self.scaled(Double(row.octets)),
      row.worst.map { isWide ? "\($0.code) \($0.message)" : $0.code } ?? "")
  }

  private func row(
    _ number: String, _ ends: String, _ states: String, _ rtt: String, _ rate: String, _ octets: String,
    _ worst: String
  ) -> String {
    var cells = [
      number.leftPadded(Self.number), ScreenText.fit(ends, self.ends), ScreenText.fit(states, state),
      rtt.leftPadded(Self.rtt), rate.leftPadded(Self.rate),
    ]
    if isWide { cells.append(octets.leftPadded(Self.octets)) }
    cells.append(worst)
    return cells.joined(separator: " ")
  }

  /// Units: octets a second.
  private static func bits(_ octets: UInt64) -> String { scaled(Double(octets) * 8) }

  /// `88.8M`.
  private static func scaled(_ number: Double) -> String {
    let units: [(Double, String)] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    for (size, name) in units where number >= size {
      let tenths = Int(min(number / size * 10, 99_999))
      return tenths < 1000 ? "\(tenths / 10).\(tenths % 10)\(name)" : "\(tenths / 10)\(name)"
    }
    return String(Int(number))
  }

  /// Both ends; where they do not fit, each loses its middle.
  private static func ends(_ flow: FlowIdentity, _ width: Int) -> String {
    let (a, b) = ("\(flow.originator)", "\(flow.responder)")
    if a.count + b.count + 3 <= width { return "\(a) > \(b)" }
    if a.count + b.count + 1 <= width { return "\(a)>\(b)" }
    let half = (width - 1) / 2
    let left = ScreenText.fit(a, max(half, width - 1 - b.count))
    return left.trimmed + ">" + ScreenText.fit(b, width - 1 - left.trimmed.count).trimmed
  }

  private func states(_ report: FlowReport?) -> String? {
    guard let report else { return nil }
    func name(_ end: EndpointReport) -> String {
      (isWide ? end.state.name : end.state.shortName) + (end.possibleStates.isCertain ? "" : "?")
    }
    let (a, b) = (name(report.originator), name(report.responder))
    return a == b ? a : "\(a)/\(b)"
  }
}

extension State {
  /// At most eight letters, as ss(8) and netstat(8) shorten them.
  var shortName: String {
    switch self {
    case .closed: "CLOSED"
    case .listen: "LISTEN"
    case .synSent: "SYN-SENT"
    case .synReceived: "SYN-RECV"
    case .established: "ESTAB"
    case .finWait1: "FIN-W-1"
    case .finWait2: "FIN-W-2"
    case .closeWait: "CLOSE-W"
    case .closing: "CLOSING"
    case .lastAck: "LAST-ACK"
    case .timeWait: "TIME-W"
    }
  }
}

extension String {
  /// Without blanks at the end.
  fileprivate var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
