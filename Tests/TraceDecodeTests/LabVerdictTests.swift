import Foundation
import TestSupport
import Testing
import TraceDecode

/// Verdicts on frames and paths of states, held against what the sending and receiving stacks said themselves.
struct LabVerdictTests {
  /// What a class must reach: the precision and the recall, as means over scenarios or of all cases together.
  struct Floor: Sendable {
    var kind: LabScore.Class
    var precision: Double
    var recall: Double
    var pooled = false
  }

  static let floors: [String: [Floor]] = [
    "runs": [
      Floor(kind: .retransmissionAtSender, precision: 0.998, recall: 0.998),
      Floor(kind: .retransmissionAtReceiver, precision: 0.995, recall: 0.995),
      Floor(kind: .holeAtReceiver, precision: 0.995, recall: 0.995),
      Floor(kind: .spuriousAtReceiver, precision: 0.98, recall: 0.99),
      Floor(kind: .spuriousAtSender, precision: 0.99, recall: 0.93),
      Floor(kind: .causeAtSender, precision: 1, recall: 0.99, pooled: true),
      Floor(kind: .causeAtReceiver, precision: 1, recall: 0.99, pooled: true),
      Floor(kind: .handshakeCause, precision: 1, recall: 1, pooled: true),
      Floor(kind: .outOfOrder, precision: 0.99, recall: 0.99, pooled: true),
      Floor(kind: .duplicate, precision: 0.99, recall: 0.99, pooled: true),
      Floor(kind: .keepAlive, precision: 1, recall: 1, pooled: true),
      Floor(kind: .zeroWindowProbe, precision: 1, recall: 1, pooled: true),
      Floor(kind: .pathNear, precision: 0.993, recall: 0.993),
      Floor(kind: .pathFar, precision: 0.99, recall: 0.99),
    ],
    "stacks": [
      Floor(kind: .retransmissionAtSender, precision: 0.995, recall: 0.995),
      Floor(kind: .retransmissionAtReceiver, precision: 0.99, recall: 0.995),
      Floor(kind: .holeAtReceiver, precision: 0.99, recall: 0.995),
      Floor(kind: .spuriousAtReceiver, precision: 0.97, recall: 0.98),
      Floor(kind: .spuriousAtSender, precision: 0.99, recall: 0.7),
      Floor(kind: .causeAtSender, precision: 1, recall: 0.99, pooled: true),
      Floor(kind: .causeAtReceiver, precision: 1, recall: 0.99, pooled: true),
      Floor(kind: .outOfOrder, precision: 0.95, recall: 0.95, pooled: true),
      Floor(kind: .duplicate, precision: 0.95, recall: 0.95, pooled: true),
      Floor(kind: .keepAlive, precision: 0.99, recall: 0.99, pooled: true),
      Floor(kind: .zeroWindowProbe, precision: 0.99, recall: 0.99, pooled: true),
      Floor(kind: .pathNear, precision: 0.99, recall: 0.99),
      Floor(kind: .pathFar, precision: 0.98, recall: 0.98),
    ],
  ]

  /// What no evidence decides, each with its reason; set aside where a class is held against its floor.
  static let undecidable: [String: String] = [
    // lwIP numbers no packets and has no timestamps: equal in every octet to the answer to a copy made beyond
    // the capture point, of which the same captures hold three.
    "dup_net_lo-lwip-s1 client missed frame 57 original  nothing": "a copied ACK, or one more answer",
    "dup_net_so-lwip-s1 server missed frame 127 original  nothing": "a copied ACK, or one more answer",
    // What is left begins after one side's FIN and the ACK of it: a peer's FIN alone is a passive close.
    "cut.many_short-s1 client missed flow 5 client: "
      + "CLOSE_WAIT for (SYN_SENT) (ESTABLISHED) (FIN_WAIT_1) (FIN_WAIT_2) (TIME_WAIT)": cutAway,
    "cut.many_short-s1 server missed flow 5 server: "
      + "FIN_WAIT_1 FIN_WAIT_2 for (SYN_RCVD) (ESTABLISHED) (CLOSE_WAIT) (LAST_ACK) (CLOSED)": cutAway,
    "cut.many_short-s1 server missed flow 14 server: "
      + "FIN_WAIT_1 FIN_WAIT_2 for (SYN_RCVD) (ESTABLISHED) (CLOSE_WAIT) (LAST_ACK) CLOSED": cutAway,
    "cut.tw_reuse_higher_isn-s1 server missed flow 1 server: "
      + "CLOSE_WAIT for (SYN_RCVD) (ESTABLISHED) (FIN_WAIT_1) (FIN_WAIT_2) TIME_WAIT": cutAway,
    "cut.tw_reuse_lower_isn-s1 server missed flow 1 server: "
      + "CLOSE_WAIT CLOSED for (SYN_RCVD) (ESTABLISHED) (FIN_WAIT_1) (FIN_WAIT_2) TIME_WAIT": cutAway,
  ]
  private static let cutAway = "the earlier FIN is cut away"

