import Foundation
import TestSupport
import Testing

/// The full-screen view of `flowlint watch`, driven as a person would; skipped where there is no tmux.
@Suite(.enabled(if: Tmux.path != nil, "tmux is not installed")) struct TerminalViewTests {
  /// A terminal in which a capture is being watched, and a file that holds the watch's process number.
  private static func watch(columns: Int, rows: Int, in folder: TemporaryFolder) throws -> Tmux {
    let capture = PackageFolder.fixtures.appendingPathComponent("lab/loss_2.pcap").path
    let terminal = try Tmux(columns: columns, rows: rows)
    let command = "\(Flowlint.path) watch --follow \(capture)"
    try terminal.type("echo before; sh -c 'echo $$ > \(folder.file("pid").path); exec \(command)'")
    try terminal.press("Enter")
    return terminal
  }

  private static func processNumber(in folder: TemporaryFolder) throws -> pid_t {
    let text = try String(contentsOf: folder.file("pid"), encoding: .utf8)
    return try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  /// The shell has its screen and its echo back.
  private static func expectRestored(_ terminal: Tmux, after what: String) throws {
    try terminal.type("stty -a | tr ' ' '\\n' | grep -x -e echo -e icanon | wc -l | sed s/^/flags:/")
    try terminal.press("Enter")
    let screen = try terminal.screen(showing: "flags:2")
    #expect(screen.contains("flags:2"), "after \(what): \(screen)")
    #expect(try !terminal.isTaken(), "after \(what)")
  }

  /// Leaves what is open. Escape and a key right behind it would be another key to a terminal.
  private static func goBack(_ terminal: Tmux) throws {
    try terminal.press("Escape")
    #expect(try terminal.screen(showing: "s sort").contains("s sort"))
  }

  @Test(arguments: [(80, 24), (200, 60)])
  func aPersonFindsTheWay(columns: Int, rows: Int) throws {
    let folder = try TemporaryFolder()
    let terminal = try Self.watch(columns: columns, rows: rows, in: folder)
    let lists = try terminal.screen(showing: " 275 packets")
    #expect(lists.contains("10.7.0.1:57792") && lists.contains("? help"), "\(lists)")
    #expect(lists.split(separator: "\n", omittingEmptySubsequences: false).count <= rows + 1)
    #expect(try terminal.isTaken())

    try terminal.press("?")
    #expect(try terminal.screen(showing: "draw anew").contains("half a screen"))
    try Self.goBack(terminal)
    try terminal.press("Enter")
    let ladder = try terminal.screen(showing: "SYN-ACK")
    #expect(ladder.contains("ESTABLISHED") && ladder.contains("Esc back"), "\(ladder)")
    try Self.goBack(terminal)
    try terminal.press("/")
    try terminal.type("port 80 bad")
    try terminal.press("Enter")
    let wrong = try terminal.screen(showing: "bad")
    #expect(wrong.contains("10.7.0.1:57792") || wrong.contains("port 80 bad"), "\(wrong)")
    try terminal.press("C-u")
    try terminal.type("port 81")
    try terminal.press("Enter")
    let filtered = try terminal.screen(without: "10.7.0.1:57792")
    #expect(!filtered.contains("10.7.0.1:57792"), "\(filtered)")

    try terminal.resize(columns: 100, rows: 30)
    #expect(try terminal.screen(showing: " 275 packets").contains("? help"))
    try terminal.press("q")
    #expect(try terminal.screen(showing: "1 capture, 1 flow").contains("1 capture, 1 flow"))
    try Self.expectRestored(terminal, after: "q")
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGABRT, SIGSEGV])
  func theTerminalIsRestored(after signal: Int32) throws {
    let folder = try TemporaryFolder()
    let terminal = try Self.watch(columns: 80, rows: 24, in: folder)
    #expect(try terminal.screen(showing: "10.7.0.1:57792").contains("? help"))
    kill(try Self.processNumber(in: folder), signal)
    _ = try terminal.screen(showing: "before")
    try Self.expectRestored(terminal, after: "signal \(signal)")
  }
}
