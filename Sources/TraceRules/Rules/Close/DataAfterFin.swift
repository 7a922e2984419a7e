import TraceDecode

/// CLS505 data-after-fin
struct DataAfterFin: Rule {
  static let info = RuleInfo(
    code: "CLS505", name: "data-after-fin", family: .close, severity: .error,
    summary: "A side sent octets beyond its own FIN, or moved the FIN.",
    why: """
      A FIN promises that nothing follows. A receiver drops what lies beyond it, so the data is lost; or the \
      FIN, or the data, was forged.
      """,
    remedy: "compare TTL and IP identification of FIN and data; if they agree, report the sender's stack",
    falsePositives: "A FIN repeated together with the data before it ends at the same number and is allowed.",
    sources: [.rfc(9293, "3.6"), .rfc(9293, "3.10.7.4")],
    examples: [
      .fires(
        "octets beyond the FIN",
        script: RuleExample.opening + """
          0.100 > F. 101:101(0) ack 1
          0.140 < . 1:1(0) ack 102
          0.200 > P. 102:202(100) ack 1  #! CLS505
          0.240 < . 1:1(0) ack 102
          """),
      .clean(
        "the FIN is repeated together with the last data",
        script: RuleExample.opening + """
          0.100 > P. 101:201(100) ack 1
          0.1001 > F. 201:201(0) ack 1
          0.400 > FP. 101:201(100) ack 1  #! CLS501@flow, SEQ202@flow
          0.440 < F. 1:1(0) ack 202
          0.4401 > . 202:202(0) ack 2
          """),
    ])
  static let observes: EpisodeKind = .close

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .close(let e) = episode else { return }
    for role in [Role.originator, .responder] {
      guard let data = e[role].dataAfterFin, let fin = e[role].fins.first else { continue }
      let moved = data.flags.contains(.fin)
      let beyond = data.end - fin.end
      guard moved || beyond > 0 else { continue }
      out.report(
        moved
          ? "moved its FIN from \(fin.end - 1) to \(data.end - 1)"
          : "sent \(Format.octets(max(beyond, 0))) beyond its own FIN",
        at: data, note: "beyond the FIN",
        why: "\(fin.named) has the FIN at \(fin.end - 1); \(data.named) covers \(data.start) to \(data.end)",
        alternatives: ["the FIN was forged by a third party", "the data was forged by a third party"],
        evidence: [fin.evidence("the FIN")], values: [Value("octets", max(beyond, 0), .octets)])
    }
  }
}
