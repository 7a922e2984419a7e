import Testing
import TraceScript

@testable import TraceDecode
@testable import TraceRules

/// Defects of the capture that look like those of the network.
struct CaptureDefectTests {
  private func codes(_ script: String) throws -> [String] {
    findings(of: try Script.parse(script)).filter { $0.severity > .info }.map(\.code)
  }

  private static let opening = """
    0.000 > S 0:0(0) win 64240 <mss 1460>
    0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460>
    0.0401 > . 1:1(0) ack 1

    """

  /// One host's checksums are wrong, each by another amount: its card was to fill them in.
  @Test func aHostsWrongSumsThatAreAllAcknowledgedAreNoDamage() throws {
    var script = Self.opening
    for i in 0..<5 {
      let start = 1 + i * 100
      script += "+0.010 > P. \(start):\(start + 100)(100) ack 1 sumoff \(1000 + 77 * i)\n"
      script += "+0.040 < . 1:1(0) ack \(start + 100)\n"
    }
    let found = findings(of: try Script.parse(script)).filter { $0.severity > .info }
    #expect(found.map(\.code) == ["CAP115"])
    #expect(found.first?.severity == .note)
  }

  /// The same amount in one direction alone is a sender's fault: nobody answers it.
  @Test func aSenderThatSumsWrongIsNotForgiven() throws {
    let told = try codes(
      Self.opening + """
        0.100 > P. 1:101(100) ack 1 sumoff 4660
        0.310 > P. 1:101(100) ack 1 sumoff 4660
        0.730 > P. 1:101(100) ack 1
        0.770 < . 1:1(0) ack 101
        """)
    #expect(told.contains("CAP115") && !told.contains("CAP120"))
  }

  /// A bit that the network flips both ways makes the same amount by chance.
  @Test func aFlippedBitIsDamage() throws {
    let told = try codes(
      Self.opening + """
        0.100 > P. 1:101(100) ack 1 sumoff 256
        0.110 < P. 1:101(100) ack 1 sumoff 256
        0.350 > P. 1:101(100) ack 1
        0.390 < P. 1:101(100) ack 101
        0.391 > . 101:101(0) ack 101
        """)
    #expect(told.contains("CAP115") && !told.contains("CAP120"))
  }

  /// An anonymised flow is judged as if its sums were right: a loss in it is a loss.
  @Test func aLossInAnAnonymisedFlowIsStillSeen() throws {
    let told = try codes(
      """
      0.000 > S 0:0(0) win 64240 <mss 1460> sumoff 4660
      0.040 < S. 0:0(0) ack 1 win 65160 <mss 1460> sumoff 4660
      0.0401 > . 1:1(0) ack 1 sumoff 4660
      0.100 > P. 1:101(100) ack 1 sumoff 4660
      0.400 > P. 1:101(100) ack 1 sumoff 4660
      0.440 < . 1:1(0) ack 101 sumoff 4660
      """)
    #expect(Set(told) == ["CAP120", "SEQ202", "SEQ207"], "\(told)")
  }

  private static func seconds(_ milliseconds: Int) -> String {
    let rest = "\(milliseconds % 1000)"
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }

  /// Frames go back by three seconds, and both ends' clocks go on.
  @Test func aClockSetBackIsAStepAndNoMerge() throws {
    var script = """
      0.000 > S 0:0(0) win 64240 <mss 1460,TS val 1000 ecr 0>
      0.010 < S. 0:0(0) ack 1 win 65160 <mss 1460,TS val 5010 ecr 1000>
      0.020 > . 1:1(0) ack 1 <TS val 1020 ecr 5010>

      """
    for i in 0..<80 {
      let tick = 50 * i
      let time = 5050 + tick - (i < 40 ? 0 : 3000)
      let (own, peer) = (1 + 10 * i, 1 + 10 * i)
      script +=
        "\(Self.seconds(time)) > P. \(own):\(own + 10)(10) ack \(peer) <TS val \(6050 + tick) ecr \(10000 + tick)>\n"
      script +=
        "\(Self.seconds(time + 10)) < P. \(peer):\(peer + 10)(10) ack \(own + 10) <TS val \(10060 + tick) ecr \(6050 + tick)>\n"
    }
    let found = findings(of: try Script.parse(script))
    let step = try #require(found.first { $0.code == "CAP106" })
    #expect(step.message.contains("back"))
    #expect(found.contains { $0.code == "CAP105" })
  }
}
