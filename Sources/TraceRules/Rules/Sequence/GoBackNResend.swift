import TraceDecode

/// SEQ209 go-back-n-resend
struct GoBackNResend: Rule {
  static let info = RuleInfo(
    code: "SEQ209", name: "go-back-n-resend", family: .sequence, severity: .note,
    summary: """
      After a time-out the sender sent everything again, though the receiver had much of it.
      """,
    why: "The path carries the same octets twice while the transfer stands still.",
    remedy: "enable SACK on both ends; look at why the time-out came",
    falsePositives: """
      Without SACK a sender cannot know better; with it, only segments the receiver lacked should be \
      sent.
      """,
    sources: [.rfc(5681, "3.1"), .rfc(5682, "")],
    consequenceOf: ["rto-retransmission"],
    examples: [
      .fires(
        "the acknowledgements were merely late",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.1001 > . 1561:3021(1460) ack 1
          0.1002 > . 3021:4481(1460) ack 1
          0.1003 > . 4481:5941(1460) ack 1
          0.1004 > P. 5941:7401(1460) ack 1
          0.350 > . 101:1561(1460) ack 1
          0.360 < . 1:1(0) ack 1561
          0.3601 > . 1561:3021(1460) ack 1  #! SEQ209@flow, SEQ206@flow
          0.3602 > . 3021:4481(1460) ack 1
          0.361 < . 1:1(0) ack 3021
          0.362 < . 1:1(0) ack 4481
          0.363 < . 1:1(0) ack 5941
          0.364 < . 1:1(0) ack 7401
          0.390 < . 1:1(0) ack 7401 <sack 101:1561>
          0.400 < . 1:1(0) ack 7401 <sack 1561:3021>
          0.4001 < . 1:1(0) ack 7401 <sack 3021:4481>
          """),
      .clean(
        "only what was missing is sent again",
        script: RuleExample.opening + """
          0.100 > . 101:1561(1460) ack 1
          0.1001 > . 1561:3021(1460) ack 1
          0.1002 > . 3021:4481(1460) ack 1
          0.1003 > . 4481:5941(1460) ack 1
          0.1004 > P. 5941:7401(1460) ack 1
          0.140 < . 1:1(0) ack 1561
          0.1401 < . 1:1(0) ack 1561 <sack 3021:4481>
          0.1402 < . 1:1(0) ack 1561 <sack 3021:5941>
          0.1403 < . 1:1(0) ack 1561 <sack 3021:7401>
          0.1404 > . 1561:3021(1460) ack 1  #! SEQ202, SEQ203
          0.1804 < . 1:1(0) ack 7401
          """),
    ])
  static let observes: EpisodeKind = .loss

  mutating func judge(_ episode: Episode, of flow: FlowIdentity, _ out: inout Findings) {
    guard case .loss(let e) = episode, e.timeouts > 0 else { return }
    let needless = e.ofData.filter { $0.cause == .lossRecovery && $0.spurious != .none }
    guard needless.count >= 2, let first = needless.first else { return }
    let octets = needless.reduce(UInt64(0)) { $0 &+ UInt64($1.segment.payload) }
    out.report(
      "sent \(Format.octets(octets)) again after a time-out that the receiver already had", at: first.segment,
      note: "needless", endpoint: e.sender, confidence: first.confidence,
      why: "\(needless.count) segments after the time-out repeat what had arrived; "
        + first.spurious.words(first.spuriousFrame),
      evidence: needless.dropFirst().map { $0.segment.evidence("needless") }
        + first.spuriousFrame.evidence("proves it"),
      values: [Value("octets", Int64(clamping: octets), .octets)], occurrences: needless.count)
  }
}
