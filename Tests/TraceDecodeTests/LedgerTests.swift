import Foundation
import TestSupport
import Testing
import TraceDecode

/// Metrics against figures worked out by hand, from tcptrace -l, or from the kernels' own counters.
struct LedgerTests {
  private static func recording(_ name: String) throws -> Recording {
    try Recording(path: PackageFolder.fixtures.appendingPathComponent("lab/\(name).pcap").path)
  }

  private static func flow(_ name: String, ledger: Bool = true) throws -> FlowReport {
    try #require(try recording(name).judged(ledger: ledger).flows.first, "\(name)")
  }

  private static func value(_ flow: FlowReport, _ role: Role, _ key: DirectionMeasure) -> MeasureValue? {
    flow[role].metrics.measures?[key]
  }

  // MARK: - What every analysis counts

  @Test func volumesAreThoseOfTcptraceAndTheKernel() throws {
    let flow = try Self.flow("loss_2", ledger: false)
    let (o, r) = (flow.originator.metrics, flow.responder.metrics)
    // The client's kernel: 7,232 octets in by IP, 4 segments retransmitted.
    #expect(r.octetsIP == 7232)
    #expect(o.octetsIP == 225_609)
    #expect(o.retransmittedSegments == 4)
    #expect(o.octetsUnique == 211_749)
    #expect(o.octetsAcked == 211_749)
    #expect(o.streamLength == 211_749)
    #expect((o.ackSegments, o.pureAcks, o.pshCount) == (154, 3, 51))
    #expect((r.octetsUnique, r.octetsAcked, r.streamLength) == (0, 0, 0))
    #expect((r.ackSegments, r.pureAcks) == (120, 117))
    #expect(o.flagsUnion == [.syn, .ack, .psh, .fin])
    #expect((o.firstPayloadDelay, o.lastPayloadDelay) == (21_568_000, 170_367_000))
    #expect(o.optionsOffered == [.mss, .windowScale, .sackPermitted, .timestamps])
    // tcptrace leaves out four ACKs that waited for a hole to be filled, up to 40.9 ms.
    #expect((o.rttSamples, o.rttMin, o.rttMax) == (33, 21_025_000, 21_324_000))
    #expect(flow.completeness == 31)
    #expect((flow.handshakeResponderPart, flow.handshakeOriginatorPart) == (21_156_000, 85_000))
    #expect((flow.synRetries, flow.ecnMode) == (0, ECNMode.none))
    #expect(o.measures == nil && flow.measures == nil && o.rttSpread == nil)
  }

  @Test func midStreamCountsFromTheFirstOctetSeen() throws {
    var cut = try Self.recording("loss_2")
    cut.records.removeFirst(20)
    let flow = try #require(cut.judged(ledger: true).flows.first)
    let o = flow.originator.metrics
    #expect(flow.midStream)
    #expect(o.octetsAcked == o.octetsUnique)
    #expect(try #require(o.octetsAcked) < 211_749)
    #expect(o.streamLength == nil && o.optionsOffered == nil && flow.synRetries == nil && flow.ecnMode == nil)
    #expect(!o.windowScaleKnown)
    #expect(Self.value(flow, .originator, .initialFlightOctets) == .unknown)
    #expect(flow.synFellBack == nil)
  }

  @Test func whatOneDirectionDoesNotTellIsUnknown() throws {
    var oneWay = try Self.recording("loss_2")
    // The originator's frames only: 10.7.0.1 sends them.
    oneWay.records.removeAll { !($0.bytes.count > 30 && $0.bytes[26..<30] == [10, 7, 0, 1]) }
    let flow = try #require(oneWay.judged(ledger: true).flows.first)
    #expect(flow.asymmetric)
    let (o, r) = (flow.originator.metrics, flow.responder.metrics)
    #expect(o.octetsAcked == nil && r.octetsAcked == nil && o.octetsMissing == nil)
    #expect(o.streamLength == 211_749)
    for key in [DirectionMeasure.acksLost, .flightMax, .flightAvg, .initialFlightSegs, .rttP50, .srtt] {
      #expect(Self.value(flow, .originator, key) == .unknown, "\(key)")
    }
    for key in DirectionMeasure.allCases {
      #expect(Self.value(flow, .responder, key) == .unknown, "\(key)")
    }
    #expect(flow.measures?[.idle] == .unknown)
    #expect(flow.measures?[.productive] != .unknown)
    #expect(Self.value(flow, .originator, .segsMin) == .known(376))
  }

  // MARK: - Ledgers

