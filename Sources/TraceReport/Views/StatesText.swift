import TraceDecode
import TraceRules

/// The census of states, for a person: each group's states with their peak, and their course as a line.
public struct StatesText {
  public struct Options: Sendable {
    public var style = Style(isColored: false)
    public var width = 80
    public init() {}
  }
  private let options: Options
  private var style: Style { options.style }

  public init(options: Options = Options()) { self.options = options }

  /// From thin to thick: none, then shares of the state's own peak.
  private static let levels = Array(" .:-=+*#%@")

  /// The course of every state of every group.
  public func text(_ census: StateCensus) -> String {
    guard let start = census.start else { return "no TCP flow\n" }
    var text = ""
    for group in census.groups.keys.sorted() {
      guard let tally = census.groups[group] else { continue }
      text += style(group.name, .bold) + "  " + Format.count(tally.flows, "connection") + "\n"
      text +=
        style("  state           peak  at           over \(Format.time(max(0, census.end &- start)))", .dim)
        + "\n"
      for state in census.states(of: group) {
        let counts = census.counts(group, state)
        let peak = census.peak(group, state)
        if peak.count == 0 {
          text += "  \(state.name.padded(13))" + "-".leftPadded(7) + "  shorter than the samples' distance\n"
          continue
        }
        var line = "  " + state.name.padded(13) + Format.grouped(peak.count).leftPadded(7) + "  "
        line += Ladder.seconds(peak.time &- start).padded(12) + " "
        line += curve(counts, columns: max(20, options.width - line.count - 1), peak: peak.count)
        while line.last == " " { line.removeLast() }
        text += line + "\n"
      }
      if group.isOriginator {
        let most = census.peak(group, nil)
        text += "  " + Format.count(most.count, "port") + " in use at most, TIME-WAIT included\n"
      }
      text += "\n"
    }
    if census.uncounted > 0 {
      text += "\(Format.grouped(census.uncounted)) endpoints of further hosts are not counted\n"
    }
    text += Paragraph.fill(
      """
      counted every \(Format.time(census.step)); TIME-WAIT ends after \(Format.time(census.timeWait)) \
      (--time-wait); darker is more, of the row's peak
      """, head: "", width: options.width)
    return text
  }

  /// Counts as a line of marks, each column the greatest of its samples.
  private func curve(_ counts: [Int], columns: Int, peak: Int) -> String {
    guard !counts.isEmpty, peak > 0 else { return "" }
    let columns = min(columns, max(1, counts.count))
    return String(
      (0..<columns).map { column in
        let from = column * counts.count / columns
        let to = max(from + 1, (column + 1) * counts.count / columns)
        let most = counts[from..<min(to, counts.count)].max() ?? 0
        let level = most == 0 ? 0 : max(1, most * (Self.levels.count - 1) / peak)
        return Self.levels[min(level, Self.levels.count - 1)]
      })
  }

  /// What `ss -ant | awk '{n[$1]++} END {for (s in n) print s, n[s]}'` would have printed on each host.
  public func text(_ roll: StateRoll, start: Int64) -> String {
    var text = ""
    for (i, moment) in roll.moments.enumerated() {
      text += style("at \(Ladder.seconds(moment &- start)) s", .bold) + "\n"
      let hosts = Set(roll.counts[i].keys).union(roll.listeners.keys).sorted()
      for host in hosts {
        text += "  \(host)\n"
        if let listening = roll.listeners[host] {
          text += "    " + State.listen.ssName.padded(12) + String(listening.count).leftPadded(6) + "\n"
        }
        for state in State.allCases {
          guard let count = roll.counts[i][host]?[state] else { continue }
          text += "    " + state.ssName.padded(12) + String(count).leftPadded(6) + "\n"
        }
      }
      if hosts.isEmpty { text += "  no socket\n" }
    }
    return text
  }

  /// The rolls as CSV: `time,host,state,count`; LISTEN left out.
  public static func csv(_ roll: StateRoll, start: Int64) -> String {
    var text = "time,host,state,count\r\n"
    for (i, moment) in roll.moments.enumerated() {
      let out = ByteOutput()
      out.putSeconds(moment &- start)
      for host in roll.counts[i].keys.sorted() {
        for state in State.allCases {
          if let count = roll.counts[i][host]?[state] {
            text += "\(out.text),\(host),\(state.name),\(count)\r\n"
          }
        }
      }
    }
    return text
  }

  /// The census as CSV: `time,host,service,side,state,count`, a row where a count changes.
  public static func csv(_ census: StateCensus) -> String {
    var text = "time,host,service,side,state,count\r\n"
    guard let start = census.start else { return text }
    for group in census.groups.keys.sorted() {
      for state in census.states(of: group) {
        var last = 0
        for (sample, count) in census.counts(group, state).enumerated() where count != last {
          last = count
          let out = ByteOutput()
          out.putSeconds(census.time(of: sample) &- start)
          let side = group.isOriginator ? Role.originator.name : Role.responder.name
          text += "\(out.text),\(group.host),\(group.service),\(side),\(state.name),\(count)\r\n"
        }
      }
    }
    return text
  }
}
