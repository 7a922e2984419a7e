import Testing
import TraceDecode

@testable import TraceScript

@Suite struct ScriptWriterTests {
  /// The script of a script's frames, all of one flow.
  private func rewritten(_ text: String) throws -> (text: String, frames: [ScriptFrame], replaced: Int) {
    let script = try Script.parse(text)
    var decoder = WireDecoder()
    var writer: ScriptWriter?
    var originator: SocketAddress?
    var output = ""
    script.forEachFrame { frame in
      var s = Segment()
      guard case .segment = decoder.decode(frame, into: &s) else { return }
      let source = SocketAddress(address: s.source, port: s.sourcePort)
      if writer == nil {
        let new = ScriptWriter(
          originator: source, responder: SocketAddress(address: s.destination, port: s.destinationPort))
        output += new.head
        writer = new
        originator = source
      }
      output +=
        writer?.lines(
          for: s, from: source == originator ? .originator : .responder,
          options: decoder.options(of: s, in: frame), payload: decoder.payload(of: s, in: frame)) ?? ""
    }
    return (output, script.frames, writer?.replacedPayloads ?? 0)
  }

  private func expectEqualFrames(_ text: String) throws {
    let first = try rewritten(text)
    let second = try Script.parse(first.text)
    #expect(second.frames.map(\.bytes) == first.frames.map(\.bytes), "\(first.text)")
    #expect(second.frames.map(\.wireLength) == first.frames.map(\.wireLength))
    #expect(second.frames.map(\.time) == first.frames.map(\.time))
    #expect(second.frames.map(\.interface) == first.frames.map(\.interface))
    #expect(try rewritten(first.text).text == first.text)
  }

  @Test func aConnectionComesBack() throws {
    try expectEqualFrames(
      """
      originator 192.0.2.1:5000
      responder 192.0.2.2:443
      isn > 4294967290 < 77
      0.000 > S 0:0(0) win 64240 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>
      +0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 9 ecr 1,nop,wscale 9> ttl 57
      +0.001 > . 1:1(0) ack 1 win 502 <nop,nop,TS val 2 ecr 9>
      +0.001 > P. 1:101(100) ack 1 win 502 data "GET / HTTP/1.1"
      +0.001 > P. 101:1561(1460) ack 1 win 502
      +0.040 < . 1:1(0) ack 101 win 700 <nop,nop,sack 1561:3021 4481:5941>
      +0.040 < FE. 1:1(0) ack 1561 tos 2
      +0.001 > R 1561:1561(0) win 0
      """)
  }

  @Test func whatIsOddComesBack() throws {
    try expectEqualFrames(
      """
      0 > S 0:10(10) win 1 <FO 0011223344556677,mss 536>
      1 > SF 0:0(0) win 1 <kind 254 f989,eol,eol>
      2 < - 1:1(0) win 0
      3 > PU. 1:9(8) ack -5 urg 3 badsum
      4 < P. 1:1401(1400) ack 1 snap 100
      5 < . 1401:1402(1) offload vlan 12 interface 3
      6 > SFRPUEWe. 1:1(0) ack 1 <raw 0802>
      """)
  }

  @Test func ipv6ComesBack() throws {
    try expectEqualFrames(
      """
      originator [2001:db8::1]:4000
      responder [2001:db8::2]:80
      ipv6
      0 > S 0:0(0) win 100 <mss 1440>
      1.5 < S. 0:0(0) ack 1
      """)
  }

  @Test func binaryPayloadIsReplacedAndCounted() throws {
    let text = "0 > P. 1:5(4) ack 1 data \"a\tb\u{7f}\"\n"
    let result = try rewritten(text)
    #expect(result.replaced == 1)
    #expect(!result.text.contains("data"))
  }
}
