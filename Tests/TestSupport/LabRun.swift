import Foundation
import TraceDecode

/// One run of the lab: a capture at each end, and what the stacks themselves said.
public struct LabRun: Sendable {
  /// The part of truth.json that verdicts and states are held against (FORMAT.md).
  public struct Truth: Decodable, Sendable {
    public struct Meta: Decodable, Sendable {
      public var scenario: String
      public var lo: Bool
      public var derived: String?
    }
    /// A frame that is more than a plain first transmission.
    public struct Label: Decodable, Sendable {
      public var frame: Int
      public var flow: Int?
      public var from: String?
      public var length: Int
      public var flags: Int
      public var kind: String
      public var cause: String?
      public var spurious: Bool?
      public var seen: String?
      public var belowHigh: Bool?
      public var late: Bool?
      public var networkCopy: Bool?
      public var corrupt: Bool?

      enum CodingKeys: String, CodingKey {
        case flow, from, flags, kind, cause, spurious, seen, late, corrupt
        case frame = "f"
        case length = "len"
        case belowHigh = "below_high"
        case networkCopy = "net_dup"
      }
      public var isCopy: Bool { networkCopy == true || kind == "capture_duplicate" }
    }
    public struct Capture: Decodable, Sendable {
      public var frames: [Label]
      /// For each frame, the number of the same one in the other capture; 0 where there is none.
      public var peer: [Int]?
    }
    public struct Change: Decodable, Sendable {
      public var time: Double
      public var from: String
      public var to: String
      public var wire: [String: Double?]
      public var visible: [String: Bool]

      enum CodingKeys: String, CodingKey {
        case from, to, wire, visible
        case time = "t"
      }
      public var isExpiry: Bool { from == "TIME_WAIT" && to == "CLOSED" }
    }
    public struct Facts: Decodable, Sendable {
      public var retransmissions: [String: Int]
      public var lost: Int
      public var injected: Int
      public var resets: [String: Int]
      public var zeroWindowFrom: [String]
      public var zeroWindowProbes: Int

      enum CodingKeys: String, CodingKey {
        case retransmissions, lost, injected
        case resets = "rst_sent"
        case zeroWindowFrom = "zero_window_from"
        case zeroWindowProbes = "zero_window_probes"
      }
    }
    public struct Flow: Decodable, Sendable {
      public var number: Int
      public var client: String
      public var server: String
      public var firstFrame: [String: Int?]
      public var endpoints: [String: [Change]]
      public var facts: Facts

      enum CodingKeys: String, CodingKey {
        case client, server, endpoints, facts
        case number = "no"
        case firstFrame = "first_frame"
      }
      /// The flow's first frame in a capture; nil where that capture has none of it.
      public func first(_ vantage: String) -> Int? { firstFrame[vantage] ?? nil }
    }
    public var meta: Meta
    public var captures: [String: Capture]
    public var flows: [Flow]

    /// Nothing went wrong: no loss, retransmission, forged or corrupted segment, reset, zero window or early end.
    public var isClean: Bool {
      let facts = flows.map(\.facts)
      let quiet = facts.allSatisfy {
        $0.lost == 0 && $0.retransmissions.isEmpty && $0.injected == 0
          && $0.resets.values.allSatisfy { $0 == 0 } && $0.zeroWindowFrom.isEmpty && $0.zeroWindowProbes == 0
      }
      let plain = captures.values.allSatisfy { capture in
        capture.frames.allSatisfy {
          $0.corrupt != true && $0.networkCopy != true && $0.belowHigh != true && $0.late != true
            && ["original", "keepalive"].contains($0.kind)
        }
      }
      let closed = flows.allSatisfy { flow in
        flow.endpoints.values.allSatisfy { ["CLOSED", "TIME_WAIT"].contains($0.last?.to ?? "") }
      }
      return quiet && plain && closed
    }
  }

  public var name: String
  public var truth: Truth
  /// By vantage: `client`, `server`.
  public var recordings: [String: Recording]

  public init(name: String, truth: Truth, recordings: [String: Recording]) {
    self.name = name
    self.truth = truth
    self.recordings = recordings
  }

  /// Reads a run's folder.
  public init(_ folder: URL) throws {
    name = folder.lastPathComponent
    truth = try JSONDecoder().decode(
      Truth.self, from: Data(contentsOf: folder.appendingPathComponent("truth.json")))
    recordings = [:]
    for vantage in truth.captures.keys {
      let file = folder.appendingPathComponent("\(vantage).pcap")
      guard FileManager.default.fileExists(atPath: file.path) else { continue }
      recordings[vantage] = try Recording(path: file.path)
    }
  }

  /// The vantages it has captures of, in a fixed order.
  public var vantages: [String] { recordings.keys.sorted() }

  /// Every run of a set, in order of names.
  public static func all(in set: URL) throws -> [LabRun] {
    try FileManager.default.contentsOfDirectory(atPath: set.path).sorted()
      .map { set.appendingPathComponent($0) }
      .filter { FileManager.default.fileExists(atPath: $0.appendingPathComponent("truth.json").path) }
      .map(LabRun.init)
  }

  /// The runs that the package has: `runs` or `stacks`.
  public static func fixtures(_ set: String) throws -> [LabRun] {
    try all(in: PackageFolder.fixtures.appendingPathComponent("lab/\(set)"))
  }
}
