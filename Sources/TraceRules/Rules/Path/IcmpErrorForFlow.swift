import TraceDecode

/// PTH109 icmp-error-for-flow
struct IcmpErrorForFlow: Rule {
  static let info = RuleInfo(
    code: "PTH109", name: "icmp-error-for-flow", family: .path, severity: .warning,
    summary: "A router or host reported by ICMP that it could not deliver a segment of the flow.",
    why: """
      The path says what is wrong: no route, no such host, forbidden, too many hops. While opening, the stack \
      goes on trying and connect() fails in the end with EHOSTUNREACH or ENETUNREACH; later the error is only \
      advice.
      """,
    remedy: "ask the reporter of the error: its route, its neighbour entry, or its filter is at fault",
    falsePositives: """
      An error whose quoted sequence number the sender never used is forged or stale, and is reported as a note \
      only. Too-big errors are ordinary path MTU discovery and are not reported here.
      """,
    sources: [.rfc(5927, "4.1"), .rfc(9293, "3.9.2.2")],
    examples: [
      .fires(
        "no such host",
        script: """
          0.000 > S 0:0(0) win 64240 <mss 1460>
          3.000 < icmp unreachable host from 10.0.0.254  #! PTH109
          flow 2
          60.000 > S 0:0(0) win 64240 <mss 1460>
          60.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
          60.0401 > . 1:1(0) ack 1 win 502
          """),
      .clean("no error", script: RuleExample.opening),
    ])
  static let observes: EpisodeKind = .icmp

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .icmp(let e) = episode else { return }
    switch e.error.kind {
    case .fragmentationNeeded, .packetTooBig, .redirect, .sourceQuench: return
    default: break
    }
    var why =
      "the error quotes sequence number \(e.error.quotedSeq) from \(e.error.quotedSource) to \(e.error.quotedDestination)"
    why += e.quoteFits ? ", which was sent" : ", which was never sent"
    if e.duringHandshake { why += "; the connection was still opening" }
    out.report(
      "\(e.error.reporter) reported \(e.error.words) for a segment of the \(e.sender.name)",
      frame: e.error.frame,
      time: e.error.time, recordOffset: e.error.recordOffset, endpoint: e.sender,
      severity: e.quoteFits ? .warning : .note,
      confidence: e.quoteFits ? .certain : .possible, why: why,
      alternatives: e.quoteFits ? [] : ["a forged error, to disturb the connection"],
      values: [Value("type", Int64(e.error.type)), Value("code", Int64(e.error.code))], occurrences: e.count)
  }
}
