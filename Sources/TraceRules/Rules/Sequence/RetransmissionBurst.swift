import TraceDecode

/// SEQ211 retransmission-burst
struct RetransmissionBurst: Rule {
  static let share = RuleOption("share", default: 3, .percent, "repeats, of all data segments of a direction")
  static let minimum = RuleOption(
    "min_segments", default: 100, .segments, "data segments a direction must have")
  static let info = RuleInfo(
    code: "SEQ211", name: "retransmission-burst", family: .sequence, severity: .warning,
    summary: "A large part of a transfer was sent again.",
    why: "Beyond a few percent, loss governs the rate: TCP cannot fill the path.",
    remedy: """
      find the losses' side (SEQ201, SEQ202) and mend that path; check for a policer, whose drops come \
      in bursts
      """,
    falsePositives: "Needless repeats and copies made by the capture are not counted.",
    options: [share, minimum],
    sources: [.rfc(5681, "3.1")],
    examples: [
      .fires(
        "one segment in twelve",
        script: RuleExample.opening + """
          repeat 10
          +0.010 > P. data "0123456789"
          +0.001 > P. data "0123456789"
          +0.001 > P. data "0123456789"
          +0.001 > P. data "0123456789"
          +0.001 > P. data "0123456789"
          +0.001 > P. data "0123456789"
          +0.001 > P. data "0123456789"
          +0.001 > P. data "0123456789"
          +0.001 > P. data "0123456789"
          +0.001 > P. data "0123456789"
          +0.040 < .
          +0.001 > P. data "0123456789"
          +0.250 > again
          +0.040 < .
          end
          #! SEQ211@flow, SEQ202@flow, SEQ205@flow
          """),
      .clean(
        "one loss in five segments is no burst",
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
  static let observes: EpisodeKind = .flowEnd
  static let flows: FlowTraits = .retransmitted

  mutating func flowEnded(_ report: FlowReport, _ out: inout Findings) {
    judge(report.originator.metrics, .originator, report, &out)
    judge(report.responder.metrics, .responder, report, &out)
  }

  private func judge(_ m: DirectionMetrics, _ role: Role, _ report: FlowReport, _ out: inout Findings) {
    guard m.retransmittedSegments > 0, Int64(clamping: m.dataPackets) >= out[Self.minimum] else { return }
    let share = out[Self.share]
    let again =
      UInt64(m.retransmittedSegments) - UInt64(min(m.retransmittedSpurious, m.retransmittedSegments))
    guard Int64(clamping: again &* 100) > Int64(clamping: m.dataPackets) &* share else { return }
    out.report(
      "had to send \(Format.percent(again, of: m.dataPackets)) of its data segments again",
      frame: report.flow.firstFrame, time: report.firstTime, endpoint: role,
      why: "\(again) of \(m.dataPackets) data segments are repeats that were needed, above \(share) %",
      values: [
        Value("repeats", Int64(again), .segments),
        Value("segments", Int64(clamping: m.dataPackets), .segments),
      ],
      occurrences: Int(clamping: again))
  }
}
