import TraceDecode

/// RST604 reset-injected
struct ResetInjected: Rule {
  static let info = RuleInfo(
    code: "RST604", name: "reset-injected", family: .reset, severity: .error,
    summary: "A reset that its receiver could obey bears the marks of another sender.",
    why: """
      Somebody on or beside the path - a firewall, an intrusion prevention system, a censor, an attacker - ended \
      the connection in an endpoint's name. Neither application did anything wrong.
      """,
    remedy:
      "find the device whose distance fits the reset's TTL, and its policy; capture nearer to the sender to be sure",
    falsePositives: """
      One mark alone proves nothing: a stack may send resets with another TTL or identification 0, and routes \
      change. Two are asked for.
      """,
    sources: [.rfc(5961, "3"), .rfc(3360, "")],
    examples: [
      .fires(
        "another TTL, and the endpoint goes on sending",
        script: RuleExample.opening + """
          0.200 < R 1:1(0) win 0 ttl 249 id 4242  #! RST604
          0.2001 < P. 1:501(500) ack 101 win 501
          0.220 < P. 501:1001(500) ack 101 win 501
          """),
      .clean(
        "the endpoint's own abort",
        script: RuleExample.opening + """
          0.200 < R. 1:1(0) ack 101 win 0  #! RST601
          """),
    ])
  static let observes: EpisodeKind = .reset

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .reset(let e) = episode, e.looksForged else { return }
    let marks = e.foreign.marks
    out.report(
      "was reset in the \(e.rst.sender.name)'s name by somebody else", at: e.rst, note: "not its own",
      endpoint: e.rst.sender.peer,
      confidence: marks.count > 2 || e.foreign.contains(.senderContinues) ? .likely : .possible,
      why: Format.list(marks), alternatives: ["a load balancer or proxy that stands for the endpoint"],
      evidence: e.provokedBy.evidence("before it") + e.dataAfter.evidence("its supposed sender goes on"),
      values: [Value("marks", Int64(marks.count))], occurrences: e.count)
  }
}
