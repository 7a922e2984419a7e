import Foundation
import TestSupport
import Testing

@testable import flowlint

/// `flowlint watch` on interfaces of namespaces that the tests make themselves.
@Suite(.serialized) struct WatchTests {
  /// What was said last under each id and not withdrawn, less what only a whole recording can tell.
  private static func findings(_ lines: String) throws -> Set<String> {
    var last: [Int: String] = [:]
    for line in lines.split(separator: "\n") {
      let record = try #require(
        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      guard let id = record["id"] as? Int else { continue }
      if record["type"] as? String == "withdrawn" { last[id] = nil }
      guard record["type"] as? String == "finding" else { continue }
      let keys = ["code", "severity", "confidence", "frame", "flow", "endpoint", "message", "occurrences"]
      last[id] = keys.map { "\(record[$0] ?? "-")" }.joined(separator: " | ")
    }
    return Set(last.values)
  }

  @Test func liveEqualsRecorded() throws {
    guard let network = LiveNetwork(tools: ["nft"]) else { return }
    try network.serve()
    let folder = try TemporaryFolder()
    let recording = folder.file("all.pcapng").path
    let watching = try Watching(network, ["-w", recording, "-o", "jsonl"])
    network.send("short", 40)
    network.send("reset", 5)
    network.send("refused", 3)
    network.send("bulk", 2, octets: 2_000_000)
    let rule =
      "table inet t { chain c { type filter hook input priority 0; tcp dport 7001 numgen random mod 50 < 2 drop; }; }"
    let added = LiveNetwork.run("ip", ["netns", "exec", network.far, "nft", rule])
    if added.status != 0 { print("without losses: \(added.output)") }
    network.send("bulk", 3, octets: 3_000_000)
    let live = watching.end()
    #expect(live.status == 0, "\(live.errors)")
    let recorded = try Flowlint.run("analyze", recording, "-o", "jsonl")
    let (a, b) = (try Self.findings(live.output), try Self.findings(recorded.output))
    #expect(b.contains { $0.hasPrefix("RST601") } && b.contains { $0.hasPrefix("HSK103") })
    if added.status == 0 { #expect(b.contains { $0.hasPrefix("SEQ") }) }
    #expect(a == b, "live only: \(a.subtracting(b))\nrecorded only: \(b.subtracting(a))")
  }

  @Test func aFindingIsToldWhileTheWatchGoesOn() throws {
    guard let network = LiveNetwork() else { return }
    try network.serve()
    let watching = try Watching(network, [])
    network.send("reset", 1)
    #expect(watching.waitUntil { watching.output.contains(" RST601 ") })
    #expect(watching.process.isRunning)
    kill(watching.process.processIdentifier, SIGUSR1)
    #expect(watching.waitUntil { watching.complaints.contains(" flows, ") })
    #expect(watching.process.isRunning)
    let result = watching.end(SIGTERM)
    #expect(result.status == 0)
    #expect(result.errors.contains("1 capture, 1 flow, "))
  }

  @Test func nothingIsLeftToAbuse() throws {
    guard geteuid() == 0, let network = LiveNetwork() else { return }
    let folder = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.url.path)
    let recording = folder.file("own.pcapng").path
    let watching = try Watching(
      network, ["-w", recording], environment: ["SUDO_UID": "65534", "SUDO_GID": "65534"])
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
      #expect(watching.status(set) == "0000000000000000", "\(set)")
    }
    #expect(watching.status("NoNewPrivs") == "1")
    #expect(watching.status("Seccomp") == "2")
    #expect(watching.status("Uid") == "65534\t65534\t65534\t65534")
    #expect(watching.end().status == 0)
    let owner = try FileManager.default.attributesOfItem(atPath: recording)[.ownerAccountID] as? Int
    #expect(owner == 65534)
  }

  @Test func anOrdinaryUserNeedsNoMoreThanTheRightToCapture() throws {
    guard geteuid() == 0, let network = LiveNetwork(tools: ["setcap", "setpriv"]) else { return }
    let folder = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
    let binary = folder.file("flowlint").path
    // By a process of its own: a child that another test starts meanwhile would hold the copy open for writing.
    #expect(LiveNetwork.run("cp", [Flowlint.path, binary]).status == 0)
    let ordinary = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    // Without the right: what is missing, and how to come by it.
    let denied = try Watching(network, [], prefix: ordinary, binary: binary)
    let refusal = denied.end()
    #expect(refusal.status == 2)
    #expect(refusal.errors.split(separator: "\n").count == 1)
    #expect(refusal.errors.contains("sudo setcap cap_net_raw=ep \(binary)"), "\(refusal.errors)")
    let doctor = LiveNetwork.run("setpriv", Array(ordinary.dropFirst()) + [binary, "doctor"])
    #expect(doctor.output.contains("sudo setcap cap_net_raw=ep \(binary)"), "\(doctor.output)")
    // With it.
    let granted = LiveNetwork.run("setcap", ["cap_net_raw=ep", binary])
    guard granted.status == 0 else { return print("skipped: \(granted.output)") }
    try network.serve()
    let watching = try Watching(network, [], prefix: ordinary, binary: binary)
    #expect(watching.status("CapEff") == "0000000000000000")
    network.send("reset", 1)
    #expect(watching.waitUntil { watching.output.contains(" RST601 ") }, "\(watching.complaints)")
    #expect(watching.end().status == 0)
  }

  @Test func whatIsKilledLeavesReadableFiles() throws {
    guard let network = LiveNetwork() else { return }
    try network.serve()
    let folder = try TemporaryFolder()
    let ring = try Watching(network, ["-w", folder.file("ring.pcapng").path, "--ring", "files=3,size=64kB"])
    let flight = try Watching(
      network, ["-w", folder.file("flight.pcapng").path, "--save-on", "warning", "--before", "1s"])
    network.send("short", 400)
    network.send("reset", 2)
    network.send("short", 50)
    #expect(flight.waitUntil { flight.complaints.contains("saving to ") })
    #expect(ring.waitUntil { Self.files(folder, "ring").count == 3 })
    for watching in [ring, flight] { watching.end(SIGKILL) }
    #expect(Self.files(folder, "ring").count == 3)
    #expect(Self.files(folder, "flight").count == 1)
    for file in Self.files(folder, "") {
      let result = try Flowlint.run("analyze", file, "-o", "jsonl")
      #expect(result.status == 0 && result.output.contains("\"truncated_at\":null"), "\(file)")
      let size = try #require(FileManager.default.attributesOfItem(atPath: file)[.size] as? Int)
      if file.contains("ring") { #expect(size <= 64_000) }
      if LiveNetwork.path(of: "tcpdump") != nil {
        #expect(LiveNetwork.run("tcpdump", ["-nr", file]).status == 0)
      }
    }
    // The flight recorder holds what made it write, and what came before.
    let saved = try Flowlint.run("analyze", Self.files(folder, "flight")[0], "-o", "concise")
    #expect(saved.output.contains(" RST601 "))
  }

  private static func files(_ folder: TemporaryFolder, _ prefix: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.url.path)) ?? []
    return names.filter { $0.hasPrefix(prefix) }.sorted().map { folder.file($0).path }
  }

  @Test func dropsAreCountedAndMakeLossesLessSure() throws {
    guard let network = LiveNetwork() else { return }
    try network.serve()
    let folder = try TemporaryFolder()
    let recording = folder.file("drops.pcapng").path
    let watching = try Watching(network, ["-B", "64KiB", "-o", "jsonl", "-w", recording])
    // While it cannot look, the kernel's buffer runs over.
    kill(watching.process.processIdentifier, SIGSTOP)
    network.send("short", 300, octets: 1400)
    kill(watching.process.processIdentifier, SIGCONT)
    network.send("bulk", 1, octets: 100_000)
    #expect(watching.waitUntil { watching.output.contains("\"CAP102\"") }, "\(watching.complaints)")
    let result = watching.end()
    // What a segment that was seen says of itself stays certain.
    for line in result.output.split(separator: "\n")
    where (line.contains("\"code\":\"SEQ") || line.contains("\"code\":\"ACK"))
      && !line.contains("\"severity\":\"info\"")
    {
      #expect(!line.contains("\"confidence\":\"certain\""), "\(line)")
    }
    // The recording says so to whoever reads it later.
    let recorded = try Flowlint.run("analyze", recording, "-o", "concise")
    #expect(recorded.output.contains(" CAP102 "), "\(recorded.output)")
  }

  @Test func interfacesGoDownComeBackAndGoAway() throws {
    guard let network = LiveNetwork() else { return }
    try network.serve()
    let watching = try Watching(network, [])
    LiveNetwork.run("ip", ["-n", network.near, "link", "set", network.interface, "down"])
    #expect(watching.waitUntil { watching.complaints.contains("went down; watching goes on") })
    LiveNetwork.run("ip", ["-n", network.near, "link", "set", network.interface, "up"])
    #expect(watching.waitUntil { watching.complaints.contains("is up again") })
    network.send("reset", 1)
    #expect(watching.waitUntil { watching.output.contains(" RST601 ") })
    LiveNetwork.run("ip", ["-n", network.near, "link", "del", network.interface])
    watching.process.waitUntilExit()
    #expect(watching.process.terminationStatus == 2)
    #expect(watching.complaints.contains("nothing is left to watch"))
  }

  @Test func metricsAreWhatPrometheusReads() throws {
    guard let network = LiveNetwork(tools: ["curl"]) else { return }
    try network.serve()
    LiveNetwork.run("ip", ["-n", network.near, "link", "set", "lo", "up"])
    let watching = try Watching(network, ["--metrics", ":9464"])
    network.send("short", 20)
    network.send("reset", 2)
    func scrape(_ path: String, _ options: String...) -> String {
      LiveNetwork.run(
        "ip", ["netns", "exec", network.near, "curl", "-s"] + options + ["http://127.0.0.1:9464\(path)"]
      ).output
    }
    var text = ""
    let isThere = watching.waitUntil {
      text = scrape("/metrics")
      return text.contains("rule=\"reset-teardown\",severity=\"warning\"} 2\n")
    }
    #expect(isThere, "\(text)")
    #expect(text.contains("flowlint_flows_total 22\n"))
    #expect(text.contains("flowlint_rtt_seconds_bucket{side=\"responder\",le=\"+Inf\"} 22\n"))
    #expect(!text.contains("10.78."), "no address may become a label")
    #expect(scrape("/", "-o", "/dev/null", "-w", "%{http_code}") == "404")
    #expect(scrape("/metrics", "-X", "POST", "-o", "/dev/null", "-w", "%{http_code}") == "405")
    try Self.checkExposition(text)
    watching.end()
  }

  /// By the reference parser where it is there, and by the format's own rules.
  private static func checkExposition(_ text: String) throws {
    let folder = try TemporaryFolder()
    let file = folder.file("metrics")
    try Data(text.utf8).write(to: file)
    if LiveNetwork.path(of: "promtool") != nil {
      let result = LiveNetwork.run("sh", ["-c", "promtool check metrics < \(file.path)"])
      #expect(result.status == 0, "\(result.output)")
    }
    let script =
      "import sys\ntry: from prometheus_client.parser import text_string_to_metric_families as p\n"
      + "except ImportError: sys.exit(0)\nassert len(list(p(open(sys.argv[1]).read()))) > 5"
    let parsed = LiveNetwork.run("python3", ["-c", script, file.path])
    #expect(parsed.status == 0, "\(parsed.output)")
    var types: [String: String] = [:]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if line.hasPrefix("# TYPE ") {
        let words = line.split(separator: " ").map(String.init)
        #expect(words.count == 4 && types[words[2]] == nil, "\(line)")
        types[words[2]] = words[3]
      } else if !line.hasPrefix("# HELP ") {
        let sample = try #require(
          String(line).wholeMatch(of: /([a-z_]+)(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? ([0-9.]+)/),
          "\(line)")
        let name = String(sample.1)
        let family = types.keys.first { name == $0 || name.hasPrefix($0 + "_") && types[$0] == "histogram" }
        #expect(family != nil, "\(line)")
      }
    }
    #expect(types.count > 8)
  }
}
