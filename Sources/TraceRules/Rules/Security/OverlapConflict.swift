import TraceDecode

/// SEC901 overlap-conflict
struct OverlapConflict: Rule {
  static let info = RuleInfo(
    code: "SEC901", name: "overlap-conflict", family: .security, severity: .error,
    summary: "The same stream octets were sent twice with different content, and both could be taken.",
    why: """
      Which copy the receiver keeps depends on its stack: an inspector that keeps the other sees another stream. \
      Where nobody attacks, something on the path or in the sender corrupts data behind the checksum.
      """,
    remedy:
      "compare TTL, IP identification and timestamps of the copies: one sender (broken offload) or two (injection)",
    falsePositives: """
      The octet of a keep-alive or window probe may be anything, a cut frame cannot be compared, and a copy \
      that PAWS rejects was not taken.
      """,
    sources: [.rfc(9293, "3.10.7.4"), .rfc(5722, "")],
    examples: [
      .fires(
        "the repeat has other octets",
        script: RuleExample.opening + """
          0.100 > P. 101:111(10) ack 1 data "rm -rf /no"
          0.400 > P. 101:111(10) ack 1 data "ls -l  /no"  #! SEC901, SEQ202@flow
          0.440 < . 1:1(0) ack 111
          """),
      .clean(
        "the repeat has the same octets",
        script: RuleExample.opening + """
          0.100 > P. 101:111(10) ack 1 data "rm -rf /no"
          0.400 > P. 101:111(10) ack 1 data "rm -rf /no"  #! SEQ202@flow
          0.440 < . 1:1(0) ack 111
          """),
    ])
  static let observes: EpisodeKind = .oddity

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .oddity(let e) = episode, e.kind == .overlapConflict else { return }
    let octets = e.octets > 0 ? Format.octets(e.octets) : "octets"
    out.report(
      "sent \(octets) again with different content", at: e.segment, note: "other content",
      confidence: e.confidence,
      why:
        "\(e.segment.named) and \(e.other?.named ?? "an earlier frame") cover the same stream offsets with different octets",
      alternatives: [
        "one copy was forged by a third party", "the sender's network interface corrupted one copy",
      ],
      evidence: e.other.evidence("first content"),
      values: [Value("octets", Int64(clamping: e.octets), .octets)],
      occurrences: e.count)
  }
}
