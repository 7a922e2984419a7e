import TraceDecode

/// RST608 data-after-reset
struct DataAfterReset: Rule {
  static let info = RuleInfo(
    code: "RST608", name: "data-after-reset", family: .reset, severity: .error,
    summary: "A side that had reset the connection, by a reset that bears no foreign mark, went on sending.",
    why: """
      Who resets has no connection left to send on. Either the reset was forged well enough to look genuine, or \
      the stack is broken; the peer answers the data by resets.
      """,
    remedy: "capture beside the sender: if the reset does not leave there, look for what injects it",
    falsePositives: """
      Data of the other side that was in flight when the reset passed is normal. A SYN afterwards is a new \
      connection. A reset that its receiver ignored ends nothing.
      """,
    sources: [.rfc(9293, "3.10.7.4"), .rfc(9293, "3.5.2")],
    examples: [
      .fires(
        "data after one's own reset",
        script: RuleExample.opening + """
          0.200 > R. 101:101(0) ack 1 win 502
          0.300 > P. 101:201(100) ack 1  #! RST608@flow
          0.340 < R 1:1(0) win 0  #! RST601@flow
          """),
      .clean(
        "the peer's data was in flight",
        script: RuleExample.opening + """
          0.200 > R. 101:101(0) ack 1 win 502  #! RST601
          0.201 < P. 1:101(100) ack 101
          """),
    ])
  static let observes: EpisodeKind = .reset

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reset(let e) = episode, e.validity == .accepted, let data = e.dataAfter, !e.looksForged else {
      return
    }
    out.report(
      "went on sending \(Format.time(data.since(e.rst))) after it had reset the connection", at: data,
      note: "after its own reset", confidence: .likely,
      why:
        "\(e.rst.named) is an exact reset of the same endpoint, \(data.named) a segment of the same connection after it",
      alternatives: ["the reset was forged"], evidence: [e.rst.evidence("resets")],
      values: [Value("after", data.since(e.rst), .nanoseconds)])
  }
}
