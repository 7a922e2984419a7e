import Foundation
import Testing
import TraceDecode

@testable import TraceReport

@Suite struct NeutralTests {
  private func document(
    _ flows: [FlowReport], verdicts: [(FrameVerdict, UInt64)] = []
  ) throws -> [String: Any] {
    let out = ByteOutput()
    let writer = Neutral(to: out)
    writer.begin(file: "x")
    for (verdict, frame) in verdicts { writer.verdict(verdict, frame: frame, flow: Samples.flow) }
    for flow in flows { writer.flow(flow) }
    writer.end(Samples.capture)
    writer.finish(RunSummary())
    return try #require(JSONSerialization.jsonObject(with: Data(out.bytes)) as? [String: Any])
  }

  private func codes(_ flow: FlowReport, verdicts: [(FrameVerdict, UInt64)] = []) throws -> [String: Int] {
    let flows = try #require(document([flow], verdicts: verdicts)["flows"] as? [[String: Any]])
    let findings = try #require(flows[0]["findings"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: findings.map { ($0["code"] as? String ?? "", $0["frame"] as? Int ?? -1) })
  }

  @Test func statesAreLinuxNamesAndTimesExact() throws {
    var flow = FlowReport(flow: Samples.flow)
    flow.responder.initialState = .listen
    flow.responder.transitions = [
      Transition(from: .listen, to: .synReceived, time: 1_795_252_205_697_622_123, cause: 1, proof: 2)
    ]
    let out = ByteOutput()
    let writer = Neutral(to: out)
    writer.flow(flow)
    writer.end(Samples.capture)
    #expect(
      out.text.contains(
        #""b":{"initial":"LISTEN","transitions":[{"frame":2,"t":1795252205.697622123,"from":"LISTEN","to":"SYN_RCVD"}]}"#
      ))
    #expect(out.text.contains(#""a":"10.0.0.5:51812","b":"10.0.0.9:443""#))
  }

  @Test func aQuietFlowHasNoFindings() throws {
    #expect(try codes(FlowReport(flow: Samples.flow)) == [:])
  }

  @Test func everyScoredFindingIsDerived() throws {
    var flow = FlowReport(flow: Samples.flow)
    flow.outcome = .refused
    flow.lastFrame = 40
    flow.simultaneousOpen = true
    flow.simultaneousClose = true
    flow.reusesTimeWait = true
    flow.sawReset = true
    flow.originator.metrics.keepAlives = 2
    flow.responder.metrics.zeroWindows = 1
    let found = try codes(flow, verdicts: [(.keepAlive, 20), (.keepAlive, 22), (.zeroWindow, 30)])
    #expect(
      found == [
        "refused": 40, "simultaneous_open": 1000, "simultaneous_close": 40, "time_wait_reuse": 1000,
        "reset": 40,
        "zero_window": 30, "keepalive": 20,
      ])
  }

  @Test func verdictsOfAFrameAreJoinedInOrder() throws {
    let frames = try #require(
      document([], verdicts: [(.spurious, 45), (.synRetransmission, 2), (.fastRetransmission, 45)])["frames"]
        as? [[String: Any]])
    #expect(frames.map { $0["frame"] as? Int } == [2, 45])
    #expect(frames[1]["verdicts"] as? [String] == ["fast_retransmission", "spurious"])
  }
}

@Suite struct CommunityIDTests {
  /// From the baselines of corelight/community-id-spec, and as tshark computes them.
  @Test(
    arguments: [
      ("128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
      ("66.35.250.204", 80, "128.232.110.120", 34855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
      (
        "2001:470:e5bf:dead:4957:2174:e82c:4887", 63943, "2607:f8b0:400c:c03::1a", 25,
        "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="
      ),
    ] as [(String, UInt16, String, UInt16, String)])
  func knownFlowsHaveTheirKnownID(a: String, aPort: UInt16, b: String, bPort: UInt16, id: String) throws {
    let flow = FlowIdentity(
      number: 1, originator: SocketAddress(address: try address(a), port: aPort),
      responder: SocketAddress(address: try address(b), port: bPort), incarnation: 1, firstFrame: 1)
    #expect(CommunityIDSource(flow: flow).text == id)
  }

  private func address(_ text: String) throws -> IPAddress {
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET6, text, &bytes) == 1 {
      func word(_ from: Int) -> UInt64 { bytes[from..<from + 8].reduce(0) { $0 << 8 | UInt64($1) } }
      return IPAddress(high: word(0), low: word(8))
    }
    try #require(inet_pton(AF_INET, text, &bytes) == 1)
    return IPAddress(v4: bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) })
  }
}

@Suite struct ConnStateTests {
  private struct Sent {
    var syn = false
    var fin = false
    var rst = false
    var octets: UInt64 = 0
    var isSilent = false
  }

  private func state(_ o: Sent, _ r: Sent) -> String {
    var flow = FlowReport(flow: Samples.flow)
    for (role, sent) in [(Role.originator, o), (.responder, r)] {
      flow[role].metrics.packets = sent.isSilent ? 0 : 1
      flow[role].metrics.synCount = sent.syn ? 1 : 0
      flow[role].metrics.finCount = sent.fin ? 1 : 0
      flow[role].metrics.rstCount = sent.rst ? 1 : 0
      flow[role].metrics.octetsUnique = sent.octets
    }
    return "\(flow.connState)"
  }

  @Test func namesAreZeeks() {
    let silent = Sent(isSilent: true)
    #expect(state(Sent(syn: true), silent) == "S0")
    #expect(state(Sent(syn: true), Sent(syn: true)) == "S1")
    #expect(state(Sent(syn: true, fin: true), Sent(syn: true, fin: true)) == "SF")
    #expect(state(Sent(syn: true, fin: true), Sent(syn: true)) == "S2")
    #expect(state(Sent(syn: true), Sent(syn: true, fin: true)) == "S3")
    #expect(state(Sent(syn: true), Sent(rst: true)) == "REJ")
    #expect(state(Sent(syn: true, octets: 5), Sent(syn: true, rst: true)) == "RSTR")
    #expect(state(Sent(syn: true, rst: true, octets: 5), Sent(syn: true)) == "RSTO")
    #expect(state(Sent(syn: true, rst: true), silent) == "RSTOS0")
    #expect(state(silent, Sent(syn: true, rst: true)) == "RSTRH")
    #expect(state(Sent(syn: true, fin: true), silent) == "SH")
    #expect(state(silent, Sent(syn: true, fin: true)) == "SHR")
    #expect(state(Sent(octets: 5), Sent(octets: 5)) == "OTH")
  }
}