  @Test func aLedgerHasTheFiguresOfTcptrace() throws {
    let flow = try Self.flow("loss_2")
    let o: [(DirectionMeasure, Int64)] = [
      (.segsMin, 376), (.mssObserved, 1448), (.rttCumulative, 111), (.rttPostLoss, 4), (.rttAmbiguous, 0),
      (.initialFlightOctets, 14_480), (.initialFlightSegs, 10), (.idleMax, 226_014_000), (.winAvg, 64_512),
      (.lossEvents, 4), (.lossDownstream, 4), (.lossUpstream, 0), (.sackAcks, 0), (.turns, 1),
      (.firstAckDelay, 21_241_000), (.dfRatio, 1_000_000), (.zeroWindowTime, 0), (.ttlChanges, 0),
      // tcptrace has 97,393: it takes the FIN for an octet.
      (.flightMax, 97_392),
    ]
    for (key, number) in o { #expect(Self.value(flow, .originator, key) == .known(number), "\(key)") }
    #expect(Self.value(flow, .responder, .sackAcks) == .known(82))
    #expect(Self.value(flow, .responder, .sackBlocksMax) == .known(1))
    #expect(Self.value(flow, .responder, .winAvg) == .known(190_567))
    #expect(Self.value(flow, .responder, .flightMax) == .unknown)
    // The client's kernel closed with an SRTT of 21.28 ms.
    let srtt = try #require(Self.value(flow, .originator, .srtt)?.least)
    #expect(abs(srtt - 21_280_000) < 300_000)
    #expect(Self.value(flow, .originator, .rtoMaxBackoff) == .unknown)
  }

  /// Both ends of one connection saw the sender with as much in flight, though most of it had been acknowledged
  /// where the receiver was captured.
  @Test func flightIsTheSendersWhereverItIsSeen() throws {
    for side in ["client", "server"] {
      let flow = try Self.flow("runs/loss_2-s1/\(side)")
      #expect(Self.value(flow, .originator, .initialFlightSegs) == .known(10), "\(side)")
      let most = try #require(Self.value(flow, .originator, .flightMax)?.least)
      #expect(abs(most - 97_392) <= 2 * 1448, "\(side): \(most)")
    }
  }

  @Test func aClosedWindowIsTimed() throws {
    let flow = try Self.flow("zero_window")
    // Frames 16, 0.153 691 s, to 21, 1.540 002 s.
    #expect(Self.value(flow, .responder, .zeroWindowTime) == .known(1_386_311_000))
    #expect(flow.measures?[.zeroWindow] == .known(1_386_311_000))
    #expect(Self.value(flow, .originator, .zeroWindowTime) == .known(0))
    #expect(Self.value(flow, .originator, .flightMax) == .known(8688))
  }

  @Test func waitsBeforeTimeOutsCountFromTheLastTransmission() throws {
    let flow = try Self.flow("runs/rto_whole_window-s1/client")
    // Frame 30 after 334.040 ms, frame 35 after 1,082.038 ms; the second time-out in a row was the last.
    #expect(Self.value(flow, .originator, .rtoFirst) == .known(334_040_000))
    #expect(Self.value(flow, .originator, .rtoMaxBackoff) == .known(2))
    // The third loss waited least: frame 90.
    #expect(Self.value(flow, .originator, .rtoMin) == .known(303_981_000))
    #expect(Self.value(flow, .originator, .rtoMax) == .known(1_082_038_000))
  }

  @Test func keepAlivesHaveTheirMedianInterval() throws {
    // At 1.101 828, 2.141 828, 3.157 826 and 4.181 822 s.
    let flow = try Self.flow("runs/keepalive_dead-s1/client")
    #expect(Self.value(flow, .originator, .keepAliveInterval) == .known(1_023_996_000))
    #expect(Self.value(flow, .originator, .idleMax)?.least ?? 0 > 1_000_000_000)
  }

  // MARK: - Two readings

  @Test func copiesAreTheNetworksOrTheCapturesOnceTheCaptureIsOver() throws {
    let flow = try Self.flow("runs/dup_net-s1/client")
    let r = flow.responder.metrics
    #expect((r.networkDuplicates, r.captureDuplicates, r.ambiguousDuplicates) == (3, 0, 0))
    // The flow is over long before the capture is, and reported then.
    var longer = try Self.recording("runs/dup_net-s1/client")
    let last = try #require(longer.records.last)
    var later = try Self.recording("refused").records
    let shift = last.time - (later.first?.time ?? 0) + 3_600_000_000_000
    for i in later.indices { later[i].time += shift }
    longer.records += later
    let early = try #require(longer.judged().flows.first).responder.metrics
    #expect((early.networkDuplicates, early.captureDuplicates, early.ambiguousDuplicates) == (0, 0, 3))
  }

  @Test func whatCanBeReadTwoWaysIsARange() throws {
    // Two rules agree on how many there may be, and whether for certain.
    for name in ["runs/reorder_loss-s1/server", "runs/loss_2_nots-s1/server", "runs/reorder_loss-s1/client"] {
      let flow = try Self.flow(name)
      let m = flow.originator.metrics
      let value = try #require(Self.value(flow, .originator, .ambiguousOrder))
      #expect(value == (m.ambiguous > 0 ? .between(0, Int64(m.ambiguous)) : .known(0)), "\(name)")
    }
    #expect(MeasureValue.between(1, 3).least == 1)
    #expect(MeasureValue.unknown.least == nil)
  }

  /// A ledger changes nothing of what is judged.
  @Test(arguments: ["loss_2", "zero_window", "runs/reorder_loss-s1/server", "runs/tlp_probe_lost-s1/client"])
  func aLedgerChangesNoVerdict(name: String) throws {
    let recording = try Self.recording(name)
    let (plain, full) = (recording.judged(), recording.judged(ledger: true))
    #expect(plain.verdicts == full.verdicts)
    #expect(plain.findings.map(\.message) == full.findings.map(\.message))
  }

  /// The kernels counted the octets that came in by IP: what one direction sent, as far as it arrived.
  @Test(.enabled(if: SharedFolder.lab != nil))
  func octetsOfPacketsAreTheKernels() throws {
    let lab = try #require(SharedFolder.lab)
    for run in ["clean-s1", "loss_2-s1", "bulk-s1", "zero_window-s1", "ecn-s1", "reorder_heavy-s1"] {
      let folder = lab.appendingPathComponent("runs/\(run)")
      let truth = try JSONSerialization.jsonObject(
        with: Data(contentsOf: folder.appendingPathComponent("truth.json")))
      let meta = (truth as? [String: Any])?["meta"] as? [String: Any]
      let counters = try #require((meta?["netstat"] as? [String: [String: Int]])?["server"])
      let recording = try Recording(path: folder.appendingPathComponent("server.pcap").path)
      let flow = try #require(recording.judged().flows.first)
      #expect(flow.originator.metrics.octetsIP == UInt64(counters["InOctets"] ?? 0), "\(run)")
    }
  }

  // MARK: - What set the pace

  private static let limits: [DirectionMeasure] = [
    .limitedByApplication, .limitedByWindow, .limitedByZeroWindow, .limitedByDelayedAck,
    .limitedByCongestion, .limitedByLoss, .limitedUnknown,
  ]

  @Test(arguments: ["loss_2", "zero_window", "clean", "half_close"])
  func limitingCausesAddUpToTheFlow(name: String) throws {
    let flow = try Self.flow(name)
    for role in [Role.originator, .responder] {
      let values = Self.limits.map { Self.value(flow, role, $0)?.least }
      guard flow[role].metrics.dataPackets > 0 else {
        #expect(values.allSatisfy { $0 == nil }, "\(name) \(role)")
        continue
      }
      let sum = values.reduce(0) { $0 + ($1 ?? 0) }
      #expect(sum == flow.lastTime - flow.firstTime, "\(name) \(role): \(values)")
    }
  }

  @Test func aClosedWindowAndALossAreWhatLimitsTheirFlows() throws {
    let closed = try Self.flow("zero_window")
    let zero = try #require(Self.value(closed, .originator, .limitedByZeroWindow)?.least)
    #expect(zero > 1_000_000_000 && zero <= closed.lastTime - closed.firstTime)
    #expect(Self.value(closed, .originator, .limitedByLoss) == .known(0))
    let lossy = try Self.flow("loss_2")
    let loss = try #require(Self.value(lossy, .originator, .limitedByLoss)?.least)
    #expect(loss > 50_000_000)
    #expect(Self.value(lossy, .originator, .limitedByZeroWindow) == .known(0))
  }

  @Test func lostAcknowledgementsOfTheEndsAreProved() throws {
    let flow = try Self.flow("final_ack_lost")
    let counts = [Role.originator, .responder].map { role in
      [DirectionMeasure.acksLostL2, .acksLostL3].map { Self.value(flow, role, $0)?.least ?? -1 }
    }
    #expect(counts.joined().reduce(0, +) == 1, "\(counts)")
    let clean = try Self.flow("clean")
    for role in [Role.originator, .responder] {
      for key in [DirectionMeasure.acksLostL2, .acksLostL3, .reneges, .urgentOctets] {
        #expect(Self.value(clean, role, key) == .known(0), "\(key)")
      }
    }
  }

  @Test func effectiveOptionsAreThoseBothOffered() throws {
    let flow = try Self.flow("clean", ledger: false)
    let (o, r) = (flow.originator.metrics, flow.responder.metrics)
    #expect(o.optionsEffective == [.mss, .windowScale, .sackPermitted, .timestamps])
    #expect(r.optionsEffective == o.optionsEffective)
    let stack = try Recording(
      path: PackageFolder.fixtures.appendingPathComponent("lab/stacks").appendingPathComponent(
        try #require(
          try FileManager.default.contentsOfDirectory(
            atPath: PackageFolder.fixtures.appendingPathComponent("lab/stacks").path
          ).first { $0.contains("lwip") })
      ).appendingPathComponent("client.pcap").path)
    let plain = try #require(stack.judged().flows.first)
    #expect(plain.originator.metrics.optionsEffective?.isSubset(of: .mss) == true)
  }
}
