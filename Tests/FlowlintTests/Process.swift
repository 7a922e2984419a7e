import Foundation

/// A child process, by the calls that Foundation's class of that name offers and tests use.
///
/// Foundation's own learns of a child's end through a run loop, which on Linux now and then misses it when many
/// children end at once: the test would wait for ever.
final class Process {
  var executableURL: URL?
  var arguments: [String]?
  var environment: [String: String]?
  var currentDirectoryURL: URL?
  /// A `FileHandle` or a `Pipe`; nil is the parent's own.
  var standardInput: Any?
  var standardOutput: Any?
  var standardError: Any?

  private(set) var processIdentifier: pid_t = 0
  private var status: Int32?

  struct Failure: Error { var number: Int32 }

  func run() throws {
    let path = executableURL?.path ?? ""
    var command = [path] + (arguments ?? [])
    if let folder = currentDirectoryURL {
      command = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder.path] + command
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (stream, descriptor) in [(standardInput, Int32(0)), (standardOutput, 1), (standardError, 2)] {
      if let handle = stream as? FileHandle, handle === FileHandle.nullDevice {
        posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
      } else if let given = Self.descriptor(stream, isInput: descriptor == 0) {
        posix_spawn_file_actions_adddup2(&actions, given, descriptor)
      }
    }
    for pipe in [standardInput, standardOutput, standardError].compactMap({ $0 as? Pipe }) {
      for end in [pipe.fileHandleForReading, pipe.fileHandleForWriting] where end.fileDescriptor > 2 {
        posix_spawn_file_actions_addclose(&actions, end.fileDescriptor)
      }
    }
    var words = command.map { strdup($0) } + [nil]
    let variables = environment ?? ProcessInfo.processInfo.environment
    var settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + settings { free(word) } }
    let number = posix_spawn(&processIdentifier, command[0], &actions, nil, &words, &settings)
    guard number == 0 else { throw Failure(number: number) }
    // Its end of each pipe is the child's alone now.
    for pipe in [standardOutput, standardError].compactMap({ $0 as? Pipe }) {
      try? pipe.fileHandleForWriting.close()
    }
    if let pipe = standardInput as? Pipe { try? pipe.fileHandleForReading.close() }
  }

  private static func descriptor(_ stream: Any?, isInput: Bool) -> Int32? {
    if let pipe = stream as? Pipe {
      return (isInput ? pipe.fileHandleForReading : pipe.fileHandleForWriting).fileDescriptor
    }
    return (stream as? FileHandle)?.fileDescriptor
  }

  var isRunning: Bool { processIdentifier > 0 && !look(WNOHANG) }

  func waitUntilExit() {
    while !look(0) {}
  }

  /// Whether it has ended; with `WNOHANG` without waiting for that.
  private func look(_ options: Int32) -> Bool {
    if status != nil { return true }
    var raw: Int32 = 0
    let found = waitpid(processIdentifier, &raw, options)
    if found == processIdentifier {
      // As a shell has it: a signal that ended it counts from 128.
      status = raw & 0x7f == 0 ? (raw >> 8) & 0xff : 128 + raw & 0x7f
    } else if found < 0, errno != EINTR {
      status = -1
    }
    return status != nil
  }

  var terminationStatus: Int32 { status ?? -1 }
  func terminate() { if isRunning { kill(processIdentifier, SIGTERM) } }
  func interrupt() { if isRunning { kill(processIdentifier, SIGINT) } }
}
