import Foundation
import TestSupport
import Testing

@Suite struct StatesTests {
  /// A change of state as the kernel told it.
  private struct Change {
    var host: String
    var endpoint: String
    var time: Double
    var state: String
    /// No packet at this capture point can show it.
    var isHidden: Bool
  }

  /// The kernel's states against `states --at`, ten moments each.
  ///
  /// Two things are not held against it. No packet shows a connect() that failed for want of a port, or when
  /// FIN-WAIT-2 expired, though a RST may show later that it had. A FIN that was lost before the capture point
  /// shows with its repeat. TIME-WAIT that the kernel gave up for a new connection counts: the new SYN shows it.
  @Test(
    .enabled(if: SharedFolder.lab != nil, "needs ../shared/lab"),
    arguments: ["many_short-s1", "many_short-s2", "close_wait_leak-s1"], ["client", "server"])
  func momentsAreTheKernels(run: String, side: String) throws {
    let folder = try #require(SharedFolder.lab).appendingPathComponent("runs/\(run)")
    let changes = try Self.changes(folder.appendingPathComponent("truth.json"), side)
    let capture = folder.appendingPathComponent("\(side).pcap").path
    let start = try Self.firstTime(capture)
    let last = try #require(changes.map(\.time).max())
    let moments = (1...10).map { i -> Double in
      // Half a millisecond away from every change: a far endpoint's times are reckoned.
      var moment = start + (last + 0.2 - start) * Double(i) / 10.5
      while changes.contains(where: { abs($0.time - moment) < 0.000_5 }) { moment += 0.000_1 }
      return moment
    }
    let arguments = moments.flatMap { ["--at", String(format: "@%.7f", $0)] }
    let result = try Flowlint.run(["states", capture, "-o", "csv"] + arguments)
    #expect(result.status == 0)
    let rows = result.output.split(whereSeparator: \.isNewline).dropFirst().map {
      $0.split(separator: ",").map(String.init)
    }
    for moment in moments {
      let kernel = [false, true].map { withHidden -> [String: Int] in
        var now: [String: (host: String, state: String)] = [:]
        for change in changes where change.time <= moment && (withHidden || !change.isHidden) {
          now[change.endpoint] = (change.host, change.state)
        }
        var counts: [String: Int] = [:]
        for (host, state) in now.values where state != "CLOSED" {
          counts["\(host) \(state)", default: 0] += 1
        }
        return counts
      }
      var ours: [String: Int] = [:]
      for row in rows where abs((Double(row[0]) ?? 0) + start - moment) < 0.000_05 {
        ours["\(row[1]) \(row[2])"] = Int(row[3])
      }
      #expect(kernel.contains(ours), "\(run) \(side) at \(moment - start)")
    }
  }

  private static func changes(_ truth: URL, _ side: String) throws -> [Change] {
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: truth)) as? [String: Any])
    var changes: [Change] = []
    for flow in document["flows"] as? [[String: Any]] ?? [] {
      guard let endpoints = flow["endpoints"] as? [String: [[String: Any]]] else { continue }
      for (role, transitions) in endpoints {
        let address = flow[role] as? String ?? ""
        for t in transitions {
          guard var time = t["t"] as? Double, let to = t["to"] as? String, let from = t["from"] as? String
          else {
            continue
          }
          if let shown = (t["wire"] as? [String: Double])?[side], shown - time > 0.15 { time = shown }
          let isVisible = (t["visible"] as? [String: Bool])?[side] ?? true
          let name = to == "SYN_RCVD" ? "SYN-RECEIVED" : to.replacingOccurrences(of: "_", with: "-")
          changes.append(
            Change(
              host: String(address.split(separator: ":")[0]), endpoint: "\(flow["no"] ?? 0) \(role)",
              time: time,
              state: name, isHidden: !isVisible && from != "TIME_WAIT"))
        }
      }
    }
    return changes.sorted { $0.time < $1.time }
  }

  private static func firstTime(_ capture: String) throws -> Double {
    let result = try Flowlint.run(capture, "-o", "jsonl")
    let line = result.output.split(separator: "\n").first { $0.hasPrefix(#"{"type":"capture""#) } ?? ""
    let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return Double(try #require(record?["first_time_ns"] as? Int64)) / 1e9
  }

  /// The kernel counted 13 ListenOverflows; the capture shows what they did to the clients, from either end.
  @Test(.enabled(if: SharedFolder.lab != nil, "needs ../shared/lab"), arguments: ["client", "server"])
  func aFullAcceptQueueIsNamed(side: String) throws {
    let capture = try #require(SharedFolder.lab).appendingPathComponent(
      "runs/accept_overflow-s1/\(side).pcap")
    let result = try Flowlint.run(capture.path, "-o", "concise")
    #expect(result.output.contains("warning HSK114 10.7.0.2:"))
    // A single stack that drops SYNs for that reason is no flood.
    #expect(!result.output.contains("SEC904"))
  }

  @Test func timeWaitLastsAsLongAsItIsTold() throws {
    func count(at moment: String, _ timeWait: String) throws -> String {
      try Flowlint.run(
        "states", "lab/syn_lost_once.pcap", "--at", moment, "--time-wait", timeWait, "-o", "csv"
      ).output
    }
    #expect(try count(at: "30", "60s").contains("10.7.0.1,TIME-WAIT,1"))
    #expect(try !count(at: "62", "60s").contains("TIME-WAIT"))
    #expect(try count(at: "62", "240s").contains("10.7.0.1,TIME-WAIT,1"))
  }

  @Test func goldenOutputOfTheCensus() throws {
    let result = try Flowlint.run("states", "lab/tw_reuse_lower_isn.pcap")
    #expect(result.status == 0)
    Golden.expect(result.output, is: "states/tw_reuse_lower_isn.txt")
    let roll = try Flowlint.run("states", "lab/tw_reuse_lower_isn.pcap", "--at", "0.1", "--at", "320ms")
    Golden.expect(roll.output, is: "states/tw_reuse_lower_isn-at.txt")
  }
}
