import Foundation
import TestSupport
import Testing
import TraceDecode
import TraceRules

@testable import TraceReport

@Suite struct FlowExpressionTests {
  /// 10.0.0.5:51812 > 10.0.0.9:443, closed by the originator, ten round trips of 10 to 100 ms for its data.
  private static var flow: FlowReport {
    var flow = FlowReport(flow: Samples.flow)
    flow.outcome = .fin
    flow.firstTime = Samples.start
    flow.lastTime = Samples.start + 2_000_000_000
    flow.handshakeRTT = 30_000_000
    flow.originator.possibleStates = StateSet(.timeWait)
    flow.originator.state = .timeWait
    flow.responder.possibleStates = [StateSet(.lastAck), StateSet(.closed)]
    flow.originator.metrics.packets = 20
    flow.originator.metrics.dataPackets = 10
    flow.originator.metrics.retransmittedSegments = 1
    flow.originator.metrics.octetsUnique = 2_000_000
    flow.originator.metrics.firstPayloadDelay = 0
    flow.originator.metrics.lastPayloadDelay = 2_000_000_000
    flow.responder.metrics.packets = 30
    var spread = RTTSpread()
    for i in 1...10 { spread.add(Int64(i) * 10_000_000) }
    flow.originator.metrics.rttSpread = spread
    flow.originator.metrics.rttMin = 10_000_000
    flow.originator.metrics.rttMax = 100_000_000
    flow.originator.metrics.rttSum = 550_000_000
    flow.originator.metrics.rttSamples = 10
    return flow
  }

  @Test(
    arguments: [
      "all", "port 443", "dst port 443", "src port 51812", "port 80, 443", "port 400-500",
      "responder port 443",
      "host 10.0.0.5", "net 10.0.0.0/8", "src net 10.0.0.5/32", "not dst host 10.0.0.5", "ipv4", "not ipv6",
      "outcome fin", "outcome open, fin", "not outcome reset", "originator state TIME-WAIT",
      "state TIME-WAIT, CLOSED", "packets = 50", "originator.packets >= 20", "rtt.p99 > 50ms",
      "rtt.p50 = 50ms",
      "rtt.min = 10 ms", "rtt_max = 100ms", "rtt = 55ms", "originator.rtt.samples = 10", "rexmit_ratio > 9%",
      "rexmit_ratio = 0.1", "handshake_rtt_total < 31ms", "duration = 2s", "bytes_unique >= 1.9MB",
      "goodput = 1MB/s", "goodput = 8Mbit/s", "flow 3", "port 443 and rtt.p99 > 50ms and not outcome reset",
      "port 80 or port 443 and outcome fin", "(port 80 or port 443) and not (outcome open)",
      "!port 80 && !port 81",
      "port 1 || port 443", "vantage unknown",
    ])
  func means(_ text: String) throws {
    #expect(try FlowExpression(text).matches(Self.flow), "\(text)")
  }

  @Test(
    arguments: [
      "port 80", "src port 443", "dst net 192.168.0.0/16", "ipv6", "outcome fin-simultaneous",
      "outcome reset",
      "packets > 50", "rtt.p99 < 50ms", "not all", "port 443 and port 80", "midstream", "flow 4",
      "(port 80 or port 443) and outcome open", "port 80 and outcome fin or outcome open",
    ])
  func doesNotMean(_ text: String) throws {
    #expect(try !FlowExpression(text).matches(Self.flow), "\(text)")
  }

  /// What the capture does not tell is neither true nor false.
  @Test(
    arguments: [
      "rtt_to_originator > 1ms", "not rtt_to_originator > 1ms", "responder state CLOSED",
      "not responder state CLOSED", "responder.rtt.p50 > 1ns", "not win_max > 0", "finding SEQ",
      "not severity >= note", "port 443 and not rtt_to_originator > 1ms",
    ])
  func unknownIsNoAnswer(_ text: String) throws {
    #expect(try !FlowExpression(text).matches(Self.flow), "\(text)")
  }

  @Test func unknownDoesNotHideWhatIsKnown() throws {
    #expect(try FlowExpression("rtt_to_originator > 1ms or port 443").matches(Self.flow))
    #expect(try FlowExpression("not (rtt_to_originator > 1ms and port 80)").matches(Self.flow))
  }

  @Test func conditionsOnFindingsAskWhatWasFound() throws {
    let found = [Samples.spurious]
    #expect(try FlowExpression("severity >= warning").matches(Self.flow, findings: found))
    #expect(try !FlowExpression("severity = error").matches(Self.flow, findings: found))
    #expect(try FlowExpression("not severity >= note").matches(Self.flow, findings: []))
    #expect(try FlowExpression("severity >= warning").needsFindings)
    #expect(try !FlowExpression("port 443").needsFindings)
    #expect(try FlowExpression("not (port 1 or rtt.p99 > 1s)").needsLedger)
    #expect(try !FlowExpression("rtt.max > 1s").needsLedger)
  }

