import Foundation
import TestSupport

/// Two hosts of the test's own, joined by a veth pair; nothing that is sent leaves them.
///
/// nil where namespaces may not be made, or a tool is missing; says why.
final class LiveNetwork {
  let near: String
  let far: String
  /// Of the near host.
  let interface: String
  static let farAddress = "10.78.0.2"
  private var server: Process?

  init?(tools: [String] = []) {
    let number = "\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0..<1 << 20))"
    near = "flow-n-\(number)"
    far = "flow-f-\(number)"
    interface = "fl0"
    for tool in ["ip", "python3"] + tools where Self.path(of: tool) == nil {
      print("skipped: there is no \(tool)")
      return nil
    }
    let steps = [
      ["netns", "add", near], ["netns", "add", far],
      ["link", "add", interface, "netns", near, "type", "veth", "peer", "name", "fl1", "netns", far],
      ["-n", near, "addr", "add", "10.78.0.1/24", "dev", interface],
      ["-n", far, "addr", "add", Self.farAddress + "/24", "dev", "fl1"],
      ["-n", near, "link", "set", interface, "up"], ["-n", far, "link", "set", "fl1", "up"],
    ]
    for step in steps {
      let result = Self.run("ip", step)
      guard result.status == 0 else {
        print("skipped: no namespaces may be made here: \(result.output)")
        return nil
      }
    }
  }

  deinit {
    if let server {
      // Other signals are blocked in children of Foundation's threads.
      kill(server.processIdentifier, SIGKILL)
      server.waitUntilExit()
    }
    for name in [near, far] { _ = Self.run("ip", ["netns", "del", name]) }
  }

  static func path(of tool: String) -> String? {
    ["/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/", "/usr/local/bin/"].map { $0 + tool }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  @discardableResult
  static func run(_ tool: String, _ arguments: [String]) -> (status: Int32, output: String) {
    guard let path = path(of: tool) else { return (127, "there is no \(tool)") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return (127, "") }
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  /// Runs a program of the near host.
  @discardableResult
  func nearby(_ tool: String, _ arguments: String...) -> (status: Int32, output: String) {
    Self.run("ip", ["netns", "exec", near, tool] + arguments)
  }

  /// Starts servers on the far host: 7001 swallows, 7002 resets, 7003 answers.
  func serve() throws {
    let script = """
      import socket, struct, threading
      def serve(port, act):
          s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
          s.bind(("\(Self.farAddress)", port)); s.listen(128)
          def loop():
              while True:
                  c, _ = s.accept(); threading.Thread(target=act, args=(c,), daemon=True).start()
          threading.Thread(target=loop, daemon=True).start()
      def swallow(c):
          try:
              while c.recv(65536): pass
          except OSError: pass
          c.close()
      def answer(c):
          try:
              c.sendall(c.recv(65536))
              while c.recv(65536): pass
          except OSError: pass
          c.close()
      def reset(c):
          c.recv(100); c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); c.close()
      serve(7001, swallow); serve(7002, reset); serve(7003, answer)
      print("ready", flush=True); threading.Event().wait()
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.path(of: "ip") ?? "ip")
    process.arguments = ["netns", "exec", far, "python3", "-c", script]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    server = process
    _ = pipe.fileHandleForReading.availableData
  }

  /// Sends from the near host: `bulk`, `short`, `reset` or `refused` connections, so many of them.
  func send(_ kind: String, _ count: Int, octets: Int = 300) {
    let script = """
      import socket, sys
      kind, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
      port = {"bulk": 7001, "short": 7003, "reset": 7002, "refused": 7999}[kind]
      for _ in range(count):
          try:
              c = socket.create_connection(("\(Self.farAddress)", port), 10); c.settimeout(10)
              c.sendall(b"x" * size)
              if kind == "short": c.recv(65536)
              if kind == "reset": c.recv(10)
              c.close()
          except OSError: pass
      """
    nearby("python3", "-c", script, kind, String(count), String(octets))
  }
}

/// A `flowlint watch` that runs beside the test.
final class Watching {
  let process = Process()
  private let folder: TemporaryFolder
  /// Where it writes what goes to standard output and standard error.
  private let out: URL
  private let errors: URL

  /// Starts it on the near host, behind `prefix`, and waits until it listens.
  init(
    _ network: LiveNetwork, _ arguments: [String], prefix: [String] = [], binary: String = Flowlint.path,
    environment: [String: String] = [:]
  ) throws {
    folder = try TemporaryFolder()
    out = folder.file("out")
    errors = folder.file("err")
    for file in [out, errors] { try Data().write(to: file) }
    process.executableURL = URL(fileURLWithPath: LiveNetwork.path(of: "ip") ?? "ip")
    process.arguments =
      ["netns", "exec", network.near] + prefix + [binary, "watch", "-i", network.interface] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // The filter is in place: interfaces are open, and the kernel gathers what passes them.
    for _ in 0..<500 where process.isRunning && status("Seccomp") != "2" { usleep(20_000) }
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  /// A line of /proc/PID/status.
  func status(_ name: String) -> String? {
    let path = "/proc/\(process.processIdentifier)/status"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return line.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
  }

  var output: String { (try? String(contentsOf: out, encoding: .utf8)) ?? "" }
  var complaints: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

  /// Waits until `condition` holds, for ten seconds at most.
  func waitUntil(_ condition: () -> Bool) -> Bool {
    for _ in 0..<200 {
      if condition() { return true }
      usleep(50_000)
    }
    return condition()
  }

  /// Asks it to end, and tells how it did.
  @discardableResult
  func end(_ signal: Int32 = SIGINT) -> Flowlint.Result {
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    return Flowlint.Result(status: process.terminationStatus, output: output, errors: complaints)
  }
}
