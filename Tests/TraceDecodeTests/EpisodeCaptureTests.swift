import Foundation
import TestSupport
import Testing
import TraceDecode

/// The stories of whole captures: the traps that fool analyzers, and the labelled runs.
@Suite struct EpisodeCaptureTests {
  struct Told {
    var incarnation: LabEvidence.Incarnation
    var episodes: [Episode]
  }

  static func tell(_ path: String) throws -> [Told] {
    let all = try LabEvidence.read(path)
    let end = all.flatMap { $0.evidence.segments.map(\.time) }.max() ?? 0
    return all.enumerated().map { index, incarnation in
      var evidence = incarnation.evidence
      evidence.captureTime = end
      let previous = incarnation.older.last.map {
        PreviousIncarnation.standing(
          at: evidence.segments[0].time, all[$0].evidence, identity(all[$0], $0 + 1))
      }
      let episodes = FlowStories.tell(
        evidence, PathInference.infer(evidence), identity(incarnation, index + 1), previous: previous)
      return Told(incarnation: incarnation, episodes: episodes)
    }
  }

  private static func identity(_ incarnation: LabEvidence.Incarnation, _ number: Int) -> FlowIdentity {
    FlowIdentity(
      number: number, originator: incarnation.originator, responder: incarnation.responder, incarnation: 1,
      firstFrame: incarnation.firstFrame)
  }

  /// Each trap's episodes, in words: what is told, and nothing else.
  private static let traps: [(name: String, told: [[String]])] = [
    ("e04_synack_rexmit_after_ack", [["handshake-ack lost"]]),
    ("e05_fin_rexmit_after_ack", [["fin-ack lost"]]),
    ("e07_tw_reuse_bad", [[], ["handshake", "reuse refused, later accepted", "reset answerToOldSegment"]]),
    ("e08_syn_rexmit", [["handshake 3 SYNs"]]),
    ("e09_challenge_ack_called_dupack", [["reset challenged"]]),
    ("e23_blind_rst_out_of_window", [["reset outOfWindow"]]),
    ("e31_rst_poisons", [["reset outOfWindow"]]),
    ("e32_keepalive_after_fin_lastack_and_halfopen", [["reset halfOpen"]]),
    ("e33_irtt_taken_from_synack_direction", [["handshake 2 SYNs"]]),
    ("e42_routed_span_dup_ttl_vlan", [[]]),
    ("e43_simultaneous_open", [["simultaneous open"]]),
    ("e47_old_dup_syn_in_established", [["old SYN oldDuplicate"]]),
  ]

  private static func words(_ episode: Episode) -> String {
    switch episode {
    case .handshake(let told):
      if told.ackPassedBeforeRepeat != nil { return "handshake-ack lost" }
      if told.simultaneous { return "simultaneous open" }
      return told.outcome == .established ? "handshake \(told.synCount) SYNs" : "handshake"
    case .close(let told):
      let accused = [told.originator, told.responder].filter { $0.ackPassedBeforeRepeat != nil }
      return accused.isEmpty ? "close" : "fin-ack lost"
    case .reset(let told):
      switch told.validity {
      case .accepted, .afterClose: return "reset \(told.cause)"
      default: return "reset \(told.validity)"
      }
    case .reuse(let told):
      return told.answer == .refusedByAck && told.acceptedLater != nil && !told.permitted
        ? "reuse refused, later accepted" : "reuse \(told.answer)"
    case .oldSyn(let told): return "old SYN \(told.reading)"
    default: return "\(episode.kind)"
    }
  }

  @Test(.enabled(if: SharedFolder.traps != nil), arguments: traps.indices)
  func trap(_ index: Int) throws {
    let trap = Self.traps[index]
    let folder = try #require(SharedFolder.traps)
    let told = try Self.tell(folder.appendingPathComponent(trap.name + ".pcap").path)
    #expect(told.map { $0.episodes.map(Self.words) } == trap.told, "\(trap.name)")
  }

  /// An acknowledgement said to be lost beyond the capture point never reached the other capture.
  @Test(.enabled(if: SharedFolder.lab != nil))
  func lostAcknowledgementsAreLost() throws {
    let runs = try #require(SharedFolder.lab).appendingPathComponent("runs")
    var accused = 0
    for run in try FileManager.default.contentsOfDirectory(atPath: runs.path).sorted() {
      // In derived captures the frame numbers are others; a full accept queue drops what arrives.
      if run.contains(".") || run.hasPrefix("accept_overflow") { continue }
      let folder = runs.appendingPathComponent(run)
      guard let data = try? Data(contentsOf: folder.appendingPathComponent("truth.json")),
        let truth = try JSONSerialization.jsonObject(with: data) as? [String: Any],
        let captures = truth["captures"] as? [String: [String: Any]]
      else { continue }
      for side in ["client", "server"] {
        guard let peer = captures[side]?["peer"] as? [Int] else { continue }
        for told in try Self.tell(folder.appendingPathComponent(side + ".pcap").path) {
          for frame in Self.accusations(told.episodes) {
            accused += 1
            #expect(peer[Int(frame) - 1] == 0, "\(run) \(side) frame \(frame)")
          }
        }
      }
    }
    #expect(accused >= 8)
  }

  private static func accusations(_ episodes: [Episode]) -> [UInt64] {
    episodes.flatMap { episode -> [UInt64] in
      switch episode {
      case .handshake(let told):
        [told.ackPassedBeforeRepeat, told.lostSynAck].compactMap { $0?.frame }
      case .close(let told):
        [told.originator, told.responder].compactMap { $0.ackPassedBeforeRepeat?.frame }
      default: []
      }
    }
  }
}
