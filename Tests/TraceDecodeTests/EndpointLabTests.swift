import Foundation
import TestSupport
import Testing

@testable import TraceDecode

/// The paths of states inferred from the lab's captures against what the kernels themselves said.
@Suite struct EndpointLabTests {
  /// `FLOWLINT_LAB_OUT=DIR` writes each capture's neutral output (FORMAT.md) to DIR/runs and DIR/stacks.
  static let out = ProcessInfo.processInfo.environment["FLOWLINT_LAB_OUT"]

  @Test(
    .enabled(if: SharedFolder.lab != nil),
    arguments: [
      ("runs", 0.993, 0.99), ("stacks", 0.99, 0.98),
    ])
  func pathsAreTheKernels(set: String, near: Double, far: Double) throws {
    var tally = LabTally()
    let root = try #require(SharedFolder.lab).appendingPathComponent(set)
    for run in try FileManager.default.contentsOfDirectory(atPath: root.path).sorted() {
      let folder = root.appendingPathComponent(run)
      let truth = try JSONDecoder().decode(
        LabTruth.self, from: Data(contentsOf: folder.appendingPathComponent("truth.json")))
      for vantage in ["client", "server"] {
        let capture = folder.appendingPathComponent("\(vantage).pcap")
        guard FileManager.default.fileExists(atPath: capture.path) else { continue }
        let incarnations = try LabEvidence.read(capture.path)
        let paths = incarnations.map { PathInference.infer($0.evidence) }
        tally.add(truth, vantage, incarnations, paths)
        if let out = Self.out {
          try LabOutput.write(incarnations, paths, to: "\(out)/\(set)/\(run)", name: "\(vantage).json")
        }
      }
    }
    #expect(tally.near.exact >= near, "near: \(tally.near)")
    #expect(tally.far.exact >= far, "far: \(tally.far)")
  }
}

extension EndpointLabTests {
  /// A long flow of which only the opening and the tail are remembered has the states of the whole.
  @Test(.enabled(if: SharedFolder.lab != nil), arguments: ["runs", "stacks"])
  func forgettingTheMiddleChangesNoState(set: String) throws {
    let root = try #require(SharedFolder.lab).appendingPathComponent(set)
    var forgotten = 0
    for run in try FileManager.default.contentsOfDirectory(atPath: root.path).sorted() {
      for vantage in ["client", "server"] {
        let capture = root.appendingPathComponent(run).appendingPathComponent("\(vantage).pcap")
        guard FileManager.default.fileExists(atPath: capture.path) else { continue }
        for incarnation in try LabEvidence.read(capture.path) {
          guard let short = incarnation.evidence.withoutMiddle(opening: 12) else { continue }
          forgotten += 1
          let whole = PathInference.infer(incarnation.evidence)
          let part = PathInference.infer(short)
          for role in [Role.originator, .responder] {
            #expect(
              part[role].transitions == whole[role].transitions,
              "\(run) \(vantage) frame \(incarnation.firstFrame) \(role.name)")
          }
        }
      }
    }
    #expect(forgotten > 100)
  }
}

extension FlowEvidence {
  /// The evidence as a bounded memory leaves it: the first `opening` segments, then a tail that reaches back to
  /// the oldest octet unacknowledged before the first FIN or RST. nil when that forgets nothing.
  fileprivate func withoutMiddle(opening: Int) -> FlowEvidence? {
    let end = segments.firstIndex { $0.flags.contains(.fin) || $0.isReset } ?? segments.count
    var oldest: [Role: Int64] = [.originator: 0, .responder: 0]
    for segment in segments[..<end] where segment.hasAck && !segment.isBadChecksum && !segment.isInjected {
      oldest[segment.sender.peer] = max(oldest[segment.sender.peer] ?? 0, segment.ack)
    }
    let tail = segments[..<end].firstIndex { $0.end > $0.start && $0.end > oldest[$0.sender] ?? 0 } ?? end
    guard tail > opening + 1, !selfConnection else { return nil }
    var short = self
    short.tailStart = opening
    short.segments = Array(segments[..<opening] + segments[tail...])
    for role in [Role.originator, .responder] {
      var stream = ReceivedStream()
      for segment in segments[..<tail]
      where segment.sender != role && !segment.isReset && !segment.isBadChecksum && !segment.isInjected {
        stream.accept(segment, midStream: midStream)
      }
      short[role].receivedBeforeTail = stream.next ?? 0
      short[role].maxAck = segments.filter { $0.sender == role && $0.hasAck }.map(\.ack).max() ?? 0
    }
    return short
  }
}

/// The part of truth.json that speaks of endpoints.
struct LabTruth: Decodable {
  struct Meta: Decodable {
    var scenario: String
    var lo: Bool
    var derived: String?
  }
  struct Change: Decodable {
    var to: String
    var from: String
    var visible: [String: Bool]?
  }
  struct Flow: Decodable {
    var client: String
    var server: String
    var firstFrame: [String: UInt64?]
    var endpoints: [String: [Change]]