  /// The column is that of the word that is wrong.
  @Test(
    arguments: [
      ("prot 443", 1, "did you mean port?"), ("port 443 and", 13, ""),
      ("port 443 port 80", 10, "'and' or 'or'"),
      ("(port 443", 10, "column 1 is still open"), ("port 443)", 9, "remove it"), ("port 70000", 6, ""),
      ("port x", 6, ""), ("host 10.0.0.300", 6, ""), ("host 10.0.0.1/33", 6, ""),
      ("outcome finn", 9, "did you mean fin?"), ("src outcome fin", 5, ""),
      ("state TIMEWAIT", 7, "did you mean TIME-WAIT?"), ("rtt.p99 > 50", 11, "unit"), ("rtt.p99", 8, ""),
      ("rtt.p999 > 1ms", 5, "percentile"), ("responder.rtt.q1 > 1ms", 15, "percentile"),
      ("originator.duration > 1s", 1, "write duration"), ("retx_ratio > 1", 1, ""),
      ("finding SEQQ", 9, ""), ("severity > warnin", 12, "did you mean warning?"), ("", 1, "all"),
      ("port 443 & port 80", 10, "'and'"), ("port 443,", 10, ""), ("goodput > 10", 11, "Mbit/s"),
    ])
  func errorsPointAtTheColumn(text: String, column: Int, hint: String) throws {
    let error = #expect(throws: FlowExpressionError.self) { try FlowExpression(text) }
    #expect(error?.column == column, "\(text): \(error?.description ?? "")")
    // Foundation finds no empty text in any.
    #expect(hint.isEmpty || error?.description.contains(hint) == true, "\(text): \(error?.description ?? "")")
  }

  @Test func depthAndLengthAreBounded() {
    #expect(throws: FlowExpressionError.self) {
      try FlowExpression(String(repeating: "(", count: 1000) + "all" + String(repeating: ")", count: 1000))
    }
    #expect(throws: FlowExpressionError.self) {
      try FlowExpression(String(repeating: "not ", count: 1000) + "all")
    }
    #expect(throws: FlowExpressionError.self) { try FlowExpression(String(repeating: "a", count: 5000)) }
  }

  @Test func thePictureHasItsCaretUnderTheWord() throws {
    let error = #expect(throws: FlowExpressionError.self) { try FlowExpression("port 443 and prot 80") }
    #expect(
      error?.picture(of: "port 443 and prot 80").hasPrefix("  port 443 and prot 80\n               ^\n")
        == true)
  }

  @Test(
    arguments: [
      (QuantityUnit.time, "1.5ms", 1_500_000), (.time, "2min", 120_000_000_000), (.time, "0", 0),
      (.octets, "64KiB", 65536),
      (.octets, "1.5kB", 1500), (.ratio, "2%", 20_000), (.ratio, "0.02", 20_000), (.ratio, "1", 1_000_000),
      (.rate, "10Mbit/s", 1_250_000), (.count, "3", 3),
    ] as [(QuantityUnit, String, Int64)])
  func quantities(unit: QuantityUnit, text: String, value: Int64) {
    #expect(unit.value(of: text) == value)
  }

  @Test(
    arguments: [
      (QuantityUnit.time, "50"), (.time, "50 parsecs"), (.time, "ms"), (.time, "9999999999h"),
      (.count, "1.2.3"),
      (.count, "-1"), (.rate, "10"), (.octets, "1.KiB"),
    ] as [(QuantityUnit, String)])
  func noQuantities(unit: QuantityUnit, text: String) {
    #expect(unit.value(of: text) == nil)
  }

  @Test func percentilesAreOfTheNearestRank() {
    let values = (1...100).map { (value: Int64($0), weight: 1) }
    #expect(Statistic.percentile(500).over(values) == 50)
    #expect(Statistic.percentile(990).over(values) == 99)
    #expect(Statistic.percentile(999).over(values) == 100)
    #expect(Statistic.percentile(500).over([(5, 1), (7, 9)]) == 7)
    #expect(Statistic.percentile(500).over([]) == nil)
    #expect(Statistic("p99.9") == .percentile(999))
    #expect(Statistic("p100") == nil)
  }

  @Test func samplesAreBoundedAndStandForTheOthers() {
    var spread = RTTSpread()
    for i in 1...100_000 { spread.add(Int64(i)) }
    #expect(spread.samples.count < 2048)
    let median = Statistic.percentile(500).over(spread.samples.map { ($0, spread.stride) }) ?? 0
    #expect((49_000...51_000).contains(median))
  }

  @Test func addressesAreReadAsTheRFCsWriteThem() {
    #expect(IPAddress(parsing: "2001:db8::1")?.description == "2001:db8::1")
    #expect(IPAddress(parsing: "::")?.description == "::")
    #expect(IPAddress(parsing: "::ffff:10.0.0.1")?.description == "10.0.0.1")
    for wrong in ["1.2.3", "1.2.3.4.5", "1::2::3", "12345::", ":::", "1:2:3:4:5:6:7:8:9", "", "g::"] {
      #expect(IPAddress(parsing: wrong) == nil, "\(wrong)")
    }
    #expect(IPNetwork("2001:db8::/32")?.contains(IPAddress(parsing: "2001:db8:1::9")!) == true)
    #expect(IPNetwork("2001:db8::/65")?.contains(IPAddress(parsing: "2001:db8:0:0:8000::")!) == false)
    #expect(IPNetwork("0.0.0.0/0")?.contains(IPAddress(parsing: "2001:db8::1")!) == false)
  }

  /// The page names every metric, so that nobody reads the source for it.
  @Test func thePageListsEveryMetric() throws {
    let page = try String(
      contentsOf: PackageFolder.root.appendingPathComponent("docs/flow-expressions.md"), encoding: .utf8)
    for metric in FlowMetric.all where !metric.needsLedger {
      #expect(page.contains("`\(metric.name)`"), "\(metric.name)")
    }
    for mark in FlowTest.Mark.allCases { #expect(page.contains("`\(mark.rawValue)`"), "\(mark.rawValue)") }
    for outcome in FlowExpression.outcomeNames { #expect(page.contains("`\(outcome)`"), "\(outcome)") }
  }
}
