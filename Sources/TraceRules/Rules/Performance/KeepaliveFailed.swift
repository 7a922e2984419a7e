import TraceDecode

/// PRF113 keepalive-failed
struct KeepaliveFailed: Rule {
  static let info = RuleInfo(
    code: "PRF113", name: "keepalive-failed", family: .performance, severity: .warning,
    summary: "Keep-alive probes went unanswered, and the connection was given up.",
    why: "The peer's host or the path is gone; the application's next call fails with ETIMEDOUT.",
    remedy:
      "find out when the peer vanished; a firewall that forgets idle connections shows the same picture",
    falsePositives: "A capture without the answers' direction proves nothing; nothing is reported then.",
    sources: [.rfc(9293, "3.8.4")],
    examples: [
      .fires(
        "nine probes, then a reset",
        script: RuleExample.opening + """
          60.000 > . 100:100(0) ack 1  #! PRF113
          repeat 8
          +1.000 > . 100:100(0) ack 1
          end
          +1.000 > R. 101:101(0) ack 1 win 0  #! RST601
          """),
      .clean(
        "every probe is answered",
        script: RuleExample.opening + """
          60.000 > . 100:100(0) ack 1
          60.040 < . 1:1(0) ack 101
          120.000 > . 100:100(0) ack 1
          120.040 < . 1:1(0) ack 101
          """),
    ])
  static let observes: EpisodeKind = .probe

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .probe(let e) = episode, e.kind == .keepAlive, e.failed, let first = e.probes.first else {
      return
    }
    let rest = e.count - e.answered
    guard rest > 0 else { return }
    out.report(
      "sent \(Format.count(rest, "keep-alive")) without an answer", at: first, note: "keep-alive",
      why:
        "\(e.count) probes\(e.interval.map { ", \(Format.time($0)) apart" } ?? ""), \(e.answered) of them answered; then the connection ended or fell silent",
      evidence: e.probes.dropFirst().evidence("keep-alive"),
      values: [Value("probes", Int64(e.count), .segments), Value("answered", Int64(e.answered), .segments)],
      occurrences: rest)
  }
}
