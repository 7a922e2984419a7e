import TestSupport
import Testing

@testable import TraceDecode

/// What a capture can make grow stays within its limit, and what goes is counted.
struct FlowLimitTests {
  private final class Reports: AnalysisSink {
    var numbers: [Int] = []
    func episode(_ episode: Episode, of flow: FlowIdentity) {}
    func flowEnded(_ report: FlowReport) { numbers.append(report.flow.number) }
  }

  /// Feeds segments of many connections, one microsecond apart.
  private func analyze(
    _ segments: [(port: UInt16, flags: TCPFlags, seq: UInt32, ack: UInt32, answers: Bool)], _ limits: Limits
  ) -> (reports: [Int], capture: CaptureReport) {
    var options = AnalyzerOptions()
    options.limits = limits
    let sink = Reports()
    let analyzer = Analyzer(options: options, sink: sink)
    for (i, s) in segments.enumerated() {
      let spec = TCPSpec {
        $0.sourcePort = s.answers ? 80 : s.port
        $0.destinationPort = s.answers ? s.port : 80
        $0.flags = s.flags
        $0.seq = s.seq
        $0.ack = s.ack
        $0.payload = []
      }
      let (a, b) = (PacketBuilder.v4Source, PacketBuilder.v4Destination)
      let bytes = PacketBuilder.ipv4(
        PacketBuilder.tcp(spec, from: s.answers ? b : a, to: s.answers ? a : b), from: s.answers ? b : a,
        to: s.answers ? a : b)
      bytes.withUnsafeBytes {
        analyzer.accept(
          Frame(
            number: UInt64(i + 1), time: Int64(i) * 1000, bytes: $0, wireLength: UInt32($0.count),
            linkType: .raw))
      }
      #expect(analyzer.liveFlowCount <= max(limits.halfOpenFlows, limits.closedFlows) + 2)
    }
    let capture = analyzer.finish()
    return (sink.numbers, capture)
  }

  @Test func aFloodOfSynsIsCountedAndNotReported() {
    var limits = Limits()
    limits.halfOpenFlows = 10
    let (reports, capture) = analyze(
      (0..<100).map { (UInt16(1000 + $0), .syn, UInt32($0), 0, false) }, limits)
    #expect(capture.flows == 100)
    #expect(capture.shedFlows + UInt64(reports.count) == 100)
    #expect(reports.count <= 11 && reports.min() ?? 0 > 80)
  }

  @Test func anAnsweredSynIsNoFlood() {
    var limits = Limits()
    limits.halfOpenFlows = 1
    limits.closedFlows = 1000
    var segments: [(port: UInt16, flags: TCPFlags, seq: UInt32, ack: UInt32, answers: Bool)] = []
    for port in 1000..<1100 as Range<UInt16> {
      segments.append((port, .syn, 5, 0, false))
      segments.append((port, [.syn, .ack], 9, 6, true))
    }
    let (reports, capture) = analyze(segments, limits)
    #expect(capture.shedFlows == 0 && reports.count == 100)
  }

  @Test func closedFlowsAreReportedEarlyAndOnce() {
    var limits = Limits()
    limits.closedFlows = 3
    var segments: [(port: UInt16, flags: TCPFlags, seq: UInt32, ack: UInt32, answers: Bool)] = []
    for port in 1000..<1100 as Range<UInt16> {
      segments.append((port, .syn, 5, 0, false))
      segments.append((port, [.rst, .ack], 0, 6, true))
    }
    let (reports, capture) = analyze(segments, limits)
    #expect(capture.shedFlows == 0 && reports.sorted() == Array(1...100))
  }
}
