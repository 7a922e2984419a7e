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
  private static let rate = 11
  private static let worst = 6

  init(_ columns: Int) {
    isWide = columns >= 110
    state = isWide ? 25 : 17
    ends = max(10, columns - Self.number - state - Self.rtt - Self.rate - Self.worst - 6)
  }

  var title: String {
    row("flow", "originator > responder", "states", "rtt", "rate", "worst")
  }

  func line(_ row: FlowBoard.Row, _ report: FlowReport?) -> String {
    let flow = row.flow.flow
    return self.row(
      String(flow.number), Self.ends(flow, ends), states(report) ?? row.flow.phase.name,
      row.flow.roundTrip.map(Format.time) ?? "-",
      row.rate == 0 ? "-" : Format.rate(octets: row.rate, over: 1_000_000_000), row.worst?.code ?? "")
  }

  private func row(
    _ number: String, _ ends: String, _ states: String, _ rtt: String, _ rate: String, _ worst: String
  ) -> String {
    let cells = [
      number.leftPadded(Self.number), ends.padded(self.ends), states.padded(state),
      rtt.leftPadded(Self.rtt), rate.leftPadded(Self.rate), worst.padded(Self.worst),
    ]
    return cells.joined(separator: " ")
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
