import Testing

@testable import TraceDecode

@Suite struct EpisodeOutcomeTests {
  private func history(_ flow: EpisodeScript) -> String {
    String(decoding: flow.report.history, as: UTF8.self)
  }

  @Test func historyInZeeksLetters() {
    var flow = EpisodeScript()
    flow.open()
    flow.c(50, "P", at: 1, payload: 100, ack: 1)
    flow.c(50.004, "P", at: 1, payload: 100, ack: 1) { $0.isDuplicate = true }
    flow.c(300, "P", at: 1, payload: 100, ack: 1) { $0.isRetransmission = true }
    flow.s(340, "", at: 1, ack: 101) { $0.window = 0 }
    flow.s(350, "P", at: 1, payload: 10, ack: 101)
    flow.c(360, "F", at: 101, ack: 11)
    flow.s(400, "F", at: 11, ack: 102)
    flow.s(700, "F", at: 11, ack: 102)
    flow.c(700.1, "R", at: 102)
    #expect(history(flow) == "ShADTawdFfR")
  }

  @Test func repeatsAreScaled() {
    var flow = EpisodeScript()
    flow.open()
    for i in 0..<12 {
      flow.c(Double(50 + i), "P", at: 1, payload: 10, ack: 1) { $0.isRetransmission = i > 0 }
    }
    #expect(history(flow) == "ShADTT")
  }

  @Test func shutdownIsToldFromClose() {
    var flow = EpisodeScript()
    flow.open()
    flow.c(50, "F", at: 1, ack: 1)
    flow.s(90, "", at: 1, ack: 2)
    flow.s(200, "P", at: 1, payload: 500, ack: 2)
    flow.c(200.1, "", at: 2, ack: 501)
    #expect(flow.report.originator.socket.closeCall == .shutdownWrite)
    #expect(flow.report.outcome == .open)
  }

  @Test func silenceAfterManyTimeoutsIsAGivenUpFlow() {
    var flow = EpisodeScript()
    flow.open()
    for (i, ms) in [50.0, 260, 670, 1500, 3100, 6300].enumerated() {
      flow.c(ms, "P", at: 1, payload: 10, ack: 1) { $0.isRetransmission = i > 0 }
    }
    flow.silence(until: 8000)
    #expect(flow.report.outcome == .open)
    flow.silence(until: 20_000)
    #expect(flow.report.outcome == .timedOut)
    #expect(flow.report.originator.socket.failure == .timedOut)
  }

  @Test func vantageByTheNearEnds() {
    var flow = EpisodeScript()
    #expect(FlowStories.vantage(flow.evidence) == .nearOriginator)
    flow.evidence.responder.isNear = true
    #expect(FlowStories.vantage(flow.evidence) == .nearBoth)
    flow.evidence.originator.isNear = false
    flow.evidence.responder.isNear = false
    #expect(FlowStories.vantage(flow.evidence) == .middle)
    flow.evidence.originator.rtt = nil
    #expect(FlowStories.vantage(flow.evidence) == .unknown)
  }

  @Test func icmpThatQuotesWhatWasSent() throws {
    func error(_ seq: UInt32, _ time: Int64) -> ICMPError {
      ICMPError(
        kind: .hostUnreachable, type: 3, code: 1, frame: 9, time: time, recordOffset: 0,
        reporter: IPAddress(v4: 0x0a00_00fe), quotedSource: EpisodeScript.client,
        quotedDestination: EpisodeScript.server, quotedSeq: seq, mtu: nil)
    }
    var flow = EpisodeScript()
    flow.c(0, "S", at: 0)
    flow.c(1000, "S", at: 0)
    flow.evidence.icmp = [error(1000, 500_000_000), error(1000, 1_500_000_000)]
    flow.silence(until: 30_000)
    let told = flow.tell().compactMap { if case .icmp(let episode) = $0 { episode } else { nil } }
    #expect(told.count == 1 && told.first?.count == 2)
    #expect(told.first?.quoteFits == true && told.first?.duringHandshake == true)
    #expect(flow.handshake?.outcome == .unreachable)
    #expect(flow.report.outcome == .unreachable)
    flow.evidence.icmp = [error(77_000, 500_000_000)]
    let forged = flow.tell().compactMap { if case .icmp(let episode) = $0 { episode } else { nil } }
    #expect(forged.first?.quoteFits == false)
  }
}

/// Evidence that no stack would leave behind: nothing in it may stop the stories.
@Suite struct EpisodeNoiseTests {
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  @Test(arguments: 0..<300)
  func nonsenseIsTold(_ seed: Int) {
    var random = Generator(state: UInt64(seed) &* 77_777 &+ 5)
    var flow = EpisodeScript()
    var time = 0.0
    for _ in 0..<Int.random(in: 1...60, using: &random) {
      time += Double.random(in: -5...500, using: &random)
      let wild = Int.random(in: 0...9, using: &random) == 0
      let span: ClosedRange<Int64> = wild ? -(1 << 62)...(1 << 62) : 0...6
      let letters = ["", "", "P", "S", "F", "R", "SF", "FR"].randomElement(using: &random) ?? ""
      flow.add(
        Bool.random(using: &random) ? .originator : .responder, time, letters,
        at: .random(in: span, using: &random), payload: UInt32.random(in: 0...3, using: &random),
        ack: Bool.random(using: &random) ? .random(in: span, using: &random) : nil
      ) {
        $0.isDuplicate = Int.random(in: 0...7, using: &random) == 0
        $0.isInjected = Int.random(in: 0...7, using: &random) == 0
        $0.isBadChecksum = Int.random(in: 0...9, using: &random) == 0
        $0.isRetransmission = Int.random(in: 0...4, using: &random) == 0
        $0.ttl = UInt8.random(in: 0...255, using: &random)
      }
    }
    flow.evidence.oneWay = Bool.random(using: &random)
    flow.evidence.midStream = Bool.random(using: &random)
    var again = flow
    again.isn = (1 &+ UInt32(seed), 3)
    let told = again.tell(previous: flow.previous)
    #expect(told.count <= 4 + 3 * Limits().evidence)
    #expect(flow.report.history.count <= 256)
  }
}
