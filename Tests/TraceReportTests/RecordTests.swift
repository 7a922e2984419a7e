import Foundation
import TestSupport
import Testing
import TraceDecode
import TraceRules

@testable import TraceReport

@Suite struct ByteOutputTests {
  @Test(
    arguments: [
      0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 65_535, 1_000_000, 4_294_967_295, 12_345_678_901_234_567_890,
      .max,
    ] as [UInt64])
  func integersAreExact(number: UInt64) {
    let out = ByteOutput()
    out.put(number)
    #expect(out.text == String(number))
  }

  /// Every length, where digits are all nines, begin with a one or hold zeros.
  @Test func digitsOfEveryLengthAreExact() {
    var power: UInt64 = 1
    for _ in 1..<20 {
      for number in [power - 1, power, power + 1, power &* 7, power &* 9 &+ power / 10 &* 5] {
        let out = ByteOutput()
        out.put(number)
        #expect(out.text == String(number))
      }
      power &*= 10
    }
  }

  @Test func everyOctetOfAnAddressIsExact() {
    for octet in UInt32(0)..<256 {
      let address = IPAddress(v4: octet << 24 | (255 - octet) << 16 | octet << 8 | octet)
      let out = ByteOutput()
      out.compose(atMost: 64) { $0.put(address) }
      #expect(out.text == address.description)
    }
  }

  /// The literals of what did not happen say what the keys one by one say.
  @Test func aSilentDirectionIsToldAlikeEitherWay() {
    var flow = FlowReport(flow: Samples.flow)
    flow.responder.metrics.octetsMissing = 0
    flow.originator.metrics.octetsMissing = 0
    flow.originator.metrics.packets = 3
    flow.originator.metrics.dataPackets = 1
    flow.originator.metrics.optionsOffered = [.mss, .sackPermitted, .truncated]
    flow.originator.transitions = [
      Transition(from: .closed, to: .synSent, time: 7, cause: 0, proof: 12, confidence: .likely)
    ]
    let short = ByteOutput()
    short.record(flow, file: "a.pcap")
    let long = ByteOutput()
    // Without measures of a ledger there is nothing more to tell, and no literal for a whole direction.
    long.record(flow, file: "a.pcap", full: true)
    #expect(short.text == long.text)
    #expect(short.text.contains("\"options\":[\"mss\",\"sack-permitted\",\"truncated\"]"))
    #expect(short.text.contains("\"to\":\"SYN-SENT\",\"time_ns\":7,\"cause_frame\":null,\"proof_frame\":12"))
  }

  @Test func negativeIntegersAreExact() {
    let out = ByteOutput()
    for number in [-1, -10, .min, .max] as [Int64] {
      out.put(number)
      out.put(" ")
    }
    #expect(out.text == "-1 -10 -9223372036854775808 9223372036854775807 ")
  }

  @Test(
    arguments: [
      (0, "0.000000000"), (1_795_252_205_697_622_000, "1795252205.697622000"), (-1, "-0.000000001"),
      (.min, "-9223372036.854775808"),
    ] as [(Int64, String)])
  func secondsKeepEveryNanosecond(nanoseconds: Int64, text: String) {
    let out = ByteOutput()
    out.putSeconds(nanoseconds)
    #expect(out.text == text)
  }

  @Test func stringsAreEscapedAsJSONAsks() throws {
    let hostile = "quote \" back \\ tab \t newline \n nul \0 esc \u{1b} del \u{7f} e\u{301} \u{1f980}/"
    let out = ByteOutput()
    out.json(hostile)
    #expect(
      try JSONSerialization.jsonObject(with: Data(out.bytes), options: .fragmentsAllowed) as? String
        == hostile)
    #expect(!out.bytes.contains { $0 < 0x20 })
  }

  @Test func aFailedWriteIsKeptAndTheRestDropped() {
    // Descriptor 1000 is not open.
    let out = ByteOutput(descriptor: 1000)
    out.put("gone")
    out.flush()
    #expect(out.failure == EBADF)
    out.put("also gone")
    out.flush()
    #expect(out.isEmpty)
  }
}

@Suite struct RecordTests {
  private let schema: JSONSchema

  init() throws {
    schema = try JSONSchema(
      contentsOf: PackageFolder.root.appendingPathComponent("docs/flowlint.schema.json"))
  }

