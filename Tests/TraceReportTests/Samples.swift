import TraceDecode
import TraceRules

@testable import TraceReport

/// Values that several tests print.
enum Samples {
  static let flow = FlowIdentity(
    number: 3, originator: socket(0x0a00_0005, 51812), responder: socket(0x0a00_0009, 443), incarnation: 1,
    firstFrame: 1000)
  /// The capture's first time. Units: nanoseconds.
  static let start: Int64 = 1_700_000_000_000_000_000

  static func socket(_ v4: UInt32, _ port: UInt16) -> SocketAddress {
    SocketAddress(address: IPAddress(v4: v4), port: port)
  }

  static func segment(
    _ frame: UInt64, at micros: Int64, _ sender: Role, seq: Int64 = 1, payload: UInt32 = 0, ack: Int64? = nil,
    flags: TCPFlags = .ack, window: UInt32 = 65535, sack: Range<Int64>? = nil
  ) -> SegmentRef {
    SegmentRef(
      frame: frame, time: start + micros * 1000, recordOffset: frame * 100, sender: sender, flags: flags,
      start: seq, end: seq + Int64(payload), ack: ack, window: window, payload: payload, seq: 0, sack: sack)
  }

  /// The finding of the design's example.
  static var spurious: Finding {
    let offence = segment(1042, at: 2_322_190, .originator, seq: 14601, payload: 1460, ack: 1)
    var finding = Finding(
      code: "SEQ206", rule: "spurious-retransmission", severity: .warning, confidence: .certain, flow: flow,
      endpoint: .originator, frame: 1042, time: offence.time, recordOffset: 183_744,
      message: "sent 1460 octets again that were already acknowledged",
      why: """
        ACK 16061 (frame 1034) covers it; the timer fired at SRTT 2.7 ms, so that ACK did not reach the sender
        """,
      remedy: "look for lost ACKs between this capture point and 10.0.0.5; check the sender's minimum RTO")
    finding.id = 7
    finding.evidence = [
      Evidence(segment(1031, at: 2_118_402, .originator, seq: 14601, payload: 1460, ack: 1)),
      Evidence(segment(1034, at: 2_121_077, .responder, ack: 16061)),
      Evidence(offence, "again, 203.8 ms later", isOffence: true),
      Evidence(segment(1043, at: 2_324_911, .responder, ack: 16061, sack: 14601..<16061)),
    ]
    finding.values = [Value("octets", 1460, .octets), Value("after", 203_788_000, .nanoseconds)]
    return finding
  }

  static var capture: CaptureRecord {
    var report = CaptureReport()
    report.packets = 128_940
    report.tcpPackets = 128_000
    report.flows = 41
    report.firstTime = start
    report.lastTime = start + 12_300_000_000
    var record = CaptureRecord(file: "traces/checkout.pcapng", report: report)
    record.format = "pcapng"
    record.linkTypes = ["EN10MB"]
    return record
  }

  /// Everything one capture with these findings and flows makes a writer say.
  static func run(_ writer: any ReportWriter, findings: [Finding] = [], flows: [FlowReport] = []) {
    writer.begin(file: capture.file)
    for flow in flows { writer.flow(flow) }
    var summary = RunSummary()
    for (i, finding) in findings.enumerated() {
      var finding = finding
      // A number of its own, as the rules' runner gives; the samples are copies of one.
      if findings.count > 1 { finding.id = i + 1 }
      writer.finding(finding)
      summary.findings[finding.severity] += 1
    }
    summary.add(capture)
    writer.end(capture)
    writer.finish(summary)
  }
}
