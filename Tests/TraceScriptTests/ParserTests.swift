import Testing
import TraceDecode

@testable import TraceScript

private func segments(_ text: String) throws -> [Segment] {
  var decoder = WireDecoder()
  var all: [Segment] = []
  try Script.parse(text).forEachFrame { frame in
    var segment = Segment()
    if case .segment = decoder.decode(frame, into: &segment) { all.append(segment) }
  }
  return all
}

private func failure(_ text: String) -> ScriptError? {
  do throws(ScriptError) {
    _ = try Script.parse(text)
    return nil
  } catch { return error }
}

struct ParserTests {
  @Test func aHandshakeReadsAsItsSegments() throws {
    let all = try segments(
      """
      originator 192.0.2.1:5000
      responder 192.0.2.2:443
      isn > 4294967290 < 77   # the originator's wraps soon
      0.000  > S 0:0(0) win 64240 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>
      +0.040 < S. 0:0(0) ack 1 win 65160 <mss 1400>
      0.0401 > P. 1:11(10) ack 1 win 502 data "GET / HTTP"
      """)
    #expect(all.count == 3)
    #expect(all[0].flags == .syn && all[0].seq == 4_294_967_290 && all[0].mss == 1460)
    #expect(
      all[0].options.contains([.mss, .sackPermitted, .timestamps, .windowScale]) && all[0].windowShift == 7)
    #expect(all[0].source.description == "192.0.2.1" && all[0].destinationPort == 443)
    #expect(all[1].flags == [.syn, .ack] && all[1].ack == 4_294_967_291 && all[1].seq == 77)
    #expect(all[1].time - all[0].time == 40_000_000)
    #expect(all[2].seq == 4_294_967_291 && all[2].payloadLength == 10 && all[2].ack == 78)
  }

  @Test func whatIsLeftOutContinuesTheStream() throws {
    let all = try segments(
      """
      0 > S
      0.1 < S.
      0.1 > . win 500
      0.2 > P. 1:101(100)
      0.3 < . 1:1(0)
      0.4 > F.
      0.5 > F. 101:101(0) ack 1
      """)
    #expect(all.map(\.ack) == [0, 1001, 5001, 5001, 1101, 5001, 5001])
    #expect(all[5].seq == 1101 && all[6].seq == all[5].seq)
    #expect(all.map(\.window)[2...3] == [500, 500], "a window holds until another is given")
  }

  @Test func aRepeatRepeatsItsOctets() throws {
    let script = try Script.parse("0 > . 1:11(10)\n1 > . 6:11(5)\n2 > . 6:11(5) data \"other\"")
    #expect(script.frames[0].bytes.suffix(5) == script.frames[1].bytes.suffix(5))
    #expect(script.frames[2].bytes.suffix(5) == Array("other".utf8)[...])
  }

  @Test(arguments: [
    "0 > P. 1:4(3)", "ipv6\n0 > P. 1:4(3)", "vlan 5\n0 < S. 0:0(0) ack 1 <mss 9>",
    "0 > S <TS val 4294967295 ecr 7>",
  ])
  func checksumsAreRight(script: String) throws {
    let frame = try #require(try Script.parse(script).frames.first)
    let network = script.hasPrefix("vlan") ? 18 : 14
    let v6 = frame.bytes[network] >> 4 == 6
    let transport = network + (v6 ? 40 : 20)
    if !v6 { #expect(Packet.sum(Array(frame.bytes[network..<transport]), start: 0) == 0xffff) }
    let addresses =
      v6 ? Array(frame.bytes[(network + 8)..<transport]) : Array(frame.bytes[(network + 12)..<transport])
    let length = frame.bytes.count - transport
    let pseudo = addresses + [0, 6, UInt8(length >> 8), UInt8(length & 255)]
    #expect(Packet.sum(pseudo + frame.bytes[transport...], start: 0) == 0xffff)
  }

  @Test func identificationsCountPerHost() throws {
    let all = try segments("0 > S\n0 < S.\n0 > .\nflow 2\n0 > S\n0 > . id 7\n0 > .")
    #expect(all.map(\.ipID) == [1001, 2001, 1002, 1003, 7, 1004])
    #expect(all[3].sourcePort == all[0].sourcePort + 1)
  }

  @Test func automaticTimestampsTickAndEcho() throws {
    let all = try segments("auto-ts 1000hz\n0 > S\n0.050 < S.\n0.100 > .\n0.2 > R\n0.3 > . nots")
    #expect(all[0].tsEcr == 0 && all[1].tsEcr == all[0].tsVal)
    #expect(all[2].tsVal - all[0].tsVal == 100 && all[2].tsEcr == all[1].tsVal)
    #expect(!all[3].options.contains(.timestamps) && !all[4].options.contains(.timestamps))
  }

  @Test func aCopyIsTheFrameAgain() throws {
    let script = try Script.parse("0 > S\ncopy +0.000004\ncopy +0.000001 ttl 63 vlan 9")
    #expect(script.frames[0].bytes == script.frames[1].bytes)
    #expect(script.frames[1].time - script.frames[0].time == 4_000)
    #expect(script.frames[2].wireLength == script.frames[0].wireLength + 4)
    #expect(script.frames[2].bytes[18 + 8] == 63)
    #expect(Packet.sum(Array(script.frames[2].bytes[18..<38]), start: 0) == 0xffff)
  }

  @Test func modifiersChangeOnlyWhatTheySay() throws {
    let script = try Script.parse(
      "0 > . 1:101(100) snap 96\n0 > . 1:101(100) badsum\n0 > . 1:101(100) offload id 1002")
    #expect(script.frames[0].bytes.count == 96 && script.frames[0].wireLength == 154)
    let good = script.frames[0].bytes[50...51]
    #expect(script.frames[1].bytes[50...51] != good && script.frames[2].bytes[50...51] != good)
  }

  @Test func anICMPErrorQuotesTheLastSegment() throws {
    let script = try Script.parse(
      "0 > S\n0.1 < icmp unreachable host from 10.9.9.9\nipv6\nflow 2\n0.2 > S\n0.3 < icmp too-big mtu 1280")
    let v4 = script.frames[1].bytes
    #expect(v4[23] == 1 && v4[34] == 3 && v4[35] == 1 && v4[26...29] == [10, 9, 9, 9])
    #expect(v4[42..<70] == script.frames[0].bytes[14..<42])
    let v6 = script.frames[3].bytes
    #expect(v6[20] == 58 && v6[54] == 2 && v6[60] == 5 && v6[61] == 0)
  }

  @Test func marksSayWhatMustBeFound() throws {
    let script = try Script.parse(
      """
      0 > S
      1 > S  #! HSK101 syn-retransmitted, SEQ203
      flow 2
      2 > S  #! CAP101@flow
      #! CAP102@capture
      """)
    #expect(script.expectations.map(\.code) == ["HSK101", "SEQ203", "CAP101", "CAP102"])
    #expect(script.expectations.map(\.place) == [.frame(2), .frame(2), .flow(2), .capture])
    #expect(script.expectations[0].name == "syn-retransmitted")
  }

  @Test func repeatRunsItsLines() throws {
    let script = try Script.parse("repeat 3\nisn > +100\n+1 > S\nend\n+1 > .")
    #expect(script.frames.count == 4)
    #expect(script.frames.map { $0.time - Script.epoch } == [1, 2, 3, 4].map { $0 * 1_000_000_000 })
    #expect(try segments("repeat 3\nisn > +100\n+1 > S\nend").map(\.seq) == [1100, 1200, 1300])
  }

  @Test func notesSayWhatNoFrameShows() throws {
    let notes = try Script.parse("capture truncated-at 400\ncapture dropped-by-system 3").notes
    #expect(notes.truncatedAt == 400 && notes.droppedBySystem == 3 && notes.droppedByInterface == nil)
  }

  @Test(arguments: [
    ("0 > X", 1, 5, "\"X\" is no flag"),
    ("0 > S\n0.1 . 1:1(0)", 2, 5, "\".\" is no direction"),
    ("0 > . 1:101(99)", 1, 7, "the length does not fit"),
    ("0 > S ack 1", 1, 7, "an acknowledgement without the ACK flag"),
    ("0 > S <mss 99999>", 1, 7, "\"99999\" does not fit"),
    ("0 > S <mss 1460", 1, 7, "options without an end"),
    ("0 > . data \"x", 1, 12, "a text without an end"),
    ("bogus 1", 1, 1, "\"bogus\" is no statement"),
    ("originator 10.0.0.300:80", 1, 12, "\"10.0.0.300:80\" is no address"),
    ("0 >", 1, 4, "the line ends too soon"),
    ("copy", 1, 1, "nothing to copy"),
    ("0.1234567890 > S", 1, 1, "\"0.1234567890\" is no time"),
    ("repeat 2\n0 > S", 1, 1, "a repeat without its end"),
    ("#! HSK101", 1, 4, "a mark on a line without a frame"),
    ("0 < icmp host", 1, 10, "nothing to quote"),
    ("0 > . <sack 1>", 1, 7, "\"1\" is no SACK block"),
    ("0 > . 1:70001(70000)", 1, 1, "70000 octets in one segment"),
    ("0 > . win 70000", 1, 11, "\"70000\" is no window"),
  ])
  func errorsSayWhereAndWhat(text: String, line: Int, column: Int, problem: String) throws {
    let error = try #require(failure(text))
    #expect(error.line == line && error.column == column && error.problem == problem)
    #expect(error.description.hasPrefix("\(line):\(column): "))
  }

  /// Whatever the text, reading it ends in a script or an error.
  @Test func garbageIsRefusedNotFatal() {
    let words = [
      "0", "+1", ">", "<", "S", "F.", "1:2(1)", "-5:9", "ack", "win", "<sack 1:2>", "<kind 5 ab>", "copy",
      "ttl",
      "repeat 2", "end", "\n", "icmp", "host", "isn", "9223372036854775807", "data", "\"x\"", "snap", "14",
      "#!", "@",
      "[::1]:80", "originator", "raw", "ff", "vlan", "auto-ts", "1000000hz", "999999999.9", "flow", "udp",
      "ipv6",
    ]
    var state: UInt64 = 7
    for _ in 0..<4000 {
      var text = ""
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += words[Int(state >> 33) % words.count] + " "
      }
      if let error = failure(text) { #expect(error.line > 0 && !error.problem.isEmpty) }
    }
  }
}
