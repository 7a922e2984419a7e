import TraceDecode

/// CAP106 clock-step
struct ClockStep: Rule {
  static let info = RuleInfo(
    code: "CAP106", name: "clock-step", family: .capture, severity: .warning,
    summary: "The capture's clock was set: the hosts' own clocks know nothing of the time between.",
    why: """
      A pause, a round trip or a time-out that spans the step is not what the capture shows. The clock \
      was set by hand or by NTP, or the machine that captured slept.
      """,
    remedy: """
      keep the capturing machine's clock disciplined by slewing (chrony: makestep only at start), and \
      do not let it sleep
      """,
    falsePositives: """
      A silence is no step: then the senders' timestamps have gone on as well. An outage that holds \
      segments back delays only those sent before it ended. Two hosts must agree, and none disagree.
      """,
    sources: [.rfc(7323, "5.4")],
    examples: [
      .fires(
        "set on by five seconds",
        script: ClockStep.opening + """
          0.200 > P. 401:501(100) ack 401 <TS val 1200 ecr 5190>
          0.210 < P. 401:501(100) ack 501 <TS val 5210 ecr 1200>
          5.300 > P. 501:601(100) ack 501 <TS val 1300 ecr 5210>  #! CAP106@capture
          5.310 < P. 501:601(100) ack 601 <TS val 5310 ecr 1300>
          10.500 > P. 601:701(100) ack 601 <TS val 6500 ecr 5310>
          10.510 < P. 601:701(100) ack 701 <TS val 10510 ecr 6500>
          10.600 > P. 701:801(100) ack 701 <TS val 6600 ecr 10510>
          10.610 < P. 701:801(100) ack 801 <TS val 10610 ecr 6600>
          """),
      .clean(
        "silence: the hosts' clocks have gone on too",
        script: ClockStep.opening + """
          5.200 > P. 401:501(100) ack 401 <TS val 6200 ecr 5190>
          5.210 < P. 401:501(100) ack 501 <TS val 10210 ecr 6200>
          10.500 > P. 501:601(100) ack 501 <TS val 11500 ecr 10210>
          10.510 < P. 501:601(100) ack 601 <TS val 15510 ecr 11500>
          10.600 > P. 601:701(100) ack 601 <TS val 11600 ecr 15510>
          10.610 < P. 601:701(100) ack 701 <TS val 15610 ecr 11600>
          """),
      .clean(
        "an outage: what was queued comes late, what is sent after it does not",
        script: ClockStep.opening + """
          0.700 > P. 401:501(100) ack 401 <TS val 1200 ecr 5190>
          0.7001 < P. 401:501(100) ack 501 <TS val 5210 ecr 1190>
          0.701 > P. 501:601(100) ack 501 <TS val 1300 ecr 5210>
          0.7011 < P. 501:601(100) ack 601 <TS val 5310 ecr 1300>
          1.400 > P. 601:701(100) ack 601 <TS val 2400 ecr 5310>
          1.410 < P. 601:701(100) ack 701 <TS val 6410 ecr 2400>
          1.500 > P. 701:801(100) ack 701 <TS val 2500 ecr 6410>
          1.510 < P. 701:801(100) ack 801 <TS val 6510 ecr 2500>
          """),
    ])
  static let observes: EpisodeKind = .captureEnd

  /// A connection whose clocks are known: 1000 Hz both.
  private static let opening = """
    0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,TS val 1000 ecr 0,nop,wscale 7>
    0.010 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 5010 ecr 1000,nop,wscale 7>
    0.020 > . 1:1(0) ack 1 win 502 <TS val 1020 ecr 5010>
    0.050 > P. 1:101(100) ack 1 <TS val 1050 ecr 5010>
    0.060 < P. 1:101(100) ack 101 <TS val 5060 ecr 1050>
    0.090 > P. 101:201(100) ack 101 <TS val 1090 ecr 5060>
    0.100 < P. 101:201(100) ack 201 <TS val 5100 ecr 1090>
    0.130 > P. 201:301(100) ack 201 <TS val 1130 ecr 5100>
    0.140 < P. 201:301(100) ack 301 <TS val 5140 ecr 1130>
    0.180 > P. 301:401(100) ack 301 <TS val 1180 ecr 5140>
    0.190 < P. 301:401(100) ack 401 <TS val 5190 ecr 1180>

    """

  mutating func captureEnded(_ report: CaptureReport, _ facts: CaptureFacts, _ out: inout Findings) {
    for step in report.clockSteps {
      out.report(
        "the capture's clock was set \(step.amount < 0 ? "back" : "on") by \(Format.time(abs(step.amount)))",
        frame: step.frame, time: step.after,
        why:
          "the timestamps of \(Format.count(step.hosts, "host")) go on across frame \(step.frame) as if it had not been",
        values: [
          Value("step", step.amount, .nanoseconds), Value("hosts", Int64(step.hosts)),
        ])
    }
  }
}