  /// A flow in which everything that can be absent is there.
  static var fullFlow: FlowReport {
    var flow = FlowReport(flow: Samples.flow)
    flow.flow.encapsulation = [.vlan, .vxlan]
    flow.flow.vlan = 7
    flow.outcome = .resetByResponder
    flow.history = Array("ShADr".utf8)
    flow.activeCloser = .originator
    flow.timeWaitHolder = .originator
    flow.timeWaitFrom = Samples.start
    flow.handshakeRTT = 1
    flow.originator.transitions = [
      Transition(from: .closed, to: .synSent, time: Samples.start, cause: 0, proof: 1)
    ]
    flow.originator.socket.connect = .ok
    flow.originator.socket.connectFrame = 2
    flow.originator.socket.closeCall = .abort
    flow.originator.socket.failure = .reset
    flow.originator.socket.failureFrame = 9
    flow.originator.metrics.packets = 4
    flow.originator.metrics.retransmittedSegments = 3
    flow.originator.metrics.ambiguous = 2
    flow.originator.metrics.rttSamples = 2
    flow.originator.metrics.rttSum = 10
    flow.originator.metrics.optionsOffered = [.mss, .sackPermitted]
    return flow
  }

  @Test func everyRecordIsAsTheSchemaSays() {
    let out = ByteOutput()
    Samples.run(
      JSONLines(to: out, frames: true), findings: [Samples.spurious],
      flows: [Self.fullFlow, FlowReport(flow: Samples.flow)])
    let lines = out.text.split(separator: "\n")
    #expect(lines.count == 5)
    for line in lines { #expect(schema.problems(in: line) == []) }
    #expect(lines.allSatisfy { $0.hasPrefix("{\"type\":\"") })
  }

  @Test func theDocumentIsAsTheSchemaSays() {
    for flows in [[], [Self.fullFlow, Self.fullFlow]] {
      let out = ByteOutput()
      Samples.run(JSON(to: out), findings: [Samples.spurious, Samples.spurious], flows: flows)
      #expect(schema.problems(in: out.text, definition: "document") == [])
    }
  }

  @Test func theSchemaTestSeesWhatIsWrong() {
    #expect(!schema.problems(in: #"{"type":"summary","captures":-1}"#).isEmpty)
    #expect(!schema.problems(in: #"{"type":"nothing"}"#).isEmpty)
    let out = ByteOutput()
    out.record(RunSummary())
    #expect(schema.problems(in: out.text) == [])
    #expect(schema.problems(in: out.text.dropLast() + ",\"undocumented\":1}") != [])
  }

  private func record(_ flow: FlowReport) throws -> [String: Any] {
    let out = ByteOutput()
    out.record(flow, file: "a.pcap")
    return try #require(JSONSerialization.jsonObject(with: Data(out.bytes)) as? [String: Any])
  }

  @Test func unknownIsNullAndNeverZero() throws {
    let flow = try record(FlowReport(flow: Samples.flow))
    let metrics = try #require((flow["originator"] as? [String: Any])?["metrics"] as? [String: Any])
    for key in ["bytes_acked", "mss_advertised", "win_min", "rtt_min_ns", "rtt_avg_ns", "ttl_min", "ttl_max"]
    {
      #expect(metrics[key] is NSNull, "\(key)")
    }
    for key in ["encapsulation", "vlan", "active_closer", "time_wait_from_ns", "handshake_rtt_total_ns"] {
      #expect(flow[key] is NSNull, "\(key)")
    }
  }

  @Test func anAmbiguousCountIsARange() throws {
    let flow = try record(Self.fullFlow)
    let metrics = try #require((flow["originator"] as? [String: Any])?["metrics"] as? [String: Any])
    #expect(metrics["rexmit_segs"] as? [String: Int] == ["min": 3, "max": 5])
    let other = try #require((flow["responder"] as? [String: Any])?["metrics"] as? [String: Any])
    #expect(other["rexmit_segs"] as? Int == 0)
  }

  @Test func csvHasOneCellAColumn() {
    let out = ByteOutput()
    Samples.run(CSV(to: out), flows: [Self.fullFlow, FlowReport(flow: Samples.flow)])
    let rows = out.text.components(separatedBy: "\r\n").dropLast()
    #expect(rows.count == 3)
    let columns = rows[0].components(separatedBy: ",").count
    #expect(rows.allSatisfy { $0.components(separatedBy: ",").count == columns })
    #expect(rows[2].contains(",443,unknown,OTH,,CLOSED,CLOSED,,,,"))
  }
}
