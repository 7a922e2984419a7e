import TraceDecode

/// SEC907 isn-predictable
struct IsnPredictable: Rule {
  static let least = RuleOption("least", default: 8, .none, "connections of a host, from which it is told")
  static let info = RuleInfo(
    code: "SEC907", name: "isn-predictable", family: .security, severity: .note,
    summary: "A host's initial sequence numbers can be foretold from those before.",
    why: """
      Whoever can guess them forges segments that the host's peers accept, without seeing a packet; and \
      segments of an earlier connection fit into a new one.
      """,
    remedy: "update the stack, or have it choose its numbers as RFC 6528 says: a clock and a keyed hash",
    falsePositives: """
      Numbers that grow with a clock for one four-tuple are right; here different four-tuples are \
      compared, which a keyed hash tells apart.
      """,
    options: [least],
    sources: [.rfc(6528, "3"), .rfc(9293, "3.4.1")],
    examples: [
      .fires(
        "one more each time",
        script: """
          repeat 9
          isn > 77777 < +1
          +0.100 > S 0:0(0) win 64240 <mss 1460>
          +0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          +0.001 > . 1:1(0) ack 1
          flow +1
          end
          #! SEC907@capture
          """),
      .clean(
        "no two alike",
        script: """
          isn > 4123456789 < 1234567
          0.100 > S 0:0(0) win 64240 <mss 1460>
          +0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          +0.001 > . 1:1(0) ack 1
          flow +1
          isn > 91234567 < 3987654321
          +0.100 > S 0:0(0) win 64240 <mss 1460>
          +0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          +0.001 > . 1:1(0) ack 1
          """),
    ])
  static let observes: EpisodeKind = [.flowEnd, .captureEnd]
  static let flows: FlowTraits = .answered

  private struct Choice {
    var time: Int64
    var number: UInt32
    var frame: UInt64
  }
  private var hosts: [IPAddress: [Choice]] = [:]
  private var seen = 0
  /// Connections looked at, hosts, and numbers kept of each.
  private static let flowLimit = 4096
  private static let hostLimit = 1024
  private static let choiceLimit = 32

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    // A sample is enough, and costs a busy capture nothing more.
    guard seen < Self.flowLimit, report.flow.incarnation == 1 else { return }
    seen += 1
    note(report.originator.metrics.initialSequence, of: report.flow.originator.address, report)
    note(report.responder.metrics.initialSequence, of: report.flow.responder.address, report)
  }

  private mutating func note(_ number: UInt32?, of host: IPAddress, _ report: borrowing FlowReport) {
    guard let number, let count = hosts[host]?.count ?? (hosts.count < Self.hostLimit ? 0 : nil),
      count < Self.choiceLimit
    else { return }
    hosts[host, default: []].append(
      Choice(time: report.firstTime, number: number, frame: report.flow.firstFrame))
  }

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    for (host, choices) in hosts.sorted(by: { $0.key < $1.key })
    where choices.count >= max(3, Int(clamping: out[Self.least])) {
      let inOrder = choices.sorted { ($0.time, $0.frame) < ($1.time, $1.frame) }
      guard let pattern = Self.pattern(inOrder), let last = inOrder.last, let first = inOrder.first else {
        continue
      }
      out.report(
        "\(host) chooses initial sequence numbers that can be foretold", frame: first.frame, time: first.time,
        confidence: .likely,
        why:
          "\(choices.count) connections on different four-tuples: \(pattern), from \(first.number) to \(last.number)",
        values: [Value("connections", Int64(choices.count))], occurrences: choices.count)
    }
  }

  /// Numbers further apart than this from what a clock makes of them are none of its. Space: octets.
  private static let reach = 65536.0

  /// In words, what all the steps between the numbers have in common; nil where they have nothing.
  private static func pattern(_ choices: [Choice]) -> String? {
    let steps = zip(choices.dropFirst(), choices).map { next, one in
      (
        octets: Double(Int32(bitPattern: next.number &- one.number)),
        seconds: Double(next.time &- one.time) / 1e9
      )
    }
    if steps.allSatisfy({ abs($0.octets) <= 16 }) { return "they are all but the same" }
    let rates = steps.filter { $0.seconds > 0.001 }.map { $0.octets / $0.seconds }.sorted()
    guard rates.count * 2 >= steps.count, !rates.isEmpty else { return nil }
    let rate = rates[rates.count / 2]
    // The clock of RFC 9293 ticks 250,000 times a second.
    guard rate > 0, rate < 4e6, steps.allSatisfy({ abs($0.octets - rate * $0.seconds) <= reach }) else {
      return nil
    }
    return "they grow by about \(Int64(rate)) a second"
  }
}
