import TraceDecode

/// RST607 reset-storm
struct ResetStorm: Rule {
  static let count = RuleOption(
    "count", default: 10, .segments, "resets in a row from which on it is a storm")
  static let info = RuleInfo(
    code: "RST607", name: "reset-storm", family: .reset, severity: .note,
    summary: "One side sent many resets in one connection.",
    why: """
      Each segment that arrives for a connection that is gone is answered by a reset. Many of them mean a peer \
      that does not hear them, or a third party that tries to hit the window.
      """,
    remedy: "look at why the peer goes on sending: are the resets lost on the way back, or refused by it",
    falsePositives:
      "A burst of data in flight when the connection ended draws as many resets as it had segments.",
    options: [count],
    sources: [.rfc(9293, "3.5.2")],
    examples: [
      .fires(
        "twelve resets",
        script: RuleExample.opening + """
          0.200 < R 900000000:900000000(0) win 0  #! RST602@flow, RST607@flow
          repeat 11
          +0.010 < R 900000000:900000000(0) win 0
          end
          +0.100 > P. 101:201(100) ack 1
          +0.040 < . 1:1(0) ack 201
          """),
      .clean(
        "one reset",
        script: RuleExample.opening + """
          0.200 < R. 1:1(0) ack 101 win 0  #! RST601
          """),
    ])
  static let observes: EpisodeKind = .reset

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reset(let e) = episode, e.count >= out[Self.count] else { return }
    out.report(
      "sent \(e.count) resets in a row", at: e.rst, note: "the first",
      why: "\(e.count) resets with equal numbers follow from \(e.rst.named) on",
      values: [Value("resets", Int64(e.count), .segments)], occurrences: e.count)
  }
}
