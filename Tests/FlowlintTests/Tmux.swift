import Foundation
import TestSupport

/// A terminal that a test types into and reads, by tmux with a server of its own.
final class Tmux {
  static let path = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/opt/homebrew/bin/tmux"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private let folder: TemporaryFolder
  private let socket: String

  /// A shell in a terminal of that size.
  init(columns: Int, rows: Int) throws {
    folder = try TemporaryFolder()
    socket = folder.file("t").path
    try tell("-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "env PS1='$ ' sh")
  }

  deinit { _ = try? tell("kill-server") }

  @discardableResult
  private func tell(_ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.path ?? "")
    process.arguments = ["-S", socket] + arguments
    // To a file: the server that the first call starts would keep a pipe open for ever.
    let output = folder.file("said")
    try Data().write(to: output)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return try String(contentsOf: output, encoding: .utf8)
  }

  /// Types text, as it is.
  func type(_ text: String) throws { try tell("send-keys", "-l", text) }

  /// Presses keys by their names.
  func press(_ keys: String...) throws { for key in keys { try tell("send-keys", key) } }

  /// What the screen shows.
  func screen() throws -> String { try tell("capture-pane", "-p") }

  /// A full-screen program has the screen.
  func isTaken() throws -> Bool { try tell("display-message", "-p", "#{alternate_on}").hasPrefix("1") }

  func resize(columns: Int, rows: Int) throws {
    try tell("resize-window", "-x", "\(columns)", "-y", "\(rows)")
  }

  /// The screen once it shows what is wanted; as it is after half a minute else.
  func screen(showing words: String) throws -> String { try screen { $0.contains(words) } }

  /// The screen once it shows that no more; as it is after half a minute else.
  func screen(without words: String) throws -> String { try screen { !$0.contains(words) } }

  private func screen(once fits: (String) -> Bool) throws -> String {
    for _ in 0..<300 {
      let text = try screen()
      if fits(text) { return text }
      usleep(100_000)
    }
    return try screen()
  }
}
