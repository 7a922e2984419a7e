import TraceDecode

/// WND409 silly-window
struct SillyWindow: Rule {
  static let info = RuleInfo(
    code: "WND409", name: "silly-window", family: .window, severity: .warning,
    summary: "Window or data advance in tiny steps while more data is waiting.",
    why: """
      Each packet carries little but headers: the transfer crawls. A receiver is to open its window by \
      a full segment or half its buffer, a sender to wait for as much room.
      """,
    remedy: """
      have the receiving application read in larger pieces; check the stack's avoidance of the silly \
      window syndrome
      """,
    falsePositives: """
      Interactive traffic is small by nature: only segments that a window cut short count. An edge in \
      units of the window scale wavers by one of them.
      """,
    sources: [.rfc(9293, "3.8.6.2"), .rfc(813, "")],
    examples: [
      .fires(
        "a receiver that lets 200 octets in at a time",
        script: SillyWindow.opening + """
          +0.0001 > . data "\(SillyWindow.text(1000))"
          +0.0001 > P. data "\(SillyWindow.text(300))"
          +0.040 < . win 200  #! WND409
          repeat 12
          +0.0001 > P. data "\(SillyWindow.text(200))"
          +0.040 < . win 200
          end
          """),
      .fires(
        "a sender that fills each window to the brim",
        script: SillyWindow.opening + """
          +0.0001 > . data "\(SillyWindow.text(1000))"
          +0.0001 > P. data "\(SillyWindow.text(300))"  #! WND409@flow
          repeat 12
          +0.040 < . win 1300
          +0.0001 > . data "\(SillyWindow.text(1000))"
          +0.0001 > P. data "\(SillyWindow.text(300))"
          end
          +0.040 < .
          """),
      .clean(
        "small segments, but room for more",
        script: SillyWindow.opening + """
          repeat 12
          +0.0001 > P. data "\(SillyWindow.text(100))"
          +0.040 < . win 1300
          end
          """),
      .clean(
        "the edge wavers by a unit of the scale",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1000,nop,wscale 7>
          0.040 < S. 0:0(0) ack 1 win 4000 <mss 1000,nop,wscale 9>
          0.0401 > . 1:1(0) ack 1 win 502
          0.050 > P. 1:4001(4000) ack 1
          0.090 < . win 8
          repeat 12
          +0.0001 > . data "\(SillyWindow.text(1000))"
          +0.0001 > . data "\(SillyWindow.text(1000))"
          +0.0001 > . data "\(SillyWindow.text(1000))"
          +0.0001 > P. data "\(SillyWindow.text(1000))"
          +0.040 < . win 8
          end
          """),
      .clean(
        "full-size segments",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.1001 > . 1561:3021(1460) ack 1
          0.1002 > . 3021:4481(1460) ack 1
          0.1003 > . 4481:5941(1460) ack 1
          0.1004 > P. 5941:7401(1460) ack 1
          0.140 < . 1:1(0) ack 3021
          0.1401 < . 1:1(0) ack 5941
          0.1402 < . 1:1(0) ack 7401
          """),
    ])
  static let observes: EpisodeKind = .window

  /// A connection with segments of 1000 octets and a window of 1300.
  private static let opening = """
    0.000 > S 0:0(0) win 64240 <mss 1000>
    0.040 < S. 0:0(0) ack 1 win 1300 <mss 1000>
    0.0401 > . 1:1(0) ack 1
    0.050 > P. 1:101(100) ack 1
    0.090 < . win 1300

    """

  private static func text(_ octets: Int) -> String { String(repeating: "0123456789", count: octets / 10) }

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .window(let e) = episode, e.kind == .silly else { return }
    let what = e.segment.payload > 0 ? "sent its data" : "opened its window"
    out.report(
      "\(what) in tiny steps, \(Format.count(e.count, "time"))", at: e.segment, endpoint: e.endpoint,
      confidence: e.confidence,
      why: "\(e.segment.named) is the first of them; they are \(Format.octets(e.octets)) in the mean",
      evidence: e.evidence.evidence() + e.reopenedBy.evidence("opens it again"),
      values: [Value("octets", Int64(clamping: e.octets), .octets)]
        + (e.duration.map { [Value("duration", $0, .nanoseconds)] } ?? []),
      occurrences: e.count)
  }
}