  /// All that is judged wrong in the package's captures, each with its reason.
  static let wrongInFixtures: [String: String] = [
    "ack_loss_lo-lwip-s1 server missed frame 200 retransmission rto rto":
      "without D-SACK, timestamps or identification nothing tells whether the first copy arrived",
    "loss_6_so-lwip-s1 server missed frame 250 retransmission loss_recovery loss-recovery":
      "without D-SACK, timestamps or identification nothing tells whether the first copy arrived",
    "ack_loss_lo-lwip-s1 client missed flow 1 server: "
      + "SYN_RCVD ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED for SYN_RCVD ESTABLISHED CLOSE_WAIT LAST_ACK":
      "the last ACK was lost beyond the capture, which goes on too briefly for the FIN to come again",
    "synrcvd_timeout-s1 client missed flow 1 server:  for SYN_RCVD (CLOSED)":
      "every SYN-ACK was lost before the capture point: nothing of the server is in it",
  ].merging(undecidable) { $1 }

  static func check(_ score: LabScore, _ floors: [Floor]) {
    for floor in floors {
      let pooled = score.pooled(floor.kind)
      let mean = score.mean(floor.kind)
      let precision = floor.pooled ? pooled.precision ?? 1 : mean.precision
      let aside = (score.errors[floor.kind] ?? []).filter { undecidable[$0] != nil }.count
      let decidable = pooled.right + pooled.missed - aside
      let recall =
        floor.pooled ? decidable == 0 ? 1 : Double(pooled.right) / Double(decidable) : mean.recall
      let wrong = (score.errors[floor.kind] ?? []).joined(separator: "\n")
      // A path is right or not: it has no precision of its own.
      let isPath = floor.kind == .pathNear || floor.kind == .pathFar
      #expect(isPath || precision >= floor.precision, "\(floor.kind.rawValue): \(pooled)\n\(wrong)")
      #expect(recall >= floor.recall, "\(floor.kind.rawValue): \(pooled)\n\(wrong)")
    }
  }

  /// The captures the package has: nothing there may be judged wrong but what is named here.
  @Test(arguments: ["runs", "stacks"])
  func fixturesAreJudgedRight(set: String) throws {
    var score = LabScore()
    for run in try LabRun.fixtures(set) {
      for vantage in run.vantages {
        score.add(run, vantage, run.recordings[vantage]?.judged() ?? Judgement())
      }
    }
    let runs = Set(try LabRun.fixtures(set).map(\.name))
    let known = Set(Self.wrongInFixtures.keys.filter { runs.contains(String($0.prefix { $0 != " " })) })
    let wrong = Set(score.errors.values.joined())
    #expect(wrong.subtracting(known).isEmpty, "newly wrong")
    #expect(known.subtracting(wrong).isEmpty, "right by now: take it off the list")
    #expect(score.pooled(.retransmissionAtSender).right > 20)
    #expect(score.pooled(.pathNear).right > 10)
  }

  /// All of the lab, with half the memory too: what a flow keeps for later evidence is enough by far.
  @Test(.enabled(if: SharedFolder.lab != nil), arguments: ["runs", "stacks"])
  func labIsJudgedRight(set: String) throws {
    var score = LabScore()
    var half = Limits()
    half.segmentsPerFlow /= 2
    for run in try LabRun.all(in: #require(SharedFolder.lab).appendingPathComponent(set)) {
      for vantage in run.vantages {
        guard let recording = run.recordings[vantage] else { continue }
        let judgement = recording.judged()
        score.add(run, vantage, judgement)
        let flows = Dictionary(grouping: judgement.flows) { $0.flow.number }
        if flows.isEmpty || recording.records.count <= half.segmentsPerFlow { continue }
        #expect(recording.judged(limits: half).verdicts == judgement.verdicts, "\(run.name) \(vantage)")
      }
    }
    Self.check(score, Self.floors[set] ?? [])
  }

  /// A memory far smaller than a flow's length changes no verdict of the package's captures.
  @Test func aSmallMemoryChangesNoVerdict() throws {
    for set in ["runs", "stacks"] {
      for run in try LabRun.fixtures(set) {
        for vantage in run.vantages {
          guard let recording = run.recordings[vantage], recording.records.count > 150 else { continue }
          var small = Limits()
          small.segmentsPerFlow = 150
          let whole = recording.judged().verdicts
          let bounded = recording.judged(limits: small).verdicts
          let differing = Set(whole.keys).union(bounded.keys).filter { whole[$0] != bounded[$0] }.sorted()
          #expect(
            differing.isEmpty,
            "\(run.name) \(vantage): \(differing.map { "\($0) \(whole[$0]?.words ?? "-")/\(bounded[$0]?.words ?? "-")" })"
          )
        }
      }
    }
  }
}