    enum CodingKeys: String, CodingKey {
      case client, server, endpoints
      case firstFrame = "first_frame"
    }
  }
  var meta: Meta
  var flows: [Flow]
}

/// Endpoints whose whole path is right, as a mean over scenarios.
struct LabTally {
  struct Side: CustomStringConvertible {
    var byScenario: [String: (right: Int, all: Int)] = [:]
    var wrong: [String] = []
    var exact: Double {
      byScenario.values.map { Double($0.right) / Double($0.all) }.reduce(0, +)
        / Double(max(1, byScenario.count))
    }
    var description: String { "\(exact) \(wrong)" }
  }
  var near = Side()
  var far = Side()

  mutating func add(
    _ truth: LabTruth, _ vantage: String, _ incarnations: [LabEvidence.Incarnation], _ paths: [InferredPaths]
  ) {
    guard truth.meta.derived != "oneway" else { return }
    var left = Set(incarnations.indices)
    for flow in truth.flows {
      guard case .some(.some(let first)) = flow.firstFrame[vantage] else { continue }
      let match = left.filter {
        let (a, b) = (incarnations[$0].originator.description, incarnations[$0].responder.description)
        return a == flow.client && b == flow.server || a == flow.server && b == flow.client
      }.min { distance(incarnations[$0].firstFrame, first) < distance(incarnations[$1].firstFrame, first) }
      if let match { left.remove(match) }
      for (side, changes) in flow.endpoints {
        let address = side == "client" ? flow.client : flow.server
        let got = match.map { index in
          paths[index][incarnations[index].originator.description == address ? .originator : .responder]
            .transitions.map(\.to.linuxName)
        }
        let right = Self.fits(got ?? [], changes, vantage)
        let isNear = side == vantage || truth.meta.lo
        record(right, isNear: isNear, truth.meta.scenario, "\(side) at \(vantage)")
      }
    }
  }

  private func distance(_ a: UInt64, _ b: UInt64) -> UInt64 { a > b ? a - b : b - a }

  /// Nothing invented, nothing missed that the capture can show.
  static func fits(_ got: [String], _ truth: [LabTruth.Change], _ vantage: String) -> Bool {
    var rest = got[...]
    for change in truth where !(change.from == "TIME_WAIT" && change.to == "CLOSED") {
      if rest.first == change.to {
        rest.removeFirst()
      } else if change.visible?[vantage] ?? false {
        return false
      }
    }
    return rest.isEmpty
  }

  private mutating func record(_ right: Bool, isNear: Bool, _ scenario: String, _ what: String) {
    func note(_ side: inout Side) {
      let before = side.byScenario[scenario] ?? (0, 0)
      side.byScenario[scenario] = (before.right + (right ? 1 : 0), before.all + 1)
      if !right { side.wrong.append("\(scenario) \(what)") }
    }
    if isNear { note(&near) } else { note(&far) }
  }
}

/// Writes the neutral output that the lab's scorer reads.
enum LabOutput {
  static func write(
    _ incarnations: [LabEvidence.Incarnation], _ paths: [InferredPaths], to folder: String, name: String
  ) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let flows = zip(incarnations, paths).map { incarnation, path -> [String: Any] in
      [
        "first_frame": incarnation.firstFrame, "a": incarnation.originator.description,
        "b": incarnation.responder.description,
        "endpoints": ["a": endpoint(path.originator), "b": endpoint(path.responder)],
        "findings": findings(incarnation, path, paths).map { ["code": $0] },
      ]
    }
    let document: [String: Any] = ["format": "flowlint-neutral/1", "flows": flows, "frames": []]
    try JSONSerialization.data(withJSONObject: document, options: [.sortedKeys])
      .write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  private static func endpoint(_ endpoint: InferredEndpoint) -> [String: Any] {
    [
      "initial": endpoint.initialState.linuxName,
      "transitions": endpoint.transitions.map {
        [
          "frame": $0.cause != 0 ? $0.cause : $0.proof, "t": Double($0.time) / 1e9, "from": $0.from.linuxName,
          "to": $0.to.linuxName,
        ] as [String: Any]
      },
    ]
  }

  private static func findings(
    _ incarnation: LabEvidence.Incarnation, _ path: InferredPaths, _ all: [InferredPaths]
  ) -> [String] {
    var codes: [String] = []
    if path.refused { codes.append("refused") }
    if path.simultaneousOpen { codes.append("simultaneous_open") }
    if path.simultaneousClose { codes.append("simultaneous_close") }
    let own = path.resets.contains {
      $0.isGenuine && !incarnation.evidence.segments[$0.segment].isForNewerIncarnation
    }
    if own { codes.append("reset") }
    let reused = incarnation.older.contains { index in
      [Role.originator, .responder].contains { role in
        all[index][role].transitions.contains { $0.to == .timeWait }
      }
    }
    if reused { codes.append("time_wait_reuse") }
    return codes
  }
}
