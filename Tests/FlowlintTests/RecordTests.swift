import Foundation
import TestSupport
import Testing

/// `flowlint record` on the loopback interface, with real clients and servers.
@Suite(.serialized) struct RecordTests {
  /// nil where this process may not capture, or the interface or tool is missing.
  private static func folder(needing tools: [String]) throws -> TemporaryFolder? {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file(".git"), withIntermediateDirectories: true)
    for tool in tools
    where !["/usr/bin/", "/bin/", "/usr/local/bin/"].contains(where: {
      FileManager.default.isExecutableFile(atPath: $0 + tool)
    }) {
      print("skipped: there is no \(tool)")
      return nil
    }
    let trial = try record(folder, "tcp port 1", "true")
    if trial.status == 2 {
      print("skipped: \(trial.errors)")
      return nil
    }
    return folder
  }

  private static func record(
    _ folder: TemporaryFolder, _ filter: String, _ command: String..., options: [String] = []
  ) throws -> Flowlint.Result {
    let out = folder.file("run.pcap").path
    return try Flowlint.run(
      ["record", "-i", "lo", "-f", filter, "-o", out, "--output", "concise", "--grace", "2s"] + options + [
        "--"
      ]
        + command)
  }

  /// A server and a client in one process; `ending` is what the server does with the connection.
  private static func conversation(_ ending: String) -> String {
    """
    import socket, struct, threading
    server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen(1)
    def serve():
        peer, _ = server.accept(); peer.recv(100)
        \(ending)
        peer.close()
    thread = threading.Thread(target=serve); thread.start()
    client = socket.create_connection(server.getsockname()); client.sendall(b"hello")
    try:
        while client.recv(100): pass
    except ConnectionResetError: pass
    client.close(); thread.join()
    """
  }

  @Test func aCleanRunIsClean() throws {
    guard let folder = try Self.folder(needing: ["python3", "curl"]) else { return }
    // Waits for the server without opening connections that nobody would answer.
    let script = """
      cd "\(folder.url.path)"; python3 -u -m http.server 0 --bind 127.0.0.1 >port 2>/dev/null & server=$!
      while ! grep -q port port; do sleep 0.05; done
      curl -s -o /dev/null "http://127.0.0.1:$(sed 's/.* port \\([0-9]*\\).*/\\1/' port)/"; status=$?
      kill $server; exit $status
      """
    let result = try Self.record(folder, "tcp", "sh", "-c", script)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    // The close is in the recording, and nothing of it was cut off.
    let flows = try Flowlint.run("analyze", folder.file("run.pcap").path, "-o", "csv").output
    #expect(flows.contains(",fin"), "\(flows)")
  }

  @Test func aServerThatResetsIsFound() throws {
    guard let folder = try Self.folder(needing: ["python3"]) else { return }
    let reset = "peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))"
    let result = try Self.record(folder, "tcp", "python3", "-c", Self.conversation(reset))
    #expect(result.status == 1, "\(result.output)\(result.errors)")
    #expect(result.output.contains(" RST6"), "\(result.output)")
  }

  @Test func theCommandsFailureWins() throws {
    guard let folder = try Self.folder(needing: ["python3"]) else { return }
    let script = "\(Self.conversation("pass"))\nraise SystemExit(7)"
    let result = try Self.record(folder, "tcp", "python3", "-c", script)
    #expect(result.status == 7, "\(result.output)\(result.errors)")
    #expect(FileManager.default.fileExists(atPath: folder.file("run.pcap").path))
    #expect(try Self.record(folder, "tcp", "sh", "-c", "kill -TERM $$").status == 143)
    let missing = try Self.record(folder, "tcp", "no-such-command-anywhere")
    #expect(missing.status == 127)
    #expect(missing.errors.contains("cannot be started"))
  }

  @Test func aWrongConfigurationIsToldBeforeTheCommandRuns() throws {
    guard let folder = try Self.folder(needing: []) else { return }
    try Data("version: 1\nnope: 1\n".utf8).write(to: folder.file(".flowlint.yml"))
    let result = try Self.record(folder, "tcp", "touch", folder.file("ran").path)
    #expect(result.status == 2)
    #expect(!FileManager.default.fileExists(atPath: folder.file("ran").path))
  }

  @Test func interfacesAndFiltersAreRefusedWithAReason() throws {
    guard let folder = try Self.folder(needing: []) else { return }
    let out = folder.file("x.pcap").path
    let nowhere = try Flowlint.run("record", "-i", "nowhere0", "-o", out, "--", "true")
    #expect(nowhere.status == 2)
    #expect(nowhere.errors.contains("no such interface; there are: "))
    let filter = try Flowlint.run("record", "-i", "lo", "-f", "tcp prot 1", "-o", out, "--", "true")
    #expect(filter.status == 2)
    #expect(filter.errors.contains("pcap-filter(7)"))
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test func withoutTheRightThereIsOneClearMessage() throws {
    guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv"),
      let folder = try Self.folder(needing: [])
    else { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
    process.arguments =
      ["--bounding-set", "-all", "--inh-caps", "-all", Flowlint.path, "record", "-i", "lo", "-o"]
      + [folder.file("x.pcap").path, "--", "true"]
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 2)
    #expect(text.split(separator: "\n").count == 1)
    #expect(
      text.contains("lo: no permission to capture on it") && text.contains("setcap cap_net_raw=ep"), "\(text)"
    )
  }

  // MARK: - The command

  /// Under sudo only the capture is root's: the command and the recording are of the user who called.
  @Test func theCommandRunsAsTheUserWhoCalledSudo() throws {
    guard geteuid() == 0, let folder = try Self.folder(needing: []) else { return }
    let sudo = ["SUDO_UID": "65534", "SUDO_GID": "65534"]
    func record(_ name: String, _ options: String...) throws -> Flowlint.Result {
      try Flowlint.run(
        ["record", "-i", "lo", "-f", "tcp port 1", "-o", folder.file(name).path, "--require-flows", "0"]
          + options + ["--", "sh", "-c", "id -u; id -g; id -G"], environment: sudo)
    }
    #expect(try FileManager.default.attributesOfItem(atPath: folder.url.path)[.posixPermissions] != nil)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
    let plain = try record("a.pcap")
    #expect(plain.output.hasPrefix("65534\n65534\n65534\n"), "\(plain.output)\(plain.errors)")
    #expect(plain.status == 0)
    let owner = try FileManager.default.attributesOfItem(atPath: folder.file("a.pcap").path)[.ownerAccountID]
    #expect(owner as? NSNumber == 65534)
    let kept = try record("b.pcap", "--keep-privileges")
    #expect(kept.output.hasPrefix("0\n0\n"), "\(kept.output)\(kept.errors)")
    #expect(kept.status == 0)
  }

  /// A test suite is to inherit what its starter gave, and no raw socket, nor signals blocked or ignored.
  @Test func theCommandInheritsNothingOfTheCapture() throws {
    guard FileManager.default.fileExists(atPath: "/proc/self/fd"), let folder = try Self.folder(needing: [])
    else { return }
    let script = """
      ls -l /proc/self/fd; grep -E 'SigBlk|SigIgn' /proc/self/status
      while read -r a b c d e f g h inode; do echo "packet $inode"; done </proc/net/packet
      """
    let result = try Self.record(folder, "tcp port 1", "sh", "-c", script)
    // Other sockets are those of whoever runs the tests.
    let packets = result.output.matches(of: #/packet ([0-9]+)/#).map(\.1)
    #expect(!packets.isEmpty, "\(result.output)")
    for inode in packets { #expect(!result.output.contains("socket:[\(inode)]"), "\(result.output)") }
    #expect(!result.output.contains("-> \(folder.url.path)/run.pcap"), "\(result.output)")
    #expect(result.output.contains("SigBlk:\t0000000000000000"), "\(result.output)")
    let ignored = result.output.firstMatch(of: #/SigIgn:\t([0-9a-f]+)/#).flatMap { UInt64($0.1, radix: 16) }
    #expect(ignored.map { $0 & (1 << 1 | 1 << 12 | 1 << 14) } == 0, "SIGINT, SIGPIPE, SIGTERM")
  }

  /// Whoever ends flowlint means the command; the recording so far is whole and judged.
  @Test func aTerminationIsTheCommands() throws {
    guard let folder = try Self.folder(needing: ["python3"]) else { return }
    let script = """
      import os, signal, socket
      server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen(1)
      client = socket.create_connection(server.getsockname()); client.close(); server.accept()[0].close()
      os.kill(os.getppid(), signal.SIGTERM)
      signal.pause()
      """
    let result = try Self.record(folder, "tcp", "python3", "-c", script)
    #expect(result.status == 143, "\(result.output)\(result.errors)")
    let flows = try Flowlint.run("analyze", folder.file("run.pcap").path, "-o", "csv").output
    #expect(flows.contains(",fin"), "\(flows)")
  }

  @Test func anUnwritableOutputIsToldBeforeTheCommandRuns() throws {
    guard let folder = try Self.folder(needing: []) else { return }
    let ran = folder.file("ran").path
    let result = try Self.record(
      folder, "tcp port 1", "touch", ran, options: ["--output", "junit:\(folder.url.path)/none/x.xml"])
    #expect(result.status == 2)
    #expect(result.errors.contains("cannot be written"))
    let baseline = try Self.record(
      folder, "tcp port 1", "touch", ran, options: ["--baseline", folder.file("none.yml").path])
    #expect(baseline.status == 2)
    #expect(!FileManager.default.fileExists(atPath: ran))
  }

  /// Two network namespaces with a cable between them: the recording is of a real interface.
  @Test func aNamespacesTrafficIsRecorded() throws {
    guard geteuid() == 0, let folder = try Self.folder(needing: ["python3", "curl"]) else { return }
    let name = "flr\(ProcessInfo.processInfo.processIdentifier)"
    func ip(_ words: String) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["ip"] + words.split(separator: " ").map(String.init)
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    guard try ip("netns add \(name)") == 0 else {
      print("skipped: no network namespaces here")
      return
    }
    defer { _ = try? ip("netns del \(name)") }
    // Both ends of the cable have names of at most 15 characters.
    let cable = "\(name)a"
    guard try ip("link add \(cable) type veth peer name eth0 netns \(name)") == 0 else { return }
    for words in [
      "addr add 198.51.100.1/24 dev \(cable)", "link set \(cable) up",
      "-n \(name) addr add 198.51.100.2/24 dev eth0", "-n \(name) link set eth0 up",
    ] { #expect(try ip(words) == 0, "\(words)") }
    let script = """
      cd "\(folder.url.path)"
      ip netns exec \(name) python3 -u -m http.server 8000 --bind 198.51.100.2 >log 2>&1 & server=$!
      while ! grep -q port log; do sleep 0.05; done
      curl -s -o /dev/null http://198.51.100.2:8000/; status=$?
      kill $server; exit $status
      """
    let out = folder.file("run.pcap").path
    let result = try Flowlint.run(
      ["record", "-i", cable, "-f", "tcp", "-o", out, "--output", "concise", "--", "sh", "-c", script])
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    let flows = try Flowlint.run("analyze", out, "-o", "csv").output
    #expect(flows.contains("198.51.100.2") && flows.contains(",fin"), "\(flows)")
  }
}
